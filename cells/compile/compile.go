// Package compile writes checked Go of a session as packages for the compiler:
// what the evaluator loads as plugins. The text stays the user's own; only what
// crosses from one package to another, or to the interpreter, is rewritten.
//
// Every unit of compiled code is a package of its own, called main, since that
// is how its types must name themselves. A later package names the types of an
// earlier one by aliases, its functions by exported names, and reaches
// unexported fields through small functions that the compiler inlines.
// Unexported methods are exported under a marked name, in all packages, so that
// a type implements an interface of another cell.
package compile

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Dot separates a user's name from what makes it fresh. It is a letter to Go,
// and one that no user types.
const Dot = "ꞏ"

// hidden marks a method that the user did not export but another package needs:
// with a capital letter behind all that users begin names with, so that such
// methods sort as they do without it, behind the exported ones. Nothing that
// runs shows it (Readable).
const hidden = "\U0001E900" + Dot

// Generated is the file that positions of text which is not the user's are in.
const Generated = "paracell.go"

// Method returns the name that compiled code has for a method: its own, or a
// marked one when it is a cell's and not exported.
func Method(m types.Object) string {
	if m.Exported() || m.Pkg() == nil || m.Pkg().Path() != "main" {
		return m.Name()
	}
	return hidden + m.Name()
}

// Readable takes our marks out of a name that compiled code has.
func Readable(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, hidden, ""), Dot, "")
}

// TypeName takes our marks out of the name of a method, or of a type, where Go
// says which package an unexported method is of.
func TypeName(name string) string {
	return strings.ReplaceAll(strings.TrimPrefix(name, hidden), hidden, "main.")
}

// Function returns the name that the user gave a function: "T.get" for
// "main.T.get", "" for a cell's statements.
func Function(name string) string {
	name = strings.TrimPrefix(name, "main.")
	if name == "entry" {
		return ""
	}
	return strings.TrimPrefix(name, "entry.")
}

// A Decl is a declaration as it was typed.
type Decl struct {
	Node ast.Decl // *ast.FuncDecl, or *ast.GenDecl of a type or a const group
	Info *types.Info
	// Text returns the source between two positions of the declaration.
	Text func(from, to token.Pos) string
}

// A Package is one that was compiled: by what units import it.
type Package struct {
	// Name is the session's name for the package, in lowered code and in the
	// sources of later packages.
	Name string
	// Path and Archive are the builder's, set when it was built.
	Path    string
	Archive string
	needs   []*Package
}

// A symbol is what a package exports of an object.
type symbol struct {
	pkg  *Package
	name string
}

// A Compiler knows what of a session is compiled, and where. It is not safe for
// concurrent use.
type Compiler struct {
	fset    *token.FileSet
	decls   map[types.Object]*Decl
	methods map[types.Object][]*Decl // by the base type
	symbols map[types.Object]symbol
	shapes  map[string]symbol     // instances and struct types that have no name of their own
	owner   map[*types.Var]*field // of unexported fields
	serial  map[types.Object]int
	leaves  map[*types.Func]bool // what leaf said
}

// A field is an unexported one of a struct that a package declares.
type field struct {
	symbol
	base    string // the name of the type that it is a field of
	generic bool   // that type is
	typ     *types.TypeName
}

// ownField is a field of a type that a package declares.
func ownField(pkg *Package, typ string, f *types.Var) *field {
	return &field{symbol: symbol{pkg, typ + "_" + f.Name()}, base: typ}
}

// fieldOf returns an unexported field of a struct type that an earlier package
// than pkg declares; nil for others.
func (c *Compiler) fieldOf(t types.Type, f *types.Var, pkg *Package) *field {
	o := c.owner[f.Origin()]
	if st, ok := types.Unalias(t).(*types.Struct); ok && o == nil && !f.Exported() && shared(st) {
		if s, ok := c.shapes[c.key(st)]; ok {
			o = ownField(s.pkg, s.name, f)
		}
	}
	if o == nil || o.pkg == pkg {
		return nil
	}
	return o
}

// in begins the name of what leads to the field, in a package that imports its
// own as pkg.
func (f *field) in(pkg string) string {
	if f.generic {
		return pkg + "."
	}
	return "(" + pkg + "." + Door + "{})."
}

// New returns a Compiler for one session.
func New(fset *token.FileSet) *Compiler {
	return &Compiler{
		fset:    fset,
		decls:   map[types.Object]*Decl{},
		methods: map[types.Object][]*Decl{},
		symbols: map[types.Object]symbol{},
		shapes:  map[string]symbol{},
		owner:   map[*types.Var]*field{},
		serial:  map[types.Object]int{},
		leaves:  map[*types.Func]bool{},
	}
}

// Declare tells of a type, function or constant, so that units which need it can
// have it.
func (c *Compiler) Declare(obj types.Object, d *Decl) { c.decls[obj] = d }

// Retain forgets functions and constants but for those that are alive: nothing
// refers to the others. A type lives on in values.
func (c *Compiler) Retain(alive map[types.Object]bool) {
	gone := func(obj types.Object) bool {
		switch obj.(type) {
		case *types.Func, *types.Const:
			return !alive[obj]
		}
		return false
	}
	maps.DeleteFunc(c.leaves, func(f *types.Func, _ bool) bool { return !alive[f] })
	maps.DeleteFunc(c.decls, func(obj types.Object, _ *Decl) bool { return gone(obj) })
	maps.DeleteFunc(c.symbols, func(obj types.Object, _ symbol) bool { return gone(obj) })
}

// DeclareMethod tells of a method of a type.
func (c *Compiler) DeclareMethod(base types.Object, d *Decl) {
	if slices.ContainsFunc(c.methods[base], func(m *Decl) bool { return m.Node == d.Node }) {
		return // the cell is tried again
	}
	c.methods[base] = append(c.methods[base], d)
}

// Name returns how lowered code names a compiled object, or "".
func (c *Compiler) Name(obj types.Object) string {
	if s, ok := c.symbols[obj]; ok {
		return s.pkg.Name + "." + s.name
	}
	return ""
}

// Function returns the declaration of a function that was told of and is not
// compiled, nil for others.
func (c *Compiler) Function(obj types.Object) (*ast.FuncDecl, *types.Info) {
	d := c.decls[obj]
	if d == nil || c.Name(obj) != "" {
		return nil, nil
	}
	f, _ := d.Node.(*ast.FuncDecl)
	return f, d.Info
}

// Same tells that two objects are one variable.
func (c *Compiler) Same(v, old *types.Var) {
	if s, ok := c.symbols[old]; ok {
		c.symbols[v] = s
	}
}
