//go:build linux || freebsd

package yaegi

import (
	"cmp"
	"reflect"
	"slices"
	"unsafe"
)

// A type without a name must have one description, too: package reflect takes
// values of another one for those of another type wherever such a type is made of
// it, as [][]T of []T. When interpreted code had package reflect make a type before
// a plugin came that describes it, the plugin is made to use the one there is.

// A typeHead begins the runtime's description of a type, as internal/abi has it.
type typeHead struct {
	size, pointers uintptr
	hash           uint32 // by which type switches find it
}

// shareTypes has places that refer to types of a plugin refer to those in use.
func shareTypes(uses map[unsafe.Pointer][]*unsafe.Pointer) error {
	var own []reflect.Type
	for p := range uses {
		if t := described(p); t.Name() == "" {
			own = append(own, t)
		}
	}
	// What a type is made of comes first: it is looked at when the type is made.
	slices.SortFunc(own, func(a, b reflect.Type) int { return cmp.Compare(depth(a), depth(b)) })
	for _, t := range own {
		p := description(t)
		used := description(made(t))
		if used == p {
			continue
		}
		hash := (*typeHead)(p).hash
		if err := writable(used); err != nil {
			return err
		}
		(*typeHead)(used).hash = hash
		replacedTypes[p] = used
		for _, place := range uses[p] {
			if err := patch(place, used); err != nil {
				return err
			}
		}
	}
	return nil
}

// replacedTypes has the descriptions of plugins that came too late, with those in
// their place.
var replacedTypes = map[unsafe.Pointer]unsafe.Pointer{}

// parts are the types that a type without a name is made of.
func parts(t reflect.Type) (list []reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		list = append(list, t.Elem())
	case reflect.Map:
		list = append(list, t.Key(), t.Elem())
	case reflect.Func:
		for i := range t.NumIn() {
			list = append(list, t.In(i))
		}
		for i := range t.NumOut() {
			list = append(list, t.Out(i))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			list = append(list, t.Field(i).Type)
		}
	}
	return list
}

func depth(t reflect.Type) (deepest int) {
	if t.Name() != "" {
		return 0
	}
	for _, p := range parts(t) {
		deepest = max(deepest, depth(p))
	}
	return deepest + 1
}

// made returns the type that package reflect gives for what a type is made of.
func made(t reflect.Type) (there reflect.Type) {
	defer func() {
		if recover() != nil {
			there = t // it makes no such type
		}
	}()
	switch t.Kind() {
	case reflect.Pointer:
		return reflect.PointerTo(t.Elem())
	case reflect.Slice:
		return reflect.SliceOf(t.Elem())
	case reflect.Array:
		return reflect.ArrayOf(t.Len(), t.Elem())
	case reflect.Chan:
		return reflect.ChanOf(t.ChanDir(), t.Elem())
	case reflect.Map:
		return reflect.MapOf(t.Key(), t.Elem())
	case reflect.Func:
		list := parts(t)
		return reflect.FuncOf(list[:t.NumIn()], list[t.NumIn():], t.IsVariadic())
	case reflect.Struct:
		var fields []reflect.StructField
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous || !f.IsExported() {
				return t
			}
			fields = append(fields, f)
		}
		return reflect.StructOf(fields)
	}
	return t
}
