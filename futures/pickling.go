package futures

import (
	"fmt"
	"reflect"
	"strings"
)

// refusedByGob is why a value could not be encoded. gob names the type that it
// does not know inside an interface, but not where in the value that is.
func refusedByGob(typ reflect.Type, v reflect.Value, cause error) error {
	e := &PicklingError{Name: typ.String(), Message: fmt.Sprintf("cannot pickle '%s' object: %v", typ, cause), Cause: cause}
	name, ok := strings.CutPrefix(cause.Error(), "gob: type not registered for interface: ")
	if !ok {
		return e
	}
	whole := reflect.New(typ).Elem()
	whole.Set(v)
	path, held := holder(whole, typ.String(), name, 0)
	if held == nil {
		return e
	}
	e.Name = path
	if err, ok := transferable(held, path, map[reflect.Type]bool{}).(*PicklingError); ok {
		err.Cause = cause
		return err
	}
	e.Message = fmt.Sprintf("cannot pickle '%s' object: %s holds a %s: declare it as that type, or name a value of it in futures.FreezeSupport", typ, path, held)
	return e
}

// holder finds the interface that holds a value of a type with that name: where it
// is, and the type.
func holder(v reflect.Value, path, name string, depth int) (string, reflect.Type) {
	if depth > 100 || !v.IsValid() { // pointers may lead in a circle
		return "", nil
	}
	switch v.Kind() {
	case reflect.Interface:
		if e := v.Elem(); e.IsValid() && e.Type().String() == name {
			return path, e.Type()
		}
		return holder(v.Elem(), path, name, depth+1)
	case reflect.Pointer:
		return holder(v.Elem(), path, name, depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if at, t := holder(v.Field(i), path+"."+v.Type().Field(i).Name, name, depth+1); t != nil {
				return at, t
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if at, t := holder(v.Index(i), fmt.Sprintf("%s[%d]", path, i), name, depth+1); t != nil {
				return at, t
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if at, t := holder(it.Value(), fmt.Sprintf("%s[%v]", path, it.Key()), name, depth+1); t != nil {
				return at, t
			}
			if at, t := holder(it.Key(), path+" (a key)", name, depth+1); t != nil {
				return at, t
			}
		}
	}
	return "", nil
}
