package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// KeyFields gives the elements of struct literals without keys their fields'
// names, and reports whether there were any. The checker lets only the package
// that a struct was declared in leave the names of unexported fields out, and
// each cell is checked as a package of its own.
func KeyFields(n ast.Node, info *types.Info) bool {
	keyed := false
	ast.Inspect(n, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || len(lit.Elts) == 0 {
			return true
		}
		if _, ok := lit.Elts[0].(*ast.KeyValueExpr); ok {
			return true
		}
		t := info.TypeOf(lit)
		if t == nil {
			return true
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || st.NumFields() != len(lit.Elts) {
			return true
		}
		for i, e := range lit.Elts {
			if st.Field(i).Name() == "_" {
				return true
			}
			lit.Elts[i] = &ast.KeyValueExpr{Key: &ast.Ident{NamePos: e.Pos(), Name: st.Field(i).Name()}, Colon: token.NoPos, Value: e}
		}
		keyed = true
		return true
	})
	return keyed
}
