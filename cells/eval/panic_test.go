package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// A marker comment says where each frame is, innermost first.
func TestPanics(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name, decls, body, message, typ string
		imports                         []string
	}{
		{"string", "", `panic("boom") //1`, "boom", "string", nil},
		{"int", "", "x := 1\nx++\npanic(x) //1", "2", "int", nil},
		{"error", "", `panic(errors.New("bad")) //1`, "bad", "*errors.errorString", []string{"errors"}},
		{"sprintf", "", `panic(fmt.Sprintf("bad %d", 3)) //1`, "bad 3", "string", []string{"fmt"}},
		{"index", "", "a := []int{1, 2, 3}\ni := 5\na[0] = a[i] //1", "runtime error: index out of range [5] with length 3", "runtime.boundsError", nil},
		{"index string", "", "a := \"abc\"\ni := 5\n_ = a[i] //1", "runtime error: index out of range [5] with length 3", "runtime.boundsError", nil},
		{"index set", "", "a := []int{1, 2, 3}\ni := 3\na[i] = 1 //1", "runtime error: index out of range [3] with length 3", "runtime.boundsError", nil},
		{"slice", "", "a := []int{1, 2, 3}\ni := 5\na = a[1:i] //1", "runtime error: slice bounds out of range [:5] with capacity 3", "runtime.boundsError", nil},
		{"divide", "", "a, b := 1, 0\nc := 3\nc = a / b //1", "runtime error: integer divide by zero", "runtime.errorString", nil},
		{"nil map", "", "var m map[string]int\nm[\"a\"] = 1 //1", "assignment to entry in nil map", "runtime.plainError", nil},
		{"nil pointer", "type P%[1]d struct{ x int }", "var p *P%[1]d\nx := 1\nx += p.x //1", "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", nil},
		{"nil pointer set", "type P%[1]d struct{ x int }", "var p *P%[1]d\np.x = 2 //1", "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", nil},
		{"star", "", "var p *int\nx := 1\nx = *p //1", "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", nil},
		{"nil func", "", "var f func()\nf() //1", "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", nil},
		{"star operand", "", "var p *int\nx := 1\nx = 1 + *p //1", "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", nil},
		{"conversion", "", "var v any = 1\ns := v.(string) //1\n_ = s", "interface conversion: interface {} is int, not string", "*runtime.TypeAssertionError", nil},
		{"closed", "", "c := make(chan int)\nclose(c)\nc <- 1 //1", "send on closed channel", "runtime.plainError", nil},
		{"calls", "func f%[1]d(n int) int {\nif n == 0 {\npanic(\"deep\") //1\n}\nreturn 1 + f%[1]d(n-1) //2 3\n}", "f%[1]d(2) //4", "deep", "string", nil},
		{"method", "type T%[1]d struct{}\nfunc (T%[1]d) m() {\npanic(\"m\") //1\n}", "T%[1]d{}.m() //2", "m", "string", nil},
		{"literal", "", "f := func() {\nx := 1\nx++\npanic(\"lit\") //1\n}\nf() //2", "lit", "string", nil},
		{"compiled between", "", "a := []int{3, 1, 2}\nsort.Slice(a, func(i, j int) bool { //2\npanic(\"less\") //1\n})", "less", "string", []string{"sort"}},
		{"recovered before", "", "func() {\ndefer func() { recover() }()\npanic(1)\n}()\npanic(\"second\") //1", "second", "string", nil},
		{"again", "", "defer func() {\nr := recover()\npanic(r) //1\n}()\npanic(\"first\")", "first", "string", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &session{Process: s.Process, t: t, units: s.units}
			n := s.units + 1
			u := s.unit(number(c.decls, n), number(c.body, n), c.imports...)
			o, _ := s.run(u)
			if o.Kind != eval.Panicked || o.Message != c.message || o.Type != c.typ {
				t.Fatalf("%s %q %s\n%s", o.Kind, o.Message, o.Type, o.Detail)
			}
			for i, line := range strings.Split(u.Source, "\n") {
				_, marks, _ := strings.Cut(line, "//")
				for _, m := range strings.Fields(marks) {
					var k int
					fmt.Sscan(m, &k)
					if k > len(o.Frames) || o.Frames[k-1].Line != i+1 || o.Frames[k-1].Unit != u.Name {
						t.Errorf("frame %d is not at line %d: %v", k, i+1, o.Frames)
					}
				}
			}
		})
		s.units++
	}
}

func number(format string, n int) string { return strings.ReplaceAll(format, "%[1]d", fmt.Sprint(n)) }
