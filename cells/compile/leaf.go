package compile

import (
	"go/ast"
	"go/token"
	"go/types"
)

// leaf reports whether a function of the session computes by itself: it calls
// nothing but such functions, and waits for nothing. The compiler is to see such
// calls as they are, where the caller is compiled anew with what it calls: it puts
// small functions in their place, and keeps on the stack what they get pointers to.
func (c *Compiler) leaf(f *types.Func) bool {
	if is, known := c.leaves[f]; known {
		return is
	}
	d := c.decls[f]
	if d == nil || !Linked(f) {
		return false
	}
	decl, ok := d.Node.(*ast.FuncDecl)
	if !ok || decl.Body == nil {
		return false
	}
	c.leaves[f] = false // for those that call themselves
	is := !waits(decl, d.Info)
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			is = false
		case *ast.CallExpr:
			if tv := d.Info.Types[n.Fun]; !tv.IsType() && !tv.IsBuiltin() {
				is = is && c.leafCall(d.Info, n)
			}
		}
		return is
	})
	c.leaves[f] = is
	return is
}

func (c *Compiler) leafCall(info *types.Info, call *ast.CallExpr) bool {
	id := calledName(ast.Unparen(call.Fun))
	if id == nil {
		return false
	}
	f, ok := info.Uses[id].(*types.Func)
	if !ok || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() {
	case "math", "math/bits", "math/cmplx", "unicode", "unicode/utf8":
		return true
	case "main":
		return f.Signature().Recv() == nil && c.leaf(f)
	}
	return false
}

// waits reports whether a function may still run when later cells define what it
// calls again: it waits for others, or goes on for ever.
func waits(decl *ast.FuncDecl, info *types.Info) (found bool) {
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt, *ast.SendStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.ForStmt:
			found = found || n.Cond == nil
		case *ast.RangeStmt:
			switch info.TypeOf(n.X).Underlying().(type) {
			case *types.Chan, *types.Signature:
				found = true
			}
		case *ast.Ident:
			if f, ok := info.Uses[n].(*types.Func); ok && f.Pkg() != nil {
				switch path := f.Pkg().Path(); {
				case path == "sync", path == "time" && f.Name() == "Sleep":
					found = true
				}
			}
		}
		return !found
	})
	return found
}
