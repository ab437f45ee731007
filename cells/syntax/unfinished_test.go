package syntax

import (
	"errors"
	"go/ast"
	"go/token"
	"testing"
)

// TestUnfinished breaks text off behind the identifier here, which must be read.
func TestUnfinished(t *testing.T) {
	for _, src := range []string{
		"x.here",
		"f(a, x.here",
		"if x.here",
		"if a := f(func() { x.here",
		"if a := x.here",
		"switch a := here",
		"for a := here",
		"for i := 0; i < here",
		"for _, v := range here",
		"for i := range 3 {\n\tif i > 1 {\n\t\treturn here",
		"switch here",
		"switch v := x.(type) {\ncase here",
		"switch x {\ncase 1:\n\there",
		"select {\ncase v := <-here",
		"T{A: here",
		"[]T{{A: 1}, {here",
		"go x.here",
		"defer func() { x.here",
		"func f(a int) int {\n\treturn a + here",
		"func (t T) M() {\n\tt.here",
		"func f(a here",
		"type T struct {\n\ta here",
		"var x here",
		"var x = here",
		"const k = here",
		"m[here",
		"a := b\nhere",
		"if a {\n} else if here",
	} {
		for _, after := range []string{"", ")}\n\tmore(\nfunc later() {}\nlast()", "\n\"unclosed"} {
			c := Unfinished(token.NewFileSet(), "cell", src, after)
			if c == nil {
				t.Errorf("%q: nothing was read", src)
				continue
			}
			found, later := false, false
			visit := func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					found = found || id.Name == "here" && c.Offset(id.End()) == len(src)
					later = later || id.Name == "later"
				}
				return true
			}
			for _, d := range c.Decls {
				ast.Inspect(d, visit)
			}
			ast.Inspect(c.Body, visit)
			if !found {
				t.Errorf("%q: the last identifier is missing", src)
			}
			if want := len(after) > 20; later != want {
				t.Errorf("%q: later declaration read: %v", src, later)
			}
		}
	}
	if c := Unfinished(token.NewFileSet(), "cell", "f)(", ""); c != nil {
		t.Error("brackets that don't match were read")
	}
}

func TestCommentOnFirstLine(t *testing.T) {
	c, err := Parse(token.NewFileSet(), "cell", 3, "// Doc.\nfunc f() {}")
	if err != nil {
		t.Fatal(err)
	}
	if doc := c.Decls[0].(*ast.FuncDecl).Doc.Text(); doc != "Doc.\n" {
		t.Errorf("the comment is %q", doc)
	}
	_, err = Parse(token.NewFileSet(), "cell", 3, "func f() {}; func g(a b c) {}\nfunc h(a b c) {}")
	var e *Error
	if !errors.As(err, &e) || e.List[0].Pos.Line != 3 || e.List[0].Pos.Column != 25 || e.List[1].Pos.Line != 4 || e.List[1].Pos.Column != 12 {
		t.Errorf("positions in declarations: %v", err)
	}
}
