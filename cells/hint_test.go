package cells

import (
	"regexp"
	"strings"
	"testing"
)

var anyCell = regexp.MustCompile(`^Cell\[\d+\]:`)

// TestHints shows what is said beside the compiler's words.
func TestHints(t *testing.T) {
	nb := open(t)
	for _, c := range []string{
		"import \"fmt\"",
		"type Point struct{ Xpos, Ypos int }\nfunc (p *Point) String() string { return \"\" }\npt := Point{}",
		"counter, ratio := 1, 2.5\nlen := 3",
		"func later() int { return toCome() }",
	} {
		nb.run(c)
	}
	for _, tt := range []struct{ code, want string }{
		{"coutner", "Cell[?]:1:1: undefined: coutner (did you mean counter?)"},
		{"total = 1", "Cell[?]:1:1: undefined: total (total := … defines it)"},
		{"strngs.ToUpper(\"a\")", "Cell[?]:1:1: undefined: strngs (did you mean strings?)"},
		{"Println(1)", "Cell[?]:1:1: undefined: Println (did you mean fmt.Println?)"},
		{"fmt.Printn(1)", "Cell[?]:1:5: undefined: fmt.Printn (did you mean Print or Printf or Println?)"},
		{"math.sqrt(2)", "Cell[?]:1:6: name sqrt not exported by package math (did you mean Sqrt?)"},
		{"pt.Xps", "Cell[?]:1:4: pt.Xps undefined (type Point has no field or method Xps) (did you mean Xpos?)"},
		{"Point{Q: 1}", "Cell[?]:1:7: unknown field Q in struct literal of type Point (its fields are Xpos, Ypos)"},
		{"Point{Ypso: 1}", "Cell[?]:1:7: unknown field Ypso in struct literal of type Point (did you mean Ypos?)"},
		{"import \"json\"", "Cell[?]:1:8: could not import json (package json is not in std) (did you mean \"encoding/json\"?)"},
		{"var s fmt.Stringer = Point{}", "Cell[?]:1:22: cannot use Point{} (value of struct type Point) as fmt.Stringer value in variable declaration: Point does not implement fmt.Stringer (method String has pointer receiver) (the pointer has the method: use &x)"},
		{"counter * ratio", "Cell[?]:1:1: invalid operation: counter * ratio (mismatched types int and float64) (Go converts no numbers by itself: write int(x) or float64(x))"},
		{"\"n = \" + counter", "Cell[?]:1:1: invalid operation: \"n = \" + counter (mismatched types untyped string and int) (fmt.Sprint(x) makes a string of any value)"},
		{"len(\"a\")", "Cell[?]:1:1: invalid operation: cannot call len (variable of type int): int is not a function (the variable len of Cell[3] hides Go's own len)"},
		{"later()", "Cell[?]:1:1: undefined: later (later (Cell[4]) waits for toCome, which nothing defines yet)"},
		{"counter := 1\ncounter := 2", "Cell[?]:2:9: no new variables on left side of := (= gives a variable that exists a new value)"},
		{"func f() { n := 1 }", "Cell[?]:1:12: declared and not used: n (in a function each variable must be used; _ = x uses it)"},
		{"func f() int {}", "Cell[?]:1:15: missing return (each way through the function must end in a return or a panic)"},
		{"counter == 1\n2", "Cell[?]:1:1: counter == 1 (untyped bool value) is not used (only the last expression of a cell is shown; _ = x drops a value)"},
		{"return 5", "Cell[?]:1:8: too many return values (a cell's value is its last expression: leave out return)"},
		{"if counter = 3 {\n}", "Cell[?]:1:12: syntax error: cannot use assignment counter = 3 as value (== compares, = assigns)"},
		{"for counter < 3\n{\n}", "Cell[?]:2:1: syntax error: unexpected {, expected for loop condition ({ belongs at the end of the line before)"},
		{"'ab'", "Cell[?]:1:1: more than one character in rune literal (a string stands in double quotes, \"…\")"},
		{"x := None", "Cell[?]:1:6: undefined: None (Go says nil)"},
		{"while true {}", "Cell[?]:1:7: syntax error: unexpected name true at end of statement (Go says for: for i < n { … })"},
		{"zip", "Cell[?]:1:1: undefined: zip (zip is a package: write zip. and a name of it)"},
		{"bar", "Cell[?]:1:1: undefined: bar"},
		{"/*line x.go:9:5*/ bar", "Cell[?]:1:19: undefined: bar"},
		{"//line x.go:9\nfunc f() { bar.x }", "Cell[?]:2:12: undefined: bar (did you mean tar?)"},
		{"int x = 5", "Cell[?]:1:5: syntax error: unexpected name x at end of statement (the type stands behind the name: var x int = …)"},
		{"# note", "Cell[?]:1:1: invalid character U+0023 '#' (a comment begins with //)"},
		{"q1", "Cell[?]:1:1: undefined: q1"},
		{"if counter > 1\n{\n}", "Cell[?]:1:15: syntax error: unexpected newline, expected { after if clause ({ belongs at the end of the line)"},
		{"func f() int { return 1", "Cell[?]:1:14: syntax error: { is not closed"},
		{"if true {\n\tbar()", "Cell[?]:1:9: syntax error: { is not closed"},
		{"fmt.Println(1", "Cell[?]:1:14: syntax error: unexpected newline in argument list; possibly missing comma or ) (each line of a list ends in a comma, or in what closes the list)"},
		{"func f() {\n\tx := []int{1, 2\n}", "Cell[?]:2:17: syntax error: unexpected newline in composite literal; possibly missing comma or } (each line of a list ends in a comma, or in what closes the list)"},
		{"func f() {\n}\n}", "Cell[?]:3:1: syntax error: unexpected }"},
		{"s := `a\nb", "Cell[?]:1:6: string not terminated (a string of several lines stands in backquotes)"},
		{"import \"C\"", "Cell[?]:1:8: could not import C (package C is not in std) (cgo is for programs: %%run takes one as a cell)"},
		{"//go:embed a.txt\nvar s string", "Cell[?]:1:1: a cell can embed no files: os.ReadFile reads one, and a program for %run can embed it"},
	} {
		nb.n++
		reply := nb.s.Execute(t.Context(), Request{Code: tt.code, Count: nb.n, Emit: func(Event) {}})
		if reply.Err == nil {
			t.Errorf("%s did not fail", tt.code)
			continue
		}
		if got := anyCell.ReplaceAllString(reply.Err.Value, "Cell[?]:"); reply.Err.Name != "CompileError" || got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.code, got, tt.want)
		}
	}
	if got, want := nb.traceback("coutner"), "Cell[46]:1:1: undefined: coutner\n   1 | coutner\n       ^\nhint: did you mean counter?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPanicHints shows what is said below a panic.
func TestPanicHints(t *testing.T) {
	nb := open(t)
	nb.run("type T struct{ a int }\nvar x any = &T{}")
	nb.run("type T struct{ a, b int }")
	if got, want := nb.traceback("x.(*T)"), "hint: the value was made before Cell[2] defined the type T again: make it anew"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
	if got := nb.traceback("x.(int)"); strings.Contains(got, "hint") {
		t.Errorf("a hint for\n%s", got)
	}
}
