package yaegi

import (
	"reflect"
	"unsafe"
)

// safety returns what tells from a node's operands that its step won't panic,
// nil where nothing does. It may say no when the answer is yes.
func safety(n node) func(frame) bool {
	c := n.children()
	switch n.kind() {
	case "binaryExpr":
		if len(c) != 2 {
			return nil
		}
		switch n.action() {
		case "/", "%":
			return func(f frame) bool { return notZero(f.operand(c[1])) }
		}
	case "assignStmt":
		if a := n.action(); (a == "/=" || a == "%=") && len(c) == 2 {
			return func(f frame) bool { return notZero(f.operand(c[1])) && reachable(f, c[0]) }
		}
		if len(c) == 2 && c[1].kind() != "starExpr" {
			return func(f frame) bool { return reachable(f, c[0]) }
		}
	case "indexExpr":
		if len(c) == 2 {
			return func(f frame) bool { return inRange(f.operand(c[0]), f.operand(c[1])) }
		}
	case "starExpr":
		if len(c) == 1 {
			return func(f frame) bool {
				v := f.operand(c[0])
				return v.Kind() == reflect.Pointer && !v.IsNil()
			}
		}
	case "selectorExpr":
		if len(c) == 2 {
			return func(f frame) bool { return hasFields(f.operand(c[0])) }
		}
	}
	return nil
}

func isShift(n node) bool {
	switch n.action() {
	case "<<", ">>", "<<=", ">>=":
		return len(n.children()) == 2 && !n.children()[1].value().IsValid()
	}
	return false
}

// aroundShift panics where yaegi takes a negative count for a large one.
func (t *tracer) aroundShift(s *site, inner step) step {
	careful := t.around(s, func(f unsafe.Pointer) step {
		if !notNegative(frame{f}.operand(s.node.children()[1])) {
			panic(runtimeError("runtime error: negative shift amount"))
		}
		return inner(f)
	})
	simple := !mayPanic(s.node.children()[0])
	return func(f unsafe.Pointer) step {
		if simple && notNegative(frame{f}.operand(s.node.children()[1])) {
			return inner(f)
		}
		return careful(f)
	}
}

// aroundDivision is for the divisions of tight loops: by a variable of the
// function itself.
func (t *tracer) aroundDivision(divisor int, s *site, inner step) step {
	careful := t.around(s, inner)
	at := frameAtOffset.data
	return func(f unsafe.Pointer) step {
		data := *field[[]reflect.Value](f, at)
		if divisor < len(data) && data[divisor].Kind() == reflect.Int && data[divisor].Int() != 0 {
			return inner(f)
		}
		return careful(f)
	}
}

// localDivisor returns where the frame of a division's function keeps its
// divisor.
func localDivisor(n node) (int, bool) {
	c := n.children()
	if a := n.action(); n.kind() != "binaryExpr" || a != "/" && a != "%" || len(c) != 2 {
		return 0, false
	}
	return c[1].findex(), c[1].findex() >= 0 && c[1].level() == 0 && !c[1].value().IsValid()
}

func notZero(v reflect.Value) bool {
	switch {
	case v.CanInt():
		return v.Int() != 0
	case v.CanUint():
		return v.Uint() != 0
	}
	return v.CanFloat()
}

func notNegative(v reflect.Value) bool { return v.CanUint() || v.CanInt() && v.Int() >= 0 }

// inRange reports whether list[i] exists.
func inRange(list, i reflect.Value) bool {
	switch list.Kind() {
	case reflect.Slice, reflect.Array, reflect.String:
		return i.CanInt() && uint64(i.Int()) < uint64(list.Len())
	}
	return false
}

// hasFields reports whether a field of v can be selected.
func hasFields(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct:
		return true
	case reflect.Pointer:
		return !v.IsNil()
	}
	return false
}

// reachable reports whether the operand on the left of an assignment can be
// assigned to.
func reachable(f frame, n node) bool {
	c := n.children()
	switch n.kind() {
	case "identExpr":
		return true
	case "indexExpr":
		return len(c) == 2 && inRange(f.operand(c[0]), f.operand(c[1]))
	case "selectorExpr":
		return len(c) == 2 && hasFields(f.operand(c[0]))
	}
	return false
}
