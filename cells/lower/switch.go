package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

func (w *writer) switchStmt(s *ast.SwitchStmt) {
	if s.Tag == nil && entangled(s) || s.Tag != nil && w.comparisons(s) {
		w.comparisonSwitch(s)
		return
	}
	if s.Init != nil { // the interpreter mixes up what it defines with the tag
		w.WriteString("{\n")
		w.stmt(s.Init)
		rest := *s
		rest.Init = nil
		w.switchStmt(&rest)
		w.WriteString("}\n")
		return
	}
	w.WriteString("switch ")
	if s.Tag != nil {
		w.condition(s.Tag)
		w.WriteString(" ")
	}
	w.pushBreak("")
	w.WriteString("{\n")
	w.clauses(s, w.exprs)
	w.WriteString("}\n")
	w.popLoop()
}

// comparisons reports whether a switch must be written as comparisons: one over
// an interface, which the interpreter would convert to the type of a case, or
// one with cases that are no constants, which it would evaluate too early and
// prefer constants to.
func (w *writer) comparisons(s *ast.SwitchStmt) bool {
	tag := w.info.TypeOf(s.Tag)
	if types.IsInterface(tag) {
		return true
	}
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if w.info.Types[e].Value == nil {
				return true
			}
		}
	}
	return false
}

// entangled reports whether the interpreter evaluates the cases of a switch
// without a tag in another order than theirs, or leaves some out.
func entangled(s *ast.SwitchStmt) bool {
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if len(c.List) > 1 || c.List == nil && i < len(s.Body.List)-1 || fallsThrough(c) {
			return true
		}
	}
	return false
}

// comparisonSwitch writes the cases as a chain of ifs, and then a switch over
// the number of the case that was found.
func (w *writer) comparisonSwitch(s *ast.SwitchStmt) {
	w.WriteString("{\n")
	if s.Init != nil {
		w.stmt(s.Init)
	}
	tag := ""
	if s.Tag != nil {
		tag = w.temp()
		w.declare(tag, types.Default(w.info.TypeOf(s.Tag)), s.Tag)
		w.WriteString("\n")
	}
	which, otherwise, first := w.temp(), -1, true
	w.printf("%s := -1\n", which)
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if c.List == nil {
			otherwise = i
			continue
		}
		if !first {
			w.WriteString(" else ")
		}
		first = false
		w.mark(c.Pos())
		w.WriteString("if ")
		for i, e := range c.List {
			if i > 0 {
				w.WriteString(" || ")
			}
			if tag == "" {
				w.operand(e)
				continue
			}
			if b, ok := e.(*ast.BinaryExpr); ok {
				e = &ast.ParenExpr{Lparen: b.Pos(), X: b, Rparen: b.End()}
				w.info.Types[e] = w.info.Types[b]
			}
			id := &ast.Ident{NamePos: e.Pos(), Name: tag}
			w.info.Types[id] = types.TypeAndValue{Type: types.Default(w.info.TypeOf(s.Tag))}
			w.binary(&ast.BinaryExpr{X: id, OpPos: e.Pos(), Op: token.EQL, Y: e})
		}
		w.printf(" {\n%s = %d\n}", which, i)
	}
	if otherwise >= 0 && !first {
		w.printf(" else {\n%s = %d\n}", which, otherwise)
	} else if otherwise >= 0 {
		w.printf("%s = %d\n", which, otherwise)
	}
	w.printf("\nswitch %s {\n", which)
	w.pushBreak("")
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.mark(c.Pos())
		w.printf("case %d:\n", i)
		w.stmts(c.Body)
	}
	w.popLoop()
	w.WriteString("}\n}\n")
}

// clauses writes the cases of a switch. The interpreter moves the default case
// to the end, so it falls through to the wrong one unless it stood there: then
// the statements that it would fall through to are written out.
func (w *writer) clauses(s *ast.SwitchStmt, list func([]ast.Expr)) {
	var cases []*ast.CaseClause
	early, falls := false, false
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		cases = append(cases, c)
		early = early || c.List == nil && i < len(s.Body.List)-1
		falls = falls || fallsThrough(c)
	}
	for i, c := range cases {
		w.caseHead(c, func() { list(c.List) })
		if !early || !falls {
			w.stmts(c.Body)
			continue
		}
		for ; ; i++ {
			body := cases[i].Body
			if !fallsThrough(cases[i]) {
				w.stmts(body)
				break
			}
			w.WriteString("{\n")
			w.stmts(body[:len(body)-1])
			w.WriteString("}\n")
		}
	}
}

func fallsThrough(c *ast.CaseClause) bool {
	if len(c.Body) == 0 {
		return false
	}
	b, ok := c.Body[len(c.Body)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

func (w *writer) caseHead(c *ast.CaseClause, list func()) {
	w.mark(c.Pos())
	if c.List == nil {
		w.WriteString("default:\n")
	} else {
		w.WriteString("case ")
		list()
		w.WriteString(":\n")
	}
}

func (w *writer) typeSwitch(s *ast.TypeSwitchStmt) {
	var x ast.Expr
	name := ""
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x = a.Rhs[0].(*ast.TypeAssertExpr).X
		for _, c := range s.Body.List {
			if obj := w.info.Implicits[c]; obj != nil {
				name = w.local(obj)
				w.locals[obj] = name
			}
		}
	case *ast.ExprStmt:
		x = a.X.(*ast.TypeAssertExpr).X
	}
	if w.asserts(s) {
		w.assertionSwitch(s, x, name)
		return
	}
	w.WriteString("switch ")
	if s.Init != nil {
		w.simple(s.Init)
		w.WriteString("; ")
	}
	if name != "" {
		w.WriteString(name + " := ")
	}
	w.expr(x)
	w.WriteString(".(type) {\n")
	w.pushBreak("")
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.caseHead(c, func() {
			for i, t := range c.List {
				if i > 0 {
					w.WriteString(", ")
				}
				if w.info.Types[t].IsNil() {
					w.WriteString("nil")
				} else {
					w.WriteString(w.typ(w.info.TypeOf(t)))
				}
			}
		})
		// The interpreter has one variable for all times that it comes here.
		if v, ok := w.info.Implicits[c].(*types.Var); ok && w.captured(v, &ast.BlockStmt{List: c.Body}) {
			own := w.local(v) + w.temp()
			w.printf("%s := %s\n", own, w.local(v))
			w.locals[v] = own
		}
		w.stmts(c.Body)
	}
	w.WriteString("}\n")
	w.popLoop()
}

// asserts reports whether a type switch must be written as assertions: it asks
// for an interface, or for one type twice, as an instance of generic code may.
func (w *writer) asserts(s *ast.TypeSwitchStmt) bool {
	seen := map[string]bool{}
	for _, c := range s.Body.List {
		for _, t := range c.(*ast.CaseClause).List {
			if w.info.Types[t].IsNil() {
				continue
			}
			text := w.typ(w.info.TypeOf(t))
			if seen[text] || types.IsInterface(w.info.TypeOf(t)) {
				return true
			}
			seen[text] = true
		}
	}
	return false
}

// assertionSwitch writes a type switch as type assertions, which the
// interpreter gets right for interfaces where its type switch does not.
func (w *writer) assertionSwitch(s *ast.TypeSwitchStmt, x ast.Expr, name string) {
	w.WriteString("{\n")
	if s.Init != nil {
		w.stmt(s.Init)
	}
	value, which := w.temp(), w.temp()
	w.printf("var %s %s = ", value, w.typ(w.info.TypeOf(x)))
	w.expr(x)
	w.printf("\n%s := -1\nif %s == nil {\n", which, value)
	for i, c := range s.Body.List {
		for _, t := range c.(*ast.CaseClause).List {
			if w.info.Types[t].IsNil() {
				w.printf("%s = %d\n", which, i)
			}
		}
	}
	w.WriteString("}")
	for i, c := range s.Body.List {
		for _, t := range c.(*ast.CaseClause).List {
			if w.info.Types[t].IsNil() {
				continue
			}
			ignored, ok := w.temp(), w.temp()
			if isEmptyInterface(w.info.TypeOf(t)) {
				w.printf(" else if %s != nil {\n%s = %d\n}", value, which, i)
				continue
			}
			test := value + ".(" + w.typ(w.info.TypeOf(t)) + ")"
			if f, is := w.assertion(w.info.TypeOf(x), w.info.TypeOf(t)); is {
				test = f + "(" + value + ")"
			}
			w.printf(" else if %s, %s := %s; %s {\n%s = %d\n_ = %s\n}", ignored, ok, test, ok, which, i, ignored)
		}
	}
	w.printf("\nswitch %s {\n", which)
	w.pushBreak("")
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.mark(c.Pos())
		if c.List == nil {
			w.WriteString("default:\n")
		} else {
			w.printf("case %d:\n", i)
		}
		if obj := w.info.Implicits[c]; obj != nil {
			name := name + Dot + "c" + strconv.Itoa(i) // the interpreter has one variable of a name for all cases
			w.locals[obj] = name
			if len(c.List) == 1 && !w.info.Types[c.List[0]].IsNil() {
				if isEmptyInterface(w.info.TypeOf(c.List[0])) {
					w.printf("var %s interface{}\n%s = %s\n", name, name, value)
				} else if f, is := w.assertion(w.info.TypeOf(x), w.info.TypeOf(c.List[0])); is {
					w.printf("%s, _ := %s(%s)\n", name, f, value)
				} else {
					w.printf("%s := %s.(%s)\n", name, value, w.typ(w.info.TypeOf(c.List[0])))
				}
			} else {
				w.printf("%s := %s\n", name, value)
			}
		}
		w.stmts(c.Body)
	}
	w.popLoop()
	w.WriteString("}\n}\n")
}
