package futures

import (
	"io/fs"
	"os"
	"reflect"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// knownTypes are the types with a name that may travel inside an interface: those
// that were registered, that the parameters and results of registered functions
// are made of, and a few of the standard library's.
var knownTypes = struct {
	sync.Mutex
	byName map[string]reflect.Type
	walked int // registered functions whose types are known; -1 before the standard types are
}{byName: make(map[string]reflect.Type), walked: -1}

// RegisterType makes a type known, and those that it is made of: its values may
// travel inside an interface, and errors.As finds it in the error of a task. The
// last one of a name counts. FreezeSupport does so with values that are given to it.
func RegisterType(t reflect.Type) {
	knownTypes.Lock()
	defer knownTypes.Unlock()
	noteType(t, true)
}

// noteType makes a type known. knownTypes is locked.
func noteType(t reflect.Type, anew bool) {
	if t.Name() != "" && t.PkgPath() != "" {
		name := typeName(t)
		if old := knownTypes.byName[name]; old == t || old != nil && !anew {
			return
		}
		knownTypes.byName[name] = t
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		noteType(t.Elem(), anew)
	case reflect.Map:
		noteType(t.Key(), anew)
		noteType(t.Elem(), anew)
	case reflect.Struct:
		for i := range t.NumField() {
			noteType(t.Field(i).Type, false)
		}
	}
}

func typeName(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

// knownType finds a type by its name; nil when there is none.
func knownType(name string) reflect.Type {
	t := typeByName(name)
	if t == nil && find("") {
		t = typeByName(name)
	}
	return t
}

func typeByName(name string) reflect.Type {
	knownTypes.Lock()
	defer knownTypes.Unlock()
	if t := knownTypes.byName[name]; t != nil {
		return t
	}
	registry.RLock()
	defer registry.RUnlock()
	if knownTypes.walked == len(registry.byName) {
		return nil
	}
	if knownTypes.walked < 0 {
		for _, t := range standardTypes {
			noteType(t, false)
		}
	}
	knownTypes.walked = len(registry.byName)
	for _, f := range registry.byName {
		for _, t := range f.takes {
			noteType(t, false)
		}
		for _, t := range f.gives {
			noteType(t, false)
		}
	}
	return knownTypes.byName[name]
}

// standardTypes are what tasks are given and return, and fail with, most often.
var standardTypes = []reflect.Type{
	reflect.TypeFor[time.Time](), reflect.TypeFor[time.Duration](),
	reflect.TypeFor[fs.PathError](), reflect.TypeFor[os.SyscallError](), reflect.TypeFor[os.LinkError](), reflect.TypeFor[syscall.Errno](),
	reflect.TypeFor[strconv.NumError](), reflect.TypeFor[RemoteError](),
	reflect.TypeFor[CancelledError](), reflect.TypeFor[TimeoutError](), reflect.TypeFor[ValueError](), reflect.TypeFor[RuntimeError](),
	reflect.TypeFor[WorkerError](), reflect.TypeFor[PicklingError](), reflect.TypeFor[BrokenProcessPool](), reflect.TypeFor[BrokenThreadPool](),
	reflect.TypeFor[PanicError](), reflect.TypeFor[InvalidStateError](),
}
