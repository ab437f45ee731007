package route

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/paracell/paracell/cells/syntax"
)

// find checks a cell and looks for rules in it.
func find(t *testing.T, code string) (Reason, bool) {
	t.Helper()
	fset := token.NewFileSet()
	cell, err := syntax.Parse(fset, "cell", 1, code)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	body := &ast.FuncDecl{Name: ast.NewIdent("body"), Type: cell.Func.Type, Body: cell.Body}
	file := &ast.File{Name: ast.NewIdent("main"), Decls: append(cell.Decls, body)}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(error) {}}
	_, _ = conf.Check("main", fset, []*ast.File{file}, info) // values may be unused
	funcs := map[types.Object]*ast.FuncDecl{}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			funcs[info.Defs[f.Name]] = f
		}
	}
	return Find(file, &Code{
		Info:     info,
		Func:     func(o types.Object) (*ast.FuncDecl, *types.Info) { return funcs[o], info },
		Recovers: func(f *types.Func) bool { return f.Name() == "mend" },
		Modular:  func(path string) bool { return strings.Contains(path, ".") },
	})
}

func TestRules(t *testing.T) {
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			if found, ok := find(t, r.Needs); !ok || found.Rule != r {
				t.Errorf("%s\nis routed by %+v", r.Needs, found.Rule)
			}
		})
	}
}

// What is ordinary stays with the interpreter.
func TestInterpreted(t *testing.T) {
	for _, code := range []string{
		"1 + 1",
		"import \"fmt\"\nfor i := range 1000 {\n\tfmt.Println(i)\n}",
		"func gcd(a, b int) int {\n\tfor i := min(a, b); i > 0; i-- {\n\t\tif a%i == 0 && b%i == 0 {\n\t\t\treturn i\n\t\t}\n\t}\n\treturn 1\n}\ngcd(12, 18)",
		"import \"runtime\"\nruntime.NumCPU()",
		"m := map[string]int{}\nclear(m)",
		"func Map[T, U any](xs []T, f func(T) U) (out []U) {\n\tfor _, x := range xs {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}\nMap([]int{1}, func(i int) any { return i })",
		"var x any = 1\nswitch x.(type) {\ncase int, error:\n}",
		"recover := 1\n_ = recover",
		"var a [100]int\n_ = a",
	} {
		if found, ok := find(t, code); ok {
			t.Errorf("%s\nis routed by %q", code, found.Rule.Name)
		}
	}
}

// What is known to take long is compiled, where the loop is or where it is called.
func TestLong(t *testing.T) {
	work := "func work(n int) (sum int) {\n\tfor i := 0; i < n; i++ {\n\t\tsum += i\n\t}\n\treturn sum\n}\n"
	for _, tt := range []struct {
		code string
		long bool
	}{
		{work + "work(1e8)", true},
		{work + "work(1000)", false},
		{work + "var n int\n_ = work(n)", false},
		{work + "n := 100_000_000\nwork(n)", true},
		{work + "n := 100_000_000\nn = 5\nwork(n)", false},
		{"n := 30_000\ncount := 0\nfor i := 0; i < n; i++ {\n\tfor j := i + 1; j < n; j++ {\n\t\tcount++\n\t}\n}", true},
		{"xs := make([]int, 1e8)\nfor i := range xs {\n\txs[i] = i\n}", true},
		{"xs := []int{1, 2, 3}\nfor _, x := range xs {\n\t_ = x\n}", false},
		{"func f(x int) int { return x * 2 }\nfor i := range 1_000_000 {\n\tf(i)\n}", true},
		{"func f(x int) int { return x * 2 }\nfor i := range 1000 {\n\tf(i)\n}", false},
		{"func inner() {\n\tfor range 100_000 {\n\t}\n}\nfunc middle() {\n\tfor range 100 {\n\t\tinner()\n\t}\n}\nfor range 10 {\n\tmiddle()\n}", true},
		{"const rounds = 1000\nc := make(chan int)\nfor range rounds {\n\tgo func() {\n\t\tfor i := 0; i < rounds; i++ {\n\t\t\tc <- i\n\t\t}\n\t}()\n}", true},
		{"n, count := 1_000_000_000_000_000_000, 0\nfor i := 2; i*i <= n; i++ {\n\tcount++\n}", true},
		{"func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nfib(20)", false},
		{"func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nfib(35)", true},
		{"func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nfor i := 0; i < 35; i++ {\n\tprintln(fib(i))\n}", true},
		{"func hanoi(n int, a, b, c string) int {\n\tif n == 0 {\n\t\treturn 0\n\t} else {\n\t\treturn hanoi(n-1, a, c, b) + 1 + hanoi(n-1, c, b, a)\n\t}\n}\nhanoi(25, `a`, `b`, `c`)", true},
		{"func down(n int) int {\n\tif n > 0 {\n\t\treturn down(n - 1)\n\t}\n\treturn 0\n}\ndown(1000)", false},
		{"func forever(n int) int { return forever(n + 1) }\nforever(1)", false},
		{"func Sum[T any](xs []T) (n int) {\n\tfor range xs {\n\t\tn++\n\t}\n\treturn\n}\nSum(make([]int, 1e9))", true},
		{"for i := 0; i < 10; i++ {\n\tif i < 0 {\n\t\tfor range 1000 {\n\t\t}\n\t}\n}", false},
		{"for {\n\tbreak\n}", false},
	} {
		found, _ := find(t, tt.code)
		if long := found.Rule != nil && found.Rule.Name == "long loops"; long != tt.long {
			t.Errorf("%s\nis routed by %+v", tt.code, found.Rule)
		}
	}
}
