package yaegi

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// internals reaches what yaegi keeps to itself and an interactive session
// cannot do without: where a panic came from, and how to stop one unit without
// breaking what the units before it left behind. The fields are looked up by
// name, once; a release of yaegi without them fails at the first start, which a
// test makes. Nothing but the fields of this file is relied on.
type internals struct {
	id         *uint64        // of the run: frames with another one stop
	done       *chan struct{} // what new frames listen to, in channel operations
	cancelChan *bool          // compile channel operations so that they do
}

func reach(in *interp.Interpreter) internals {
	t := reflect.TypeOf(in).Elem()
	base := unsafe.Pointer(in)
	return internals{
		id:         (*uint64)(unsafe.Add(base, offset(t, "id"))),
		done:       (*chan struct{})(unsafe.Add(base, offset(t, "done"))),
		cancelChan: (*bool)(unsafe.Add(base, offset(t, "cancelChan"))),
	}
}

// offset returns where a struct keeps a field.
func offset(t reflect.Type, name string) uintptr {
	f, ok := t.FieldByName(name)
	if !ok {
		panic(fmt.Sprintf("yaegi: %v has no field %s any more; see internals.go", t, name))
	}
	if len(f.Index) > 1 {
		panic(fmt.Sprintf("yaegi: %v.%s moved; see internals.go", t, name))
	}
	return f.Offset
}

// halt makes every frame stop before its next step; resume undoes it for those
// that took no step meanwhile.
func (i internals) halt()   { atomic.StoreUint64(i.id, 1) }
func (i internals) resume() { atomic.StoreUint64(i.id, 0) }
