package generate

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// TestProgram type-checks what is generated.
func TestProgram(t *testing.T) {
	fset := token.NewFileSet()
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	for seed := range uint64(300) {
		text := Program(seed)
		if text != Program(seed) {
			t.Fatalf("program %d is another one the second time", seed)
		}
		f, err := parser.ParseFile(fset, "p.go", text, 0)
		if err != nil {
			t.Fatalf("program %d: %v\n%s", seed, err, text)
		}
		if _, err := conf.Check("main", fset, []*ast.File{f}, nil); err != nil {
			t.Errorf("program %d: %v", seed, err)
		}
	}
}
