package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// function is what the statements of one function body need to know of it.
type function struct {
	results []string       // lowered types of the results
	types   []types.Type   // of the results
	named   []string       // names of named results, all or none
	ret     func([]string) // how a return of lowered values is written; nil for plainly
	outer   *function
	gotos   map[string]bool // labels that a goto names
	loops   []*loop
	rng     *rangeFunc // set when this is the body of a loop over an iterator
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
		return fmt.Sprintf("%sr%d", Dot, i)
	}
	return w.local(r)
}

// body writes a function's block.
func (w *writer) body(t *ast.FuncType, sig *types.Signature, b *ast.BlockStmt) {
	fn := &function{gotos: gotos(b.List)}
	for i := range sig.Results().Len() {
		r := sig.Results().At(i)
		fn.results, fn.types = append(fn.results, w.typ(r.Type())), append(fn.types, r.Type())
		if r.Name() != "" {
			fn.named = append(fn.named, w.resultName(r, i))
		}
	}
	saved := w.fn
	w.fn = fn
	if len(fn.gotos) > 0 {
		w.noteClosures(b)
	}
	w.WriteString("{\n")
	for i, name := range fn.named {
		// The interpreter lends a result the variable that its caller keeps it in.
		t := w.temp()
		w.printf("var %s %s\n%s = %s\n", t, fn.results[i], name, t)
	}
	w.stmts(b.List)
	w.WriteString("}")
	w.fn = saved
}

func (w *writer) funcLit(e *ast.FuncLit) {
	sig := w.info.TypeOf(e).(*types.Signature)
	if w.kept[e] {
		w.WriteString(w.keeper(sig) + "(")
		defer w.WriteString(")")
	}
	w.WriteString("func")
	w.signature(e.Type, sig)
	w.body(e.Type, sig, e.Body)
}

// returnStmt writes a return. Results are computed before any is assigned: the
// interpreter would let `return b, a` see a named result half-way.
func (w *writer) returnStmt(s *ast.ReturnStmt) {
	fn := w.fn
	if fn.ret == nil && (len(s.Results) <= 1 || len(fn.named) == 0) && (len(s.Results) == 0 || !w.needTypes(s.Results, fn)) {
		w.WriteString("return")
		if len(s.Results) > 0 {
			w.WriteString(" ")
			w.returned(s.Results)
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
			w.printf("var %s %s\n", t, fn.results[i])
			if isLogical(e) { // into a bool before it becomes an interface
				b := w.temp()
				w.printf("%s := ", b)
				w.expr(e)
				w.printf("\n%s = %s\n", t, b)
				continue
			}
			w.WriteString(t + " = ")
			w.converted(e, fn.results[i])
			w.WriteString("\n")
		}
	}
	if fn.ret != nil {
		fn.ret(values)
		return
	}
	w.WriteString("return " + strings.Join(values, ", ") + "\n")
}

// returned writes the results of a return.
func (w *writer) returned(list []ast.Expr) {
	for i, e := range list {
		if i > 0 {
			w.WriteString(", ")
		}
		if len(list) != len(w.fn.results) {
			w.expr(e)
			continue
		}
		w.converted(e, w.fn.results[i])
	}
}

// needTypes reports whether results must be variables of their types first: the
// interpreter returns functions in a form of its own, knows no nil of a function
// type with a name, and makes no interfaces of comparisons.
func (w *writer) needTypes(list []ast.Expr, fn *function) bool {
	results := fn.results
	if len(list) != len(results) {
		// Of a call's results it converts none but the first to interfaces.
		tuple, _ := w.info.TypeOf(list[0]).(*types.Tuple)
		for i := range tuple.Len() {
			if w.typ(tuple.At(i).Type()) != results[i] {
				return true
			}
		}
		return false
	}
	for i, e := range list {
		if w.info.Types[e].Value != nil {
			continue
		}
		if _, isFunc := fn.types[i].Underlying().(*types.Signature); isFunc && w.info.Types[e].IsNil() {
			return true
		}
		if id := functionName(e); id != nil && isFuncName(w.info.Uses[id]) {
			return true
		}
		if results[i] == "interface{}" && isLogical(e) {
			return true
		}
		// Of several results it mixes up where a predeclared function puts its own.
		if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(list) > 1 && w.info.Types[call.Fun].IsBuiltin() {
			return true
		}
	}
	return false
}

// isLogical reports whether an operator makes e true or false.
func isLogical(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
			return true
		}
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	}
	return false
}

// deferStmt writes a defer. The evaluator sees to it that function and
// arguments are those of now; a predeclared function is called by a literal,
// since the interpreter defers only proper functions.
func (w *writer) deferStmt(s *ast.DeferStmt) {
	fun := ast.Unparen(s.Call.Fun)
	if w.fn.rng != nil {
		w.deferInRange(s)
		return
	}
	if tv := w.info.Types[fun]; !tv.IsBuiltin() || builtinName(fun) == "recover" {
		w.WriteString("defer ")
		lit, isLit := fun.(*ast.FuncLit)
		sel, isSel := fun.(*ast.SelectorExpr)
		switch {
		case isLit && len(w.fn.loops) > 0:
			// As a value it keeps the variables of this iteration.
			t := w.typ(w.info.TypeOf(lit))
			w.printf("func(f %s) %s { return f }(", t, t)
			w.funcLit(lit)
			w.WriteString(")(")
		case isSel && w.info.Selections[sel] != nil && w.info.Selections[sel].Kind() == types.MethodVal:
			w.methodValue(sel, w.info.Selections[sel])
			w.WriteString("(")
		default:
			w.expr(s.Call)
			w.WriteString("\n")
			return
		}
		w.mark(s.Call.Pos())
		w.args(s.Call)
		w.WriteString(")\n")
		return
	}
	var params, args []string
	for _, a := range s.Call.Args {
		if w.info.Types[a].IsType() {
			args = append(args, w.text(a))
			continue
		}
		name := w.temp()
		params = append(params, name+" "+w.typ(types.Default(w.info.TypeOf(a))))
		args = append(args, name)
	}
	w.printf("defer func(%s) { ", strings.Join(params, ", "))
	w.mark(s.Pos())
	// The call again, with the parameters for arguments.
	call := *s.Call
	call.Args = nil
	for i, a := range args {
		id := &ast.Ident{NamePos: s.Call.Args[i].Pos(), Name: a}
		w.info.Types[id] = types.TypeAndValue{Type: types.Default(w.info.TypeOf(s.Call.Args[i]))}
		call.Args = append(call.Args, id)
	}
	w.builtin(&call, builtinName(fun))
	w.WriteString(" }(")
	w.exprs(s.Call.Args)
	w.WriteString(")\n")
}

// deferInRange writes a defer in the body of a loop over an iterator, which has
// become a function of its own: the call joins those that the function around
// it deferred when the loop began.
func (w *writer) deferInRange(s *ast.DeferStmt) {
	r := w.fn.rng
	for r.outer != nil {
		r = r.outer
	}
	var params, values []string
	hold := func(e ast.Expr, t types.Type) string {
		name := w.temp()
		params = append(params, name+" "+w.typ(types.Default(t)))
		values = append(values, w.text(e))
		return name
	}
	call := *s.Call
	call.Args = nil
	substitute := func(e ast.Expr, t types.Type) ast.Expr {
		id := &ast.Ident{NamePos: e.Pos(), Name: hold(e, t)}
		w.info.Types[id] = types.TypeAndValue{Type: types.Default(t)}
		return id
	}
	fun := ast.Unparen(s.Call.Fun)
	tv := w.info.Types[fun]
	if _, isLit := fun.(*ast.FuncLit); !tv.IsBuiltin() && !isLit {
		if id, ok := fun.(*ast.Ident); !ok || !isFuncName(w.info.Uses[id]) {
			if sel, ok := fun.(*ast.SelectorExpr); !ok || w.info.Selections[sel] != nil {
				call.Fun = substitute(fun, tv.Type)
			}
		}
	}
	sig, _ := tv.Type.Underlying().(*types.Signature)
	for i, a := range s.Call.Args {
		t := w.info.TypeOf(a)
		if _, tuple := t.(*types.Tuple); tuple || w.info.Types[a].IsType() {
			call.Args = append(call.Args, a)
			continue
		}
		if sig != nil && !tv.IsBuiltin() {
			t = paramType(sig, i, s.Call.Ellipsis.IsValid())
		}
		call.Args = append(call.Args, substitute(a, t))
	}
	w.printf("%s = append(%s, []func(){func(%s) func() { return func() { ", r.defers, r.defers, strings.Join(params, ", "))
	w.call(&call)
	w.printf(" } }(%s)}...)\n", strings.Join(values, ", "))
}

func isFuncName(obj types.Object) bool {
	_, ok := obj.(*types.Func)
	return ok
}

// paramType returns the type that argument i is converted to.
func paramType(sig *types.Signature, i int, spread bool) types.Type {
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last && !spread {
		return elemOf(sig.Params().At(last).Type())
	}
	return sig.Params().At(i).Type()
}
