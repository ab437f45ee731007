package lower

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// methodValue writes x.M that is not called: a function with the receiver as it
// is now. The interpreter would look at x when the function is called.
func (w *writer) methodValue(e *ast.SelectorExpr, sel *types.Selection) {
	recv, typ, ok := w.receiverOf(e, sel)
	if !ok {
		w.operand(e.X)
		w.path(sel)
		return
	}
	sig := sel.Type().(*types.Signature)
	params, args := w.forwarded(sig)
	w.printf("func(r%s %s) func(%s)%s { ", Dot, typ, params, w.resultTypes(sig))
	if types.IsInterface(sel.Recv()) {
		w.unmark() // the panic's place is where the value is made
		w.printf("if r%s == nil { %s.Nil() }\n", Dot, w.u.CellImport())
	}
	w.printf("return func(%s)%s { ", params, w.resultTypes(sig))
	if sig.Results().Len() > 0 {
		w.WriteString("return ")
	}
	w.printf("r%s.%s(%s) } }(", Dot, sel.Obj().Name(), args)
	w.mark(e.Pos())
	w.WriteString(recv + ")")
}

// receiverOf returns the text and the type of what a method gets as receiver.
// It reports false when the type has no name here.
func (w *writer) receiverOf(e *ast.SelectorExpr, sel *types.Selection) (recv, typ string, ok bool) {
	t := sel.Recv()
	saved := w.chunk
	w.chunk = new(chunk)
	defer func() { w.chunk = saved }()
	w.operand(e.X)
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		f := structOf(t).Field(i)
		if !f.Exported() && w.compiled(f) {
			return "", "", false
		}
		w.WriteString("." + w.fieldName(f))
		t = f.Type()
	}
	recv = w.String()
	_, isPointer := t.Underlying().(*types.Pointer)
	_, wantsPointer := sel.Obj().Type().(*types.Signature).Recv().Type().(*types.Pointer)
	switch {
	case types.IsInterface(t) || isPointer == wantsPointer:
		return recv, w.typ(t), true
	case wantsPointer:
		return "&" + recv, "*" + w.typ(t), true
	}
	elem := t.Underlying().(*types.Pointer).Elem()
	return "*" + recv, w.typ(elem), true
}

// forwarded returns a signature's parameters and the arguments that pass them on.
func (w *writer) forwarded(sig *types.Signature) (params, args string) {
	var ps, as []string
	for i := range sig.Params().Len() {
		name, t := "a"+strconv.Itoa(i), sig.Params().At(i).Type()
		if sig.Variadic() && i == sig.Params().Len()-1 {
			ps = append(ps, name+" ..."+w.typ(elemOf(t)))
			as = append(as, name+"...")
			continue
		}
		ps = append(ps, name+" "+w.typ(t))
		as = append(as, name)
	}
	return strings.Join(ps, ", "), strings.Join(as, ", ")
}
