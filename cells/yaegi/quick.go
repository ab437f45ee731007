package yaegi

import (
	"reflect"
	"strings"
	"unsafe"
)

// quicken has a node's step made with one of ours in its stead, where that is one
// of arithmetic, of comparing, copying, indexing or selecting: yaegi does these
// with package reflect. Ours do them when operands and destination have the types
// that the text gives them, and leave all else, panics too, to the step that they
// stand for. It comes after wrap.
func (t *tracer) quicken(n node, name string) {
	if !quick(name) {
		return
	}
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		if slow := *n.step(); slow != nil {
			if own := quicker(n, name, slow); own != nil {
				*n.step() = own
			}
		}
	}
}

func quick(name string) bool {
	switch strings.TrimSuffix(name, "Assign") {
	case "add", "sub", "mul", "quo", "rem", "and", "or", "xor", "andNot", "shl", "shr", "inc", "dec",
		"lower", "lowerEqual", "greater", "greaterEqual", "equal", "notEqual", "land", "lor", "not",
		"assign", "assignFromCall", "reset", "_return", "convert", "getIndexArray", "getIndexSeq", "getPtrIndexSeq", "getIndexSeqField", "_len", "_append", "_range",
		"getIndexMap", "getIndexMap2", "_delete", "rangeMap", "_case":
		return true
	}
	return false
}

// quicker returns our step of a node, nil when there is none.
func quicker(n node, name string, slow step) step {
	c := n.children()
	o := &operation{then: following(n.then()), otherwise: following(n.otherwise()), slow: slow}
	if o.then == nil && name != "_return" {
		return nil
	}
	reads := func(t reflect.Type, x, y node) bool {
		o.typ = rtype(t)
		var ok, also bool
		o.x, ok = placeOf(x, t)
		o.y, also = placeOf(y, t)
		return ok && also
	}
	writes := func(t reflect.Type, z node) (ok bool) {
		o.z, ok = placeOf(z, t)
		return ok && o.z.constant == nil
	}
	op, assigns := strings.CutSuffix(name, "Assign")
	switch name {
	case "getIndexArray":
		return element(n, slow)
	case "getIndexSeq", "getPtrIndexSeq", "getIndexSeqField":
		return member(n, slow)
	case "_len":
		return length(n, slow)
	case "_append":
		return appending(n, o)
	case "_range":
		return ranging(n, slow)
	case "rangeMap":
		return rangingMap(n, o)
	case "getIndexMap":
		return lookup(n, o)
	case "getIndexMap2":
		return lookup2(n, o)
	case "_delete":
		return deleting(n, o)
	case "_case":
		return matching(n, o)
	case "land", "lor", "not":
		y := c[len(c)-1]
		if !reads(reflect.TypeFor[bool](), c[0], y) || !writes(reflect.TypeFor[bool](), n) {
			return nil
		}
		return logical(name, o)
	case "lower", "lowerEqual", "greater", "greaterEqual", "equal", "notEqual":
		t := firstType(c[0], c[1])
		if t == nil || !reads(t, c[0], c[1]) || !writes(reflect.TypeFor[bool](), n) {
			return nil
		}
		return comparison(name, t, o)
	case "inc", "dec":
		t := typeOfNode(c[0])
		if t == nil || o.otherwise != nil || !reads(t, c[0], c[0]) || !writes(t, c[0]) {
			return nil
		}
		one := reflect.New(t).Elem()
		switch {
		case one.CanInt():
			one.SetInt(1)
		case one.CanUint():
			one.SetUint(1)
		default:
			return nil
		}
		o.y = holding(one)
		return updated(c[0], o, func() step { return arithmetic(map[string]string{"inc": "add", "dec": "sub"}[name], t, o) })
	case "assign":
		if len(c) != 2 || n.left() != 1 || c[0].ident() == "_" || o.otherwise != nil {
			return nil
		}
		if !assignable(c[0]) {
			return entering(n, o)
		}
		t := typeOfNode(c[0])
		if t == nil || !reads(t, c[1], c[1]) || !writes(t, c[0]) {
			return nil
		}
		if n.kind() != "defineStmt" {
			return move(t, o)
		}
		if o.z.at != n.findex() || o.z.level != n.level() || o.z.level != 0 {
			return nil
		}
		function, ok := functionOf(n)
		return defining(t, ok && t.PkgPath() == "" && t.Kind() != reflect.Slice && c[1].kind() != "callExpr" && keeps(function), o)
	case "assignFromCall":
		return unpacking(n, o)
	case "reset":
		t := typeOfNode(c[0])
		function, ok := functionOf(n)
		if len(c) != 2 || !ok || t == nil || t.PkgPath() != "" || !keeps(function) || o.otherwise != nil {
			return nil
		}
		o.typ, o.x, o.z = rtype(t), holding(reflect.Zero(t)), place{at: c[0].findex()}
		return move(t, o)
	case "_return":
		return returning(n, o)
	case "convert":
		from, to := typeOfNode(c[1]), typeOfNode(n)
		if len(c) != 2 || from == nil || to == nil || c[1].value().IsValid() || o.otherwise != nil {
			return nil
		}
		if !reads(from, c[1], c[1]) || !writes(to, n) {
			return nil
		}
		return converted(from, to, o)
	}
	if o.otherwise != nil || len(c) != 2 {
		return nil
	}
	z := n
	if assigns {
		z = c[0]
	}
	t := typeOfNode(z)
	if t == nil {
		return nil
	}
	operator := func() step { return arithmetic(op, t, o) }
	if assigns {
		plain := operator
		operator = func() step { return updated(z, o, plain) }
	}
	if op == "shl" || op == "shr" {
		counts := firstType(c[1])
		if counts == nil {
			counts = reflect.TypeFor[uint]()
		}
		ok := reads(t, c[0], c[0]) && writes(t, z)
		var is bool
		if o.y, is = placeOf(c[1], counts); !ok || !is {
			return nil
		}
		return operator()
	}
	if !reads(t, c[0], c[1]) || !writes(t, z) {
		return nil
	}
	return operator()
}

// updated returns the step that operate makes of an assignment to what lies in
// memory, or in a map's entry.
func updated(left node, o *operation, operate func() step) step {
	if assignable(left) {
		return operate()
	}
	return updating(left, o, operate)
}

// assignable reports whether what is on the left of an assignment lies in memory,
// as an entry of a map does not.
func assignable(n node) bool {
	switch n.kind() {
	case "identExpr", "selectorExpr":
		return true
	case "indexExpr":
		t := typeOfNode(n.children()[0])
		return t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array)
	}
	return false
}
