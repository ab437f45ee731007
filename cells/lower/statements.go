package lower

import (
	"go/ast"
	"go/token"
	"go/types"
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
		w.expr(s.X)
		w.WriteString(s.Tok.String() + "\n")
	case *ast.AssignStmt:
		w.assign(s)
		w.WriteString("\n")
	case *ast.GoStmt:
		w.WriteString("go ")
		w.expr(s.Call)
		w.WriteString("\n")
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
		w.selectStmt(s)
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

func (w *writer) declStmt(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			if d.Tok == token.VAR {
				w.varDecl(spec)
			}
		case *ast.TypeSpec:
			obj := w.info.Defs[spec.Name]
			named, ok := obj.Type().(*types.Named)
			if !ok || obj.(*types.TypeName).IsAlias() {
				continue
			}
			name := w.local(obj)
			w.printf("type %s %s\n", name, w.typ(named.Underlying()))
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
		w.expr(s.X)
		w.WriteString(s.Tok.String())
	case *ast.SendStmt:
		w.expr(s.Chan)
		w.WriteString(" <- ")
		w.expr(s.Value)
	}
}

func (w *writer) ifStmt(s *ast.IfStmt) {
	w.WriteString("if ")
	if s.Init != nil {
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
			w.ifStmt(e)
		case *ast.BlockStmt:
			w.block(e)
		}
	}
}

// condition writes an expression in front of a block, where a composite
// literal of the lowered text must not be taken for the block.
func (w *writer) condition(e ast.Expr) { w.expr(e) }

func (w *writer) switchStmt(s *ast.SwitchStmt) {
	w.WriteString("switch ")
	if s.Init != nil {
		w.simple(s.Init)
		w.WriteString("; ")
	}
	if s.Tag != nil {
		w.condition(s.Tag)
		w.WriteString(" ")
	}
	w.pushBreak("")
	w.WriteString("{\n")
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.caseClause(c, func() { w.exprs(c.List) })
	}
	w.WriteString("}\n")
	w.popLoop()
}

func (w *writer) caseClause(c *ast.CaseClause, list func()) {
	w.mark(c.Pos())
	if c.List == nil {
		w.WriteString("default:\n")
	} else {
		w.WriteString("case ")
		list()
		w.WriteString(":\n")
	}
	w.stmts(c.Body)
}

func (w *writer) typeSwitch(s *ast.TypeSwitchStmt) {
	w.WriteString("switch ")
	if s.Init != nil {
		w.simple(s.Init)
		w.WriteString("; ")
	}
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		id := a.Lhs[0].(*ast.Ident)
		used := false
		for _, c := range s.Body.List {
			if obj := w.info.Implicits[c]; obj != nil {
				name := obj.Name()
				if types.Universe.Lookup(name) != nil {
					name += Dot
				}
				w.locals[obj] = name
				used = true
			}
		}
		if used {
			name := id.Name
			if types.Universe.Lookup(name) != nil {
				name += Dot
			}
			w.WriteString(name + " := ")
		}
		x = a.Rhs[0].(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		x = a.X.(*ast.TypeAssertExpr).X
	}
	w.expr(x)
	w.WriteString(".(type) {\n")
	w.pushBreak("")
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		w.caseClause(c, func() {
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
	}
	w.WriteString("}\n")
	w.popLoop()
}

func (w *writer) selectStmt(s *ast.SelectStmt) {
	w.WriteString("select {\n")
	w.pushBreak("")
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		w.mark(c.Pos())
		if c.Comm == nil {
			w.WriteString("default:\n")
		} else {
			w.WriteString("case ")
			switch comm := c.Comm.(type) {
			case *ast.AssignStmt:
				w.exprs(comm.Lhs)
				w.printf(" %s ", comm.Tok)
				w.expr(comm.Rhs[0])
			default:
				w.simple(comm)
			}
			w.WriteString(":\n")
		}
		w.stmts(c.Body)
	}
	w.WriteString("}\n")
	w.popLoop()
}

func (w *writer) labeled(s *ast.LabeledStmt) {
	name := s.Label.Name
	switch inner := s.Stmt.(type) {
	case *ast.ForStmt:
		w.forStmt(inner, name)
	case *ast.RangeStmt:
		w.rangeStmt(inner, name)
	default:
		w.WriteString(name + ":\n")
		w.stmt(s.Stmt)
	}
}
