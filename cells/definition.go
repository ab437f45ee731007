package cells

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/paracell/paracell/cells/syntax"
)

// A declaration is a const group, type, function or method of a cell, as it
// was typed. It is checked again, as a new version, whenever something that it
// uses is redefined.
type declaration struct {
	node   ast.Decl // *ast.FuncDecl, or *ast.GenDecl with one TypeSpec or a whole const group
	names  []string // what it defines; a method defines none
	recv   string   // a method's base type
	cell   string   // "Cell[3]"
	text   string
	source *syntax.Cell      // what it was typed in
	header string            // a function's text up to its body
	uses   map[string]bool   // session names that it refers to
	pkgs   map[string]string // packages that it refers to: path by name
	stale  bool              // it must be defined again though its text is the same
	inited bool              // an init function: runs once, is not kept
	again  token.Position    // where a later cell holds the same text; invalid when none does
}

// typed is the node that the declaration's text is of.
func (d *declaration) typed() ast.Node {
	if g, ok := d.node.(*ast.GenDecl); ok && g.Tok == token.TYPE {
		return g.Specs[0]
	}
	return d.node
}

// key identifies a declaration among those alive.
func (d *declaration) key() string {
	if f, ok := d.node.(*ast.FuncDecl); ok && d.recv != "" {
		return d.recv + "." + f.Name.Name
	}
	return d.names[0]
}

func (d *declaration) isType() bool {
	g, ok := d.node.(*ast.GenDecl)
	return ok && g.Tok == token.TYPE
}

func (d *declaration) isFunction() bool {
	_, ok := d.node.(*ast.FuncDecl)
	return ok && d.recv == ""
}

func (d *declaration) isGeneric() bool {
	f, ok := d.node.(*ast.FuncDecl)
	return ok && f.Type.TypeParams != nil
}

// A variable is a session variable.
type variable struct {
	obj  *types.Var
	cell string
	lost bool // its value went with an evaluator that died; only functions still refer to it
}

// An imported package, by the name that cells use for it.
type importedPackage struct {
	path string
	cell string
}

// scope is all that is defined at one moment. A cell that fails leaves the
// scope that it began with.
type scope struct {
	decls   map[string]*declaration // by name; const groups under each name; methods under T.M
	objs    map[string]types.Object // the object that a name denotes now
	vars    map[string]*variable
	imports map[string]importedPackage
	dots    []string          // paths of dot imports
	aside   map[string]*aside // declarations that do not fit at the moment, by key
	order   []string          // names in the order of definition, for listings
}

func newScope() *scope {
	return &scope{
		decls:   map[string]*declaration{},
		objs:    map[string]types.Object{},
		vars:    map[string]*variable{},
		imports: map[string]importedPackage{},
		aside:   map[string]*aside{},
	}
}

// clone copies the scope.
func (s *scope) clone() *scope {
	c := newScope()
	copyInto(c.decls, s.decls)
	copyInto(c.objs, s.objs)
	copyInto(c.vars, s.vars)
	copyInto(c.imports, s.imports)
	copyInto(c.aside, s.aside)
	c.dots = append(c.dots, s.dots...)
	c.order = append(c.order, s.order...)
	return c
}

func copyInto[K comparable, V any](dst, src map[K]V) {
	for k, v := range src {
		dst[k] = v
	}
}

// remove forgets a name, whatever it denotes.
func (s *scope) remove(name string) {
	delete(s.decls, name)
	delete(s.objs, name)
	delete(s.vars, name)
	delete(s.imports, name)
	delete(s.aside, name)
}

// methods returns the methods of a type, by name.
func (s *scope) methods(typ string) map[string]*declaration {
	out := map[string]*declaration{}
	for _, d := range s.decls {
		if d.recv == typ {
			out[d.node.(*ast.FuncDecl).Name.Name] = d
		}
	}
	return out
}

// declarations takes a cell's declarations apart; imports are returned by
// themselves.
func declarations(c *syntax.Cell, cell string) (decls []*declaration, imports []*ast.ImportSpec) {
	for _, d := range c.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			out := &declaration{node: d, cell: cell, source: c, text: c.Text(d.Pos(), d.End())}
			if d.Body != nil {
				out.header = c.Text(d.Pos(), d.Body.Pos())
			}
			switch {
			case d.Recv != nil:
				out.recv = receiverBase(d)
			case d.Name.Name == "init":
				out.inited = true
				out.names = []string{"init"}
			default:
				out.names = []string{d.Name.Name}
			}
			decls = append(decls, out)
		case *ast.GenDecl:
			switch d.Tok {
			case token.IMPORT:
				for _, s := range d.Specs {
					imports = append(imports, s.(*ast.ImportSpec))
				}
			case token.TYPE:
				for _, s := range d.Specs {
					s := s.(*ast.TypeSpec)
					decls = append(decls, &declaration{
						node:   &ast.GenDecl{Doc: d.Doc, TokPos: d.TokPos, Tok: token.TYPE, Specs: []ast.Spec{s}},
						names:  []string{s.Name.Name},
						cell:   cell,
						source: c,
						text:   "type " + c.Text(s.Pos(), s.End()),
					})
				}
			case token.CONST:
				out := &declaration{node: d, cell: cell, source: c, text: c.Text(d.Pos(), d.End())}
				for _, s := range d.Specs {
					for _, n := range s.(*ast.ValueSpec).Names {
						out.names = append(out.names, n.Name)
					}
				}
				decls = append(decls, out)
			}
		}
	}
	return decls, imports
}

// receiverBase returns the name of a method's base type.
func receiverBase(d *ast.FuncDecl) string {
	t := ast.Unparen(d.Recv.List[0].Type)
	if s, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(s.X)
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// topLevelVars returns the names that a cell's statements define, by the
// statement that defines them.
func topLevelVars(stmts []ast.Stmt) map[string]ast.Stmt {
	out := map[string]ast.Stmt{}
	note := func(s ast.Stmt, id *ast.Ident) {
		if _, seen := out[id.Name]; !seen && id.Name != "_" {
			out[id.Name] = s
		}
	}
	for _, s := range stmts {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, lhs := range s.Lhs {
					if id, ok := lhs.(*ast.Ident); ok {
						note(s, id)
					}
				}
			}
		case *ast.DeclStmt:
			if d := s.Decl.(*ast.GenDecl); d.Tok == token.VAR {
				for _, spec := range d.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						note(s, id)
					}
				}
			}
		}
	}
	return out
}

// identifiers adds every identifier in n to names.
func identifiers(names map[string]bool, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
}

// parenthesize writes `type B (A)` for `type B A` where A is the session's. In
// search of cycles the type checker follows names to their declarations, and
// has none of A.
func parenthesize(d ast.Decl, declared map[string]bool, sc *scope) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE {
		return
	}
	for _, s := range g.Specs {
		s := s.(*ast.TypeSpec)
		if id, ok := s.Type.(*ast.Ident); ok && !declared[id.Name] && sc.objs[id.Name] != nil {
			s.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
		}
	}
}

// apply makes what a cell defines part of the scope, and sets aside what does
// not fit. Own returns the session's own object for a cell's variable.
func (s *scope) apply(c *checked, own func(*types.Var) *types.Var) {
	for _, a := range c.asides {
		for _, n := range a.decl.names {
			s.remove(n)
		}
		delete(s.decls, a.decl.key())
	}
	for _, d := range c.decls {
		if d.isType() {
			for _, m := range s.methods(d.names[0]) {
				delete(s.decls, m.key())
			}
		}
	}
	for _, d := range c.decls {
		delete(s.aside, d.key())
		if d.recv != "" {
			s.decls[d.key()] = d
			continue
		}
		for _, n := range d.names {
			s.remove(n)
			s.decls[n] = d
			s.objs[n] = c.pkg.Scope().Lookup(n)
			s.last(n)
		}
	}
	for _, a := range c.asides {
		s.aside[a.decl.key()] = a
	}
	for n, v := range c.retyped {
		old := s.vars[n]
		s.vars[n] = &variable{obj: v, cell: old.cell, lost: old.lost}
	}
	// A cell's variable hides the package of its name.
	for n, imp := range c.imports {
		s.remove(n)
		s.imports[n] = imp
	}
	for _, v := range c.vars {
		s.remove(v.Name())
		s.vars[v.Name()] = &variable{obj: own(v), cell: c.name}
		s.last(v.Name())
	}
	for _, d := range c.dots {
		if !slices.Contains(s.dots, d) {
			s.dots = append(s.dots, d)
		}
	}
}

// last makes a name the one that was defined last.
func (s *scope) last(name string) {
	if n := len(s.order); n > 0 && s.order[n-1] == name {
		return
	}
	s.order = append(slices.DeleteFunc(s.order, func(n string) bool { return n == name }), name)
}
