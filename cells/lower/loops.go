package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A loop is something that break or continue can leave.
type loop struct {
	label  string
	breaks bool       // a switch or select: takes break, not continue
	fn     *rangeFunc // set when the body is a function called by an iterator
	after  func()     // what must run before the next iteration, at a continue
	end    string     // a label behind a select: a break of it is a goto there
	ended  bool       // the label is needed
}

func (w *writer) pushLoop(l *loop)       { w.fn.loops = append(w.fn.loops, l) }
func (w *writer) pushBreak(label string) { w.pushLoop(&loop{label: label, breaks: true}) }
func (w *writer) popLoop()               { w.fn.loops = w.fn.loops[:len(w.fn.loops)-1] }

// branch writes break, continue, goto and fallthrough.
func (w *writer) branch(s *ast.BranchStmt) {
	switch s.Tok {
	case token.FALLTHROUGH:
		w.WriteString("fallthrough\n")
		return
	case token.GOTO:
		if w.fn.rng != nil && !w.fn.gotos[s.Label.Name] {
			w.unsupported(s, "goto out of a range over a function")
		}
		w.WriteString("goto " + gotoLabel(s.Label.Name) + "\n")
		return
	}
	for fn := w.fn; fn != nil; fn = fn.outer {
		for i := len(fn.loops) - 1; i >= 0; i-- {
			l := fn.loops[i]
			if s.Label != nil && l.label != s.Label.Name || s.Label == nil && l.breaks && s.Tok == token.CONTINUE {
				continue
			}
			w.leave(s, fn, l)
			return
		}
	}
	w.WriteString(s.Tok.String()) // a labelled block
	if s.Label != nil {
		w.WriteString(" " + s.Label.Name)
	}
	w.WriteString("\n")
}

// leave writes a break or continue of loop l, which belongs to function fn.
func (w *writer) leave(s *ast.BranchStmt, fn *function, l *loop) {
	if fn == w.fn && l.fn == nil {
		switch {
		case s.Tok == token.CONTINUE && l.after != nil:
			l.after()
		case s.Tok == token.BREAK && l.end != "":
			l.ended = true
			w.printf("goto %s\n", l.end)
			return
		}
		w.WriteString(s.Tok.String())
		if s.Label != nil {
			w.WriteString(" " + s.Label.Name)
		}
		w.WriteString("\n")
		return
	}
	if l.fn != nil && l.fn.body == w.fn { // the innermost iterator's own loop
		l.fn.end(w, s.Tok == token.CONTINUE)
		return
	}
	// Out of one or more iterator bodies: each stops its iterator and tells
	// the code behind it where to go on.
	w.fn.rng.leave(w, s)
}

// forStmt writes a three-clause loop. Its variables are made anew for each
// iteration, as Go does, only where a function captures them.
func (w *writer) forStmt(s *ast.ForStmt, label string) {
	w.noteClosures(s)
	l := &loop{label: label}
	captured := w.capturedVars(s)
	var body, back []string
	for _, v := range captured {
		w.locals[v] = w.local(v) + w.temp() // the body may have others of that name
		outer := w.local(v) + Dot + "o"
		body = append(body, fmt.Sprintf("%s := %s\n", w.local(v), outer))
		back = append(back, fmt.Sprintf("%s = %s\n", outer, w.local(v)))
	}
	if len(captured) == 0 {
		if w.standsApart(s.Init) {
			w.WriteString("{\n")
			w.stmt(s.Init)
			rest := *s
			rest.Init = nil
			defer w.WriteString("}\n")
			s = &rest
		}
		if label != "" {
			w.WriteString(label + ":\n")
		}
		w.WriteString("for ")
		w.simple(s.Init)
		w.WriteString("; ")
		w.exprOrNothing(s.Cond)
		w.WriteString("; ")
		w.simple(s.Post)
		w.WriteString(" ")
		w.pushLoop(l)
		w.block(s.Body)
		w.popLoop()
		w.WriteString("\n")
		return
	}
	// { init; o := v; for ;; { v := o; if first…post; if !cond break; body; o = v } }
	w.WriteString("{\n")
	w.stmt(s.Init)
	for _, v := range captured {
		w.printf("%s%so := %s\n", w.local(v), Dot, w.local(v))
	}
	first := w.temp()
	w.printf("%s := true\n", first)
	if label != "" {
		w.WriteString(label + ":\n")
	}
	w.WriteString("for {\n")
	w.WriteString(strings.Join(body, ""))
	w.printf("if %s {\n%s = false\n} else {\n", first, first)
	if s.Post != nil {
		w.stmt(s.Post)
	}
	w.WriteString("}\n")
	if s.Cond != nil {
		w.WriteString("if !(")
		w.expr(s.Cond)
		w.WriteString(") {\nbreak\n}\n")
	}
	l.after = func() { w.WriteString(strings.Join(back, "")) }
	w.pushLoop(l)
	w.stmts(s.Body.List)
	w.popLoop()
	l.after()
	w.WriteString("}\n}\n")
}

// capturedVars returns the loop's variables that a function in it captures or
// whose address is taken.
func (w *writer) capturedVars(s *ast.ForStmt) []*types.Var {
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return nil
	}
	var out []*types.Var
	for _, lhs := range a.Lhs {
		if v, ok := w.defines(lhs); ok && (w.captured(v, s.Body) || s.Cond != nil && w.captured(v, s.Cond) || s.Post != nil && w.captured(v, s.Post)) {
			out = append(out, v)
		}
	}
	return out
}

// captured reports whether a function literal in n uses v, or n takes its
// address.
func (w *writer) captured(v *types.Var, n ast.Node) bool {
	found := false
	uses := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && w.info.Uses[id] == v {
				found = true
			}
			return !found
		})
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			uses(n)
			return false
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				uses(n.X)
			}
		case *ast.SliceExpr: // slicing an array takes its address
			uses(n.X)
		case *ast.RangeStmt:
			if w.isFunc(n.X) { // its body becomes a function
				uses(n.Body)
			}
		case *ast.SelectorExpr: // a method with a pointer receiver
			if sel := w.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				uses(n.X)
			}
		case *ast.DeferStmt:
			uses(n)
		case *ast.GoStmt:
			uses(n)
		}
		return !found
	})
	return found
}

// assigned reports whether the body of a loop changes v.
func (w *writer) assigned(v *types.Var, n ast.Node) bool {
	found := false
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && w.info.Uses[id] == v
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || is(lhs)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.RangeStmt:
			found = found || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return !found
	})
	return found
}

func (w *writer) isFunc(e ast.Expr) bool {
	_, ok := w.info.TypeOf(e).Underlying().(*types.Signature)
	return ok
}
