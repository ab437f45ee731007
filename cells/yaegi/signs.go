package yaegi

import (
	"math"
	"reflect"
	"unsafe"
)

// keepSigns makes a call itself that is given a negative zero: yaegi leaves a
// parameter as it is whose argument is zero, which to package reflect that is.
func keepSigns(n node, inner step) step {
	function := n.children()[0]
	if !function.isFunction() || n.parent().kind() == "goStmt" || n.parent().kind() == "deferStmt" {
		return inner
	}
	var args, signed []operand
	for _, c := range n.children()[1:] {
		o := operandOf(c)
		args = append(args, o)
		if t := c.typ(); t != nil && hasSign(t) {
			signed = append(signed, o)
		}
	}
	if len(signed) == 0 {
		return inner
	}
	made := callable(function.p)
	return func(f unsafe.Pointer) step {
		for _, o := range signed {
			if isNegativeZero(o.in(f)) {
				if next, ok := callItself(n, made(f), args, f); ok {
					return next
				}
				break
			}
		}
		return inner(f)
	}
}

// callItself calls a function of yaegi's as package reflect does, and puts the
// results where yaegi would. It reports false when the arguments are not simple.
func callItself(n node, function reflect.Value, args []operand, f unsafe.Pointer) (next step, ok bool) {
	t := function.Type()
	if t.IsVariadic() || t.NumIn() != len(args) {
		return nil, false
	}
	in := make([]reflect.Value, len(args))
	for i, o := range args {
		in[i] = o.in(f)
		if !in[i].IsValid() || !in[i].Type().AssignableTo(t.In(i)) {
			return nil, false
		}
	}
	out := function.Call(in)
	up := n.parent()
	for i, v := range out {
		if up.action() == "X=" && up.children()[i].ident() == "_" {
			continue
		}
		(operand{level: n.level(), at: n.findex() + i}).in(f).Set(v)
	}
	if no := n.otherwise(); no.p != nil && !out[0].Bool() {
		return *no.step(), true
	}
	if n.then().p == nil {
		return nil, true
	}
	return *n.then().step(), true
}

// hasSign reports whether a value of the type may be a negative zero, or hold
// nothing but zeros of which some are.
func hasSign(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return hasSign(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasSign(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

func isNegativeZero(v reflect.Value) bool {
	negative := func(f float64) bool { return f == 0 && math.Signbit(f) }
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		return negative(v.Float())
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		return c == 0 && (negative(real(c)) || negative(imag(c)))
	case reflect.Array:
		if v.IsZero() {
			for i := range v.Len() {
				if isNegativeZero(v.Index(i)) {
					return true
				}
			}
		}
	case reflect.Struct:
		if v.IsZero() {
			for i := range v.NumField() {
				if isNegativeZero(v.Field(i)) {
					return true
				}
			}
		}
	}
	return false
}
