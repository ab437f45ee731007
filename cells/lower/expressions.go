package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"github.com/paracell/paracell/cells/compile"
)

// expr writes an expression.
func (w *writer) expr(e ast.Expr) {
	tv := w.info.Types[e]
	switch {
	case tv.Value != nil:
		w.mark(e.Pos())
		w.constant(e, tv)
		return
	case tv.IsType():
		w.WriteString(w.typ(tv.Type))
		return
	}
	w.mark(e.Pos())
	switch e := e.(type) {
	case *ast.Ident:
		w.ident(e)
	case *ast.BasicLit:
		w.WriteString(e.Value)
	case *ast.ParenExpr:
		switch inner := ast.Unparen(e).(type) {
		case *ast.FuncLit, *ast.Ident, *ast.SelectorExpr, *ast.CallExpr, *ast.IndexExpr:
			// In them the interpreter loses the way of && and ||.
			w.expr(inner)
			return
		}
		w.WriteString("(")
		w.expr(e.X)
		w.WriteString(")")
	case *ast.FuncLit:
		w.funcLit(e)
	case *ast.CompositeLit:
		w.compositeLit(e)
	case *ast.SelectorExpr:
		w.selector(e)
	case *ast.IndexExpr:
		if id := instantiated(e.X); id != nil && w.instance(id) {
			return
		}
		w.expr(e.X)
		w.WriteString("[")
		w.expr(e.Index)
		w.WriteString("]")
	case *ast.IndexListExpr:
		if id := instantiated(e.X); id == nil || !w.instance(id) {
			w.unsupported(e, "this instantiation")
		}
	case *ast.SliceExpr:
		w.expr(e.X)
		w.WriteString("[")
		w.exprOrNothing(e.Low)
		w.WriteString(":")
		w.exprOrNothing(e.High)
		if e.Slice3 {
			w.WriteString(":")
			w.expr(e.Max)
		}
		w.WriteString("]")
	case *ast.TypeAssertExpr:
		w.typeAssert(e)
	case *ast.CallExpr:
		w.call(e)
	case *ast.StarExpr:
		w.WriteString("*")
		w.expr(e.X)
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND && w.made(lit) != "" {
			w.make(lit)
			return
		}
		w.WriteString(e.Op.String())
		if shift, ok := ast.Unparen(e.X).(*ast.BinaryExpr); ok && (shift.Op == token.SHL || shift.Op == token.SHR) {
			w.WriteString(w.typ(w.info.TypeOf(e.X)) + "(") // the interpreter takes the type of the count
			w.expr(e.X)
			w.WriteString(")")
			return
		}
		w.expr(e.X)
	case *ast.BinaryExpr:
		w.binary(e)
	case *ast.KeyValueExpr:
		w.expr(e.Key)
		w.WriteString(": ")
		w.expr(e.Value)
	default:
		w.unsupported(e, "%T", e)
	}
}

// binary writes a binary expression.
func (w *writer) binary(e *ast.BinaryExpr) {
	op := " " + e.Op.String() + " "
	switch e.Op {
	case token.SHL, token.SHR:
		// Both sides keep their own types.
		if x := w.info.Types[e.X]; x.Value != nil {
			w.WriteString(w.typ(types.Default(x.Type)) + "(")
			w.expr(e.X)
			w.WriteString(")" + op)
		} else {
			w.expr(e.X)
			w.WriteString(op)
		}
		if w.info.Types[e.Y].Value != nil {
			w.expr(e.Y) // in parentheses it lends its type to the whole
			return
		}
		text := ""
		if _, ok := ast.Unparen(e.Y).(*ast.BinaryExpr); ok {
			text = w.typ(types.Default(w.info.TypeOf(e.Y)))
		}
		w.WriteString(text + "(")
		w.expr(e.Y)
		w.WriteString(")")
		return
	case token.QUO:
		if zero := w.zeroDivisor(e.Y); zero != "" {
			w.expr(e.X)
			w.WriteString(op + zero)
			return
		}
	case token.EQL, token.NEQ:
		// The interpreter compares channels of one type only.
		x, y := w.info.TypeOf(e.X), w.info.TypeOf(e.Y)
		_, isChan := x.Underlying().(*types.Chan)
		if _, also := y.Underlying().(*types.Chan); isChan && also && !types.Identical(x, y) {
			for i, side := range []ast.Expr{e.X, e.Y} {
				if i == 1 {
					w.WriteString(op)
				}
				to := x
				if types.AssignableTo(x, y) {
					to = y
				}
				w.WriteString("(" + w.typ(to) + ")(")
				w.expr(side)
				w.WriteString(")")
			}
			return
		}
	}
	w.expr(e.X)
	w.WriteString(op)
	w.expr(e.Y)
}

// zeroDivisor returns a call that returns the constant e when that is a zero which may
// divide: the interpreter refuses it as a constant. It is "" for others.
func (w *writer) zeroDivisor(e ast.Expr) string {
	tv := w.info.Types[e]
	b, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || tv.Value == nil || b.Info()&(types.IsFloat|types.IsComplex) == 0 || constant.Sign(tv.Value) != 0 {
		return ""
	}
	t := w.typ(types.Default(tv.Type))
	return w.u.helper("zero "+t, "zero", func(c *chunk, name string) {
		fmt.Fprintf(c, "func %s() (z %s) { return }", name, t)
	}) + "()"
}

func (w *writer) exprOrNothing(e ast.Expr) {
	if e != nil {
		w.expr(e)
	}
}

func (w *writer) exprs(list []ast.Expr) {
	for i, e := range list {
		if i > 0 {
			w.WriteString(", ")
		}
		w.expr(e)
	}
}

// text lowers an expression to a string of its own, keeping its marks out: for
// text that is written more than once.
func (w *writer) text(e ast.Expr) string {
	saved := w.chunk
	w.chunk = new(chunk)
	w.expr(e)
	s := w.String()
	w.chunk = saved
	return s
}

func (w *writer) ident(id *ast.Ident) {
	if id.Name == "_" {
		w.WriteString("_")
		return
	}
	if _, ok := w.info.Instances[id]; ok && w.instance(id) {
		return
	}
	obj := w.info.Uses[id]
	if obj == nil {
		obj = w.info.Defs[id]
	}
	if obj == nil {
		w.WriteString(id.Name)
		return
	}
	w.refuse(id, obj)
	w.WriteString(w.object(obj))
}

// refuse leaves what a module's package declares to the compiler.
func (w *writer) refuse(n ast.Node, obj types.Object) {
	if obj != nil && obj.Pkg() != nil && w.u.l.importer.Modular(obj.Pkg().Path()) {
		w.unsupported(n, "package %s, which is a module's,", obj.Pkg().Path())
	}
}

// object returns the lowered name of what an identifier denotes.
func (w *writer) object(obj types.Object) string {
	if name := w.u.l.names.of(obj); name != "" {
		return name
	}
	if obj == nil { // of a body that could not be checked: it is the runtime's
		panic(&UnsupportedError{What: "this part of package " + w.pkg.Path()})
	}
	if _, ok := obj.(*types.Nil); ok || obj.Pkg() == nil {
		return obj.Name()
	}
	if obj.Parent() == obj.Pkg().Scope() && obj.Pkg().Path() != "main" {
		return w.packageLevel(obj)
	}
	return w.local(obj)
}

// packageLevel names an object of an imported package: by the package when
// compiled code exports it, as interpreted copy otherwise.
func (w *writer) packageLevel(obj types.Object) string {
	if obj.Exported() {
		return w.u.importName(obj.Pkg().Path(), obj.Pkg().Name()) + "." + obj.Name()
	}
	src, err := w.u.l.importer.Source(obj.Pkg().Path())
	if err != nil {
		return obj.Name()
	}
	switch obj := obj.(type) {
	case *types.Func:
		own := src.Pkg.Scope().Lookup(obj.Name())
		decl, _ := src.Decls[own].(*ast.FuncDecl)
		if decl == nil || decl.Body == nil {
			break
		}
		return w.u.helper("func "+obj.Pkg().Path()+"."+obj.Name(), obj.Name(), func(c *chunk, name string) {
			w.u.instantiate(c, own.(*types.Func), decl, src.Info, nil, nil, name, nil, "")
		})
	case *types.Var:
		return w.u.helper("var "+obj.Pkg().Path()+"."+obj.Name(), obj.Name(), func(c *chunk, name string) {
			vw := &writer{chunk: c, u: w.u, info: src.Info, pkg: obj.Pkg(), locals: map[types.Object]string{}}
			vw.printf("var %s %s", name, vw.typ(obj.Type()))
		})
	}
	return obj.Name()
}

// local returns the name of a local object: its own, unless lowered code needs
// that name for what the universe calls so.
func (w *writer) local(obj types.Object) string {
	if name, ok := w.locals[obj]; ok {
		return name
	}
	if types.Universe.Lookup(obj.Name()) != nil {
		return obj.Name() + Dot
	}
	return obj.Name()
}

// instantiated returns the identifier that names a generic in x or pkg.x.
func instantiated(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

// functionName returns the identifier that names a function in x, pkg.x or x[T].
func functionName(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.IndexExpr:
		return instantiated(x.X)
	case *ast.IndexListExpr:
		return instantiated(x.X)
	}
	return instantiated(x)
}

// instance writes the name of an instantiated function, when id denotes one.
func (w *writer) instance(id *ast.Ident) bool { return w.instanceFor(id, "") }

func (w *writer) instanceFor(id *ast.Ident, task string) bool {
	inst, ok := w.info.Instances[id]
	if !ok {
		return false
	}
	fn, ok := w.info.Uses[id].(*types.Func)
	if !ok {
		return false
	}
	var targs []types.Type
	for t := range inst.TypeArgs.Types() {
		targs = append(targs, t)
	}
	w.WriteString(w.funcInstance(id, fn.Origin(), targs, task))
	return true
}

func (w *writer) selector(e *ast.SelectorExpr) {
	sel, ok := w.info.Selections[e]
	if !ok { // qualified identifier
		if w.instance(e.Sel) {
			return
		}
		w.refuse(e, w.info.Uses[e.Sel])
		w.WriteString(w.object(w.info.Uses[e.Sel]))
		return
	}
	switch sel.Kind() {
	case types.MethodExpr:
		w.methodExpr(sel)
	case types.MethodVal:
		w.methodValue(e, sel)
	default:
		w.operand(e.X)
		w.path(sel)
	}
}

// operand writes an expression that a selector, call or index follows. A
// function literal stands bare: the interpreter deadlocks on a deferred one in
// parentheses.
func (w *writer) operand(e ast.Expr) {
	switch ast.Unparen(e).(type) {
	case *ast.UnaryExpr, *ast.StarExpr, *ast.BinaryExpr:
		if _, ok := e.(*ast.ParenExpr); !ok {
			w.WriteString("(")
			w.expr(e)
			w.WriteString(")")
			return
		}
	}
	w.expr(e)
}

// path writes the fields that a selection goes through, embedded ones spelled
// out: the interpreter loses its way in deep promotion.
func (w *writer) path(sel *types.Selection) {
	t := sel.Recv()
	index := sel.Index()
	for _, i := range index[:len(index)-1] {
		f := structOf(t).Field(i)
		if !f.Exported() && w.compiled(f) {
			// Compiled code's unexported field cannot be named; promotion can.
			break
		}
		w.WriteString("." + w.fieldName(f))
		t = f.Type()
	}
	if f, ok := sel.Obj().(*types.Var); ok {
		w.WriteString("." + w.fieldName(f))
		return
	}
	w.WriteString("." + sel.Obj().Name())
}

// compiled reports whether an object belongs to a package that runs compiled,
// as the methods of the user's types do.
func (w *writer) compiled(obj types.Object) bool {
	if f, ok := obj.(*types.Func); ok && ofCells(f) && f.Signature().Recv() != nil {
		t := f.Signature().Recv().Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		_, named := types.Unalias(t).(*types.Named)
		return named
	}
	return obj.Pkg() != nil && obj.Pkg().Path() != "main" && (w.pkg == nil || obj.Pkg().Path() != w.pkg.Path())
}

func structOf(t types.Type) *types.Struct {
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	return t.(*types.Struct)
}

// methodExpr writes T.Method as a function literal.
func (w *writer) methodExpr(sel *types.Selection) {
	sig := sel.Type().(*types.Signature)
	w.WriteString("func(")
	for i := range sig.Params().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		t := sig.Params().At(i).Type()
		if sig.Variadic() && i == sig.Params().Len()-1 {
			w.printf("a%d ...%s", i, w.typ(elemOf(t)))
			continue
		}
		w.printf("a%d %s", i, w.typ(t))
	}
	w.WriteString(")" + w.resultTypes(sig) + " { ")
	if sig.Results().Len() > 0 {
		w.WriteString("return ")
	}
	w.WriteString("a0")
	w.path(sel)
	w.WriteString("(")
	for i := 1; i < sig.Params().Len(); i++ {
		if i > 1 {
			w.WriteString(", ")
		}
		w.WriteString("a" + strconv.Itoa(i))
		if sig.Variadic() && i == sig.Params().Len()-1 {
			w.WriteString("...")
		}
	}
	w.WriteString(") }")
}

func (w *writer) compositeLit(e *ast.CompositeLit) {
	t := w.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok { // elided &T in []*T{{…}}
		if w.made(e) != "" {
			w.make(e)
			return
		}
		w.WriteString("&")
		t = p.Elem()
	}
	if w.made(e) != "" {
		w.WriteString("(*")
		w.make(e)
		w.WriteString(")")
		return
	}
	w.WriteString(w.typ(t) + "{")
	st, isStruct := t.Underlying().(*types.Struct)
	for i, el := range e.Elts {
		if i > 0 {
			w.WriteString(", ")
		}
		kv, ok := el.(*ast.KeyValueExpr)
		switch {
		case ok && isStruct:
			key := kv.Key.(*ast.Ident)
			name := key.Name
			for f := range st.Fields() {
				if f.Name() == key.Name {
					name = w.fieldName(f)
				}
			}
			w.WriteString(name + ": ")
			w.expr(kv.Value)
		case ok:
			w.expr(kv.Key)
			w.WriteString(": ")
			w.expr(kv.Value)
		default:
			w.expr(el)
		}
	}
	w.WriteString("}")
}

func (w *writer) call(e *ast.CallExpr) {
	fun := ast.Unparen(e.Fun)
	if tv := w.info.Types[fun]; tv.IsType() {
		w.conversion(e, tv.Type)
		return
	} else if tv.IsBuiltin() {
		w.builtin(e, builtinName(fun))
		return
	}
	if w.task != "" && w.isFutures(fun, "NameOf") {
		w.WriteString(strconv.Quote(w.task))
		return
	}
	if name, text, recv := compile.Reflected(e, w.info); recv != nil {
		w.reflected(e, name, text, recv)
		return
	}
	if !w.futuresCall(e, fun) {
		w.callee(fun)
	}
	w.mark(e.Pos())
	w.WriteString("(")
	w.args(e)
	w.WriteString(")")
}

// reflected writes a call of a method of package reflect as one of a function
// that takes its receiver.
func (w *writer) reflected(e *ast.CallExpr, name string, text func(name, reflect, unicode string) string, recv ast.Expr) {
	w.WriteString(w.u.helper(name, name, func(c *chunk, name string) {
		c.WriteString(text(name, w.u.importName("reflect", "reflect"), w.u.importName("unicode", "unicode")))
	}))
	w.mark(e.Pos())
	w.WriteString("(")
	w.expr(recv)
	if len(e.Args) > 0 {
		w.WriteString(", ")
		w.args(e)
	}
	w.WriteString(")")
}

// lentList returns the interface that a call's variadic arguments must be made
// into before compiled code gets them, and the first of these arguments: the
// interpreter lends its values methods only one by one.
func (w *writer) lentList(e *ast.CallExpr) (types.Type, int) {
	id := instantiated(e.Fun)
	if id == nil || e.Ellipsis.IsValid() || len(e.Args) == 0 {
		return nil, 0
	}
	fn, ok := w.info.Uses[id].(*types.Func)
	if !ok || !w.compiled(fn) {
		return nil, 0
	}
	sig := fn.Type().(*types.Signature)
	if !sig.Variadic() || sig.TypeParams() != nil || len(e.Args) < sig.Params().Len() {
		return nil, 0
	}
	from := sig.Params().Len() - 1
	t := elemOf(sig.Params().At(from).Type())
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumMethods() == 0 {
		return nil, 0
	}
	if _, ok := w.info.TypeOf(e.Args[from]).(*types.Tuple); ok {
		return nil, 0
	}
	return t, from
}

// callee writes the function of a call.
func (w *writer) callee(fun ast.Expr) {
	if e, ok := fun.(*ast.SelectorExpr); ok {
		if sel := w.info.Selections[e]; sel != nil && sel.Kind() == types.MethodVal {
			w.mark(e.Pos())
			w.operand(e.X)
			w.path(sel)
			return
		}
	}
	w.operand(fun)
}

func (w *writer) args(e *ast.CallExpr) {
	first := w.namedTask(e)
	if t, from := w.lentList(e); t != nil {
		w.exprs(e.Args[first:from])
		if from > first {
			w.WriteString(", ")
		}
		w.WriteString("[]" + w.typ(t) + "{")
		w.exprs(e.Args[from:])
		w.WriteString("}...")
		return
	}
	w.exprs(e.Args[first:])
	if e.Ellipsis.IsValid() {
		w.WriteString("...")
	}
}

func (w *writer) conversion(e *ast.CallExpr, t types.Type) {
	text := w.typ(t)
	if from := w.info.TypeOf(e.Args[0]); isEmptyInterface(t) && !types.IsInterface(from) && !w.info.Types[e.Args[0]].IsNil() {
		// A call makes an interface of it; a conversion leaves it as it is.
		text = w.u.helper("interface", "interface", func(c *chunk, name string) {
			fmt.Fprintf(c, "func %s(v interface{}) interface{} { return v }", name)
		})
	}
	switch types.Unalias(t).(type) {
	case *types.Pointer, *types.Chan, *types.Signature:
		text = "(" + text + ")"
	}
	w.WriteString(text + "(")
	w.expr(e.Args[0])
	w.WriteString(")")
}
