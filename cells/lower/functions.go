package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// function is what the statements of one function body need to know of it.
type function struct {
	results []string       // lowered types of the results
	named   []string       // names of named results, all or none
	ret     func([]string) // how a return of lowered values is written; nil for plainly
	outer   *function
	loops   []*loop
	rng     *rangeFunc // set when this is the body of a loop over an iterator
}

// receiver writes a method's receiver.
func (w *writer) receiver(f *ast.Field, t types.Type) {
	name := "_"
	if len(f.Names) > 0 {
		if obj := w.info.Defs[f.Names[0]]; obj != nil {
			name = w.local(obj)
		}
	}
	w.printf("(%s %s) ", name, w.typ(t))
}

// signature writes parameters and results with their names.
func (w *writer) signature(t *ast.FuncType, sig *types.Signature) {
	w.WriteString("(")
	for i := range sig.Params().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		p := sig.Params().At(i)
		w.WriteString(w.paramName(p) + " ")
		if sig.Variadic() && i == sig.Params().Len()-1 {
			w.WriteString("..." + w.typ(elemOf(p.Type())))
		} else {
			w.WriteString(w.typ(p.Type()))
		}
	}
	w.WriteString(")")
	if named := sig.Results().Len() > 0 && sig.Results().At(0).Name() != ""; named {
		w.WriteString(" (")
		for i := range sig.Results().Len() {
			if i > 0 {
				w.WriteString(", ")
			}
			r := sig.Results().At(i)
			w.WriteString(w.resultName(r, i) + " " + w.typ(r.Type()))
		}
		w.WriteString(")")
	} else {
		w.WriteString(w.resultTypes(sig))
	}
	w.WriteString(" ")
}

func (w *writer) paramName(p *types.Var) string {
	if p.Name() == "" || p.Name() == "_" {
		return "_"
	}
	return w.local(p)
}

// resultName names a result; a blank one too, since returns may assign it.
func (w *writer) resultName(r *types.Var, i int) string {
	if r.Name() == "" || r.Name() == "_" {
		return fmt.Sprintf("r%s%d", Dot, i)
	}
	return w.local(r)
}

// body writes a function's block.
func (w *writer) body(t *ast.FuncType, sig *types.Signature, b *ast.BlockStmt) {
	fn := &function{}
	for i := range sig.Results().Len() {
		r := sig.Results().At(i)
		fn.results = append(fn.results, w.typ(r.Type()))
		if r.Name() != "" {
			fn.named = append(fn.named, w.resultName(r, i))
		}
	}
	saved := w.fn
	w.fn = fn
	w.WriteString("{\n")
	w.stmts(b.List)
	w.WriteString("}")
	w.fn = saved
}

func (w *writer) funcLit(e *ast.FuncLit) {
	sig := w.info.TypeOf(e).(*types.Signature)
	w.WriteString("func")
	w.signature(e.Type, sig)
	w.body(e.Type, sig, e.Body)
}

// returnStmt writes a return. Results are computed before any is assigned: the
// interpreter would let `return b, a` see a named result half-way.
func (w *writer) returnStmt(s *ast.ReturnStmt) {
	fn := w.fn
	if fn.ret == nil && (len(s.Results) <= 1 || len(fn.named) == 0) {
		w.WriteString("return")
		if len(s.Results) > 0 {
			w.WriteString(" ")
			w.exprs(s.Results)
		}
		w.WriteString("\n")
		return
	}
	var values []string
	switch {
	case len(s.Results) == 0:
		values = fn.named
	case len(s.Results) == 1 && len(fn.results) > 1: // return f()
		for range fn.results {
			values = append(values, w.temp())
		}
		w.WriteString(strings.Join(values, ", ") + " := ")
		w.expr(s.Results[0])
		w.WriteString("\n")
	default:
		for i, e := range s.Results {
			t := w.temp()
			values = append(values, t)
			w.printf("var %s %s = ", t, fn.results[i])
			w.expr(e)
			w.WriteString("\n")
		}
	}
	if fn.ret != nil {
		fn.ret(values)
		return
	}
	w.WriteString("return " + strings.Join(values, ", ") + "\n")
}

// deferStmt writes a defer whose arguments are evaluated now: the interpreter
// would look at them when the function returns.
func (w *writer) deferStmt(s *ast.DeferStmt) {
	call := s.Call
	fun := ast.Unparen(call.Fun)
	_, isLit := fun.(*ast.FuncLit)
	tv := w.info.Types[fun]
	if isLit && len(call.Args) == 0 {
		w.WriteString("defer ")
		w.expr(call)
		w.WriteString("\n")
		return
	}
	if len(call.Args) == 0 && !tv.IsBuiltin() {
		if _, ok := fun.(*ast.Ident); ok {
			w.WriteString("defer ")
			w.expr(call)
			w.WriteString("\n")
			return
		}
	}
	if tv.IsBuiltin() && builtinName(fun) == "recover" {
		w.WriteString("defer recover()\n")
		return
	}
	// defer func(a T) func() { return func() { f(a) } }(x)()
	w.WriteString("defer func(")
	var names, values []string
	add := func(t string, value string) string {
		name := w.temp()
		names = append(names, name+" "+t)
		values = append(values, value)
		return name
	}
	callee := ""
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		if sel := w.info.Selections[f]; sel != nil && sel.Kind() == types.MethodVal {
			// The receiver is an argument too.
			recv, obj := sel.Recv(), sel.Obj().(*types.Func)
			_, wantsPointer := obj.Type().(*types.Signature).Recv().Type().(*types.Pointer)
			_, isPointer := recv.Underlying().(*types.Pointer)
			x := w.text(f.X)
			if wantsPointer && !isPointer && !types.IsInterface(recv) && len(sel.Index()) == 1 {
				callee = add("*"+w.typ(recv), "&"+x) + "." + obj.Name()
			} else {
				saved := w.chunk
				w.chunk = new(chunk)
				w.path(sel)
				path := w.String()
				w.chunk = saved
				callee = add(w.typ(recv), x) + path
			}
		} else {
			callee = w.text(fun)
		}
	case *ast.Ident:
		if _, isFunc := w.info.Uses[f].(*types.Func); isFunc || tv.IsBuiltin() {
			callee = w.text(fun)
		} else {
			callee = add(w.typ(tv.Type), w.text(fun))
		}
	default:
		callee = add(w.typ(tv.Type), w.text(fun))
	}
	args := make([]string, len(call.Args))
	sig, _ := tv.Type.Underlying().(*types.Signature)
	for i, a := range call.Args {
		t := w.info.TypeOf(a)
		if sig != nil && !tv.IsBuiltin() {
			t = paramType(sig, i, call.Ellipsis.IsValid(), t)
		}
		if tup, ok := t.(*types.Tuple); ok { // defer f(g())
			for j := range tup.Len() {
				name := w.temp()
				names = append(names, name+" "+w.typ(tup.At(j).Type()))
				args = append(args[:j], name)
			}
			values = append(values, w.text(a))
			continue
		}
		if w.info.Types[a].IsType() {
			args[i] = w.text(a)
			continue
		}
		args[i] = add(w.typ(t), w.text(a))
	}
	list := strings.Join(args, ", ")
	if call.Ellipsis.IsValid() {
		list += "..."
	}
	w.WriteString(strings.Join(names, ", ") + ") func() { return func() { ")
	w.mark(call.Pos())
	if tv.IsBuiltin() {
		w.deferredBuiltin(builtinName(fun), list)
	} else {
		w.WriteString(callee + "(" + list + ")")
	}
	w.WriteString(" } }(" + strings.Join(values, ", ") + ")()\n")
}

func (w *writer) deferredBuiltin(name, args string) { w.WriteString(name + "(" + args + ")") }

// paramType returns the type that argument i is converted to.
func paramType(sig *types.Signature, i int, spread bool, arg types.Type) types.Type {
	if _, ok := arg.(*types.Tuple); ok {
		return arg
	}
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 && !spread {
		return elemOf(sig.Params().At(n - 1).Type())
	}
	if i < n {
		return sig.Params().At(i).Type()
	}
	return arg
}
