package cells

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strings"
)

// showable reports whether the last expression has a value that a user wants
// to see: not what printing and writing return.
func showable(e ast.Expr, info *types.Info) bool {
	tv := info.Types[e]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if b, ok := tv.Type.(*types.Basic); ok && b.Kind() == types.Invalid {
		return false
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
			return true
		}
		return true
	}
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return true
	}
	switch fn := info.Uses[id].(type) {
	case *types.Builtin:
		return fn.Name() != "copy" && fn.Name() != "recover"
	case *types.Func:
		if fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && (strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint") || strings.HasPrefix(fn.Name(), "Scan") || strings.HasPrefix(fn.Name(), "Fscan")) {
			return false
		}
		if strings.HasPrefix(fn.Name(), "Write") && fn.Type().(*types.Signature).Recv() != nil {
			return false
		}
	}
	return true
}

// isEffect reports whether e is a call that returns an error and nothing else.
func isEffect(e ast.Expr, info *types.Info) bool {
	if e == nil {
		return false
	}
	_, call := ast.Unparen(e).(*ast.CallExpr)
	return call && types.Identical(info.Types[e].Type, types.Universe.Lookup("error").Type())
}

// overflow is the error of a constant that the type it is shown with can't
// hold; to Go an unused constant is no mistake.
func overflow(fset *token.FileSet, e ast.Expr, info *types.Info) *types.Error {
	tv := info.Types[e]
	b, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || b.Info()&types.IsUntyped == 0 {
		return nil
	}
	fits := true
	switch b.Kind() {
	case types.UntypedInt, types.UntypedRune:
		_, fits = constant.Int64Val(constant.ToInt(tv.Value))
	case types.UntypedFloat:
		f, _ := constant.Float64Val(tv.Value)
		fits = !math.IsInf(f, 0)
	}
	if fits {
		return nil
	}
	to := types.Default(b)
	return &types.Error{Fset: fset, Pos: e.Pos(), Msg: fmt.Sprintf("cannot use %s (%s constant) as %s value (overflows)", types.ExprString(e), b, to)}
}
