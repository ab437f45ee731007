package yaegi

import (
	"reflect"
	"unsafe"
)

// matching returns the step of a case of a switch by values, nil when there is none.
func matching(n node, o *operation) step {
	statement, c := n.parent().parent(), n.children()
	if statement.p == nil || statement.kind() != "switchStmt" || len(c) < 2 || o.otherwise == nil {
		return nil
	}
	parts := statement.children()
	if len(parts) < 2 {
		return nil
	}
	t := typeOfNode(parts[len(parts)-2])
	if t == nil {
		return nil
	}
	var ok bool
	if o.x, ok = placeOf(parts[len(parts)-2], t); !ok {
		return nil
	}
	o.typ = rtype(t)
	var values []place
	for _, v := range c[:len(c)-1] {
		p, ok := placeOf(v, t)
		if !ok {
			return nil
		}
		values = append(values, p)
	}
	switch t.Kind() {
	case reflect.Int:
		return match[int](values, o)
	case reflect.Int8:
		return match[int8](values, o)
	case reflect.Int32:
		return match[int32](values, o)
	case reflect.Int64:
		return match[int64](values, o)
	case reflect.Uint8:
		return match[uint8](values, o)
	case reflect.Uint32:
		return match[uint32](values, o)
	case reflect.Uint64:
		return match[uint64](values, o)
	case reflect.Uint:
		return match[uint](values, o)
	case reflect.String:
		return match[string](values, o)
	}
	return nil
}

func match[T numbers | string](values []place, o *operation) step {
	return func(f unsafe.Pointer) step {
		x := o.x.in(f)
		if !x.is(o.typ) {
			return o.slow(f)
		}
		v := *at[T](x)
		for i := range values {
			y := values[i].in(f)
			if !y.is(o.typ) {
				return o.slow(f)
			}
			if *at[T](y) == v {
				return *o.then
			}
		}
		return *o.otherwise
	}
}
