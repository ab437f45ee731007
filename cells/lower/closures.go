package lower

import (
	"fmt"
	"go/ast"
	"go/types"
)

// noteClosures finds the function literals in a loop that must be given to someone
// by way of a call. Where the interpreter makes a function of a literal that is an
// argument, a conversion's operand or a part of a composite literal, the function
// sees the variables of its surroundings as they are when it runs: in a loop those
// of the last iteration. A call's result, as what a variable is assigned, keeps its
// own.
func (w *writer) noteClosures(loop ast.Node) {
	if w.loops[loop] {
		return
	}
	if w.loops == nil {
		w.loops, w.kept = map[ast.Node]bool{}, map[*ast.FuncLit]bool{}
	}
	var up []ast.Node
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			up = up[:len(up)-1]
			return true
		case *ast.ForStmt, *ast.RangeStmt:
			w.loops[n] = true
		case *ast.FuncLit:
			w.kept[n] = w.passed(n, up) && w.sees(n, loop)
		}
		up = append(up, n)
		return true
	})
}

// passed reports whether a literal is neither called where it stands nor assigned,
// returned or sent. Up are the nodes around it, the outermost first.
func (w *writer) passed(lit ast.Expr, up []ast.Node) bool {
	switch n := up[len(up)-1].(type) {
	case *ast.ParenExpr:
		return w.passed(n, up[:len(up)-1])
	case *ast.CallExpr:
		return n.Fun != lit && !w.info.Types[n.Fun].IsBuiltin()
	case *ast.AssignStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.ValueSpec:
		return false
	}
	return true
}

// sees reports whether a literal uses a variable of the loop that it is in.
func (w *writer) sees(lit *ast.FuncLit, loop ast.Node) (sees bool) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, ok := w.info.Uses[id].(*types.Var)
			sees = sees || ok && !v.IsField() && within(v, loop) && !within(v, lit)
		}
		return !sees
	})
	return sees
}

func within(v *types.Var, n ast.Node) bool { return n.Pos() <= v.Pos() && v.Pos() < n.End() }

// keeper returns a function that returns its argument.
func (w *writer) keeper(t *types.Signature) string {
	typ := w.typ(t)
	return w.u.helper("closure "+typ, "closure", func(c *chunk, name string) {
		fmt.Fprintf(c, "func %s(f %s) %s { return f }", name, typ, typ)
	})
}
