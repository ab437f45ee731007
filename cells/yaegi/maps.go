package yaegi

import (
	"reflect"
	"unsafe"
)

// Maps of keys and elements that lie in memory alike are alike themselves. So
// Go's own map of one of a few types does what package reflect would, which has a
// new variable for each key and element.

// entries are what a map's entries are reached by: h is the map, k, v and z are where
// a key and an element lie.
type entries struct {
	get    func(h, k, z unsafe.Pointer) bool // z nil: nobody takes the element
	set    func(h, k, v unsafe.Pointer)
	delete func(h, k unsafe.Pointer)
}

// entriesOf returns those of a type of map, nil when package reflect has to do.
func entriesOf(t reflect.Type) *entries {
	switch k := t.Key(); k.Kind() {
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64, reflect.Uintptr, reflect.Int32, reflect.Uint32:
		if k.Size() == 4 {
			return entriesBy[uint32](t.Elem())
		}
		return entriesBy[uint64](t.Elem())
	case reflect.Uint8:
		return entriesBy[uint8](t.Elem())
	case reflect.Float64:
		return entriesBy[float64](t.Elem())
	case reflect.String:
		return entriesBy[string](t.Elem())
	case reflect.Pointer:
		return entriesBy[*byte](t.Elem())
	case reflect.Array, reflect.Struct:
		if k.Size() == 16 && words(k) {
			return entriesBy[[2]uint64](t.Elem())
		}
	}
	return nil
}

// words reports whether a type has nothing but integers of 64 bits.
func words(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64:
		return t.Size() == 8
	case reflect.Array:
		return words(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).Name == "_" || !words(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return false
}

func entriesBy[K comparable](elem reflect.Type) *entries {
	switch copiesOf(elem) {
	case copies1:
		return entriesAs[K, uint8]()
	case copies4:
		return entriesAs[K, uint32]()
	case copies8:
		return entriesAs[K, uint64]()
	case copiesString:
		return entriesAs[K, string]()
	case copiesSlice:
		return entriesAs[K, []byte]()
	case copiesPointer:
		return entriesAs[K, *byte]()
	case copiesInterface:
		return entriesAs[K, any]()
	}
	if elem.Size() == 0 {
		return entriesAs[K, struct{}]()
	}
	return nil
}

func entriesAs[K comparable, V any]() *entries {
	return &entries{
		get: func(h, k, z unsafe.Pointer) bool {
			v, ok := (*(*map[K]V)(unsafe.Pointer(&h)))[*(*K)(k)]
			if z != nil {
				*(*V)(z) = v
			}
			return ok
		},
		set:    func(h, k, v unsafe.Pointer) { (*(*map[K]V)(unsafe.Pointer(&h)))[*(*K)(k)] = *(*V)(v) },
		delete: func(h, k unsafe.Pointer) { delete(*(*map[K]V)(unsafe.Pointer(&h)), *(*K)(k)) },
	}
}

// memory returns where a value lies.
func (v *value) memory() unsafe.Pointer {
	if v.flag&inMemory != 0 {
		return v.ptr
	}
	return unsafe.Pointer(&v.ptr)
}

// An entry is m[k] of a program.
type entry struct {
	*entries
	typ, key, elem unsafe.Pointer
	is             reflect.Type // of the element
	m, k           place
}

// entryOf returns the entry of an index expression.
func entryOf(n node) (e entry, ok bool) {
	c := n.children()
	if n.kind() != "indexExpr" || len(c) != 2 {
		return e, false
	}
	return entryIn(c[0], c[1])
}

func entryIn(m, k node) (e entry, ok bool) {
	t := typeOfNode(m)
	if t == nil || t.Kind() != reflect.Map {
		return e, false
	}
	e = entry{entries: entriesOf(t), typ: rtype(t), key: rtype(t.Key()), elem: rtype(t.Elem()), is: t.Elem()}
	var also bool
	e.m, ok = placeOf(m, t)
	e.k, also = placeOf(k, t.Key())
	return e, ok && also && e.entries != nil
}

// in returns the map and where the key lies, when they are as expected.
func (e *entry) in(f unsafe.Pointer) (h, k unsafe.Pointer, ok bool) {
	m, key := e.m.in(f), e.k.in(f)
	if !m.is(e.typ) || !key.is(e.key) {
		return nil, nil, false
	}
	return m.pointer(), key.memory(), true
}

// lookup returns the step of m[k] as a value, nil when there is none.
func lookup(n node, o *operation) step {
	e, ok := entryOf(n)
	if !ok {
		return nil
	}
	if o.z, ok = placeOf(n, e.is); !ok || o.otherwise != nil && e.is.Kind() != reflect.Bool {
		return nil
	}
	return func(f unsafe.Pointer) step {
		h, k, ok := e.in(f)
		z := o.z.in(f)
		if !ok || !z.takes(e.elem) {
			return o.slow(f)
		}
		e.get(h, k, z.ptr)
		if o.otherwise != nil && !*at[bool](z) {
			return *o.otherwise
		}
		return *o.then
	}
}

// lookup2 returns the step of v, ok = m[k], nil when there is none.
func lookup2(n node, o *operation) step {
	e, ok := entryOf(n)
	left := n.parent().children()
	if !ok || len(left) < 2 || o.otherwise != nil {
		return nil
	}
	takes, tells := left[0].ident() != "_", left[1].ident() != "_"
	if takes {
		if o.z, ok = placeOf(left[0], e.is); !ok || !assignable(left[0]) {
			return nil
		}
	}
	var found place
	if tells {
		if found, ok = placeOf(left[1], reflect.TypeFor[bool]()); !ok || !assignable(left[1]) {
			return nil
		}
	}
	return func(f unsafe.Pointer) step {
		h, k, ok := e.in(f)
		if !ok {
			return o.slow(f)
		}
		var z unsafe.Pointer
		if takes {
			v := o.z.in(f)
			if !v.takes(e.elem) {
				return o.slow(f)
			}
			z = v.ptr
		}
		if !tells {
			e.get(h, k, z)
			return *o.then
		}
		is := found.in(f)
		if !is.takes(boolType) {
			return o.slow(f)
		}
		*at[bool](is) = e.get(h, k, z)
		return *o.then
	}
}

// entering returns the step of m[k] = x, nil when there is none.
func entering(n node, o *operation) step {
	c := n.children()
	e, ok := entryOf(c[0])
	if !ok || o.otherwise != nil {
		return nil
	}
	if o.x, ok = placeOf(c[1], e.is); !ok {
		return nil
	}
	return func(f unsafe.Pointer) step {
		h, k, ok := e.in(f)
		x := o.x.in(f)
		if !ok || h == nil || !x.is(e.elem) {
			return o.slow(f)
		}
		e.set(h, k, x.memory())
		return *o.then
	}
}

// updating returns the step of an assignment with an operator to m[k]: its element
// has been looked up. Operate makes the operator's step, of an operand that lies in
// a variable.
func updating(left node, o *operation, operate func() step) step {
	e, ok := entryOf(left)
	if !ok || o.otherwise != nil {
		return nil
	}
	z, ok := placeOf(left, e.is)
	if !ok || z.constant != nil {
		return nil
	}
	then := o.then
	store := step(func(f unsafe.Pointer) step {
		h, k, _ := e.in(f)
		e.set(h, k, z.in(f).ptr)
		return *then
	})
	o.then = &store
	operation := operate()
	if operation == nil {
		return nil
	}
	return func(f unsafe.Pointer) step {
		if h, _, ok := e.in(f); !ok || h == nil || !z.in(f).takes(e.elem) {
			return o.slow(f)
		}
		return operation(f)
	}
}

// deleting returns the step of delete, nil when there is none.
func deleting(n node, o *operation) step {
	c := n.children()
	if len(c) != 3 || o.otherwise != nil || n.parent().kind() == "deferStmt" || n.parent().kind() == "goStmt" {
		return nil
	}
	e, ok := entryIn(c[1], c[2])
	if !ok {
		return nil
	}
	return func(f unsafe.Pointer) step {
		h, k, ok := e.in(f)
		if !ok {
			return o.slow(f)
		}
		e.delete(h, k)
		return *o.then
	}
}

// rangingMap returns the step of a range over a map, nil when there is none. The
// one that begins it is yaegi's.
func rangingMap(n node, o *operation) step {
	c := n.children()
	if len(c) < 3 || c[0].level() != 0 || c[0].findex() < 1 || o.otherwise == nil {
		return nil
	}
	key, val := c[0].findex(), -1
	hidden := key - 1 // where yaegi keeps the iterator
	if len(c) == 4 {
		val = c[1].findex()
	}
	iterator := rtype(reflect.TypeFor[*reflect.MapIter]())
	return func(f unsafe.Pointer) step {
		data := *field[[]reflect.Value](f, frameAtOffset.data)
		v := data[hidden]
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		at := (*value)(unsafe.Pointer(&v))
		if !at.is(iterator) {
			return o.slow(f)
		}
		iter := (*reflect.MapIter)(at.pointer())
		if !iter.Next() {
			return *o.otherwise
		}
		data[key].SetIterKey(iter)
		if val >= 0 {
			data[val].SetIterValue(iter)
		}
		return *o.then
	}
}
