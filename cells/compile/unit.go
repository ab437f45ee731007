package compile

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// A Unit is a package in the making. First everything that must be in it is
// said (Add, Variable, Shape, Entry), then it is written (Source).
type Unit struct {
	c     *Compiler
	pkg   *Package
	vars  func(*types.Var) (lowered string, known bool) // the session's variables
	decls []member
	has   map[types.Object]bool // what decls declare
	own   []*types.Var          // variables that this package keeps
	bound []*types.Var          // variables that the interpreter keeps
	shape []shaped
	keys  map[string]bool // of shape
	entry *Entry

	renewed map[types.Object]bool // functions that are compiled anew when what they call is

	imports map[string]string   // what the text calls a package: path by name
	needs   map[*Package]string // earlier packages, and what the text calls them
	order   []*Package
	aliases map[string]string // types of earlier packages by the user's name: what follows it
	blank   []string          // packages that are imported for what their initialization does
	helpers strings.Builder   // functions that stand for methods of package reflect, and others
	at      token.Pos         // of the variable that is being written
	err     *Error
}

// member is a declaration of the package, with the object that it declares; the
// base type of a method.
type member struct {
	*Decl
	obj types.Object
}

// A shaped type has no name of its own, or one with type arguments: the
// interpreter knows it by an alias.
type shaped struct {
	name string
	typ  types.Type
}

// Entry is a cell whose statements are compiled.
type Entry struct {
	Stmts  []ast.Stmt
	Show   ast.Expr // the last expression, whose value is shown; nil for none
	Silent bool     // it is evaluated, and not shown
	Inits  []*ast.FuncDecl
	Decl
}

// NewUnit begins a package that lowered code calls name. Vars tells the lowered
// name of a variable that belongs to the session.
func (c *Compiler) NewUnit(name string, vars func(*types.Var) (string, bool)) *Unit {
	return &Unit{
		c:       c,
		pkg:     &Package{Name: name},
		vars:    vars,
		has:     map[types.Object]bool{},
		renewed: map[types.Object]bool{},
		keys:    map[string]bool{},
		imports: map[string]string{"unsafe" + Dot: "unsafe", "atomic" + Dot: "sync/atomic"},
		needs:   map[*Package]string{},
		aliases: map[string]string{},
	}
}

// Empty reports whether there is nothing to compile.
func (u *Unit) Empty() bool { return len(u.decls)+len(u.shape)+len(u.blank) == 0 && u.entry == nil }

// Import has the unit import a package, whether or not it names it: the package
// is initialized when the unit is loaded.
func (u *Unit) Import(path string) { u.blank = append(u.blank, path) }

// Package is what the unit becomes.
func (u *Unit) Package() *Package { return u.pkg }

// Needs are the earlier packages that the written source imports.
func (u *Unit) Needs() []*Package { return u.order }

// An Error is Go that cannot be compiled as part of a session.
type Error struct {
	Pos  token.Pos
	What string
	Hint string // what to do instead; "" for nothing better than Error says
}

func (e *Error) Error() string {
	return e.What + " cannot be in a compiled cell; a program started with %%run can have it"
}

func (u *Unit) fail(pos token.Pos, format string, args ...any) {
	if u.err == nil {
		u.err = &Error{Pos: pos, What: fmt.Sprintf(format, args...)}
	}
}

// Add has the package declare an object, with all that it takes.
func (u *Unit) Add(obj types.Object) {
	if u.has[obj] || u.c.Name(obj) != "" || obj.Name() == "_" {
		return
	}
	d := u.c.decls[obj]
	if d == nil {
		return
	}
	if g, ok := d.Node.(*ast.GenDecl); ok && g.Tok == token.CONST {
		for _, s := range g.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				if o := d.Info.Defs[n]; o != nil {
					u.has[o] = true
				}
			}
		}
	}
	u.has[obj] = true
	u.decls = append(u.decls, member{d, obj})
	u.collect(d.Node, d.Info)
	for _, m := range u.c.methods[obj] {
		u.decls = append(u.decls, member{m, obj})
		u.collect(m.Node, m.Info)
	}
}

// AddFunction is Add for a function that is compiled anew when one that it calls is
// defined again. Others are there because something needs them.
func (u *Unit) AddFunction(obj types.Object) {
	u.renewed[obj] = true
	u.Add(obj)
}

// Names lists the types and functions that the unit declares.
func (u *Unit) Names() (names []string) {
	for _, m := range u.decls {
		switch m.obj.(type) {
		case *types.TypeName, *types.Func:
			if !slices.Contains(names, m.obj.Name()) {
				names = append(names, m.obj.Name())
			}
		}
	}
	return names
}

// Functions lists the functions that the unit declares, by themselves.
func (u *Unit) Functions() (functions []*types.Func) {
	for _, m := range u.decls {
		if f, ok := m.obj.(*types.Func); ok {
			functions = append(functions, f)
		}
	}
	return functions
}

// Has reports whether the unit declares an object.
func (u *Unit) Has(obj types.Object) bool { return u.has[obj] }

// collect adds what a node refers to.
func (u *Unit) collect(n ast.Node, info *types.Info) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := info.Uses[id]
		if v, ok := info.Defs[id].(*types.Var); ok {
			obj = v // the session may have it already
		}
		if obj == nil {
			return true
		}
		if v, ok := obj.(*types.Var); ok {
			if _, known := u.vars(v); known && !slices.Contains(u.own, v) && !u.binds(v) {
				u.bound = append(u.bound, v)
			}
		} else {
			u.Add(originOf(obj))
		}
		return true
	})
}

// binds reports whether a variable is among those that the interpreter keeps. Of
// one variable the cells may have several objects.
func (u *Unit) binds(v *types.Var) bool {
	name, _ := u.vars(v)
	return slices.ContainsFunc(u.bound, func(o *types.Var) bool {
		lowered, _ := u.vars(o)
		return lowered == name
	})
}

func originOf(obj types.Object) types.Object {
	if f, ok := obj.(*types.Func); ok {
		return f.Origin()
	}
	return obj
}

// Refers lists the session's variables that the package uses and does not keep.
func (u *Unit) Refers() []*types.Var { return slices.Clone(u.bound) }

// Keep has the package keep a variable. One whose type has no text stays the
// interpreter's.
func (u *Unit) Keep(v *types.Var) {
	if witness(v) != nil {
		if !slices.Contains(u.bound, v) {
			u.bound = append(u.bound, v)
		}
		return
	}
	u.bound = slices.DeleteFunc(u.bound, func(o *types.Var) bool { return o == v })
	if !slices.Contains(u.own, v) {
		u.own = append(u.own, v)
	}
}

// SetEntry has the package run a cell's statements.
func (u *Unit) SetEntry(e *Entry) {
	u.entry = e
	for _, s := range e.Stmts {
		u.collect(s, e.Info)
	}
	if e.Show != nil {
		u.collect(e.Show, e.Info)
	}
	for _, f := range e.Inits {
		u.collect(f, e.Info)
	}
}

// Shape returns how lowered code names a type without a name of its own: an
// instance of a generic type, or a struct.
func (u *Unit) Shape(t types.Type) string {
	s := u.shapeOf(t)
	return s.pkg.Name + "." + s.name
}

// shapeOf returns what exports a type: this package, when none has it yet.
func (u *Unit) shapeOf(t types.Type) symbol {
	key := u.c.key(t)
	s, ok := u.c.shapes[key]
	if !ok {
		s = symbol{u.pkg, fmt.Sprintf("S%s%d", Dot, len(u.shape)+1)}
		u.shape = append(u.shape, shaped{s.name, t})
		u.c.shapes[key] = s
		u.keys[key] = true
	}
	return s
}

// key is the same for identical types.
func (c *Compiler) key(t types.Type) string {
	text := types.TypeString(t, func(p *types.Package) string { return p.Path() })
	return strings.ReplaceAll(text, "interface{}", "any") + c.versions(t)
}

// versions tells apart types whose names are the same and whose meaning is not.
func (c *Compiler) versions(t types.Type) string {
	var b strings.Builder
	Walk(t, map[types.Type]bool{}, func(t types.Type) {
		n, ok := t.(*types.Named)
		if !ok {
			return
		}
		if obj := n.Origin().Obj(); obj.Pkg() != nil && obj.Pkg().Path() == "main" {
			fmt.Fprintf(&b, " %d", c.version(obj))
		}
	})
	return b.String()
}

// version numbers the objects that types are declared by.
func (c *Compiler) version(obj types.Object) int {
	if c.serial[obj] == 0 {
		c.serial[obj] = len(c.serial) + 1
	}
	return c.serial[obj]
}

// Walk visits the types in a type's text, but for those that it has seen.
func Walk(t types.Type, seen map[types.Type]bool, visit func(types.Type)) {
	if seen[t] {
		return
	}
	seen[t] = true
	visit(types.Unalias(t))
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			Walk(a, seen, visit)
		}
	case interface{ Elem() types.Type }:
		Walk(t.Elem(), seen, visit)
		if m, ok := t.(*types.Map); ok {
			Walk(m.Key(), seen, visit)
		}
	case *types.Struct:
		for f := range t.Fields() {
			Walk(f.Type(), seen, visit)
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			Walk(v.Type(), seen, visit)
		}
		for v := range t.Results().Variables() {
			Walk(v.Type(), seen, visit)
		}
	case *types.Interface:
		for m := range t.Methods() {
			Walk(m.Type(), seen, visit)
		}
	}
}

// Publish makes what the unit declares known to later ones: it was written.
func (u *Unit) Publish() {
	for _, m := range u.decls {
		if f, ok := m.Node.(*ast.FuncDecl); ok && f.Recv != nil {
			continue
		}
		switch m.obj.(type) {
		case *types.TypeName:
			u.c.symbols[m.obj] = symbol{u.pkg, "T" + Dot + m.obj.Name()}
		case *types.Func:
			u.c.symbols[m.obj] = symbol{u.pkg, "F" + Dot + m.obj.Name()}
		}
	}
	for _, v := range u.own {
		u.c.symbols[v] = symbol{u.pkg, "P" + Dot + v.Name()}
	}
}

// Abandon undoes what the unit promised: it was never loaded.
func (u *Unit) Abandon() {
	maps.DeleteFunc(u.c.symbols, func(_ types.Object, s symbol) bool { return s.pkg == u.pkg })
	maps.DeleteFunc(u.c.shapes, func(_ string, s symbol) bool { return s.pkg == u.pkg })
	maps.DeleteFunc(u.c.owner, func(_ *types.Var, f *field) bool { return f.pkg == u.pkg })
}

// Binds lists the functions of the package that must be called with pointers to
// variables that the interpreter keeps: lowered statements.
func (u *Unit) Binds(unsafe string) []string {
	var out []string
	for _, v := range u.bound {
		if name, _ := u.vars(v); u.c.symbols[v].pkg == nil {
			out = append(out, fmt.Sprintf("%s.Bind%s%s(%s.Pointer(&%s))", u.pkg.Name, Dot, v.Name(), unsafe, name))
		}
	}
	return out
}

// Imports lists the paths of the standard library and our own that the source
// imports, sorted.
func (u *Unit) Imports() []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Clone(u.blank), maps.Values(u.imports)))))
}

// import names a package in the text: as the user does, unless that name is
// another's.
func (u *Unit) importName(name, path string) string {
	for try, n := name, 2; ; n++ {
		switch p, taken := u.imports[try]; {
		case u.declares(try):
		case !taken:
			u.imports[try] = path
			return try
		case p == path:
			return try
		}
		try = fmt.Sprintf("%s%s%d", name, Dot, n)
	}
}

// declares reports whether the package has something of its own by that name.
func (u *Unit) declares(name string) bool {
	for _, m := range u.decls {
		if f, ok := m.Node.(*ast.FuncDecl); m.obj.Name() == name && !(ok && f.Recv != nil) {
			return true
		}
	}
	return slices.ContainsFunc(u.own, func(v *types.Var) bool { return v.Name() == name })
}

// need names an earlier package in the text.
func (u *Unit) need(p *Package) string {
	if name, ok := u.needs[p]; ok {
		return name
	}
	name := fmt.Sprintf("p%s%d", Dot, len(u.needs)+1)
	u.needs[p] = name
	u.order = append(u.order, p)
	return name
}

// Source writes the package.
func (u *Unit) Source() (string, error) {
	slices.SortStableFunc(u.decls, func(a, b member) int { return cmp.Compare(a.Node.Pos(), b.Node.Pos()) })
	var body, exports strings.Builder
	for _, m := range u.decls {
		u.writeDecl(&body, m)
	}
	body.WriteString("//line " + Generated + ":1\n")
	e := &exporter{u: u, b: &body, list: &exports}
	for _, m := range u.decls {
		e.member(m)
	}
	for _, v := range u.own {
		e.variable(v)
	}
	for _, v := range u.bound {
		e.pointer(v)
	}
	if u.entry != nil {
		u.writeEntry(&body)
		e.export("Entry"+Dot, "entry"+Dot)
	}
	body.WriteString("//line " + Generated + ":1\n")
	for i := 0; i < len(u.shape); i++ { // one may take another
		e.shaped(u.shape[i])
	}
	for p := range u.needs {
		u.pkg.needs = append(u.pkg.needs, p)
	}
	if u.err != nil {
		return "", u.err
	}
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, name := range slices.Sorted(maps.Keys(u.imports)) {
		fmt.Fprintf(&b, "import %s %q\n", name, u.imports[name])
	}
	for _, path := range u.blank {
		fmt.Fprintf(&b, "import _ %q\n", path)
	}
	for _, p := range u.order {
		fmt.Fprintf(&b, "import %s %q\n", u.needs[p], p.Path)
	}
	b.WriteString("\nvar _ unsafe" + Dot + ".Pointer\n\n" + preamble)
	for _, name := range slices.Sorted(maps.Keys(u.aliases)) {
		fmt.Fprintf(&b, "type %s%s\n", name, u.aliases[name])
	}
	fmt.Fprintf(&b, "\n//go:noinline\nfunc Symbols%s() []interface{} {\n\treturn []interface{}{\n%s\t}\n}\n\n", Dot, exports.String())
	b.WriteString(u.helpers.String())
	b.WriteString(body.String())
	return b.String(), nil
}
