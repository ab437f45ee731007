package yaegi

import (
	"go/constant"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// A place is where a step finds a value, or puts one: in its function's frame, in
// one further up, or in one that holds nothing but a constant.
type place struct {
	at, level int
	constant  unsafe.Pointer // the frame that holds it, nil for none
}

// in returns what is in the place.
func (p *place) in(f unsafe.Pointer) *value {
	if p.constant != nil {
		f = p.constant
	} else if p.level != 0 {
		f = above(f, p.level)
	}
	return &(*(*[]value)(unsafe.Add(f, dataOffset)))[p.at]
}

var dataOffset = frameAtOffset.data

func above(f unsafe.Pointer, level int) unsafe.Pointer { return frame{f}.up(level).p }

// holding returns a place that holds a constant.
func holding(v reflect.Value) place {
	f := reflect.New(frameType).UnsafePointer()
	*(*[]reflect.Value)(unsafe.Add(f, dataOffset)) = []reflect.Value{v}
	return place{constant: f}
}

// placeOf returns the place of a node's value as yaegi finds it, of constants those
// that have the type.
func placeOf(n node, t reflect.Type) (p place, ok bool) {
	if v := n.value(); v.IsValid() {
		if v, ok = constantOf(v, t); ok {
			p = holding(v)
		}
		return p, ok
	}
	p = place{at: n.findex(), level: n.level()}
	if s := n.symbol().p; s != nil {
		p.at = *field[int](s, symbolAt.index)
		if *field[bool](s, symbolAt.global) {
			p.level = -1
		}
	}
	switch n.kind() {
	case "basicLit", "funcDecl":
		return p, false
	}
	return p, p.at >= 0 && p.level >= -1
}

// constantOf returns a constant as a value of a type that it fits. A variable of
// compiled code is none, and stays where it is.
func constantOf(v reflect.Value, t reflect.Type) (to reflect.Value, ok bool) {
	to = reflect.New(t).Elem()
	c, untyped := v.Interface().(constant.Value)
	switch {
	case !untyped && v.Type() == t:
		return v, true
	case !untyped:
		return to, false
	case to.CanInt():
		i, exact := constant.Int64Val(constant.ToInt(c))
		if !exact || to.OverflowInt(i) {
			return to, false
		}
		to.SetInt(i)
	case to.CanUint():
		i, exact := constant.Uint64Val(constant.ToInt(c))
		if !exact || to.OverflowUint(i) {
			return to, false
		}
		to.SetUint(i)
	case to.CanFloat():
		if c = constant.ToFloat(c); c.Kind() != constant.Float {
			return to, false
		}
		x, _ := constant.Float64Val(c)
		to.SetFloat(x)
	case t.Kind() == reflect.String && c.Kind() == constant.String:
		to.SetString(constant.StringVal(c))
	case t.Kind() == reflect.Bool && c.Kind() == constant.Bool:
		to.SetBool(constant.BoolVal(c))
	default:
		return to, false
	}
	return to, true
}

// is reports whether a value is one of a type.
func (v *value) is(t unsafe.Pointer) bool { return v.typ == t }

// takes reports whether a value of a type may be put where v is.
func (v *value) takes(t unsafe.Pointer) bool {
	return v.typ == t && v.flag&(variableFlag|readOnly) == variableFlag
}

// variableFlag is the flag of values that can be assigned to.
var variableFlag = func() uintptr {
	v, c := reflect.New(reflect.TypeFor[int]()).Elem(), reflect.ValueOf(0)
	return (*value)(unsafe.Pointer(&v)).flag &^ (*value)(unsafe.Pointer(&c)).flag
}()

// variableFlags are the flags of a variable of a type.
func variableFlags(t reflect.Type) uintptr {
	v := reflect.New(t).Elem()
	return (*value)(unsafe.Pointer(&v)).flag
}

// inMemory is the flag of values that lie where they point to.
var inMemory = func() uintptr {
	p := new(int)
	direct, indirect := reflect.ValueOf(p), reflect.ValueOf(&p).Elem()
	return (*value)(unsafe.Pointer(&indirect)).flag &^ (*value)(unsafe.Pointer(&direct)).flag &^ variableFlag
}()

// rtype is the runtime's own pointer to a type.
func rtype(t reflect.Type) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}

var (
	intType  = rtype(reflect.TypeFor[int]())
	boolType = rtype(reflect.TypeFor[bool]())
)

// generator returns the name of yaegi's function that makes a node's step: "add".
func generator(n node) string {
	gen := *n.gen()
	if gen == nil {
		return ""
	}
	pc := reflect.ValueOf(gen).Pointer()
	if name, ok := generators.Load(pc); ok {
		return name.(string)
	}
	name := runtime.FuncForPC(pc).Name()
	name = name[strings.LastIndexByte(name, '.')+1:]
	generators.Store(pc, name)
	return name
}

var generators sync.Map // names by the functions' addresses

// following is where the step of the node that comes next is, nil for none. It is
// looked up there each time: loops (loops.go) change it.
func following(n node) *step {
	if n.p == nil {
		return nil
	}
	return n.step()
}

// functionOf returns the function that a node is in.
func functionOf(n node) (function node, ok bool) {
	for n = n.parent(); n.p != nil; n = n.parent() {
		if k := n.kind(); k == "funcDecl" || k == "funcLit" {
			return n, true
		}
	}
	return n, false
}

// typeOfNode returns the type of the values that a node has, nil when nothing tells:
// where yaegi has no need of it, it may be one that cannot be made.
func typeOfNode(n node) reflect.Type {
	if n.level() == 0 && n.findex() >= 0 {
		if function, ok := functionOf(n); ok {
			if types := function.types(); n.findex() < len(types) {
				return types[n.findex()]
			}
		}
	}
	t := *field[unsafe.Pointer](n.p, nodeAt.typ)
	if t == nil {
		return nil
	}
	return *field[reflect.Type](t, typeAt.rtype)
}

// firstType returns the type of the first of some nodes that is no constant.
func firstType(nodes ...node) reflect.Type {
	for _, n := range nodes {
		if !n.value().IsValid() {
			return typeOfNode(n)
		}
	}
	return nil
}

// keeps reports whether what a function defines anew may be where it was before:
// nothing of the function can still refer to it.
func keeps(function node) bool {
	ok := true
	var walk func(n node)
	walk = func(n node) {
		switch n.kind() {
		case "funcLit", "addressExpr", "deferStmt", "goStmt":
			ok = false
		case "assignStmt": // a call lends the function the variable for its result
			c := n.children()
			ok = len(c) == 0 || c[len(c)-1].kind() != "callExpr"
		}
		for _, c := range n.children() {
			if ok {
				walk(c)
			}
		}
	}
	for _, c := range function.children() {
		walk(c)
	}
	return ok
}
