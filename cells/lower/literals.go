package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
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

// made returns the compiled function that makes a struct of the user's which has
// fields that only compiled code can set; "" for other literals.
func (w *writer) made(e *ast.CompositeLit) string {
	t := w.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || w.u.Compiled == nil || !w.shaped(st) {
		return ""
	}
	text := w.typ(t)
	dot := strings.LastIndexByte(text, '.')
	return text[:dot+1] + "New" + Dot + strings.TrimPrefix(text[dot+1:], "T"+Dot)
}

// make writes the call of that function: all fields in order, those that the
// literal leaves out as zero.
func (w *writer) make(e *ast.CompositeLit) {
	t := w.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st := t.Underlying().(*types.Struct)
	values := map[string]ast.Expr{}
	last := -1
	for i, el := range e.Elts {
		at := i
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			for j := range st.NumFields() {
				if st.Field(j).Name() == kv.Key.(*ast.Ident).Name {
					at = j
				}
			}
			el = kv.Value
		}
		if at < last && w.info.Types[el].Value == nil {
			w.unsupported(e, "a literal that computes its fields in another order than that of its type")
		}
		last = max(last, at)
		values[st.Field(at).Name()] = el
	}
	w.WriteString(w.made(e) + "(")
	comma := ""
	for f := range st.Fields() {
		if f.Name() == "_" {
			continue
		}
		w.WriteString(comma)
		comma = ", "
		if v := values[f.Name()]; v != nil {
			w.expr(v)
		} else {
			w.WriteString(w.zero(f.Type()))
		}
	}
	w.WriteString(")")
}

// zero returns the text of a type's zero value as an argument.
func (w *writer) zero(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsBoolean != 0:
			return "false"
		case info&types.IsString != 0:
			return `""`
		case u.Kind() == types.UnsafePointer:
			return "nil"
		}
		return "0"
	case *types.Struct, *types.Array:
		return "*new(" + w.typ(t) + ")"
	}
	return "nil"
}
