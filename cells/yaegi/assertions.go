package yaegi

import (
	"reflect"
	"unsafe"
)

// yaegi asserts that a value could be assigned to a type, takes types of one name
// for the same in a type switch, and has words of its own. Here x.(T) of a
// concrete T means that x holds a T.

// aroundAssertion does x.(T) of a concrete T.
func (t *tracer) aroundAssertion(s *site, n node, inner step) step {
	careful := t.around(s, inner)
	found := status(n)
	x, to, then := operandOf(n.children()[0]), asserted(n), n.then()
	if then.p == nil {
		return careful
	}
	next := then.step()
	missing := t.around(s, func(f unsafe.Pointer) step { panic(conversionError(n, x.in(f), to.in(f))) })
	return func(f unsafe.Pointer) step {
		from, v := x.in(f), to.in(f)
		if !from.IsValid() || !v.IsValid() || v.Kind() == reflect.Interface {
			return careful(f)
		}
		held := inside(from)
		if held, ok := as(held, v.Type()); ok {
			if !v.CanSet() {
				return inner(f)
			}
			if found != nil {
				ok := found.in(f)
				if ok.Kind() != reflect.Bool || !ok.CanSet() {
					return inner(f)
				}
				ok.SetBool(true)
			}
			v.Set(held)
			return *next
		}
		if held.IsValid() && isStandIn(held.Type()) {
			return careful(f)
		}
		if found == nil {
			return missing(f)
		}
		if ok := found.in(f); ok.Kind() == reflect.Bool && ok.CanSet() {
			ok.SetBool(false)
			return *next
		}
		return careful(f)
	}
}

// as returns a value as one of a type, if it is one. Types without a name may have
// two descriptions: package reflect's, and that of a plugin that came later.
func as(v reflect.Value, t reflect.Type) (reflect.Value, bool) {
	if !v.IsValid() || v.Type() == t {
		return v, v.IsValid()
	}
	if v.Kind() != t.Kind() || t.Name() != "" || v.Type().String() != t.String() || !v.Type().ConvertibleTo(t) {
		return v, false
	}
	return v.Convert(t), true
}

// inside returns what an interface value holds; of the conversion to an interface
// yaegi makes none.
func inside(x reflect.Value) reflect.Value {
	if x.Kind() == reflect.Interface {
		return x.Elem()
	}
	return x
}

// status returns where v, ok = x.(T) has its ok; nil for x.(T) alone.
func status(n node) *operand {
	up := n.parent()
	if up.p == nil || up.action() != "X=" || len(up.children()) < 3 {
		return nil
	}
	o := operandOf(up.children()[1])
	return &o
}

// asserted returns where an assertion puts its value, which is of its type.
func asserted(n node) operand {
	if status(n) != nil {
		return operandOf(n.parent().children()[0])
	}
	return operandOf(n)
}

// wrapCase has a case of a type switch, one of concrete types, compare types.
func wrapCase(n node) {
	statement := n.parent().parent()
	if statement.p == nil || statement.kind() != "typeSwitch" {
		return
	}
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		inner, guard, c := *n.step(), statement.children()[1].children(), n.children()
		if inner == nil || len(c) == 1 || n.then().p == nil || n.otherwise().p == nil {
			return // it is the default
		}
		var types []reflect.Type
		for _, c := range c[:len(c)-1] {
			t := c.typ()
			if t == nil || t.Kind() == reflect.Interface {
				return
			}
			types = append(types, t)
		}
		x := operandOf(guard[len(guard)-1].children()[0])
		defines := len(guard) == 2
		var v operand
		if defines {
			v = operandOf(c[len(c)-1].children()[0])
		}
		then, otherwise := n.then().step(), n.otherwise().step()
		*n.step() = func(f unsafe.Pointer) step {
			from := x.in(f)
			held := from
			if from.Kind() == reflect.Interface {
				held = from.Elem()
			}
			if from.Kind() != reflect.Interface || !held.IsValid() || isStandIn(held.Type()) {
				return inner(f)
			}
			for _, t := range types {
				if held, ok := as(held, t); ok {
					if defines {
						v.in(f).Set(held)
					}
					return *then
				}
			}
			return *otherwise
		}
	}
}

// isStandIn reports whether yaegi has such values for others.
func isStandIn(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && (t.Name() == "valueInterface" || t.NumField() > 0 && t.Field(0).Name == "IValue")
}

// conversionError is what Go's runtime says when an interface value is not what
// it is asserted to be.
func conversionError(n node, x, to reflect.Value) error {
	failed := failedAssertion{asserted: description(to.Type())}
	held := inside(x)
	if held.IsValid() {
		failed.concrete = description(held.Type())
	}
	switch t := n.children()[0].typ(); {
	case to.Kind() == reflect.Interface:
		if held.IsValid() {
			failed.missing = missingMethod(held, to.Type())
		}
	case x.Kind() == reflect.Interface || t == nil:
		failed.inter = description(x.Type())
	default:
		failed.inter = description(t)
	}
	return failed.real()
}

// missingMethod names the first method of an interface that a value has not.
func missingMethod(v reflect.Value, of reflect.Type) string {
	for m := range of.NumMethod() {
		m := of.Method(m)
		if f := v.MethodByName(m.Name); !f.IsValid() || f.Type() != m.Type {
			return m.Name
		}
	}
	return ""
}

// assertionError returns the error for a panic of a step that asserts.
func assertionError(s *site, f frame) (err error, ok bool) {
	if s == nil || f.p == nil || s.node.kind() != "typeAssertExpr" || status(s.node) != nil {
		return nil, false
	}
	x, to := operandOf(s.node.children()[0]).in(f.p), asserted(s.node).in(f.p)
	if !x.IsValid() || !to.IsValid() || inside(x).IsValid() && isStandIn(inside(x).Type()) {
		return nil, false
	}
	return conversionError(s.node, x, to), true
}
