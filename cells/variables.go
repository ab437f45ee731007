package cells

import (
	"go/ast"
	"go/token"
)

// packageVars turns a statement that defines variables into package-level
// specs. A name in taken is defined already: `:=` assigns to it.
func packageVars(st ast.Stmt, taken map[string]bool) []*ast.ValueSpec {
	switch st := st.(type) {
	case *ast.AssignStmt:
		spec := &ast.ValueSpec{Values: st.Rhs}
		for _, lhs := range st.Lhs {
			id := lhs.(*ast.Ident)
			if taken[id.Name] {
				id = &ast.Ident{NamePos: id.NamePos, Name: "_"}
			}
			spec.Names = append(spec.Names, id)
		}
		return []*ast.ValueSpec{spec}
	case *ast.DeclStmt:
		var out []*ast.ValueSpec
		for _, spec := range st.Decl.(*ast.GenDecl).Specs {
			out = append(out, spec.(*ast.ValueSpec))
		}
		return out
	}
	return nil
}

// definedBy returns the identifiers that a top-level statement may define.
func definedBy(st ast.Stmt) []*ast.Ident {
	var out []*ast.Ident
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, lhs := range st.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					out = append(out, id)
				}
			}
		}
	case *ast.DeclStmt:
		if d := st.Decl.(*ast.GenDecl); d.Tok == token.VAR {
			for _, spec := range d.Specs {
				out = append(out, spec.(*ast.ValueSpec).Names...)
			}
		}
	}
	return out
}

func inFuncLit(pos token.Pos, body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncLit); ok && within(pos, f) {
			found = true
		}
		return !found
	})
	return found
}
