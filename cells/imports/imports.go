// Package imports resolves import paths to type information: the standard
// library from an archive of export data, Paracell's own packages from source.
package imports

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// Module is the module path under which cells import Paracell's own packages.
const Module = "github.com/paracell/paracell"

// Config says where an Importer finds things.
type Config struct {
	CacheDir  string // holds the archive of export data; made when missing
	GoCommand string // "" for "go" in PATH
	Library   fs.FS  // sources of Paracell's own packages ("futures", "display"); may be nil
}

// An Importer implements types.Importer. It is safe for concurrent use.
type Importer struct {
	config Config
	fset   *token.FileSet

	mu      sync.Mutex
	pkgs    map[string]*types.Package
	modules map[string]Package // of modules, by import path
	refused map[string]error   // why others of their packages cannot be had
	sources map[string]*Source
	archive *archive
	paths   []string // importable packages of the standard library, sorted
	warming func() error
	ctx     context.Context // ends with Close
	close   context.CancelFunc
}

// A Source is a package checked from its source: what instantiating its generic
// functions and types needs.
type Source struct {
	Pkg   *types.Package
	Files []*ast.File
	Info  *types.Info
	Decls map[types.Object]ast.Node // *ast.FuncDecl or *ast.TypeSpec
}

// New returns an Importer whose positions are in fset. It does not touch the
// disk: the archive is opened, and made when there is none, at first need.
func New(fset *token.FileSet, c Config) *Importer {
	if c.GoCommand == "" {
		c.GoCommand = "go"
	}
	im := &Importer{
		config:  c,
		fset:    fset,
		pkgs:    map[string]*types.Package{"unsafe": types.Unsafe},
		modules: map[string]Package{},
		refused: map[string]error{},
		sources: map[string]*Source{},
	}
	im.ctx, im.close = context.WithCancel(context.Background())
	im.warming = sync.OnceValue(im.openOrMake)
	return im
}

// Close stops the making of the archive, if that is under way, and closes it.
func (im *Importer) Close() error {
	im.close()
	im.mu.Lock()
	defer im.mu.Unlock()
	if im.archive == nil {
		return nil
	}
	return im.archive.file.Close()
}

// Warm opens the archive of export data, and makes it first when there is none.
func (im *Importer) Warm() error { return im.warming() }

func (im *Importer) openOrMake() error {
	a, err := openArchive(im.config.CacheDir)
	if err != nil {
		if err := makeArchive(im.ctx, im.config.GoCommand, im.config.CacheDir); err != nil {
			return fmt.Errorf("preparing the standard library's type information: %w", err)
		}
		if a, err = openArchive(im.config.CacheDir); err != nil {
			return err
		}
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	im.archive = a
	for p := range a.entries {
		im.paths = append(im.paths, p)
	}
	if im.config.Library != nil {
		for _, own := range []string{"display", "futures"} {
			im.paths = append(im.paths, Module+"/"+own)
		}
	}
	slices.Sort(im.paths)
	return nil
}

// Paths lists what can be imported, sorted.
func (im *Importer) Paths() []string {
	if im.Warm() != nil {
		return nil
	}
	return im.paths
}

// NotFoundError says that a package cannot be imported.
type NotFoundError struct{ Path string }

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("package %s is not in std", e.Path)
}

// A Package is a module's: the file with its export data, and the folder of its
// sources.
type Package struct{ Archive, Dir string }

// Provide tells where a module's package is, or why it cannot be had.
func (im *Importer) Provide(path string, p Package, err error) {
	im.mu.Lock()
	defer im.mu.Unlock()
	delete(im.refused, path)
	if err != nil {
		im.refused[path] = err
		return
	}
	im.modules[path] = p
}

// Has reports whether a package can be imported: of the standard library, of
// Paracell, or of a module that was told of.
func (im *Importer) Has(path string) bool {
	_, err := im.Import(path)
	return err == nil
}

// Dir is where the sources of a module's package are, "" for others.
func (im *Importer) Dir(path string) string {
	im.mu.Lock()
	defer im.mu.Unlock()
	return im.modules[path].Dir
}

// HasModules reports whether a module's package was provided.
func (im *Importer) HasModules() bool {
	im.mu.Lock()
	defer im.mu.Unlock()
	return len(im.modules) > 0
}

// Modular reports whether a package is a module's, and not of the standard
// library, of Paracell or of cells.
func (im *Importer) Modular(path string) bool {
	im.mu.Lock()
	defer im.mu.Unlock()
	if len(im.modules) == 0 || path == "main" || path == "unsafe" || strings.HasPrefix(path, Module+"/") {
		return false
	}
	return im.modules[path].Archive != "" || im.archive.entries[path] == nil // one that such a package imports
}

// Import implements types.Importer.
func (im *Importer) Import(path string) (*types.Package, error) {
	im.mu.Lock()
	pkg := im.pkgs[path]
	complete := pkg != nil && pkg.Complete()
	im.mu.Unlock()
	if complete {
		return pkg, nil
	}
	if rel, ok := strings.CutPrefix(path, Module+"/"); ok && im.config.Library != nil {
		if _, err := fs.Stat(im.config.Library, rel); err != nil {
			return nil, &NotFoundError{path}
		}
		if err := im.Warm(); err != nil { // its own imports would only be missing
			return nil, err
		}
		src, err := im.Source(path)
		if err != nil {
			return nil, err
		}
		return src.Pkg, nil
	}
	if err := im.Warm(); err != nil {
		return nil, err
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	r, err := im.archive.open(path)
	if errors.Is(err, fs.ErrNotExist) {
		r, err = im.openModule(path)
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return gcexportdata.Read(r, im.fset, im.pkgs, path)
}

// openModule returns the export data of a module's package.
func (im *Importer) openModule(path string) (io.ReadCloser, error) {
	if err := im.refused[path]; err != nil {
		return nil, err
	}
	file := im.modules[path].Archive
	if file == "" {
		return nil, &NotFoundError{path}
	}
	r, err := openExportData(file)
	if err != nil {
		return nil, fmt.Errorf("reading what package %s exports: %w", path, err)
	}
	return r, nil
}

// Source returns a package of the standard library or of Paracell with its
// syntax, checked from source the first time.
func (im *Importer) Source(path string) (*Source, error) {
	im.mu.Lock()
	src := im.sources[path]
	im.mu.Unlock()
	if src != nil {
		return src, nil
	}
	files, err := im.parse(path)
	if err != nil {
		return nil, fmt.Errorf("source of package %s: %w", path, err)
	}
	src = &Source{
		Files: files,
		Info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Instances:  map[*ast.Ident]types.Instance{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Implicits:  map[ast.Node]types.Object{},
			Scopes:     map[ast.Node]*types.Scope{},
		},
		Decls: map[types.Object]ast.Node{},
	}
	conf := types.Config{
		Importer: importerFunc(func(p string) (*types.Package, error) { return im.importAny(p) }),
		Error:    func(error) {}, // bodies may use what export data does not tell; signatures decide
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
	}
	src.Pkg, _ = conf.Check(path, im.fset, files, src.Info)
	if src.Pkg == nil {
		return nil, fmt.Errorf("package %s does not type-check", path)
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				src.Decls[src.Info.Defs[d.Name]] = d
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						src.Decls[src.Info.Defs[s.Name]] = s
					}
				}
			}
		}
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	if won := im.sources[path]; won != nil {
		return won, nil
	}
	im.sources[path] = src
	if strings.HasPrefix(path, Module+"/") {
		im.pkgs[path] = src.Pkg
	}
	return src, nil
}

// importAny also resolves the internal packages that the standard library's own
// source imports: from source, since the archive leaves them out.
func (im *Importer) importAny(path string) (*types.Package, error) {
	pkg, err := im.Import(path)
	if err == nil {
		return pkg, nil
	}
	empty := types.NewPackage(path, lastElem(path))
	empty.MarkComplete()
	return empty, nil
}

// parse parses the files of a package that this platform builds.
func (im *Importer) parse(pkgPath string) ([]*ast.File, error) {
	var fsys fs.FS
	dir := "."
	if rel, ok := strings.CutPrefix(pkgPath, Module+"/"); ok {
		fsys, dir = im.config.Library, rel
	} else {
		root, err := im.goroot()
		if err != nil {
			return nil, err
		}
		fsys = os.DirFS(filepath.Join(root, "src", filepath.FromSlash(pkgPath)))
	}
	names, err := fs.Glob(fsys, path.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || !matchesPlatform(name) {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(im.fset, path.Join(pkgPath, path.Base(name)), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if buildable(f) {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil, fs.ErrNotExist
	}
	return files, nil
}

// goroot is where the sources of the standard library are.
func (im *Importer) goroot() (string, error) {
	out, err := exec.Command(im.config.GoCommand, "env", "GOROOT").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", noGo(im.config.GoCommand)
	}
	if err != nil {
		return "", fmt.Errorf("asking the go command for GOROOT: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// buildable applies the file's //go:build line.
func buildable(f *ast.File) bool {
	for _, g := range f.Comments {
		if g.Pos() > f.Package {
			break
		}
		for _, c := range g.List {
			if !constraint.IsGoBuild(c.Text) {
				continue
			}
			x, err := constraint.Parse(c.Text)
			if err != nil {
				return false
			}
			return x.Eval(func(tag string) bool {
				return tag == runtime.GOOS || tag == runtime.GOARCH || tag == "gc" ||
					tag == "unix" && isUnix || strings.HasPrefix(tag, "go1.")
			})
		}
	}
	return true
}

var isUnix = slices.Contains([]string{"linux", "darwin", "freebsd", "openbsd", "netbsd", "dragonfly", "solaris", "aix", "illumos", "android", "ios"}, runtime.GOOS)

// matchesPlatform applies the _GOOS and _GOARCH endings that occur in the
// packages that are read from source.
func matchesPlatform(name string) bool {
	base := strings.TrimSuffix(path.Base(name), ".go")
	parts := strings.Split(base, "_")
	for _, p := range parts[1:] {
		switch p {
		case "linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "plan9", "solaris", "aix", "wasip1", "js":
			if p != runtime.GOOS {
				return false
			}
		case "unix":
			if !isUnix {
				return false
			}
		case "amd64", "arm64", "386", "arm", "wasm", "ppc64x", "s390x", "riscv64", "loong64":
			if p != runtime.GOARCH {
				return false
			}
		}
	}
	return true
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func lastElem(p string) string { return path.Base(p) }
