package cells

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Package initialization: variables that stand together are initialized in the
// order in which they need each other, as those of a Go file; a statement
// between them ends that.

// A group is a run of var declarations among a cell's statements, by indexes.
type group struct{ from, to int }

// groups returns the runs in which the order of the text is not enough, since a
// value needs a variable that is declared further down, or a function may.
func (t *trial) groups() []group {
	var out []group
	for i := 0; i < len(t.body); i++ {
		g := group{i, i}
		for g.to < len(t.body) && isVarDecl(t.body[g.to]) {
			g.to++
		}
		if g.to > g.from && t.sortable(t.body[g.from:g.to]) {
			out = append(out, g)
		}
		i = max(i, g.to-1)
	}
	return out
}

func isVarDecl(st ast.Stmt) bool {
	d, ok := st.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}

func (t *trial) sortable(run []ast.Stmt) bool {
	used := map[string]bool{} // by what stands above
	forward := false
	n := 0
	for _, st := range run {
		for _, spec := range packageVars(st, nil) {
			own := map[string]bool{}
			if spec.Type != nil {
				identifiers(own, spec.Type)
			}
			for _, v := range spec.Values {
				identifiers(own, v)
			}
			for _, id := range spec.Names {
				n++
				switch {
				case id.Name == "_":
				case own[id.Name] && t.knows(id.Name) || t.declared[id.Name] || t.top[id.Name] != st:
					return false // an earlier one of that name is meant
				case used[id.Name] || t.inDecls[id.Name]:
					forward = true
				}
			}
			for n := range own {
				used[n] = true
			}
		}
	}
	if n == 1 {
		return false
	}
	return forward
}

// knows reports whether the session has a variable or declaration of that name.
func (t *trial) knows(name string) bool {
	return t.scope.vars[name] != nil || t.scope.objs[name] != nil
}

// sorted returns the statements with the groups in the order of initialization.
func (t *trial) sorted(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	at := 0
	for _, g := range t.grouped {
		out = append(out, stmts[at:g.from]...)
		out = append(out, t.initialize(stmts[g.from:g.to])...)
		at = g.to
	}
	return append(out, stmts[at:]...)
}

func (t *trial) initialize(group []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	specs, idents := map[*types.Var]*ast.ValueSpec{}, map[*types.Var]*ast.Ident{}
	for _, st := range group {
		for _, spec := range packageVars(st, nil) {
			if len(spec.Values) == 0 {
				out = append(out, varDecl(spec))
			}
			for _, id := range spec.Names {
				if v, ok := t.info.Defs[id].(*types.Var); ok {
					specs[v], idents[v] = spec, id
				}
			}
		}
	}
	for _, in := range t.info.InitOrder {
		spec := specs[in.Lhs[0]]
		if spec == nil {
			continue
		}
		one := &ast.ValueSpec{Type: spec.Type, Values: []ast.Expr{in.Rhs}}
		for _, v := range in.Lhs {
			one.Names = append(one.Names, idents[v])
		}
		out = append(out, varDecl(one))
	}
	return out
}

func varDecl(spec *ast.ValueSpec) ast.Stmt {
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: spec.Pos(), Specs: []ast.Spec{spec}}}
}

// grouping reports whether a statement is in a group.
func (t *trial) grouping(i int) bool {
	return slices.ContainsFunc(t.grouped, func(g group) bool { return g.from <= i && i < g.to })
}

// together reports whether two positions are in one group.
func (t *trial) together(a, b token.Pos) bool {
	return slices.ContainsFunc(t.grouped, func(g group) bool {
		list := t.cell.Body.List[g.from:g.to]
		run := &ast.BlockStmt{Lbrace: list[0].Pos(), Rbrace: list[len(list)-1].End()}
		return within(a, run) && within(b, run)
	})
}
