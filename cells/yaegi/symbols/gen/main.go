// Command gen writes the symbol tables of package symbols, for every package of
// the standard library of the Go that runs it and for this module's packages
// that cells import. It is run by go generate in the folder above.
//
// What differs between platforms gets a file for each of them.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"text/template"
)

const module = "github.com/paracell/paracell"

// The packages of ours that a cell can import, where they exist.
var ours = []string{"display", "futures"}

// Left out: what only makes sense in a program of its own, or does something
// merely by being linked.
var leftOut = map[string]bool{
	"plugin": true, "runtime/cgo": true, "runtime/race": true, "runtime/coverage": true,
	"unsafe":                 true, // has its own table, by hand
	"crypto/mlkem/mlkemtest": true, "testing/cryptotest": true,
}

type platform struct{ os, arch string }

var platforms = []platform{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	paths, err := standardLibrary()
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range ours {
		dir := filepath.Join("..", "..", "..", p)
		if files, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(files) > 0 {
			paths = append(paths, module+"/"+p)
		}
	}
	// By package, the text for each platform.
	texts := map[string]map[platform]string{}
	for _, on := range platforms {
		load := loader(on)
		for _, path := range paths {
			pkg, err := load(path)
			if err != nil {
				if noFiles(err) {
					continue
				}
				log.Fatalf("%s on %s/%s: %v", path, on.os, on.arch, err)
			}
			text, err := write(path, pkg)
			if err != nil {
				log.Fatalf("%s on %s/%s: %v", path, on.os, on.arch, err)
			}
			if texts[path] == nil {
				texts[path] = map[platform]string{}
			}
			texts[path][on] = text
		}
	}
	old, _ := filepath.Glob("std_*.go")
	old2, _ := filepath.Glob("own_*.go")
	for _, f := range append(old, old2...) {
		if err := os.Remove(f); err != nil {
			log.Fatal(err)
		}
	}
	for path, byPlatform := range texts {
		for name, text := range files(path, byPlatform) {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				log.Fatal(err)
			}
		}
	}
}

func standardLibrary() ([]string, error) {
	cmd := exec.Command("go", "list", "std")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list std: %w", err)
	}
	var paths []string
	for _, p := range strings.Fields(string(out)) {
		if !internal(p) && !strings.HasPrefix(p, "vendor/") && !leftOut[p] {
			paths = append(paths, p)
		}
	}
	// Of interest on one platform alone.
	for _, p := range []string{"log/syslog"} {
		if !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return paths, nil
}

func internal(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}

func noFiles(err error) bool {
	_, ok := err.(*build.NoGoError)
	return ok || strings.Contains(err.Error(), "build constraints exclude all Go files")
}

// loader returns a function that type-checks a package from source as it is on
// that platform, without cgo.
func loader(on platform) func(string) (*types.Package, error) {
	build.Default.GOOS, build.Default.GOARCH, build.Default.CgoEnabled = on.os, on.arch, false
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil).(types.ImporterFrom)
	return func(path string) (*types.Package, error) {
		name, own := strings.CutPrefix(path, module+"/")
		if !own {
			return std.ImportFrom(path, ".", 0)
		}
		dir := filepath.Join("..", "..", "..", name)
		bp, err := build.ImportDir(dir, 0)
		if err != nil {
			return nil, err
		}
		var parsed []*ast.File
		for _, f := range bp.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(dir, f), nil, 0)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, file)
		}
		c := types.Config{Importer: std, IgnoreFuncBodies: true, FakeImportC: true, Sizes: types.SizesFor("gc", on.arch)}
		return c.Check(path, fset, parsed, nil)
	}
}

// files returns one file when the text is the same everywhere, one for each
// system when it differs between systems alone, else one for each platform.
func files(path string, texts map[platform]string) map[string]string {
	base := "std_" + strings.NewReplacer("/", "_", ".", "_").Replace(path)
	if name, own := strings.CutPrefix(path, module+"/"); own {
		base = "own_" + name
	}
	all := slices.Compact(slices.Sorted(maps.Values(texts)))
	if len(all) == 1 && len(texts) == len(platforms) {
		return map[string]string{base + "_.go": all[0]}
	}
	out := map[string]string{}
	for on, text := range texts {
		same := true
		for other, t := range texts {
			if other.os == on.os && t != text {
				same = false
			}
		}
		if same {
			out[base+"_"+on.os+".go"] = text
		} else {
			out[base+"_"+on.os+"_"+on.arch+".go"] = text
		}
	}
	return out
}

var model = template.Must(template.New("").Parse(`// Code generated by cells/yaegi/symbols/gen. DO NOT EDIT.

//lint:file-ignore SA1019 user code may use what is deprecated

package symbols

import (
{{- range .Imports}}
	"{{.}}"
{{- end}}
)

func init() {
	tables["{{.Path}}"] = Table{
		Name: "{{.Name}}",
		Symbols: func() map[string]reflect.Value {
			return map[string]reflect.Value{
{{- range .Values}}
				"{{.Name}}": {{.Expr}},
{{- end}}
			}
		},
{{- if .Needs}}
		Needs: []string{ {{- range .Needs}}"{{.}}", {{end -}} },
{{- end}}
	}
}
{{range $w := .Wrappers}}
// {{.Type}} lends interpreted values the methods of {{.Of}}.
type {{.Type}} struct {
	IValue any
{{- range .Methods}}
	W{{.Name}} func({{.Params}}) ({{.Results}})
{{- end}}
}
{{range .Methods}}
func (w {{$w.Type}}) {{.Name}}({{.Params}}) ({{.Results}}) {
	{{- if eq .Name "String"}}
	if w.WString == nil {
		return ""
	}
	{{- end}}
	{{if .Results}}return {{end}}w.W{{.Name}}({{.Args}})
}
{{end}}
{{- end}}
`))

type value struct{ Name, Expr string }

type wrapper struct {
	Type, Of string
	Methods  []method
}

type method struct{ Name, Params, Results, Args string }

type writer struct {
	pkg     *types.Package
	imports map[string]string // path to name, other than the package itself
	needs   map[string]bool
	usesPkg bool
}

// write returns the table of pkg as a Go file.
func write(path string, pkg *types.Package) (string, error) {
	w := &writer{pkg: pkg, imports: map[string]string{"reflect": "reflect"}, needs: map[string]bool{}}
	var data struct {
		Path, Name string
		Imports    []string
		Values     []value
		Needs      []string
		Wrappers   []wrapper
	}
	data.Path, data.Name = path, pkg.Name()
	scope := pkg.Scope()
	seen := map[types.Type]bool{}
	for _, name := range scope.Names() {
		o := scope.Lookup(name)
		if !o.Exported() {
			continue
		}
		full := pkg.Name() + "." + name
		var expr string
		switch o := o.(type) {
		case *types.Const:
			expr = w.constant(full, o)
		case *types.Func:
			if o.Signature().TypeParams().Len() > 0 {
				continue
			}
			expr = "reflect.ValueOf(" + full + ")"
			w.usesPkg = true
		case *types.Var:
			expr = "reflect.ValueOf(&" + full + ").Elem()"
			w.usesPkg = true
		case *types.TypeName:
			if generic(o.Type()) {
				continue
			}
			if t, ok := o.Type().Underlying().(*types.Interface); ok && !t.IsMethodSet() {
				continue
			}
			expr = "reflect.ValueOf((*" + full + ")(nil))"
			w.usesPkg = true
			if wr, ok := w.wrapper(path, name, full, o); ok {
				data.Wrappers = append(data.Wrappers, wr)
				data.Values = append(data.Values, value{"_" + name, "reflect.ValueOf((*" + wr.Type + ")(nil))"})
			}
		}
		data.Values = append(data.Values, value{name, expr})
		w.need(o.Type(), seen, true)
	}
	sort.Slice(data.Values, func(i, j int) bool { return data.Values[i].Name < data.Values[j].Name })
	if w.usesPkg && path != "reflect" {
		w.imports[path] = pkg.Name()
	}
	data.Imports = slices.Sorted(maps.Keys(w.imports))
	delete(w.needs, path)
	data.Needs = slices.Sorted(maps.Keys(w.needs))
	var b bytes.Buffer
	if err := model.Execute(&b, data); err != nil {
		return "", err
	}
	text, err := format.Source(b.Bytes())
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, b.Bytes())
	}
	return string(text), nil
}

func generic(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return t.TypeParams().Len() > 0 && t.TypeArgs().Len() == 0
	}
	return false
}

// constant keeps untyped numbers exact: as values of package constant, which
// yaegi converts where they are used.
func (w *writer) constant(full string, o *types.Const) string {
	b, ok := o.Type().(*types.Basic)
	if !ok || b.Info()&types.IsUntyped == 0 {
		w.usesPkg = true
		return "reflect.ValueOf(" + full + ")"
	}
	var text, kind string
	switch v := o.Val(); v.Kind() {
	case constant.String:
		text, kind = v.ExactString(), "STRING"
	case constant.Int:
		text, kind = v.ExactString(), "INT"
	case constant.Float:
		r := constant.ToFloat(v)
		text, kind = floatText(r), "FLOAT"
	default:
		w.usesPkg = true
		return "reflect.ValueOf(" + full + ")"
	}
	w.imports["go/constant"], w.imports["go/token"] = "constant", "token"
	return fmt.Sprintf("reflect.ValueOf(constant.MakeFromLiteral(%q, token.%s, 0))", text, kind)
}

func (w *writer) qualify(p *types.Package) string {
	if p == w.pkg {
		w.usesPkg = true
		return p.Name()
	}
	w.imports[p.Path()] = p.Name()
	return p.Name()
}

// wrapper describes the type whose methods call functions in its fields.
func (w *writer) wrapper(path, name, full string, o *types.TypeName) (wrapper, bool) {
	t, ok := o.Type().Underlying().(*types.Interface)
	if !ok {
		return wrapper{}, false
	}
	out := wrapper{Type: "_" + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path) + "_" + name, Of: full}
	for i := range t.NumMethods() {
		f := t.Method(i)
		if !f.Exported() {
			continue // only the package itself can implement it; the wrapper stays partial
		}
		sig := f.Signature()
		if !sayable(sig) {
			return wrapper{}, false
		}
		m := method{Name: f.Name()}
		var params, args, results []string
		for j := range sig.Params().Len() {
			arg := fmt.Sprintf("a%d", j)
			typ := types.TypeString(sig.Params().At(j).Type(), w.qualify)
			if sig.Variadic() && j == sig.Params().Len()-1 {
				typ = "..." + strings.TrimPrefix(typ, "[]")
				params, args = append(params, arg+" "+typ), append(args, arg+"...")
				continue
			}
			params, args = append(params, arg+" "+typ), append(args, arg)
		}
		for j := range sig.Results().Len() {
			results = append(results, types.TypeString(sig.Results().At(j).Type(), w.qualify))
		}
		m.Params, m.Args, m.Results = strings.Join(params, ", "), strings.Join(args, ", "), strings.Join(results, ", ")
		out.Methods = append(out.Methods, m)
	}
	return out, true
}

// sayable reports whether another package can write the type down.
func sayable(t types.Type) bool {
	ok := true
	walk(t, map[types.Type]bool{}, func(o *types.TypeName) {
		if p := o.Pkg(); p != nil && (!o.Exported() || internal(p.Path()) || strings.HasPrefix(p.Path(), "vendor/")) {
			ok = false
		}
	})
	return ok
}

// need notes the packages of interfaces with methods that values of type t can
// be asked for: in its signature, and in its methods' signatures.
func (w *writer) need(t types.Type, seen map[types.Type]bool, methods bool) {
	walk(t, seen, func(o *types.TypeName) {
		p := o.Pkg()
		if p == nil || internal(p.Path()) || strings.HasPrefix(p.Path(), "vendor/") {
			return
		}
		if i, ok := o.Type().Underlying().(*types.Interface); ok && i.NumMethods() > 0 && o.Exported() {
			w.needs[p.Path()] = true
		}
		named, ok := types.Unalias(o.Type()).(*types.Named)
		if !ok || !methods || p != w.pkg {
			return
		}
		for m := range named.Methods() {
			if m.Exported() {
				w.need(m.Type(), seen, true)
			}
		}
	})
}

// walk calls f for each type name that t is written with.
func walk(t types.Type, seen map[types.Type]bool, f func(*types.TypeName)) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	each := func(list *types.TypeList) {
		for t := range list.Types() {
			walk(t, seen, f)
		}
	}
	switch t := t.(type) {
	case *types.Alias:
		f(t.Obj())
		each(t.TypeArgs())
		walk(types.Unalias(t), seen, f)
	case *types.Named:
		f(t.Obj())
		each(t.TypeArgs())
		if t.Obj().Exported() {
			walk(t.Underlying(), seen, f)
		}
	case interface{ Elem() types.Type }: // pointer, slice, array, channel, map
		if m, ok := t.(*types.Map); ok {
			walk(m.Key(), seen, f)
		}
		walk(t.Elem(), seen, f)
	case *types.Signature:
		walk(t.Params(), seen, f)
		walk(t.Results(), seen, f)
	case *types.Tuple:
		for v := range t.Variables() {
			walk(v.Type(), seen, f)
		}
	case *types.Struct:
		for v := range t.Fields() {
			if v.Exported() {
				walk(v.Type(), seen, f)
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if m.Exported() {
				walk(m.Type(), seen, f)
			}
		}
	}
}
