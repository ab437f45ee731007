package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A reducer takes statements and declarations out of a program as long as it
// still differs in the same way.
type reducer struct {
	bench
	ctx   context.Context
	fset  *token.FileSet
	like  result
	dir   string
	tries int
}

const mostTries = 250

// standard type-checks against the sources of the standard library.
var standard = struct {
	sync.Mutex
	fset *token.FileSet
	types.Importer
}{fset: token.NewFileSet()}

func init() { standard.Importer = importer.ForCompiler(standard.fset, "source", nil) }

// reduce returns a smaller program with the same verdict.
func reduce(ctx context.Context, b bench, r result) ([]byte, error) {
	dir, err := os.MkdirTemp("", "reduce")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	text, err := os.ReadFile(r.file)
	if err != nil {
		return nil, err
	}
	red := &reducer{bench: b, ctx: ctx, fset: token.NewFileSet(), like: r, dir: dir}
	for {
		smaller := red.pass(text)
		if len(smaller) >= len(text) || red.tries > mostTries || ctx.Err() != nil {
			return smaller, ctx.Err()
		}
		text = smaller
	}
}

// pass tries to take out each run of statements, long runs first.
func (r *reducer) pass(text []byte) []byte {
	f, err := parser.ParseFile(r.fset, "p.go", text, 0)
	if err != nil {
		return text
	}
	for _, list := range lists(f) {
		for size := max(1, list.len()/2); size >= 1; size /= 2 {
			for at := list.len() - size; at >= 0; at -= size {
				if at+size > list.len() {
					continue
				}
				restore := list.cut(at, at+size)
				if small := r.print(f); small != nil && r.differs(small) {
					text = small
				} else {
					restore()
				}
			}
		}
	}
	for _, put := range unwraps(f) {
		restore := put()
		if small := r.print(f); small != nil && r.differs(small) {
			text = small
		} else {
			restore()
		}
	}
	return text
}

func (r *reducer) print(f *ast.File) []byte {
	var b bytes.Buffer
	if format.Node(&b, r.fset, f) != nil {
		return nil
	}
	return b.Bytes()
}

// differs reports whether a program compiles and goes wrong as the first did.
func (r *reducer) differs(text []byte) bool {
	if r.tries > mostTries || r.ctx.Err() != nil || !checks(text) {
		return false
	}
	r.tries++
	p := r.like.program
	p.file = filepath.Join(r.dir, "p.go")
	if os.WriteFile(p.file, text, 0o644) != nil {
		return false
	}
	got, err := r.one(r.ctx, p)
	return err == nil && got.Verdict == r.like.Verdict && got.sameKind(r.like)
}

// sameKind reports whether two results went wrong alike, as far as details tell
// where no names or numbers are looked at.
func (r result) sameKind(like result) bool {
	words := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) }), " ")
	}
	if r.Verdict == wrong {
		return true // another line may differ first
	}
	return words(r.Detail) == words(like.Detail)
}

func checks(text []byte) bool {
	standard.Lock()
	defer standard.Unlock()
	f, err := parser.ParseFile(standard.fset, "p.go", text, 0)
	if err != nil {
		return false
	}
	conf := types.Config{Importer: standard.Importer}
	_, err = conf.Check("main", standard.fset, []*ast.File{f}, nil)
	return err == nil
}

// A list is one that elements can be cut out of.
type list struct {
	len func() int
	cut func(from, to int) (restore func())
}

func listOf[T any](s *[]T) list {
	return list{
		func() int { return len(*s) },
		func(from, to int) func() {
			old := *s
			*s = slices.Concat(old[:from], old[to:])
			return func() { *s = old }
		},
	}
}

// lists returns the lists of declarations, statements and elements, the outer
// ones first.
func lists(f *ast.File) []list {
	all := []list{listOf(&f.Decls)}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			all = append(all, listOf(&n.List))
		case *ast.CaseClause:
			all = append(all, listOf(&n.Body))
		case *ast.CommClause:
			all = append(all, listOf(&n.Body))
		case *ast.CompositeLit:
			all = append(all, listOf(&n.Elts))
		}
		return true
	})
	return all
}

// unwraps returns what puts a part of an expression in the place of the whole,
// or a statement's body in the place of the statement.
func unwraps(f *ast.File) (all []func() (restore func())) {
	replace := func(at *ast.Expr, by ast.Expr) {
		all = append(all, func() func() {
			old := *at
			*at = by
			return func() { *at = old }
		})
	}
	simpler := func(at *ast.Expr) {
		switch e := (*at).(type) {
		case *ast.BinaryExpr:
			replace(at, e.X)
			replace(at, e.Y)
		case *ast.ParenExpr:
			replace(at, e.X)
		case *ast.UnaryExpr:
			replace(at, e.X)
		case *ast.CallExpr:
			if id, ok := e.Fun.(*ast.Ident); ok && len(e.Args) > 0 && strings.HasPrefix(id.Name, "see") {
				replace(at, e.Args[len(e.Args)-1])
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			for i, s := range n.List {
				var body []ast.Stmt
				switch s := s.(type) {
				case *ast.BlockStmt:
					body = s.List
				case *ast.IfStmt:
					body = s.Body.List
				case *ast.ForStmt:
					body = s.Body.List
				default:
					continue
				}
				all = append(all, func() func() {
					old := n.List
					if i >= len(old) || old[i] != s {
						return func() {}
					}
					n.List = slices.Concat(old[:i], body, old[i+1:])
					return func() { n.List = old }
				})
			}
		case *ast.BinaryExpr:
			simpler(&n.X)
			simpler(&n.Y)
		case *ast.ParenExpr:
			simpler(&n.X)
		case *ast.CallExpr:
			for i := range n.Args {
				simpler(&n.Args[i])
			}
		case *ast.AssignStmt:
			for i := range n.Rhs {
				simpler(&n.Rhs[i])
			}
		case *ast.ReturnStmt:
			for i := range n.Results {
				simpler(&n.Results[i])
			}
		case *ast.ValueSpec:
			for i := range n.Values {
				simpler(&n.Values[i])
			}
		case *ast.IfStmt:
			simpler(&n.Cond)
		}
		return true
	})
	return all
}
