package syntax

import (
	"go/ast"
	"go/token"
	"testing"
)

func TestParseKeepsPositions(t *testing.T) {
	fset := token.NewFileSet()
	c, err := Parse(fset, "Cell[3]", 1, "import \"fmt\"; x := 1\nfunc f() int { return x }\n\ttype T struct{}\nfmt.Println(f())\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Decls) != 3 || len(c.Body.List) != 2 {
		t.Fatalf("%d declarations and %d statements, want 3 and 2", len(c.Decls), len(c.Body.List))
	}
	for _, tt := range []struct {
		node ast.Node
		want string
	}{
		{c.Decls[0], "Cell[3]:1:1"},
		{c.Decls[1], "Cell[3]:2:1"},
		{c.Decls[2], "Cell[3]:3:2"},
		{c.Body.List[0], "Cell[3]:1:15"},
		{c.Body.List[1], "Cell[3]:4:1"},
	} {
		if got := fset.Position(tt.node.Pos()).String(); got != tt.want {
			t.Errorf("%T at %s, want %s", tt.node, got, tt.want)
		}
	}
	if got := c.Text(c.Decls[1].Pos(), c.Decls[1].End()); got != "func f() int { return x }" {
		t.Errorf("text of f: %q", got)
	}
}

func TestParseErrorsStandWhereTheyAre(t *testing.T) {
	for src, want := range map[string]string{
		"x := 1 2":         "Cell[1]:1:8: expected ';', found 2",
		"a := 1\nb := = 2": "Cell[1]:2:6: expected operand, found '='",
		"func f() {\n}\n}": "Cell[1]:3:1: syntax error: unexpected }",
		"x := (1":          "Cell[1]:1:6: syntax error: ( is not closed",
		"s := \"abc":       "Cell[1]:1:6: string literal not terminated",
	} {
		_, err := Parse(token.NewFileSet(), "Cell[1]", 1, src)
		e, ok := err.(*Error)
		if !ok {
			t.Errorf("%q: no error", src)
			continue
		}
		if got := e.List[0].Error(); got != want {
			t.Errorf("%q:\n got %s\nwant %s", src, got, want)
		}
	}
}

func TestCompleteness(t *testing.T) {
	for _, tt := range []struct{ src, status, indent string }{
		{"x := 1", "complete", ""},
		{"", "complete", ""},
		{"for i := range 3 {", "incomplete", "\t"},
		{"for i := range 3 {\n\tif i > 1 {", "incomplete", "\t\t"},
		{"fmt.Println(", "incomplete", "\t"},
		{"fmt.Println(1,", "incomplete", "\t"},
		{"for {\n\tfmt.Println(1)", "incomplete", "\t"},
		{"switch x {\ncase 1:", "incomplete", "\t"},
		{"if a {\n} else {", "incomplete", "\t"},
		{"x := `abc", "incomplete", ""},
		{"x := 1 +", "incomplete", ""},
		{"/* abc", "incomplete", ""},
		{"x := := 1", "invalid", ""},
		{"}", "invalid", ""},
		{"func f() {\n}", "complete", ""},
		{"fmt.Println(\"a\")\n\n", "complete", ""},
	} {
		status, indent := Completeness(tt.src)
		if status != tt.status || indent != tt.indent {
			t.Errorf("%q: %s %q, want %s %q", tt.src, status, indent, tt.status, tt.indent)
		}
	}
}
