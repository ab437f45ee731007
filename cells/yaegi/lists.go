package yaegi

import (
	"reflect"
	"unsafe"
)

// A list is the memory of a slice, and that of a string but for the capacity.
type list struct {
	first    unsafe.Pointer
	len, cap int
}

// element returns the step of list[i], nil when there is none.
func element(n node, slow step) step {
	c := n.children()
	t := typeOfNode(c[0])
	if t == nil || n.level() != 0 || n.findex() < 0 {
		return nil
	}
	x, ok := placeOf(c[0], t)
	y, is := placeOf(c[1], reflect.TypeFor[int]())
	if !ok || !is {
		return nil
	}
	o := &operation{typ: rtype(t), x: x, y: y, then: following(n.then()), otherwise: following(n.otherwise()), slow: slow}
	if o.then == nil {
		return nil
	}
	z := n.findex()
	var elem reflect.Type
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		elem = t.Elem()
	case reflect.String:
		elem = reflect.TypeFor[uint8]()
	default:
		return nil
	}
	typ, size, flags := rtype(elem), elem.Size(), variableFlags(elem)
	isBool := elem.Kind() == reflect.Bool
	if o.otherwise != nil && !isBool {
		return nil
	}
	result := func(f, p unsafe.Pointer, flags uintptr) step {
		(*field[[]value](f, frameAtOffset.data))[z] = value{typ, p, flags}
		if isBool && o.otherwise != nil && !*(*bool)(p) {
			return *o.otherwise
		}
		return *o.then
	}
	switch t.Kind() {
	case reflect.Slice:
		return func(f unsafe.Pointer) step {
			x, y := o.x.in(f), o.y.in(f)
			if x.is(o.typ) && y.is(intType) {
				l, i := at[list](x), *at[int](y)
				if uint(i) < uint(l.len) {
					return result(f, unsafe.Add(l.first, uintptr(i)*size), flags)
				}
			}
			return slow(f)
		}
	case reflect.String:
		return func(f unsafe.Pointer) step {
			x, y := o.x.in(f), o.y.in(f)
			if x.is(o.typ) && y.is(intType) {
				s, i := *at[string](x), *at[int](y)
				if uint(i) < uint(len(s)) {
					return result(f, unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i), flags&^variableFlag)
				}
			}
			return slow(f)
		}
	}
	length := t.Len()
	return func(f unsafe.Pointer) step {
		x, y := o.x.in(f), o.y.in(f)
		if x.takes(o.typ) && y.is(intType) {
			if i := *at[int](y); uint(i) < uint(length) {
				return result(f, unsafe.Add(x.ptr, uintptr(i)*size), flags)
			}
		}
		return slow(f)
	}
}

// length returns the step of len, nil when there is none.
func length(n node, slow step) step {
	c := n.children()
	if len(c) != 2 {
		return nil
	}
	t := typeOfNode(c[1])
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.String && t.Kind() != reflect.Map {
		return nil
	}
	isMap := t.Kind() == reflect.Map
	x, ok := placeOf(c[1], t)
	z, is := placeOf(n, reflect.TypeFor[int]())
	then := following(n.then())
	if !ok || !is || z.constant != nil || then == nil || n.otherwise().p != nil {
		return nil
	}
	typ := rtype(t)
	return func(f unsafe.Pointer) step {
		x, z := x.in(f), z.in(f)
		if !x.is(typ) || !z.takes(intType) {
			return slow(f)
		}
		if isMap {
			h := x.pointer()
			*at[int](z) = len(*(*map[int]int)(unsafe.Pointer(&h)))
			return *then
		}
		// A slice's length is where a string's is.
		*at[int](z) = len(*at[string](x))
		return *then
	}
}

// appending returns the step that appends one element where there is room, nil when
// there is none.
func appending(n node, o *operation) step {
	c := n.children()
	if len(c) != 3 || o.otherwise != nil {
		return nil
	}
	t := typeOfNode(c[1])
	if t == nil || t.Kind() != reflect.Slice || t.Elem().Size() == 0 {
		return nil
	}
	x, ok := placeOf(c[1], t)
	y, is := placeOf(c[2], t.Elem())
	z, too := placeOf(n, t)
	set := setter(t.Elem())
	if !ok || !is || !too || set == nil || z.constant != nil {
		return nil
	}
	typ, elem, size := rtype(t), rtype(t.Elem()), t.Elem().Size()
	return func(f unsafe.Pointer) step {
		x, y, z := x.in(f), y.in(f), z.in(f)
		if !x.is(typ) || !y.is(elem) || !z.takes(typ) {
			return o.slow(f)
		}
		l := *at[list](x)
		if l.len == l.cap {
			return o.slow(f)
		}
		set(unsafe.Add(l.first, uintptr(l.len)*size), y.ptr)
		l.len++
		*at[list](z) = l
		return *o.then
	}
}

// ranging returns the step of a range over a slice, nil when there is none.
func ranging(n node, slow step) step {
	c := n.children()
	if len(c) < 3 || c[0].level() != 0 || c[0].findex() < 1 {
		return nil
	}
	key := c[0].findex()
	hidden := key - 1 // where yaegi keeps what it ranges over
	then, otherwise := following(n.then()), following(n.otherwise())
	if then == nil || otherwise == nil {
		return nil
	}
	over, val := c[1], -1
	if len(c) == 4 {
		over, val = c[2], c[1].findex()
	}
	t := typeOfNode(over)
	if t == nil || t.Kind() != reflect.Slice {
		return nil
	}
	typ, elem := rtype(t), t.Elem()
	elemType, size, flags := rtype(elem), elem.Size(), variableFlags(elem)
	set := setter(elem)
	return func(f unsafe.Pointer) step {
		data := *field[[]value](f, frameAtOffset.data)
		k, x := &data[key], &data[hidden]
		if !k.takes(intType) || !x.is(typ) {
			return slow(f)
		}
		l, i := at[list](x), *at[int](k)+1
		if val >= 0 && i < l.len {
			v := &data[val]
			if !v.takes(elemType) {
				return slow(f)
			}
			p := unsafe.Add(l.first, uintptr(i)*size)
			if set != nil {
				set(v.ptr, p)
			} else {
				e := value{elemType, p, flags}
				(*(*reflect.Value)(unsafe.Pointer(v))).Set(*(*reflect.Value)(unsafe.Pointer(&e)))
			}
		}
		*at[int](k) = i
		if i >= l.len {
			return *otherwise
		}
		return *then
	}
}

// setter returns a function that copies a value of a simple type.
func setter(t reflect.Type) func(to, from unsafe.Pointer) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return store[uint8]
	case reflect.Int16, reflect.Uint16:
		return store[uint16]
	case reflect.Int32, reflect.Uint32, reflect.Float32:
		return store[uint32]
	case reflect.Int64, reflect.Uint64, reflect.Float64:
		return store[uint64]
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return store[uint]
	case reflect.String:
		return store[string]
	}
	return nil
}

func store[T any](to, from unsafe.Pointer) { *(*T)(to) = *(*T)(from) }

// member returns the step that selects a field of a struct, or of one that a
// pointer leads to; nil when there is none.
func member(n node, slow step) step {
	c := n.children()
	path, ok := (*n.static()).([]int)
	t := typeOfNode(c[0])
	if !ok || t == nil || n.level() != 0 || n.findex() < 0 || n.otherwise().p != nil {
		return nil
	}
	x, ok := placeOf(c[0], t)
	then := following(n.then())
	if !ok || x.constant != nil || then == nil {
		return nil
	}
	s, isPointer := t, t.Kind() == reflect.Pointer
	if isPointer {
		s = t.Elem()
	}
	var offset uintptr
	for _, i := range path {
		if s.Kind() != reflect.Struct || i >= s.NumField() {
			return nil
		}
		offset += s.Field(i).Offset
		s = s.Field(i).Type
	}
	typ, fieldType, flags, z := rtype(t), rtype(s), variableFlags(s), n.findex()
	return func(f unsafe.Pointer) step {
		x := x.in(f)
		p := x.ptr
		if isPointer && x.flag&inMemory != 0 {
			p = *(*unsafe.Pointer)(p)
		}
		if !x.is(typ) || p == nil || !isPointer && !x.takes(typ) {
			return slow(f)
		}
		(*field[[]value](f, frameAtOffset.data))[z] = value{fieldType, unsafe.Add(p, offset), flags}
		return *then
	}
}
