// Package lower writes type-checked Go as the part of Go that the interpreter
// executes exactly right: generics become concrete code, constants literals,
// every definition gets a fresh name. A file is named for what the spec calls
// the thing that it lowers.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"sort"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/imports"
)

// Dot separates a user's name from what makes it fresh.
const Dot = compile.Dot

// CellPackage is the package that the evaluator binds for lowered code.
const CellPackage = "paracell/cell"

// A Lowerer knows the evaluator's name of everything that the session defined.
// It is not safe for concurrent use.
type Lowerer struct {
	importer *imports.Importer
	fset     *token.FileSet
	names    *names                    // of session-level objects
	links    *names                    // of functions: what leads to their newest versions
	generics map[types.Object]*Generic // declared in cells
	made     map[string]string         // instances and helpers that exist in the evaluator: key to name
	imports  map[string]string         // packages bound in the evaluator: path to name
	serial   int
}

// A Generic is a generic function or type that a cell declared.
type Generic struct {
	Decl    ast.Node // *ast.FuncDecl or *ast.TypeSpec
	Methods []*ast.FuncDecl
	Info    *types.Info
}

// New returns a Lowerer for one session.
func New(fset *token.FileSet, im *imports.Importer) *Lowerer {
	return &Lowerer{
		importer: im,
		fset:     fset,
		names:    newNames(),
		links:    newNames(),
		generics: map[types.Object]*Generic{},
		made:     map[string]string{},
		imports:  map[string]string{},
	}
}

// Fresh returns a name that nothing else has.
func (l *Lowerer) Fresh(name string) string {
	l.serial++
	return name + Dot + strconv.Itoa(l.serial)
}

// Bind gives obj its name in the evaluator.
func (l *Lowerer) Bind(obj types.Object, name string) { l.names.set(obj, name) }

// Bound returns the name that obj has in the evaluator, or "".
func (l *Lowerer) Bound(obj types.Object) string { return l.names.of(obj) }

// SetLink gives a function its link; see eval.Link.
func (l *Lowerer) SetLink(f *types.Func, name string) { l.links.set(f, name) }

// Link returns the link of a function, or "".
func (l *Lowerer) Link(f *types.Func) string { return l.links.of(f) }

// Declare tells of a generic definition, whose instances are made when used.
func (l *Lowerer) Declare(obj types.Object, g *Generic) { l.generics[obj] = g }

// Retain forgets generic definitions but for those that are alive.
func (l *Lowerer) Retain(alive map[types.Object]bool) {
	maps.DeleteFunc(l.generics, func(obj types.Object, _ *Generic) bool { return !alive[obj] })
}

// Forget makes the Lowerer believe that nothing was sent to the evaluator yet:
// instances, helpers and imports are made again. Names stay.
func (l *Lowerer) Forget() {
	clear(l.made)
	clear(l.imports)
}

// A Unit collects the declarations that go to the evaluator together.
type Unit struct {
	// Compiled takes what the unit needs of the compiler.
	Compiled *compile.Unit

	l       *Lowerer
	chunks  []*chunk
	imports []eval.Import
	made    []string // keys of l.made that this unit adds
	tasks   []Task
	paths   []string // keys of l.imports that this unit adds
}

// NewUnit starts a unit.
func (l *Lowerer) NewUnit() *Unit { return &Unit{l: l} }

// Abandon undoes what the unit promised: it never reached the evaluator.
func (u *Unit) Abandon() {
	for _, k := range u.made {
		delete(u.l.made, k)
	}
	for _, p := range u.paths {
		delete(u.l.imports, p)
	}
}

// chunk is the text of one declaration, with marks that lead back to the cell.
type chunk struct {
	strings.Builder
	marks []mark
}

type mark struct {
	offset int
	pos    token.Pos
}

func (u *Unit) chunk() *chunk {
	c := new(chunk)
	u.chunks = append(u.chunks, c)
	return c
}

// Text is a finished unit: its source, the imports it needs for the first time,
// and the way back from its positions to the cell's.
type Text struct {
	Source  string
	Imports []eval.Import
	lines   []int // offset of each line
	marks   []mark
}

// Finish joins the declarations.
func (u *Unit) Finish() *Text {
	var b strings.Builder
	t := &Text{Imports: u.imports}
	for _, c := range u.chunks {
		for _, m := range c.marks {
			t.marks = append(t.marks, mark{b.Len() + m.offset, m.pos})
		}
		b.WriteString(c.String())
		b.WriteByte('\n')
	}
	t.Source = b.String()
	t.lines = []int{0}
	for i, c := range []byte(t.Source) {
		if c == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// Pos returns the user's position for a place in the unit, both counted from 1,
// or token.NoPos.
func (t *Text) Pos(line, column int) token.Pos {
	if line < 1 || line > len(t.lines) {
		return token.NoPos
	}
	offset := t.lines[line-1] + column - 1
	i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].offset > offset })
	if i == 0 {
		return token.NoPos
	}
	return t.marks[i-1].pos
}

// Places are the user's places for the unit's lines, as place says them. A line has
// that of what comes first in it.
func (t *Text) Places(place func(token.Pos) string) []string {
	places := make([]string, len(t.lines))
	line := len(t.lines) - 1
	for i := len(t.marks) - 1; i >= 0; i-- {
		for t.lines[line] > t.marks[i].offset {
			line--
		}
		places[line] = place(t.marks[i].pos)
	}
	return places
}

// An UnsupportedError is Go that the interpreter cannot be made to run: not yet,
// or for the reason in Err.
type UnsupportedError struct {
	Pos  token.Pos
	What string
	Err  error
}

func (e *UnsupportedError) Unwrap() error { return e.Err }

func (e *UnsupportedError) Error() string {
	if e.Err != nil {
		return e.What + ": " + e.Err.Error()
	}
	return e.What + " cannot be interpreted; %engine auto lets it be compiled"
}

// importName returns the name of a package in lowered code.
func (u *Unit) importName(path, name string) string {
	if n, ok := u.l.imports[path]; ok {
		return n
	}
	if path != CellPackage && u.l.importer.Modular(path) {
		panic(&UnsupportedError{What: "package " + path + ", which is a module's,"})
	}
	n := u.l.Fresh(name)
	u.l.imports[path] = n
	u.paths = append(u.paths, path)
	u.imports = append(u.imports, eval.Import{Path: path, Name: n})
	return n
}

// helper returns the name of a declaration that is made once a session, writing
// it the first time.
func (u *Unit) helper(key, name string, write func(c *chunk, name string)) string {
	if n, ok := u.l.made[key]; ok {
		return n
	}
	n := u.l.Fresh(name)
	u.l.made[key] = n
	u.made = append(u.made, key)
	write(u.chunk(), n)
	return n
}

// A writer lowers one declaration.
type writer struct {
	*chunk
	u      *Unit
	info   *types.Info
	pkg    *types.Package
	locals map[types.Object]string
	fn     *function
	temps  int
	task   string // what futures.NameOf is in this instance; "" for none

	loops map[ast.Node]bool     // those that noteClosures has seen
	kept  map[*ast.FuncLit]bool // what it found
}

func (u *Unit) writer(info *types.Info, pkg *types.Package) *writer {
	return &writer{chunk: u.chunk(), u: u, info: info, pkg: pkg, locals: map[types.Object]string{}}
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(w.chunk, format, args...) }

// mark notes that what is written next comes from pos.
func (w *writer) mark(pos token.Pos) {
	if pos.IsValid() {
		w.marks = append(w.marks, mark{w.Len(), pos})
	}
}

// unmark begins text that is none of the user's.
func (w *writer) unmark() { w.marks = append(w.marks, mark{w.Len(), token.NoPos}) }

// temp returns a fresh local name. It begins with the dot: Fresh makes names
// like tꞏ1 of a user's t.
func (w *writer) temp() string {
	w.temps++
	return Dot + strconv.Itoa(w.temps)
}

func (w *writer) unsupported(n ast.Node, format string, args ...any) {
	panic(&UnsupportedError{Pos: n.Pos(), What: fmt.Sprintf(format, args...)})
}

// Catch turns an UnsupportedError that was thrown while lowering into *err.
// Deferred by whoever drives a Unit.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *UnsupportedError:
		*err = r
	default:
		panic(r)
	}
}

// Func writes a function declared in a cell.
func (u *Unit) Func(d *ast.FuncDecl, info *types.Info, pkg *types.Package) {
	w := u.writer(info, pkg)
	w.mark(d.Pos())
	w.WriteString("func ")
	sig := info.Defs[d.Name].Type().(*types.Signature)
	w.WriteString(u.l.names.of(info.Defs[d.Name]))
	w.signature(d.Type, sig)
	w.body(d.Type, sig, d.Body)
}

// Init writes an init function under a fresh name, which it returns: the cell's
// entry calls it.
func (u *Unit) Init(d *ast.FuncDecl, info *types.Info, pkg *types.Package) string {
	w := u.writer(info, pkg)
	name := u.l.Fresh("init")
	w.mark(d.Pos())
	w.printf("func %s() ", name)
	w.body(d.Type, types.NewSignatureType(nil, nil, nil, nil, nil, false), d.Body)
	return name
}

// Var writes a session variable, without a value.
func (u *Unit) Var(v *types.Var, info *types.Info, pkg *types.Package) {
	w := u.writer(info, pkg)
	w.mark(v.Pos())
	w.printf("var %s %s", u.l.names.of(v), w.typ(v.Type()))
}

// Entry describes what a cell runs.
type Entry struct {
	Name  string
	Inits []string // functions to call first
	Stmts []ast.Stmt
	// Show is the expression of the last statement, when its value is to be
	// shown; it is not among Stmts.
	Show ast.Expr
	// Before and After are lowered statements that the session adds.
	Before, After []string
	// Type is the cell's function, whose scope holds what the statements define.
	Type *ast.FuncType
	// Call is a lowered statement that stands for Inits, Stmts and Show: they are
	// compiled. "" when they are not.
	Call string
	// Repeat above 0 runs the statements that often and reports how long that
	// took, in nanoseconds, as the eval.Value called Elapsed.
	Repeat int
}

// Entry writes the function that runs a cell's statements.
func (u *Unit) Entry(e Entry, info *types.Info, pkg *types.Package) {
	w := u.writer(info, pkg)
	w.printf("func %s() {\n", e.Name)
	w.fn = &function{gotos: gotos(e.Stmts)}
	for _, s := range e.Before {
		w.printf("%s\n", s)
	}
	if e.Call != "" {
		w.called(e)
		return
	}
	vars := 0 // init functions find the variables above the first statement set
	if e.Repeat == 0 && len(e.Inits) > 0 {
		for vars < len(e.Stmts) && isVarDecl(e.Stmts[vars]) {
			vars++
		}
	}
	w.stmts(e.Stmts[:vars])
	for _, f := range e.Inits {
		w.printf("%s()\n", f)
	}
	if e.Repeat > 0 {
		w.repeat(e)
	} else {
		w.stmts(e.Stmts[vars:])
		if e.Show != nil {
			w.mark(e.Show.Pos())
			w.printf("%s.Result(", u.CellImport())
			w.expr(e.Show)
			w.WriteString(")\n")
		}
	}
	for _, s := range e.After {
		w.printf("%s\n", s)
	}
	w.WriteString("}")
}

// called writes the rest of a function that runs compiled statements.
func (w *writer) called(e Entry) {
	if e.Repeat > 0 {
		w.timed(e.Repeat, func() { w.printf("%s\n", e.Call) })
	} else {
		w.printf("%s\n", e.Call)
	}
	for _, s := range e.After {
		w.printf("%s\n", s)
	}
	w.WriteString("}")
}

func isVarDecl(s ast.Stmt) bool {
	d, ok := s.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}

// Elapsed names the value that a unit which measures itself reports.
const Elapsed = Dot + "elapsed"

// repeat writes the statements of %timeit.
func (w *writer) repeat(e Entry) {
	w.timed(e.Repeat, func() {
		w.stmts(e.Stmts)
		if e.Show != nil {
			if _, call := ast.Unparen(e.Show).(*ast.CallExpr); !call {
				w.WriteString("_ = ")
			}
			w.expr(e.Show)
			w.WriteString("\n")
		}
	})
}

// timed writes a loop that is timed.
func (w *writer) timed(n int, body func()) {
	cell := w.u.CellImport()
	i, start := w.temp(), w.temp()
	clock := w.u.importName("time", "time")
	w.printf("%s := %s.Now()\nfor %s := 0; %s < %d; %s++ {\n", start, clock, i, i, n, i)
	body()
	w.printf("}\n%s.Var(%q, int64(%s.Since(%s)))\n", cell, Elapsed, clock, start)
}

// Report writes a function that reports the values of variables under their
// users' names (eval.Value).
func (u *Unit) Report(entry string, vars []*types.Var) {
	cell := u.CellImport()
	c := u.chunk()
	fmt.Fprintf(c, "func %s() {\n", entry)
	for _, v := range vars {
		fmt.Fprintf(c, "%s.Var(%q, %s)\n", cell, v.Name(), u.l.names.of(v))
	}
	c.WriteString("}")
}

// Share returns a statement that has a variable of the unit be another one, of an
// earlier version of its type: they differ in name alone.
func (u *Unit) Share(name, with string) string {
	return fmt.Sprintf("%s.Share(%q, %s.Pointer(&%s))", u.CellImport(), name, u.UnsafeImport(), with)
}

// UnsafeImport returns the name of package unsafe in this unit.
func (u *Unit) UnsafeImport() string { return u.importName("unsafe", "unsafe") }

// Import adds a compiled package to the unit's imports.
func (u *Unit) Import(p *compile.Package, file string) {
	u.imports = append(u.imports, eval.Import{Path: p.Path, Name: p.Name, File: file})
}

// Made reports whether the unit makes instances or helpers that later units use.
func (u *Unit) Made() bool { return len(u.made) > 0 }

// Saved returns a variable that keeps the value of another, what it is set to for
// that, and a function that gives the value back: the same ones each time, unless
// they shall be for this unit alone.
func (u *Unit) Saved(name string, t types.Type, pkg *types.Package, alone bool) (saved, value, restore string) {
	typ, value, back := u.TypeName(t, pkg), name, name+" = %s"
	if pointer, ok := strings.CutPrefix(name, "(*"); ok {
		// Of compiled code: its type may be one that the interpreter would wrap.
		typ, value, back = "func()", u.CellImport()+".Keep("+pointer, "%s()"
	}
	variable := func(c *chunk, n string) { fmt.Fprintf(c, "var %s %s", n, typ) }
	function := func(c *chunk, n string) { fmt.Fprintf(c, "func %s() { "+back+" }", n, saved) }
	if alone {
		saved, restore = u.l.Fresh("saved"), u.l.Fresh("restore")
		variable(u.chunk(), saved)
		function(u.chunk(), restore)
		return saved, value, restore
	}
	saved = u.helper("saved "+name, "saved", variable)
	restore = u.helper("restore "+name, "restore", function)
	return saved, value, restore
}

// Raw writes a declaration as it is.
func (u *Unit) Raw(text string) { u.chunk().WriteString(text) }

// Name returns how lowered code of this unit names a type.
func (u *Unit) TypeName(t types.Type, pkg *types.Package) string {
	w := &writer{chunk: new(chunk), u: u, pkg: pkg}
	return w.typ(t)
}

// CellImport returns the name of the evaluator's own package in this unit.
func (u *Unit) CellImport() string { return u.importName(CellPackage, "cell") }
