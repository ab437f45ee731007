package cells

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/paracell/paracell/cells/yaegi"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "evaluator" {
		os.Exit(yaegi.Serve())
	}
	if len(os.Args) > 2 && os.Args[1] == "yaegi" { // nothing else, to compare with
		if err := runAlone(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		file := ""
		if len(os.Args) > 2 {
			file = os.Args[2]
		}
		fmt.Fprintln(os.Stderr, yaegi.Work(file))
		os.Exit(2)
	}
	status := m.Run()
	if path, err := program(); err == nil && underRace {
		os.Remove(path)
	}
	os.Exit(status)
}

// program returns the binary that evaluates cells in tests: this one, or under
// the race detector, which cannot follow into plugins, one without it.
var program = sync.OnceValues(func() (string, error) {
	if !underRace {
		return os.Executable()
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("paracell-test-%d", os.Getpid()))
	if out, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the evaluator: %w: %s", err, out)
	}
	return path, nil
})

// notebook runs cells and keeps what they show.
type notebook struct {
	t testing.TB
	s *Session
	n int
	// input is asked when a cell reads; nil for nobody.
	input func(ctx context.Context, prompt string, password bool) (string, error)
}

func open(t testing.TB) *notebook {
	t.Helper()
	self, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(Config{Evaluator: []string{self, "evaluator"}, Worker: []string{self, "worker"}, Dir: t.TempDir(), Library: os.DirFS("..")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &notebook{t: t, s: s}
}

// run runs a cell and returns what it showed, and its error as "ename: evalue".
func (nb *notebook) run(code string) string { return nb.runContext(context.Background(), code, nil) }

func (nb *notebook) runContext(ctx context.Context, code string, on func(Event)) string {
	nb.t.Helper()
	nb.n++
	var out strings.Builder
	reply := nb.s.Execute(ctx, Request{Code: code, Count: nb.n, Store: true, Input: nb.input, Emit: func(e Event) {
		if on != nil {
			on(e)
		}
		switch e := e.(type) {
		case Stream:
			out.WriteString(e.Text)
		case Result:
			fmt.Fprintf(&out, "=> %v", e.Data["text/plain"])
		}
	}})
	if reply.Err != nil {
		fmt.Fprintf(&out, "!! %s: %s", reply.Err.Name, reply.Err.Value)
	}
	return out.String()
}

// TestSessions runs cells in order; what each shows stands behind it.
func TestSessions(t *testing.T) {
	for _, tt := range sessions {
		t.Run(tt.name, func(t *testing.T) {
			nb := open(t)
			for i := 0; i < len(tt.cells); i += 2 {
				if got := nb.run(tt.cells[i]); got != tt.cells[i+1] {
					t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+1, tt.cells[i], got, tt.cells[i+1])
				}
			}
		})
	}
}

var sessions = []struct {
	name  string
	cells []string
}{
	{"a value", []string{"6*7", "=> 42", "x := 5", "", "x + 1", "=> 6", "\"abc\"", "=> abc", "x;", ""}},
	{"printing has no value", []string{"import \"fmt\"\nfmt.Println(\"hi\")", "hi\n"}},
	{"everything mixed", []string{
		"fmt.Println(f(3), T{1}.M())\nimport \"fmt\"\nfunc f(n int) int { return n * k }\nconst k = 2\ntype T struct{ a int }\nfunc (t T) M() int { return t.a + k }", "6 3\n",
	}},
	{"imports anywhere", []string{"func f() string { return strings.ToUpper(\"a\") }\nimport \"strings\"\nf()\nimport \"fmt\"\nfmt.Sprint(f())", "=> A"}},
	{"a function uses a variable of its cell", []string{
		"total := 0\nfunc add(n int) { total += n }\nadd(2)\nadd(3)\ntotal", "=> 5",
	}},
	{"redefined functions reach their callers", []string{
		"func f() int { return 1 }\nfunc g() int { return f() * 10 }", "",
		"g()", "=> 10",
		"func f() int { return 2 }", "",
		"g()", "=> 20",
	}},
	{"a variable changes its type", []string{
		"x := 1", "", "x := \"a\"", "", "x + \"b\"", "=> ab", "var x float64", "", "x", "=> 0",
	}},
	{"a variable from its old value", []string{"x := 1", "", "x := x + 1", "", "x", "=> 2"}},
	{"functions see the new value", []string{
		"x := 1", "", "func get() int { return x }", "", "x := 5", "", "get()", "=> 5",
	}},
	{"a type is redefined", []string{
		"type P struct{ X int }", "", "func show(p P) int { return p.X }", "",
		"type P struct{ X, Y int }", "", "show(P{1, 2})", "=> 1", "P{1, 2}.Y", "=> 2",
	}},
	{"a method in a later cell", []string{
		"type C struct{ n int }", "", "c := C{4}", "", "func (c C) Double() int { return 2 * c.n }", "", "c.Double()", "=> 8",
		"func (c C) Double() int { return 3 * c.n }", "", "c.Double()", "=> 12",
	}},
	{"a failed cell leaves nothing behind", []string{
		"a := 1", "",
		"a := 2\nvar q []int\n_ = q[3]\nb := 3", "!! RuntimeError: index out of range [3] with length 0",
		"a", "=> 1",
		"b", "!! CompileError: Cell[4]:1:1: undefined: b",
		"c := 1\nd := undefinedName", "!! CompileError: Cell[5]:2:6: undefined: undefinedName",
		"c", "!! CompileError: Cell[6]:1:1: undefined: c",
	}},
	{"what no longer fits is named", []string{
		"func f() int { return 1 }", "", "func g() int { return f() + 1 }", "",
		"func f() string { return \"a\" }", "g (Cell[2]) no longer fits and is set aside: Cell[2]:1:23: invalid operation: f() + 1 (mismatched types string and untyped int)\n",
		"f()", "=> a",
	}},
	{"generics", []string{
		"func Map[T, U any](xs []T, f func(T) U) []U {\n\tvar out []U\n\tfor _, x := range xs {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}", "",
		"Map([]int{1, 2, 3}, func(i int) string { return fmt.Sprint(i * i) })", "imported fmt\n=> [1 4 9]",
		"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }\nfunc (s *Stack[T]) Pop() T {\n\tx := s.items[len(s.items)-1]\n\ts.items = s.items[:len(s.items)-1]\n\treturn x\n}\nvar s Stack[string]\ns.Push(\"a\")\ns.Push(\"b\")\ns.Pop()", "=> b",
		"import \"slices\"\nxs := []int{3, 1, 2}\nslices.Sort(xs)\nxs", "=> [1 2 3]",
		"slices.SortFunc(xs, func(a, b int) int { return b - a })\nxs", "=> [3 2 1]",
		"import \"maps\"\nm := map[string]int{\"b\": 2, \"a\": 1}\nslices.Sorted(maps.Keys(m))", "=> [a b]",
	}},
	{"instances as values", []string{
		"func one[T any]() T { return any(1).(T) }\nfunc get[T any]() func() T { return one[T] }\nfunc pair[T any]() (func() T, error) { return one[T], nil }", "",
		"fs := []func() int{get[int](), one[int]}\ng, _ := pair[int]()\nfs[0]() + fs[1]() + g()", "=> 3",
	}},
	{"variables of interfaces without a name", []string{
		"type n int\nfunc (n) get() int { return 1 }\nfunc box(x interface{ get() int }) interface{ get() int } { return x }", "",
		"x := box(n(5))", "", "x == n(5)", "=> true", "x != box(n(5))", "=> false", "x.get()", "=> 1",
	}},
	{"new builtins and loops", []string{
		"min(3, 1, 2)", "=> 1", "max(2.5, 1)", "=> 2.5",
		"s := 0\nfor i := range 4 { s += i }\ns", "=> 6",
		"m := map[int]int{1: 1}\nclear(m)\nlen(m)", "=> 0",
		"var fs []func() int\nfor i := 0; i < 3; i++ { fs = append(fs, func() int { return i }) }\nfs[0]() + fs[2]()", "=> 2",
		"func seq(n int) func(func(int) bool) { return func(yield func(int) bool) { for i := 0; i < n; i++ { if !yield(i) { return } } } }\nfunc first(n int) int { for x := range seq(100) { if x*x > n { return x } }; return -1 }\nfirst(50)", "=> 8",
	}},
	{"order of evaluation", []string{
		"func s() (a, b int) { a, b = 1, 2; return b, a }\nfunc show(a, b int) int { return a*10 + b }\nshow(s())", "=> 21",
		"i := 0\nm := map[int]int{}\ni, m[i] = 1, 2\nm", "=> map[0:2]",
		"import \"fmt\"\nfunc d() { x := 1; defer fmt.Println(x); x = 2 }\nd()", "1\n",
	}},
	{"several values", []string{"func two() (int, string) { return 1, \"a\" }\ntwo()", "=> 1 a"}},
	{"recover", []string{
		"func try() (r any) { defer func() { r = recover() }(); panic(\"boom\") }\ntry()", "=> boom",
		"try().(string) + \"!\"", "=> boom!",
	}},
	{"main and init are functions", []string{"package main\nimport \"fmt\"\nfunc init() { fmt.Println(\"init\") }\nfunc main() { fmt.Println(\"main\") }", "init\n", "main()", "main\n"}},
	{"shadowed builtins", []string{"len := 3\nlen", "=> 3", "string := \"x\"\nstring", "=> x"}},
	{"a type made from an earlier one", []string{"type A struct{ X int }", "", "type B A\nB{1}.X", "=> 1"}},
	{"blank variables", []string{"import \"sync\"\nvar _ sync.Mutex\nvar _, q = 1, 2\nq", "=> 2", "type E struct{}\nfunc (*E) Error() string { return \"e\" }\nvar _ error = (*E)(nil)", ""}},
	{"errors of futures go by their names", []string{
		"import \"github.com/paracell/paracell/futures\"\nvar err error = &futures.BrokenProcessPool{Message: \"broken\"}\npanic(err)", "!! BrokenProcessPool: broken",
	}},
	{"magics", []string{"x := 2\n%who", "x\n", "%nosuch", "!! UsageError: there is no magic %nosuch; %lsmagic lists the magics"}},
}
