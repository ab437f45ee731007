package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (w *writer) stmts(list []ast.Stmt) {
	for _, s := range list {
		w.stmt(s)
	}
}

func (w *writer) block(b *ast.BlockStmt) {
	w.WriteString("{\n")
	w.stmts(b.List)
	w.WriteString("}")
}

// stmt writes a statement and the newline that ends it.
func (w *writer) stmt(s ast.Stmt) {
	w.mark(s.Pos())
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.ExprStmt:
		w.expr(s.X)
		w.WriteString("\n")
	case *ast.SendStmt:
		w.expr(s.Chan)
		w.WriteString(" <- ")
		w.expr(s.Value)
		w.WriteString("\n")
	case *ast.IncDecStmt:
		w.incDec(s)
		w.WriteString("\n")
	case *ast.AssignStmt:
		w.assign(s)
		w.WriteString("\n")
	case *ast.GoStmt:
		w.goStmt(s)
	case *ast.DeferStmt:
		w.deferStmt(s)
	case *ast.ReturnStmt:
		w.returnStmt(s)
	case *ast.BranchStmt:
		w.branch(s)
	case *ast.BlockStmt:
		w.block(s)
		w.WriteString("\n")
	case *ast.IfStmt:
		w.ifStmt(s)
		w.WriteString("\n")
	case *ast.SwitchStmt:
		w.switchStmt(s)
	case *ast.TypeSwitchStmt:
		w.typeSwitch(s)
	case *ast.SelectStmt:
		w.selectStmt(s, "")
	case *ast.ForStmt:
		w.forStmt(s, "")
	case *ast.RangeStmt:
		w.rangeStmt(s, "")
	case *ast.LabeledStmt:
		w.labeled(s)
	case *ast.DeclStmt:
		w.declStmt(s.Decl.(*ast.GenDecl))
	default:
		w.unsupported(s, "%T", s)
	}
}

// incDec writes x++ or x--, which the interpreter does not know of a uintptr.
func (w *writer) incDec(s *ast.IncDecStmt) {
	w.expr(s.X)
	if b, ok := w.info.TypeOf(s.X).Underlying().(*types.Basic); ok && b.Kind() == types.Uintptr {
		w.WriteString(map[token.Token]string{token.INC: " += 1", token.DEC: " -= 1"}[s.Tok])
		return
	}
	w.WriteString(s.Tok.String())
}

// goStmt writes a go statement. A method gets the receiver of now.
func (w *writer) goStmt(s *ast.GoStmt) {
	w.WriteString("go ")
	sel, ok := ast.Unparen(s.Call.Fun).(*ast.SelectorExpr)
	if ok && w.info.Selections[sel] != nil && w.info.Selections[sel].Kind() == types.MethodVal {
		w.methodValue(sel, w.info.Selections[sel])
		w.WriteString("(")
		w.mark(s.Call.Pos())
		w.args(s.Call)
		w.WriteString(")\n")
		return
	}
	if sig, ok := w.runsCompiled(s.Call); ok {
		params, args := w.forwarded(sig)
		w.printf("func(f%s func%s, %s) { f%[1]s(%[4]s) }(", Dot, w.signatureType(sig), params, args)
		w.callee(ast.Unparen(s.Call.Fun))
		w.WriteString(", ")
		w.mark(s.Call.Pos())
		w.args(s.Call)
		w.WriteString(")\n")
		return
	}
	w.expr(s.Call)
	w.WriteString("\n")
}

// runsCompiled reports whether a call may be one of compiled code, which takes an
// interpreted function around it for the evaluator to see the goroutine panic.
func (w *writer) runsCompiled(e *ast.CallExpr) (*types.Signature, bool) {
	fun := ast.Unparen(e.Fun)
	if _, literal := fun.(*ast.FuncLit); literal || !w.info.Types[fun].IsValue() {
		return nil, false
	}
	if id := instantiated(fun); id != nil {
		if fn, ok := w.info.Uses[id].(*types.Func); ok && !w.compiled(fn) {
			return nil, false
		}
	}
	sig, ok := w.info.TypeOf(fun).Underlying().(*types.Signature)
	return sig, ok
}

func (w *writer) declStmt(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			if d.Tok == token.VAR {
				w.varDecl(spec)
			}
		case *ast.TypeSpec:
			obj := w.info.Defs[spec.Name]
			w.unsupported(spec, "type %s of a function's own", obj.Name())
		}
	}
}

// simple writes the init or post statement of if, for and switch.
func (w *writer) simple(s ast.Stmt) {
	if s == nil {
		return
	}
	w.mark(s.Pos())
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.ASSIGN || s.Tok == token.DEFINE {
			w.simpleAssign(s)
		} else {
			w.assign(s)
		}
	case *ast.ExprStmt:
		w.expr(s.X)
	case *ast.IncDecStmt:
		w.incDec(s)
	case *ast.SendStmt:
		w.expr(s.Chan)
		w.WriteString(" <- ")
		w.expr(s.Value)
	}
}

func (w *writer) ifStmt(s *ast.IfStmt) {
	apart := w.standsApart(s.Init)
	if apart {
		w.WriteString("{\n")
		w.stmt(s.Init)
	}
	w.WriteString("if ")
	if s.Init != nil && !apart {
		w.simple(s.Init)
		w.WriteString("; ")
	}
	w.condition(s.Cond)
	w.WriteString(" ")
	w.block(s.Body)
	if s.Else != nil {
		w.WriteString(" else ")
		switch e := s.Else.(type) {
		case *ast.IfStmt:
			if !w.standsApart(e.Init) {
				w.ifStmt(e)
				break
			}
			w.WriteString("{\n")
			w.ifStmt(e)
			w.WriteString("\n}")
		case *ast.BlockStmt:
			w.block(e)
		}
	}
	if apart {
		w.WriteString("\n}")
	}
}

// standsApart reports whether the init statement of if, for or switch must be
// a statement of its own, since it takes several to write it.
func (w *writer) standsApart(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if !ok || len(a.Lhs) < 2 {
		return false
	}
	if len(a.Rhs) == len(a.Lhs) {
		return true
	}
	return w.commaOK(a)
}

// condition writes an expression in front of a block, where a composite
// literal of the lowered text must not be taken for the block.
func (w *writer) condition(e ast.Expr) { w.expr(e) }

// selectStmt writes a select. Channels and values to send are evaluated before
// it, in the order of the text, as the interpreter does with variables only.
func (w *writer) selectStmt(s *ast.SelectStmt, label string) {
	comms := make([]ast.Stmt, len(s.Body.List))
	all := false // what a call may change is held as it is now
	for _, c := range s.Body.List {
		all = all || operandsCall(c.(*ast.CommClause).Comm)
	}
	for i, c := range s.Body.List {
		comms[i] = w.evaluated(c.(*ast.CommClause).Comm, all)
	}
	if label != "" {
		w.WriteString(label + ":\n")
	}
	w.WriteString("select {\n")
	// The interpreter takes a break of a select for one of the loop around it.
	here := &loop{label: label, breaks: true, end: w.temp()}
	w.pushLoop(here)
	for i, c := range s.Body.List {
		c := c.(*ast.CommClause)
		w.mark(c.Pos())
		switch comm := comms[i].(type) {
		case nil:
			w.WriteString("default:\n")
		case *ast.AssignStmt:
			w.WriteString("case ")
			w.received(comm, c.Body)
		default:
			w.WriteString("case ")
			w.simple(comm)
			w.WriteString(":\n")
		}
		if len(c.Body) == 0 {
			w.WriteString("_ = 0\n") // without a body the interpreter forgets to assign
		}
		for _, s := range c.Body {
			if _, ok := s.(*ast.BranchStmt); !ok {
				w.stmt(s)
				continue
			}
			w.WriteString("if true {\n") // it goes wrong where it stands in the case itself
			w.stmt(s)
			w.WriteString("}\n")
		}
	}
	w.WriteString("}\n")
	w.popLoop()
	if here.ended {
		w.printf("%s:\n{\n}\n", here.end)
	}
}

// evaluated writes the operands of a communication into variables, and returns
// it with these.
func (w *writer) evaluated(comm ast.Stmt, all bool) ast.Stmt {
	receive := func(e ast.Expr) ast.Expr {
		u := *ast.Unparen(e).(*ast.UnaryExpr)
		u.X = w.held(u.X, w.info.TypeOf(u.X), all)
		return &u
	}
	switch s := comm.(type) {
	case *ast.SendStmt:
		out := *s
		out.Chan = w.held(s.Chan, w.info.TypeOf(s.Chan), all)
		if t, ok := w.info.TypeOf(s.Chan).Underlying().(*types.Chan); ok {
			out.Value = w.held(s.Value, t.Elem(), all)
		}
		return &out
	case *ast.ExprStmt:
		return &ast.ExprStmt{X: receive(s.X)}
	case *ast.AssignStmt:
		out := *s
		out.Rhs = []ast.Expr{receive(s.Rhs[0])}
		return &out
	}
	return comm
}

// operandsCall reports whether a communication's operands call functions.
func operandsCall(comm ast.Stmt) bool {
	switch s := comm.(type) {
	case *ast.SendStmt:
		return calls(s.Chan) || calls(s.Value)
	case *ast.ExprStmt:
		return calls(ast.Unparen(s.X).(*ast.UnaryExpr).X)
	case *ast.AssignStmt:
		return calls(ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr).X)
	}
	return false
}

// held writes a variable of the type with the value of e, and returns it: e
// itself when that is a constant, or a variable unless all are to be held.
func (w *writer) held(e ast.Expr, t types.Type, all bool) ast.Expr {
	if w.info.Types[e].Value != nil {
		return e
	}
	if w.isVariable(e) && !all && types.Identical(w.info.TypeOf(e), t) {
		return e
	}
	name := w.temp()
	w.printf("var %s %s\n%s = ", name, w.typ(t), name)
	w.expr(e)
	w.WriteString("\n")
	id := &ast.Ident{NamePos: e.Pos(), Name: name}
	w.info.Types[id] = types.TypeAndValue{Type: t}
	return id
}

// received writes what a case of a select assigns. It is assigned through
// variables of the case: the interpreter misses those that exist.
func (w *writer) received(s *ast.AssignStmt, body []ast.Stmt) {
	names, after := make([]string, len(s.Lhs)), ""
	for i, lhs := range s.Lhs {
		switch v, ok := w.defines(lhs); {
		case isBlank(lhs):
			names[i] = "_"
		case ok && s.Tok == token.DEFINE && w.captured(v, &ast.BlockStmt{List: body}):
			names[i] = w.temp()
			after += w.local(v) + " := " + names[i] + "\n" // a new one each time
		case ok && s.Tok == token.DEFINE:
			names[i] = w.local(v)
		default:
			names[i] = w.temp()
			after += w.text(lhs) + " = " + names[i] + "\n"
		}
	}
	op := " := "
	if len(names) == 1 && names[0] == "_" || len(names) == 2 && names[0] == "_" && names[1] == "_" {
		op = " = "
	}
	w.WriteString(strings.Join(names, ", ") + op)
	w.expr(s.Rhs[0])
	w.WriteString(":\n" + after)
}

// labeled writes a labelled statement. What is written in front of a loop or a
// select belongs to it, so a goto has a label of its own there.
func (w *writer) labeled(s *ast.LabeledStmt) {
	name := s.Label.Name
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
		if w.fn.gotos[name] {
			w.WriteString(gotoLabel(name) + ":\n{\n}\n")
		}
	}
	switch inner := s.Stmt.(type) {
	case *ast.ForStmt:
		w.forStmt(inner, name)
	case *ast.RangeStmt:
		w.rangeStmt(inner, name)
	case *ast.SelectStmt:
		w.selectStmt(inner, name)
	case *ast.SwitchStmt, *ast.TypeSwitchStmt:
		w.WriteString(name + ":\n")
		w.stmt(inner)
	default:
		if w.fn.gotos[name] {
			w.WriteString(gotoLabel(name) + ":\n")
		}
		w.stmt(s.Stmt)
	}
}

func gotoLabel(name string) string { return name + Dot + "g" }

// gotos returns the labels that a goto of a function's statements names.
func gotos(list []ast.Stmt) map[string]bool {
	found := map[string]bool{}
	ast.Inspect(&ast.BlockStmt{List: list}, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				found[n.Label.Name] = true
			}
		}
		return true
	})
	return found
}
