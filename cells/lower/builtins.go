package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// builtinName returns the name of a predeclared function.
func builtinName(fun ast.Expr) string {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr: // unsafe.Sizeof and others
		return f.Sel.Name
	}
	return ""
}

// builtin writes a call of a predeclared function.
func (w *writer) builtin(e *ast.CallExpr, name string) {
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
		w.WriteString(w.u.importName("unsafe", "unsafe") + "." + sel.Sel.Name + "(")
		w.args(e)
		w.WriteString(")")
		return
	}
	switch name {
	case "len", "cap":
		// An array's is known, and what points to it may be nil.
		p, ok := w.info.TypeOf(e.Args[0]).Underlying().(*types.Pointer)
		if !ok {
			w.mark(e.Pos())
			w.WriteString(name + "(")
			w.args(e)
			w.WriteString(")")
			return
		}
		t := w.typ(p)
		f := w.u.helper("len "+t, "len", func(c *chunk, name string) {
			fmt.Fprintf(c, "func %s(%s) int { return %d }", name, t, p.Elem().Underlying().(*types.Array).Len())
		})
		w.WriteString(f + "(")
		w.args(e)
		w.WriteString(")")
	case "min", "max":
		w.minMax(e, name)
	case "clear":
		w.clear(e)
	case "new":
		if w.info.Types[e.Args[0]].IsType() {
			w.WriteString("new(" + w.typ(w.info.TypeOf(e.Args[0])) + ")")
			return
		}
		t := w.typ(types.Default(w.info.TypeOf(e.Args[0])))
		f := w.u.helper("new "+t, "new", func(c *chunk, name string) {
			fmt.Fprintf(c, "func %s(v %s) *%s { return &v }", name, t, t)
		})
		w.WriteString(f + "(")
		w.expr(e.Args[0])
		w.WriteString(")")
	case "make":
		t := w.info.TypeOf(e.Args[0])
		made := w.typ(t)
		if c, ok := t.Underlying().(*types.Chan); ok && c.Dir() != types.SendRecv {
			w.WriteString("(" + made + ")(")
			defer w.WriteString(")")
			made = "chan (" + w.typ(c.Elem()) + ")"
		}
		w.WriteString("make(" + made)
		for _, a := range e.Args[1:] {
			w.WriteString(", ")
			w.expr(a)
		}
		w.WriteString(")")
	case "print", "println": // the interpreter has spaces in both, and calls methods
		w.mark(e.Pos())
		w.printf("print(%s.Printed(%t", w.u.CellImport(), name == "println")
		if len(e.Args) > 0 {
			w.WriteString(", ")
		}
		w.args(e)
		w.WriteString("))")
	case "append", "copy":
		last := e.Args[len(e.Args)-1]
		if len(e.Args) == 2 && isString(w.info.TypeOf(last)) && (e.Ellipsis.IsValid() || name == "copy") {
			w.WriteString(name + "(")
			w.expr(e.Args[0])
			w.WriteString(", []byte(")
			w.expr(last)
			w.WriteString(")")
			if e.Ellipsis.IsValid() {
				w.WriteString("...")
			}
			w.WriteString(")")
			return
		}
		w.mark(e.Pos())
		w.WriteString(name + "(")
		if name == "append" && !e.Ellipsis.IsValid() && w.appendsList(e) {
			w.expr(e.Args[0])
			w.WriteString(", []" + w.typ(elemOf(w.info.TypeOf(e))) + "{")
			w.exprs(e.Args[1:])
			w.WriteString("}...)")
			return
		}
		w.args(e)
		w.WriteString(")")
	default:
		w.mark(e.Pos())
		w.WriteString(name + "(")
		w.args(e)
		w.WriteString(")")
	}
}

// appendsList reports whether what is appended must be a slice of its own
// first: because it may lie in the slice that is appended to, or because the
// interpreter knows functions in more than one form.
func (w *writer) appendsList(e *ast.CallExpr) bool {
	if len(e.Args) < 2 {
		return false
	}
	if _, ok := elemOf(w.info.TypeOf(e)).Underlying().(*types.Signature); ok {
		return true
	}
	for _, a := range e.Args[1:] {
		if _, ok := w.info.TypeOf(a).Underlying().(*types.Slice); ok {
			return true // or it would be taken for a list
		}
		_, isIdent := ast.Unparen(a).(*ast.Ident)
		if len(e.Args) > 2 && !isIdent && w.info.Types[a].Value == nil {
			return true
		}
	}
	return false
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func (w *writer) minMax(e *ast.CallExpr, name string) {
	t := w.info.TypeOf(e)
	text := w.typ(types.Default(t))
	op := map[string]string{"min": "<", "max": ">"}[name]
	n := len(e.Args)
	f := w.u.helper(fmt.Sprintf("%s %d %s", name, n, text), name, func(c *chunk, name string) {
		params := make([]string, n)
		for i := range params {
			params[i] = fmt.Sprintf("a%d", i)
		}
		fmt.Fprintf(c, "func %s(%s %s) %s {\n", name, strings.Join(params, ", "), text, text)
		for _, p := range params[1:] {
			cond := fmt.Sprintf("%s %s a0", p, op)
			if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
				// NaN wins, and zeros have signs.
				cond = fmt.Sprintf("a0 == a0 && (%s || %s != %s || %s == 0 && a0 == 0 && 1/%s %s 1/a0)", cond, p, p, p, p, op)
			}
			fmt.Fprintf(c, "if %s {\na0 = %s\n}\n", cond, p)
		}
		c.WriteString("return a0\n}")
	})
	w.WriteString(f + "(")
	w.args(e)
	w.WriteString(")")
}

func (w *writer) clear(e *ast.CallExpr) {
	w.WriteString(w.u.CellImport() + ".Clear(")
	w.expr(e.Args[0])
	w.WriteString(")")
}
