package yaegi

import (
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// bindUnsafe binds package unsafe, whose symbols are no values, and tells yaegi
// how to convert to and from unsafe.Pointer.
func (i *interpreter) bindUnsafe() {
	i.bound["unsafe"] = true
	s := map[string]reflect.Value{
		"Pointer":    reflect.ValueOf((*unsafe.Pointer)(nil)),
		"Add":        reflect.ValueOf(func(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }),
		"Sizeof":     reflect.ValueOf(func(v any) uintptr { return reflect.TypeOf(v).Size() }),
		"Alignof":    reflect.ValueOf(func(v any) uintptr { return uintptr(reflect.TypeOf(v).Align()) }),
		"Offsetof":   reflect.ValueOf(func(any) uintptr { return 0 }), // yaegi computes it; this is its signature
		"String":     reflect.ValueOf(func(p *byte, n int) string { return unsafe.String(p, n) }),
		"StringData": reflect.ValueOf(func(s string) *byte { return unsafe.StringData(s) }),
	}
	if err := i.in.Use(interp.Exports{
		"unsafe/unsafe":                  s,
		"github.com/traefik/yaegi/yaegi": {"convert": reflect.ValueOf(convertPointer)},
	}); err != nil {
		panic(err) // the keys are well-formed
	}
}

func convertPointer(from, to reflect.Type) func(src, dest reflect.Value) {
	switch {
	case to.Kind() == reflect.UnsafePointer && from.Kind() == reflect.Uintptr:
		return func(src, dest reflect.Value) {
			address := uintptr(src.Uint())
			dest.SetPointer(*(*unsafe.Pointer)(unsafe.Pointer(&address)))
		}
	case to.Kind() == reflect.UnsafePointer:
		return func(src, dest reflect.Value) { dest.SetPointer(src.UnsafePointer()) }
	case to.Kind() == reflect.Uintptr && from.Kind() == reflect.UnsafePointer:
		return func(src, dest reflect.Value) { dest.SetUint(uint64(src.Pointer())) }
	case from.Kind() == reflect.UnsafePointer:
		return func(src, dest reflect.Value) { dest.Set(reflect.NewAt(dest.Type().Elem(), src.UnsafePointer())) }
	}
	return nil
}
