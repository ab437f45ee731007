package route

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
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
	return Find(file, info, func(f *types.Func) bool { return f.Name() == "mend" })
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
