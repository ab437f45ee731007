package yaegi

import (
	"reflect"
	"unsafe"
)

// A check tells from the operands of a step that it won't panic. It may say no
// when the answer is yes.
type check func(frame unsafe.Pointer) bool

// safety returns the check of a node's step, nil where nothing tells.
func safety(n node) check {
	c := n.children()
	switch n.kind() {
	case "binaryExpr":
		if a := n.action(); len(c) == 2 && (a == "/" || a == "%") {
			return notZero(operandOf(c[1]))
		}
	case "assignStmt":
		if a := n.action(); (a == "/=" || a == "%=") && len(c) == 2 {
			return both(notZero(operandOf(c[1])), reachable(c[0]))
		}
		if len(c) == 2 && c[1].kind() != "starExpr" {
			return reachable(c[0])
		}
	case "incDecStmt":
		if len(c) == 1 {
			return reachable(c[0])
		}
	case "indexExpr":
		if len(c) == 2 {
			return inRange(operandOf(c[0]), operandOf(c[1]))
		}
	case "starExpr":
		if len(c) == 1 {
			o := operandOf(c[0])
			return func(f unsafe.Pointer) bool {
				v := o.in(f)
				return v.Kind() == reflect.Pointer && !v.IsNil()
			}
		}
	case "selectorExpr":
		if len(c) == 2 {
			return hasFields(operandOf(c[0]))
		}
	}
	return nil
}

func both(a, b check) check {
	if a == nil || b == nil {
		return nil
	}
	return func(f unsafe.Pointer) bool { return a(f) && b(f) }
}

// An operand is where the value of a node is found: in a frame, or nowhere else.
type operand struct {
	constant  reflect.Value
	level, at int
}

func operandOf(n node) operand { return operand{n.value(), n.level(), n.findex()} }

// local reports whether the function's own frame holds the value.
func (o operand) local() bool { return !o.constant.IsValid() && o.level == 0 && o.at >= 0 }

func (o operand) in(f unsafe.Pointer) reflect.Value {
	if o.constant.IsValid() {
		return o.constant
	}
	data := *field[[]reflect.Value](frame{f}.up(o.level).p, frameAtOffset.data)
	if o.at >= 0 && o.at < len(data) {
		return data[o.at]
	}
	return reflect.Value{}
}

// locals returns the values of a frame.
func locals(f unsafe.Pointer) []reflect.Value {
	return *field[[]reflect.Value](f, frameAtOffset.data)
}

func isShift(n node) bool {
	switch n.action() {
	case "<<", ">>", "<<=", ">>=":
		return len(n.children()) == 2 && !n.children()[1].value().IsValid()
	}
	return false
}

// aroundShift panics where yaegi takes a negative count for a large one.
func (t *tracer) aroundShift(s *site, n node, inner step) step {
	count := notNegative(operandOf(n.children()[1]))
	careful := t.around(s, func(f unsafe.Pointer) step {
		if !count(f) {
			panic(runtimeError("runtime error: negative shift amount"))
		}
		return inner(f)
	})
	if mayPanic(n.children()[0]) {
		return careful
	}
	return unless(count, inner, careful)
}

// unless takes the careful step where the check says no.
func unless(safe check, inner, careful step) step {
	return func(f unsafe.Pointer) step {
		if safe(f) {
			return inner(f)
		}
		return careful(f)
	}
}

// divisor returns where the frame of a division's function keeps its divisor.
func divisor(n node) (operand, bool) {
	c := n.children()
	if a := n.action(); n.kind() != "binaryExpr" || a != "/" && a != "%" || len(c) != 2 {
		return operand{}, false
	}
	o := operandOf(c[1])
	return o, o.local()
}

func notZero(o operand) check {
	if o.local() {
		return func(f unsafe.Pointer) bool {
			v := &locals(f)[o.at]
			return v.Kind() == reflect.Int && v.Int() != 0 || isNotZero(*v)
		}
	}
	return func(f unsafe.Pointer) bool { return isNotZero(o.in(f)) }
}

func isNotZero(v reflect.Value) bool {
	switch {
	case v.CanInt():
		return v.Int() != 0
	case v.CanUint():
		return v.Uint() != 0
	}
	return v.CanFloat()
}

func notNegative(o operand) check {
	if o.local() {
		return func(f unsafe.Pointer) bool {
			v := &locals(f)[o.at]
			if v.Kind() == reflect.Int {
				return v.Int() >= 0
			}
			return v.CanUint() || v.CanInt() && v.Int() >= 0
		}
	}
	return func(f unsafe.Pointer) bool {
		v := o.in(f)
		return v.CanUint() || v.CanInt() && v.Int() >= 0
	}
}

// inRange reports whether list[i] exists.
func inRange(list, i operand) check {
	if list.local() && i.local() {
		return func(f unsafe.Pointer) bool {
			data := locals(f)
			l, n := &data[list.at], &data[i.at]
			if l.Kind() == reflect.Slice && n.Kind() == reflect.Int {
				return uint(n.Int()) < uint(l.Len())
			}
			return isInRange(*l, *n)
		}
	}
	return func(f unsafe.Pointer) bool { return isInRange(list.in(f), i.in(f)) }
}

func isInRange(list, i reflect.Value) bool {
	switch list.Kind() {
	case reflect.Slice, reflect.Array, reflect.String:
		return i.CanInt() && uint64(i.Int()) < uint64(list.Len())
	}
	return false
}

// looksUp reports whether a node looks up a key that any map takes.
func looksUp(n node) bool {
	if n.kind() != "indexExpr" || len(n.children()) != 2 {
		return false
	}
	t := typeOfNode(n.children()[0])
	return t != nil && t.Kind() == reflect.Map && hashes(t.Key())
}

// hashes reports whether every value of a type can be a map's key.
func hashes(t reflect.Type) bool { return t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String }

// hasFields reports whether a field of a value can be selected.
func hasFields(o operand) check {
	return func(f unsafe.Pointer) bool {
		v := o.in(f)
		switch v.Kind() {
		case reflect.Struct:
			return true
		case reflect.Pointer:
			return !v.IsNil()
		}
		return false
	}
}

// reachable reports whether the operand on the left of an assignment can be
// assigned to.
func reachable(n node) check {
	c := n.children()
	switch n.kind() {
	case "identExpr":
		return func(unsafe.Pointer) bool { return true }
	case "indexExpr":
		if len(c) == 2 {
			return isElement(operandOf(c[0]), typeOfNode(c[0]))
		}
	case "selectorExpr":
		if len(c) == 2 {
			return hasFields(operandOf(c[0]))
		}
	}
	return nil
}

// isElement reports whether a step of its own has found the element of a list
// already. That of a map is made by the assignment, which nothing keeps from it.
func isElement(list operand, t reflect.Type) check {
	entry := t != nil && t.Kind() == reflect.Map && hashes(t.Key())
	is := func(v *reflect.Value) bool {
		switch v.Kind() {
		case reflect.Slice, reflect.Array, reflect.Pointer:
			return true
		case reflect.Map:
			return entry && !v.IsNil()
		}
		return false
	}
	if list.local() {
		return func(f unsafe.Pointer) bool { return is(&locals(f)[list.at]) }
	}
	return func(f unsafe.Pointer) bool {
		v := list.in(f)
		return is(&v)
	}
}

// dereferenced returns the dereferences whose pointers a step reads through,
// those that it writes through aside. Before any step is wrapped.
func dereferenced(n node) []node {
	if isDereference(n) {
		up := n.parent()
		if up.p == nil || up.kind() == "addressExpr" || assigns(up) && up.children()[0] == n {
			return nil
		}
		return []node{n}
	}
	var out []node
	for i, c := range n.children() {
		if isDereference(c) && n.kind() != "addressExpr" && !(i == 0 && assigns(n)) {
			out = append(out, c)
		}
	}
	return out
}

func assigns(n node) bool {
	switch n.kind() {
	case "assignStmt", "defineStmt", "assignXStmt", "incDecStmt":
		return true
	}
	return false
}

// isDereference tells *p from a type.
func isDereference(n node) bool {
	return n.kind() == "starExpr" && len(n.children()) == 1 && n.madeBy() == "deref"
}

// notNil has a step panic when a pointer that it reads through is nil: yaegi
// takes that for no value.
func notNil(stars []node, inner step) step {
	if len(stars) == 0 {
		return inner
	}
	var pointers []operand
	for _, n := range stars {
		pointers = append(pointers, operandOf(n.children()[0]))
	}
	return func(f unsafe.Pointer) step {
		for _, o := range pointers {
			if v := o.in(f); v.Kind() == reflect.Pointer && v.IsNil() {
				panic(nilDereference)
			}
		}
		return inner(f)
	}
}

// loneDivision returns the only line of a function that divides, when no other
// site of it can be taken for that one: the interpreter says which function it
// was that panicked, so such a division needs no step around it.
func (t *tracer) loneDivision(function node) (nodes map[node]bool, s *site) {
	nodes = map[node]bool{}
	alone := true
	var walk func(n node)
	walk = func(n node) {
		if n.kind() == "funcLit" {
			alone = false
		}
		if _, ok := divisor(n); ok {
			here, _ := t.siteOf(n, n.kind())
			if here == nil || s != nil && s.Line != here.Line {
				alone = false
			}
			nodes[n] = true
			if s == nil {
				s = here
			}
		}
		for _, c := range n.children() {
			if alone {
				walk(c)
			}
		}
	}
	walk(function)
	if !alone || s == nil {
		return nil, nil
	}
	return nodes, s
}
