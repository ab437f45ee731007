package yaegi

import (
	"reflect"
	"unsafe"
)

// wrapReceive has the node's step receive into what `x = <-c` and `return <-c`
// name. yaegi puts the value in the place of that variable, in the frame of the
// wrong function when it belongs to an outer one: from then on it cannot be
// assigned to, nor has it an address, and an element, a field or a caller never
// gets it.
func wrapReceive(n node) {
	into := receiver(n)
	if into == nil {
		return
	}
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		inner, then := *n.step(), n.then()
		if inner == nil || then.p == nil && n.parent().kind() != "returnStmt" || n.otherwise().p != nil {
			return
		}
		channel := operandOf(n.children()[0])
		*n.step() = func(f unsafe.Pointer) step {
			c := channel.in(f)
			if c.Kind() != reflect.Chan {
				return inner(f)
			}
			v, ok := c.TryRecv()
			if !ok {
				done := frame{f}.done()
				var chosen int
				if chosen, v, _ = reflect.Select([]reflect.SelectCase{done, {Dir: reflect.SelectRecv, Chan: c}}); chosen == 0 {
					return nil // the unit was interrupted
				}
			}
			into(f, v)
			if then.p == nil {
				return nil
			}
			return *then.step()
		}
	}
}

// receiver returns what puts a received value where it belongs; nil when it is
// part of a larger expression.
func receiver(n node) func(f unsafe.Pointer, v reflect.Value) {
	up := n.parent()
	if n.kind() != "unaryExpr" || n.action() != "<-" || *n.gen() == nil || up.p == nil {
		return nil
	}
	at := n.findex()
	switch up.kind() {
	case "returnStmt":
		return func(f unsafe.Pointer, v reflect.Value) {
			set(&locals(f)[at], v)
		}
	case "assignStmt", "defineStmt":
		dest, ok := assignedBy(up, n)
		if !ok || dest.findex() != at {
			return nil
		}
		level, fresh := dest.level(), up.kind() == "defineStmt"
		return func(f unsafe.Pointer, v reflect.Value) {
			place := &locals(frame{f}.up(level).p)[at]
			if fresh {
				*place = reflect.New(v.Type()).Elem()
			}
			set(place, v)
		}
	}
	return nil
}

// assignedBy returns the left side of an assignment that belongs to its right one.
func assignedBy(assignment, right node) (left node, ok bool) {
	c := assignment.children()
	first := len(c) - len(c)/2 // a declaration has a type between them
	for i := first; i < len(c); i++ {
		if c[i] == right {
			return c[i-first], true
		}
	}
	return node{}, false
}

// set assigns to a variable, or makes one where there is none for such a value.
func set(place *reflect.Value, v reflect.Value) {
	if !place.CanSet() || !v.Type().AssignableTo(place.Type()) {
		*place = reflect.New(v.Type()).Elem()
	}
	place.Set(v)
}
