package compile

import (
	"go/ast"
	"go/types"
	"strings"
)

// Interpreted code has package reflect make types such as []T that no plugin has
// yet. One that comes later has a description of its own of the same type, and so
// an assertion would say no. What compiled code asserts to such types goes through
// a function that gives the value the type that the package knows.

const known = `func known%[1]s(x any, types ...%[2]s.Type) any {
	t := %[2]s.TypeOf(x)
	if t == nil || t.Name() != "" {
		return x
	}
	for _, known := range types {
		if t == known {
			return x
		}
	}
	for _, known := range types {
		if t.Kind() == known.Kind() && t.String() == known.String() && t.ConvertibleTo(known) {
			return %[2]s.ValueOf(x).Convert(known).Interface()
		}
	}
	return x
}

`

// asserts rewrites what is asserted to be of one of some types.
func (r *rewriter) asserts(e *ast.TypeAssertExpr, targets ...ast.Expr) {
	if i, ok := r.d.Info.TypeOf(e.X).Underlying().(*types.Interface); !ok || i.NumMethods() > 0 || isTypeParam(r.d.Info.TypeOf(e.X)) {
		return
	}
	var unnamed []types.Type
	for _, target := range targets {
		if t := r.d.Info.TypeOf(target); r.unnamed(t) {
			unnamed = append(unnamed, t)
		}
	}
	if len(unnamed) == 0 {
		return
	}
	reflect := r.u.importName("reflect"+Dot, "reflect")
	var list strings.Builder
	for _, t := range unnamed {
		list.WriteString(", " + reflect + ".TypeFor[" + r.u.typeText(t) + "]()")
	}
	if !strings.Contains(r.u.helpers.String(), "func known"+Dot+"(") {
		r.u.helpers.WriteString(strings.NewReplacer("%[1]s", Dot, "%[2]s", reflect).Replace(known))
	}
	r.insert(e.X.Pos(), "known"+Dot+"(")
	r.insert(e.X.End(), list.String()+")")
}

// switches does the same with a type switch.
func (r *rewriter) switches(s *ast.TypeSwitchStmt) {
	var guard ast.Expr
	switch g := s.Assign.(type) {
	case *ast.ExprStmt:
		guard = g.X
	case *ast.AssignStmt:
		guard = g.Rhs[0]
	}
	e, ok := ast.Unparen(guard).(*ast.TypeAssertExpr)
	if !ok {
		return
	}
	var targets []ast.Expr
	for _, c := range s.Body.List {
		targets = append(targets, c.(*ast.CaseClause).List...)
	}
	r.asserts(e, targets...)
}

// unnamed reports whether a type has no name, so that package reflect may have made
// it, and its text can be written here.
func (r *rewriter) unnamed(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.Slice, *types.Array, *types.Map, *types.Chan, *types.Signature, *types.Struct, *types.TypeParam:
	case *types.Pointer:
		switch types.Unalias(u.Elem()).(type) {
		case *types.Named, *types.Basic:
			return false // which knows the type of its pointer
		}
	default:
		return false
	}
	ok := true
	Walk(t, map[types.Type]bool{}, func(t types.Type) {
		if n, named := t.(*types.Named); named {
			obj := n.Origin().Obj()
			ok = ok && (obj.Pkg() == nil || obj.Parent() == obj.Pkg().Scope())
		}
	})
	return ok
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}
