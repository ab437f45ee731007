package yaegi

import (
	"reflect"
	"unsafe"
)

// move returns the step that copies x to z, nil when that takes package reflect.
func move(t reflect.Type, o *operation) step {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return copying[uint8](o)
	case reflect.Int16, reflect.Uint16:
		return copying[uint16](o)
	case reflect.Int32, reflect.Uint32, reflect.Float32:
		return copying[uint32](o)
	case reflect.Int64, reflect.Uint64, reflect.Float64:
		return copying[uint64](o)
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return copying[uint](o)
	case reflect.String:
		return copying[string](o)
	case reflect.Slice:
		return copying[[]struct{ p *int }](o)
	}
	return nil
}

// copying copies values that lie in memory like those of T.
func copying[T any](o *operation) step {
	return func(f unsafe.Pointer) step {
		x, z := o.x.in(f), o.z.in(f)
		if !x.is(o.typ) || !z.takes(o.typ) {
			return o.slow(f)
		}
		*at[T](z) = *at[T](x)
		return *o.then
	}
}

// defining returns the step that puts x into a new variable z, or where that was
// the time before; nil when that takes package reflect.
func defining(t reflect.Type, again bool, o *operation) step {
	if again {
		return move(t, o)
	}
	flags, size := variableFlags(t), t.Size()
	if k := t.Kind(); k < reflect.Bool || k > reflect.Float64 {
		return nil
	}
	return func(f unsafe.Pointer) step {
		x, z := o.x.in(f), o.z.in(f)
		if !x.is(o.typ) || !z.is(o.typ) {
			return o.slow(f)
		}
		p := unsafe.Pointer(new(uint64))
		switch size {
		case 1:
			*(*uint8)(p) = *at[uint8](x)
		case 2:
			*(*uint16)(p) = *at[uint16](x)
		case 4:
			*(*uint32)(p) = *at[uint32](x)
		default:
			*(*uint64)(p) = *at[uint64](x)
		}
		z.ptr, z.flag = p, flags
		return *o.then
	}
}

// A part is one of the values that a step moves: from x to z, which begins anew
// with each time.
type part struct {
	typ  unsafe.Pointer
	x, z place
	anew reflect.Type
	set  func(to, from unsafe.Pointer)
}

// moving returns the step that moves values, after which nothing or then comes.
func moving(parts []part, then *step, slow step) step {
	return func(f unsafe.Pointer) step {
		for i := range parts {
			p := &parts[i]
			if z := p.z.in(f); !p.x.in(f).is(p.typ) || !z.takes(p.typ) {
				return slow(f)
			}
		}
		for i := range parts {
			p := &parts[i]
			z := p.z.in(f)
			if p.anew != nil {
				z.ptr = reflect.New(p.anew).UnsafePointer()
			}
			p.set(z.ptr, p.x.in(f).ptr)
		}
		if then == nil {
			return nil
		}
		return *then
	}
}

// returning returns the step of a return, nil when there is none.
func returning(n node, o *operation) step {
	function, ok := functionOf(n)
	c := n.children()
	if !ok || len(c) == 0 || len(c) > len(function.types()) {
		return nil
	}
	var parts []part
	for i, e := range c {
		t := function.types()[i]
		x, ok := placeOf(e, t)
		set := setter(t)
		if !ok || set == nil {
			return nil
		}
		parts = append(parts, part{typ: rtype(t), x: x, z: place{at: i}, set: set})
	}
	return moving(parts, nil, o.slow)
}

// unpacking returns the step that assigns a call's results, nil when there is none.
func unpacking(n node, o *operation) step {
	c := n.children()
	call := c[len(c)-1]
	function, ok := functionOf(n)
	if !ok || call.kind() != "callExpr" || call.level() != 0 || call.findex() < 0 || o.otherwise != nil {
		return nil
	}
	var parts []part
	for i, e := range c[:len(c)-1] {
		if e.ident() == "_" {
			continue
		}
		t := typeOfNode(e)
		if t == nil || !assignable(e) || setter(t) == nil {
			return nil
		}
		z, ok := placeOf(e, t)
		if !ok || z.constant != nil {
			return nil
		}
		p := part{typ: rtype(t), x: place{at: call.findex() + i}, z: z, set: setter(t)}
		if n.kind() == "defineXStmt" && !e.redeclared() {
			if z.at != e.findex() || z.level != e.level() {
				return nil
			}
			if t.PkgPath() != "" || !keeps(function) {
				p.anew = t
			}
		}
		parts = append(parts, p)
	}
	return moving(parts, o.then, o.slow)
}
