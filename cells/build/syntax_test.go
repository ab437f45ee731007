package build

import "testing"

func TestSyntax(t *testing.T) {
	e := New(Config{Cache: t.TempDir()})
	got, err := e.Syntax(t.Context(), "package main\n//line Cell[3]:1:1\nfunc f() {\n\tg(1\n}\n")
	want := Error{File: "Cell[3]", Line: 2, Col: 5, Msg: "syntax error: unexpected newline in argument list; possibly missing comma or )"}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if got, err := e.Syntax(t.Context(), "package main\nfunc main() {}\n"); err != nil || got != nil {
		t.Errorf("of what is right: %v, %v", got, err)
	}
}
