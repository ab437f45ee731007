package cells

import (
	"context"
	"go/ast"
	gobuild "go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/paracell/paracell/cells/imports"
)

// A packageSource is the text of a package, for its comments.
type packageSource struct {
	fset  *token.FileSet
	files []*ast.File
}

// sources keeps what was parsed: the standard library does not change while the
// kernel lives.
var sources sync.Map // of folder to *packageSource

// source parses a package of the standard library, of Paracell or of a module. It
// returns nil where the source is not at hand.
func (s *Session) source(ctx context.Context, pkgPath string) *packageSource {
	if rel, ok := strings.CutPrefix(pkgPath, imports.Module+"/"); ok {
		if s.config.Library == nil {
			return nil
		}
		sub, err := fs.Sub(s.config.Library, rel)
		if err != nil {
			return nil
		}
		return parsePackage(sub)
	}
	dir := s.importer.Dir(pkgPath)
	if dir == "" {
		root := s.goroot(ctx)
		if root == "" {
			return nil
		}
		dir = filepath.Join(root, "src", filepath.FromSlash(pkgPath))
	}
	if src, ok := sources.Load(dir); ok {
		return src.(*packageSource)
	}
	src := parsePackage(os.DirFS(dir))
	if src != nil {
		sources.Store(dir, src)
	}
	return src
}

var goroots sync.Map // of go command to folder

// goroot is the folder of the Go toolchain, "" when there is none.
func (s *Session) goroot(ctx context.Context) string {
	command := s.config.GoCommand
	if command == "" {
		command = "go"
	}
	if root, ok := goroots.Load(command); ok {
		return root.(string)
	}
	out, err := exec.CommandContext(ctx, command, "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	root := strings.TrimSpace(string(out))
	goroots.Store(command, root)
	return root
}

// parsePackage parses the files that this platform builds.
func parsePackage(fsys fs.FS) *packageSource {
	build := gobuild.Default
	build.JoinPath = path.Join
	build.OpenFile = func(name string) (io.ReadCloser, error) { return fsys.Open(name) }
	names, err := fs.Glob(fsys, "*.go")
	if err != nil {
		return nil
	}
	src := &packageSource{fset: token.NewFileSet()}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := build.MatchFile(".", name); !ok || err != nil {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			continue
		}
		f, err := parser.ParseFile(src.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				fn.Body = nil // nobody asks for it, and most of the memory is there
			}
		}
		f.Comments = nil
		src.files = append(src.files, f)
	}
	if len(src.files) == 0 {
		return nil
	}
	return src
}

// about is the package's comment.
func (s *packageSource) about() string {
	var parts []string
	for _, f := range s.files {
		if f.Doc != nil {
			parts = append(parts, f.Doc.Text())
		}
	}
	return strings.Join(parts, "\n\n")
}

// find finds the declaration of a name in the line at; without a line, anywhere
// at the top level.
func (s *packageSource) find(name string, at token.Position) *entry {
	for _, f := range s.files {
		e := find(f.Decls, name, func(id *ast.Ident) bool {
			return !at.IsValid() || sameLine(s.fset.Position(id.Pos()), at)
		})
		if e != nil {
			return e
		}
	}
	return nil
}

// An entry is a declaration of one name, be it a field's or a method's.
type entry struct {
	decl     ast.Decl
	spec     ast.Spec // nil for a function
	comments []*ast.CommentGroup
}

// find finds the entry for a name whose identifier is the one.
func find(decls []ast.Decl, name string, is func(*ast.Ident) bool) *entry {
	match := func(ids ...*ast.Ident) bool {
		for _, id := range ids {
			if id.Name == name && is(id) {
				return true
			}
		}
		return false
	}
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if match(d.Name) {
				return &entry{decl: d, comments: []*ast.CommentGroup{d.Doc}}
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					if match(s.Names...) {
						return &entry{d, s, []*ast.CommentGroup{s.Doc, s.Comment, d.Doc}}
					}
				case *ast.TypeSpec:
					if match(s.Name) {
						return &entry{d, s, []*ast.CommentGroup{s.Doc, d.Doc, s.Comment}}
					}
					var found *entry
					ast.Inspect(s.Type, func(n ast.Node) bool {
						if f, ok := n.(*ast.Field); ok && found == nil && match(f.Names...) {
							found = &entry{d, s, []*ast.CommentGroup{f.Doc, f.Comment}}
						}
						return found == nil
					})
					if found != nil {
						return found
					}
				}
			}
		}
	}
	return nil
}

// doc is the first comment that the entry has.
func (e *entry) doc() string {
	for _, c := range e.comments {
		if c != nil {
			return c.Text()
		}
	}
	return ""
}

// text is the declaration without comments and without what isn't exported;
// other when it can't be printed.
func (e *entry) text(src *packageSource, other string) string {
	var node ast.Node
	switch d := e.decl.(type) {
	case *ast.FuncDecl:
		c := *d
		c.Doc = nil
		node = &c
	case *ast.GenDecl:
		t, ok := e.spec.(*ast.TypeSpec)
		if !ok {
			return other
		}
		c := *t
		c.Doc, c.Comment = nil, nil
		if s, ok := t.Type.(*ast.StructType); ok {
			c.Type = exportedFields(s)
		}
		node = &ast.GenDecl{TokPos: t.Pos(), Tok: token.TYPE, Specs: []ast.Spec{&c}}
	}
	var out strings.Builder
	gofmt := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := gofmt.Fprint(&out, src.fset, node); err != nil {
		return other
	}
	return strings.ReplaceAll(out.String(), "\n\n", "\n") // lines that comments left empty
}

// exportedFields copies a struct type without the other fields.
func exportedFields(s *ast.StructType) *ast.StructType {
	out := &ast.StructType{Struct: s.Struct, Fields: &ast.FieldList{Opening: s.Fields.Opening, Closing: s.Fields.Closing}, Incomplete: s.Incomplete}
	for _, f := range s.Fields.List {
		var names []*ast.Ident
		for _, n := range f.Names {
			if n.IsExported() {
				names = append(names, n)
			}
		}
		if len(names) > 0 || len(f.Names) == 0 {
			out.Fields.List = append(out.Fields.List, &ast.Field{Names: names, Type: f.Type})
		} else {
			out.Incomplete = true
		}
	}
	return out
}
