package cells

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/imports"
	"github.com/paracell/paracell/cells/syntax"
)

// importName returns the name that an import gives a package.
func importName(spec *ast.ImportSpec, im *imports.Importer) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	p := importPath(spec)
	if pkg, err := im.Import(p); err == nil {
		return pkg.Name()
	}
	return path.Base(p)
}

func importPath(spec *ast.ImportSpec) string { return strings.Trim(spec.Path.Value, "`\"") }

// findModules finds packages of modules that a cell imports, as the go command
// does in the session's folder. Where that fails the importer says why.
func (r *running) findModules(ctx context.Context, cell *syntax.Cell) *Error {
	for _, d := range cell.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			continue
		}
		for _, spec := range g.Specs {
			path, err := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
			if err != nil || !isPackage(path) || r.importer.Has(path) && !r.importer.Modular(path) {
				continue
			}
			done := r.showCompiling()
			dir, err := r.engine.ModuleDir(r.Dir())
			var pkg build.ModulePackage
			if err == nil {
				pkg, err = r.engine.Module(ctx, dir, path)
			}
			done()
			if interrupted(err) || ctx.Err() != nil {
				return interruptError()
			}
			if wrong := (*build.ModuleError)(nil); errors.As(err, &wrong) && wrong.Unknown || err != nil && wrong == nil && !strings.Contains(path, ".") {
				continue // most likely it is misspelled: the importer has words for that
			}
			r.importer.Provide(path, imports.Package{Archive: pkg.Archive, Dir: pkg.Dir}, err)
			if pkg.Changed {
				r.request.Emit(Stream{Name: "stderr", Text: fmt.Sprintf("package %s has changed since it was imported; a restart of the kernel takes it as it is now\n", path)})
			}
		}
	}
	return nil
}

// isPackage reports whether the go command takes a path for that of one package.
func isPackage(path string) bool {
	switch path {
	case "", "C", "all", "std", "cmd", "tool", "work":
		return false
	}
	return !strings.Contains(path, "...")
}

func (s *Session) insertImport(pkg *types.Package, name, path string) {
	imported, err := s.importer.Import(path)
	if err != nil {
		return
	}
	pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, name, imported))
}

func dotImport(p string) ast.Decl {
	return &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
		Name: ast.NewIdent("."),
		Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + p + `"`},
	}}}
}

// addImports imports standard packages that the cell names without importing
// them. It reports whether it found any.
func (s *Session) addImports(errs []types.Error, added map[string]string) bool {
	found := false
	for _, e := range errs {
		name, ok := strings.CutPrefix(e.Msg, "undefined: ")
		if !ok || !token.IsIdentifier(name) || added[name] != "" || s.scope.vars[name] != nil {
			continue
		}
		if p := s.standardPackage(name); p != "" && s.followedByDot(e.Pos, name) {
			added[name] = p
			found = true
		}
	}
	return found
}

// followedByDot reports whether the identifier at pos is used as a package is.
func (s *Session) followedByDot(pos token.Pos, name string) bool {
	p := s.fset.Position(pos)
	line, _ := s.line(p)
	i := p.Column - 1 + len(name)
	return i < len(line) && line[i] == '.'
}

// standardPackage returns the import path that most programs mean by a package
// name, "" when there is none.
func (s *Session) standardPackage(name string) string {
	switch name { // where two packages share a name
	case "unsafe": // of no package list
		return "unsafe"
	case "rand":
		return "math/rand"
	case "template":
		return "text/template"
	case "pprof":
		return "runtime/pprof"
	case "scanner":
		return "text/scanner"
	case "tabwriter":
		return "text/tabwriter"
	}
	best := ""
	for _, p := range s.importer.Paths() {
		if path.Base(p) == name && (best == "" || len(p) < len(best)) {
			best = p
		}
	}
	return best
}
