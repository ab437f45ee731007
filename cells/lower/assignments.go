package lower

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// assign writes an assignment or short variable declaration as a statement of
// a block.
func (w *writer) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE { // op=
		target := ""
		if _, ok := ast.Unparen(s.Lhs[0]).(*ast.Ident); !ok && calls(s.Rhs[0]) {
			target = w.target(s.Lhs[0]) // what is read is what is written
		} else {
			target = w.text(s.Lhs[0])
		}
		if s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN {
			w.printf("%s %s %s(", target, s.Tok, w.typ(types.Default(w.info.TypeOf(s.Rhs[0]))))
			w.expr(s.Rhs[0])
			w.WriteString(")")
			return
		}
		if s.Tok == token.QUO_ASSIGN {
			if zero := w.zeroDivisor(s.Rhs[0]); zero != "" {
				w.printf("%s /= %s", target, zero)
				return
			}
		}
		w.printf("%s %s ", target, s.Tok)
		w.expr(s.Rhs[0])
		return
	}
	switch {
	case len(s.Lhs) == 1:
		w.assignOne(s.Lhs[0], s.Rhs[0], s.Tok == token.DEFINE)
	case len(s.Lhs) == len(s.Rhs):
		w.assignEach(s)
	default:
		w.assignUnpacked(s)
	}
}

// defines reports whether lhs is a new local variable that `:=` must declare.
func (w *writer) defines(lhs ast.Expr) (*types.Var, bool) {
	id, ok := lhs.(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil, false
	}
	v, ok := w.info.Defs[id].(*types.Var)
	if !ok || w.u.l.names.of(v) != "" {
		return nil, false
	}
	return v, true
}

func (w *writer) assignOne(lhs, rhs ast.Expr, define bool) {
	_, isLit := ast.Unparen(rhs).(*ast.CompositeLit)
	lit := rhs
	switch {
	case (isLit || isLogical(rhs) && w.info.Types[rhs].Value == nil) && !isBlank(lhs) && isEmptyInterface(w.info.TypeOf(lhs)), w.givesFunction(rhs) && !w.isVariable(lhs):
		// From a literal the interpreter forgets the methods, it makes no
		// interfaces of comparisons, and puts a function that a call gives into
		// variables only.
		held := &ast.Ident{NamePos: lit.Pos(), Name: w.temp()}
		w.info.Types[held] = types.TypeAndValue{Type: types.Default(w.info.TypeOf(lit))}
		w.declare(held.Name, types.Default(w.info.TypeOf(lit)), lit)
		w.WriteString("\n")
		rhs = held
	}
	if v, ok := w.defines(lhs); ok && define {
		w.mark(lhs.Pos())
		w.declare(w.local(v), v.Type(), rhs)
		return
	}
	if isBlank(lhs) {
		w.discard(rhs)
		return
	}
	w.destination(lhs)
	w.WriteString(" = ")
	w.converted(rhs, w.typ(w.info.TypeOf(lhs)))
}

// declare writes a new local variable with its value. There is no `var` with a
// value: the interpreter forgets functions in it.
func (w *writer) declare(name string, t types.Type, value ast.Expr) {
	if from := w.info.TypeOf(value); from != nil && types.Identical(types.Default(from), t) {
		w.printf("%s := ", name)
		w.expr(value)
		return
	}
	to := w.typ(t)
	w.printf("var %s %s\n%s = ", name, to, name)
	w.converted(value, to)
}

// converted writes a value for a place of another type, an interface: there an
// operator that the interpreter evaluates into the place itself does nothing, so
// that it needs a place of its own.
func (w *writer) converted(e ast.Expr, to string) {
	switch ast.Unparen(e).(type) {
	case *ast.UnaryExpr, *ast.BinaryExpr:
		if tv := w.info.Types[e]; tv.Value == nil && tv.Type != nil && w.typ(types.Default(tv.Type)) != to {
			w.operand(e)
			return
		}
	}
	w.expr(e)
}

// givesFunction reports whether e is a call whose result is a function.
func (w *writer) givesFunction(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || w.info.Types[call.Fun].IsType() {
		return false
	}
	t := w.info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok = t.Underlying().(*types.Signature)
	return ok
}

// isVariable reports whether e names what is a variable to the interpreter, too:
// those of compiled cells it reaches through pointers.
func (w *writer) isVariable(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	obj := cmp.Or(w.info.Uses[id], w.info.Defs[id])
	return obj == nil || token.IsIdentifier(w.object(obj))
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// discard writes _ = e. Into a variable: the interpreter evaluates only some of
// what is assigned to the blank identifier.
func (w *writer) discard(e ast.Expr) {
	t := w.info.TypeOf(e)
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil || w.info.Types[e].Value != nil {
		return
	}
	if _, ok := ast.Unparen(e).(*ast.Ident); ok {
		w.WriteString("_ = ")
		w.expr(e)
		return
	}
	w.declare(w.temp(), types.Default(t), e)
}

// assignEach writes a, b = x, y. The operands on both sides are computed
// before anything is assigned, as the spec's two phases say.
func (w *writer) assignEach(s *ast.AssignStmt) {
	temps := make([]string, len(s.Lhs))
	targets := make([]string, len(s.Lhs))
	for i, lhs := range s.Lhs {
		if isBlank(lhs) {
			continue
		}
		if s.Tok == token.ASSIGN && !w.steady(lhs, s) {
			targets[i] = w.target(lhs)
		}
	}
	for i, rhs := range s.Rhs {
		t := w.info.TypeOf(s.Lhs[i])
		if isBlank(s.Lhs[i]) || t == nil {
			t = types.Default(w.info.TypeOf(rhs))
			if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
				continue
			}
		}
		temps[i] = w.temp()
		w.declare(temps[i], t, rhs)
		w.WriteString("\n")
	}
	for i, lhs := range s.Lhs {
		if isBlank(lhs) {
			if temps[i] != "" {
				w.printf("_ = %s\n", temps[i])
			}
			continue
		}
		w.store(lhs, targets[i], temps[i], s.Tok == token.DEFINE)
	}
}

// steady reports whether the operands of a destination mean after the assignment
// what they mean before it: they are variables that it does not change.
func (w *writer) steady(lhs ast.Expr, s *ast.AssignStmt) bool {
	changed := map[types.Object]bool{}
	for _, e := range slices.Concat(s.Lhs, s.Rhs) {
		if calls(e) {
			return false
		}
	}
	for _, e := range s.Lhs {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			changed[cmp.Or(w.info.Uses[e], w.info.Defs[e])] = true
		case *ast.StarExpr: // may lead to any variable
			return false
		}
	}
	x, ok := ast.Unparen(lhs).(*ast.IndexExpr)
	if !ok {
		_, ok = ast.Unparen(lhs).(*ast.Ident)
		return ok
	}
	var simple func(e ast.Expr) bool
	simple = func(e ast.Expr) bool {
		if w.info.Types[e].Value != nil {
			return true
		}
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			_, isVar := w.info.Uses[e].(*types.Var)
			return isVar && !changed[w.info.Uses[e]]
		case *ast.BinaryExpr:
			return (e.Op == token.ADD || e.Op == token.SUB) && simple(e.X) && simple(e.Y)
		}
		return false
	}
	return simple(x.X) && simple(x.Index)
}

// destination writes an operand that is assigned to. The interpreter changes a
// variable of compiled code only through a pointer.
func (w *writer) destination(lhs ast.Expr) {
	if sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr); ok && w.info.Selections[sel] == nil {
		w.WriteString("*(&")
		w.expr(sel)
		w.WriteString(")")
		return
	}
	w.expr(lhs)
}

// store assigns a temporary to its destination.
func (w *writer) store(lhs ast.Expr, target, value string, define bool) {
	if v, ok := w.defines(lhs); ok && define {
		w.printf("%s := %s\n", w.local(v), value)
		return
	}
	if target == "" {
		target = w.text(lhs)
	}
	w.printf("%s = %s\n", target, value)
}

// assignAll assigns values to what exists, its operands evaluated first.
func (w *writer) assignAll(lhs []ast.Expr, values []string) {
	targets := make([]string, len(lhs))
	if len(lhs) > 1 {
		for i, e := range lhs {
			targets[i] = w.target(e)
		}
	}
	for i, e := range lhs {
		w.store(e, targets[i], values[i], false)
	}
}

// target evaluates the operands of an index expression or pointer indirection
// on the left side, and returns the text to assign to.
func (w *writer) target(lhs ast.Expr) string {
	hold := func(e ast.Expr) string {
		if _, ok := ast.Unparen(e).(*ast.Ident); ok {
			if _, isPtr := w.info.TypeOf(e).Underlying().(*types.Array); isPtr {
				return w.text(e) // an array is a variable, not a reference to one
			}
		}
		if w.info.Types[e].Value != nil {
			return w.text(e)
		}
		switch w.info.TypeOf(e).Underlying().(type) {
		case *types.Array, *types.Struct:
			return w.text(e)
		}
		t := w.temp()
		w.declare(t, types.Default(w.info.TypeOf(e)), e)
		w.WriteString("\n")
		return t
	}
	switch x := ast.Unparen(lhs).(type) {
	case *ast.IndexExpr:
		return hold(x.X) + "[" + hold(x.Index) + "]"
	case *ast.StarExpr:
		return "*" + hold(x.X)
	case *ast.SelectorExpr:
		if sel := w.info.Selections[x]; sel != nil {
			if _, ok := w.info.TypeOf(x.X).Underlying().(*types.Pointer); ok {
				p := hold(x.X)
				saved := w.chunk
				w.chunk = new(chunk)
				w.path(sel)
				path := w.String()
				w.chunk = saved
				return p + path
			}
		}
	}
	return w.text(lhs)
}

// commaOK reports whether an assignment is v, ok = m[k] or v, ok = x.(T).
func (w *writer) commaOK(s *ast.AssignStmt) bool {
	if len(s.Lhs) != 2 || len(s.Rhs) != 1 {
		return false
	}
	switch x := ast.Unparen(s.Rhs[0]).(type) {
	case *ast.TypeAssertExpr:
		return true
	case *ast.IndexExpr:
		_, ok := w.info.TypeOf(x.X).Underlying().(*types.Map)
		return ok
	}
	return false
}

// assignFound writes such an assignment through variables that begin as zero: the
// interpreter leaves a value alone that is not there.
func (w *writer) assignFound(s *ast.AssignStmt) {
	if s.Tok == token.DEFINE && w.declaresApart(s) {
		for _, lhs := range s.Lhs {
			if v, ok := w.defines(lhs); ok {
				w.printf("var %s %s\n", w.local(v), w.typ(v.Type()))
			}
		}
		w.exprs(s.Lhs)
		w.WriteString(" = ")
		w.expr(s.Rhs[0])
		w.WriteString("\n")
		return
	}
	value, ok := w.temp(), w.temp()
	var t types.Type
	switch x := ast.Unparen(s.Rhs[0]).(type) {
	case *ast.TypeAssertExpr:
		t = w.info.TypeOf(x.Type)
	case *ast.IndexExpr:
		t = w.info.TypeOf(x.X).Underlying().(*types.Map).Elem()
	}
	targets := make([]string, 2)
	for i, lhs := range s.Lhs {
		if s.Tok == token.ASSIGN && !isBlank(lhs) {
			targets[i] = w.target(lhs)
		}
	}
	w.printf("var %s %s\nvar %s bool\n%s, %s = ", value, w.typ(t), ok, value, ok)
	w.expr(s.Rhs[0])
	w.WriteString("\n")
	for i, temp := range []string{value, ok} {
		if !isBlank(s.Lhs[i]) {
			w.store(s.Lhs[i], targets[i], temp, s.Tok == token.DEFINE)
		}
	}
}

// declaresApart reports whether the variables that an assignment defines can be
// declared in front of it: all are new, the second is wanted, and the right side
// has none of their names.
func (w *writer) declaresApart(s *ast.AssignStmt) bool {
	names := map[string]bool{}
	_, lookup := ast.Unparen(s.Rhs[0]).(*ast.IndexExpr)
	for i, lhs := range s.Lhs {
		v, ok := w.defines(lhs)
		if !ok && (i > 0 || !isBlank(lhs) || !lookup) { // an assertion needs a value
			return false
		}
		if ok {
			names[v.Name()] = true
		}
	}
	apart := true
	ast.Inspect(s.Rhs[0], func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] {
			apart = false
		}
		return apart
	})
	return apart
}

// assignUnpacked writes a, b = f() and the comma-ok forms, through locals: the
// interpreter mixes up some destinations otherwise.
func (w *writer) assignUnpacked(s *ast.AssignStmt) {
	if a, ok := ast.Unparen(s.Rhs[0]).(*ast.TypeAssertExpr); ok && types.IsInterface(w.info.TypeOf(a.Type)) {
		w.assertInterface(s, a)
		return
	}
	if w.commaOK(s) {
		w.assignFound(s)
		return
	}
	direct := true
	for _, lhs := range s.Lhs {
		if _, ok := w.defines(lhs); !ok && !isBlank(lhs) {
			direct = false
		}
	}
	if direct && s.Tok == token.DEFINE {
		for i, lhs := range s.Lhs {
			if i > 0 {
				w.WriteString(", ")
			}
			w.expr(lhs)
		}
		w.WriteString(" := ")
		w.expr(s.Rhs[0])
		w.WriteString("\n")
		return
	}
	temps := make([]string, len(s.Lhs))
	targets := make([]string, len(s.Lhs))
	for i, lhs := range s.Lhs {
		if isBlank(lhs) {
			temps[i] = "_"
			continue
		}
		temps[i] = w.temp()
		if s.Tok == token.ASSIGN {
			targets[i] = w.target(lhs)
		}
	}
	allBlank := true
	for _, t := range temps {
		allBlank = allBlank && t == "_"
	}
	if allBlank {
		for i := range temps {
			temps[i] = w.temp() // into variables, so that it is evaluated
		}
	}
	w.WriteString(strings.Join(temps, ", ") + " := ")
	w.expr(s.Rhs[0])
	w.WriteString("\n")
	for i, lhs := range s.Lhs {
		if !isBlank(lhs) {
			w.store(lhs, targets[i], temps[i], s.Tok == token.DEFINE)
		}
	}
}

// simple writes an assignment where only one statement may stand: the init and
// post statements of if, for and switch.
func (w *writer) simpleAssign(s *ast.AssignStmt) {
	if w.commaOK(s) {
		w.unsupported(s, "a value that may be missing, looked up in the head of a statement,")
	}
	if s.Tok == token.DEFINE && len(s.Lhs) == 1 {
		w.expr(s.Lhs[0])
		w.WriteString(" := ")
		v, _ := w.info.Defs[s.Lhs[0].(*ast.Ident)].(*types.Var)
		if v != nil && types.IsInterface(v.Type()) && !types.IsInterface(w.info.TypeOf(s.Rhs[0])) {
			w.WriteString(w.typ(v.Type()) + "(")
			w.expr(s.Rhs[0])
			w.WriteString(")")
			return
		}
		w.expr(s.Rhs[0])
		return
	}
	w.exprs(s.Lhs)
	w.printf(" %s ", s.Tok)
	w.exprs(s.Rhs)
}

// varDecl writes var specs inside a block. A session variable exists already:
// it is set, to its zero value when the spec gives none.
func (w *writer) varDecl(spec *ast.ValueSpec) {
	if len(spec.Values) > 0 {
		lhs := make([]ast.Expr, len(spec.Names))
		for i, n := range spec.Names {
			lhs[i] = n
		}
		w.assign(&ast.AssignStmt{Lhs: lhs, Tok: token.DEFINE, TokPos: spec.Pos(), Rhs: spec.Values})
		w.WriteString("\n")
		return
	}
	for _, n := range spec.Names {
		v, ok := w.info.Defs[n].(*types.Var)
		if !ok || n.Name == "_" {
			continue
		}
		w.mark(n.Pos())
		if name := w.u.l.names.of(v); name != "" {
			t := w.temp()
			w.printf("var %s %s\n%s = %s\n", t, w.typ(v.Type()), name, t)
			continue
		}
		w.printf("var %s %s\n", w.local(v), w.typ(v.Type()))
	}
}
