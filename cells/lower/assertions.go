package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// assertion returns the name of a function that is `v, ok := x.(T)`, for those
// assertions that the interpreter gets right in a type switch alone: from an
// empty interface to an interface of the user's.
func (w *writer) assertion(x, t types.Type) (name string, ok bool) {
	if !isEmptyInterface(x) || !types.IsInterface(t) || isEmptyInterface(t) {
		return "", false
	}
	if _, isNamed := types.Unalias(t).(*types.Named); isNamed {
		return "", false // compiled
	}
	text := w.typ(t)
	return w.u.helper("assert "+text, "assert", func(c *chunk, name string) {
		fmt.Fprintf(c, "func %s(x interface{}) (v %s, ok bool) {\nswitch y := x.(type) {\ncase %s:\nreturn y, true\n}\nreturn nil, false\n}", name, text, text)
	}), true
}

// typeAssert writes x.(T) for a single value.
func (w *writer) typeAssert(e *ast.TypeAssertExpr) {
	t := w.info.TypeOf(e.Type)
	if f, ok := w.assertion(w.info.TypeOf(e.X), t); ok {
		text := w.typ(t)
		must := w.u.helper("must "+text, "assert", func(c *chunk, name string) {
			fmt.Fprintf(c, "func %s(x interface{}) %s {\nv, ok := %s(x)\nif !ok {\n_ = x.(%s)\n}\nreturn v\n}", name, text, f, text)
		})
		w.WriteString(must + "(")
		w.expr(e.X)
		w.WriteString(")")
		return
	}
	w.expr(e.X)
	w.WriteString(".(" + w.typ(t) + ")")
}

// assertInterface writes v, ok = x.(T) for an interface T: the interpreter
// panics when x is nil.
func (w *writer) assertInterface(s *ast.AssignStmt, a *ast.TypeAssertExpr) {
	x, v, ok := w.temp(), w.temp(), w.temp()
	t := w.typ(w.info.TypeOf(a.Type))
	targets := make([]string, 2)
	for i, lhs := range s.Lhs {
		if s.Tok == token.ASSIGN && !isBlank(lhs) {
			targets[i] = w.target(lhs)
		}
	}
	w.printf("var %s %s = ", x, w.typ(w.info.TypeOf(a.X)))
	w.expr(a.X)
	if isEmptyInterface(w.info.TypeOf(a.Type)) {
		w.printf("\nvar %s %s\n%s = %s\n%s := %s != nil\n", v, t, v, x, ok, x)
	} else if f, is := w.assertion(w.info.TypeOf(a.X), w.info.TypeOf(a.Type)); is {
		w.printf("\n%s, %s := %s(%s)\n", v, ok, f, x)
	} else {
		v2, ok2 := w.temp(), w.temp()
		w.printf("\nvar %s %s\nvar %s bool\nif %s != nil {\n%s, %s := %s.(%s)\nif %s {\n%s = %s\n}\n%s = %s\n}\n", v, t, ok, x, v2, ok2, x, t, ok2, v, v2, ok, ok2)
	}
	for i, value := range []string{v, ok} {
		if !isBlank(s.Lhs[i]) {
			w.store(s.Lhs[i], targets[i], value, s.Tok == token.DEFINE)
		}
	}
}
