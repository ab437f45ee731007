package cells

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/lower"
)

// dropUnchanged leaves out declarations that are alive with the same text: to
// run a cell again changes nothing for those who use it.
func (s *Session) dropUnchanged(include map[string]*declaration) {
	for key, d := range include {
		old := s.scope.decls[key]
		if old == nil || old.text != d.text || old.stale || d.recv != "" {
			continue
		}
		if d.isType() {
			// A type is unchanged when its methods are.
			same := true
			for k, m := range include {
				if m.recv == d.names[0] && (s.scope.decls[k] == nil || s.scope.decls[k].text != m.text) {
					same = false
				}
			}
			if !same {
				continue
			}
			for k, m := range include {
				if m.recv == d.names[0] {
					s.same(s.scope.decls[k], m)
					delete(include, k)
				}
			}
		}
		s.same(old, d)
		delete(include, key)
	}
	for key, d := range include {
		// A method alone, of a type that the cell does not declare.
		if d.recv != "" && include[d.recv] == nil {
			if old := s.scope.decls[key]; old != nil && old.text == d.text {
				s.same(old, d)
				delete(include, key)
			}
		}
	}
}

// same notes that a cell holds a declaration again.
func (s *Session) same(old, d *declaration) {
	moved := *old // whoever asks about the session meanwhile reads the old one
	moved.cell, moved.again = d.cell, s.fset.Position(d.typed().Pos())
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, known := range s.scope.decls {
		if known == old {
			s.scope.decls[key] = &moved
		}
	}
}

// includeMethods makes types and methods come together: a type that is defined
// again brings its methods, wherever they were defined; a new method brings its
// type.
func (s *Session) includeMethods(r *redefinition) {
	for _, d := range slices.Collect(maps.Values(r.include)) {
		if t := s.scope.decls[d.recv]; d.recv != "" && r.include[d.recv] == nil && t != nil && t.isType() {
			r.include[d.recv] = t
			r.changed[d.recv] = true
		}
	}
	for _, d := range slices.Collect(maps.Values(r.include)) {
		if !d.isType() {
			continue
		}
		for _, m := range s.scope.methods(d.names[0]) {
			if r.include[m.key()] == nil {
				r.include[m.key()] = m
			}
		}
	}
}

// includeDependents adds every declaration that uses what changes, and what
// changes thereby.
func (s *Session) includeDependents(r *redefinition) {
	for again := true; again; {
		again = s.includeAsides(r)
		for _, d := range s.users(r) {
			if r.include[d.key()] != nil {
				continue
			}
			again = true
			r.include[d.key()] = d
			for _, own := range d.names {
				r.changed[own] = true
			}
			base := d.recv
			if d.isType() {
				base = d.key()
			}
			if t := s.scope.decls[base]; t != nil {
				s.includeType(r, t)
			}
		}
	}
}

// users are the declarations that use what changes and are not included yet, in
// order of key.
func (s *Session) users(r *redefinition) (users []*declaration) {
	for _, d := range s.scope.decls {
		if r.include[d.key()] != nil || r.aside[d.key()] != nil {
			continue
		}
		if r.affects(d) {
			users = append(users, d)
		}
	}
	slices.SortFunc(users, func(a, b *declaration) int { return cmp.Compare(a.key(), b.key()) })
	return users
}

// affects reports whether a declaration uses what changes. A type with its methods
// stays what it is when only functions do that are called as they were: the methods
// find the new ones (eval.Link), and values of the type need not become another's.
func (r *redefinition) affects(d *declaration) bool {
	for n, path := range r.taken {
		if old := d.pkgs[n]; old != "" && old != path {
			return true
		}
	}
	for n := range d.uses {
		if r.gone[n] {
			return true
		}
		if !r.changed[n] {
			continue
		}
		if f := r.include[n]; d.recv == "" && !d.isType() || f == nil || !f.isFunction() || r.other[n] {
			return true
		}
	}
	return false
}

// calledAlike reports whether calls of a function that was defined before find a new
// one in its place.
func calledAlike(old types.Object, f *types.Func) bool {
	before, ok := old.(*types.Func)
	return ok && compile.Linked(before) && compile.Linked(f) && types.Identical(before.Type(), f.Type())
}

// defined reports whether obj is something that the session defined.
func (s *Session) defined(obj types.Object) bool {
	if obj == nil {
		return false
	}
	if s.scope.objs[obj.Name()] == obj {
		return true
	}
	v := s.scope.vars[obj.Name()]
	return v != nil && v.obj == obj
}

// dependentAt returns the earlier declaration that a position lies in.
func (s *Session) dependentAt(pos token.Pos, c *checked) *declaration {
	for _, d := range c.decls {
		if d.cell != c.name && within(pos, d.node) {
			return d
		}
	}
	return nil
}

// mentions reports whether t is made with a session type that changes.
func mentions(t types.Type, sc *scope, changed map[string]bool) bool {
	found := false
	walkNamed(t, func(n *types.Named) {
		if changed[n.Obj().Name()] && sc.objs[n.Obj().Name()] == n.Obj() {
			found = true
		}
	})
	return found
}

// sameShape reports whether every type that is defined again and that typ
// mentions looks as before, so that values can live on.
func (t *trial) sameShape(typ types.Type) bool { return t.reshaped(typ) == "" }

// reshaped returns the name of a type that typ mentions and that looks otherwise
// now, "" when there is none.
func (t *trial) reshaped(typ types.Type) (name string) {
	walkNamed(typ, func(n *types.Named) {
		obj := n.Obj()
		if name == "" && t.include[obj.Name()] != nil && t.scope.objs[obj.Name()] == obj && !t.looksTheSame(obj.Name(), map[string]bool{}) {
			name = obj.Name()
		}
	})
	return name
}

// looksTheSame reports whether a name that types are made with means the same
// when it is defined again: its text is the same, and so are the names in it.
func (t *trial) looksTheSame(name string, seen map[string]bool) bool {
	if seen[name] || !t.changed[name] {
		return true
	}
	seen[name] = true
	d, old := t.include[name], t.scope.decls[name]
	if d == nil || old == nil || old.text != d.text {
		return false
	}
	for n := range old.uses {
		if !t.looksTheSame(n, seen) {
			return false
		}
	}
	return true
}

// walkNamed visits the named types that t is made of, and those that the session's
// among them are declared as.
func walkNamed(t types.Type, visit func(*types.Named)) {
	seen := map[types.Type]bool{}
	var into func(t types.Type)
	into = func(t types.Type) {
		n, ok := t.(*types.Named)
		if !ok {
			return
		}
		visit(n)
		if n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main" {
			compile.Walk(n.Underlying(), seen, into)
		}
	}
	compile.Walk(t, seen, into)
}

// typeSpecFor writes the declaration of a variable anew, so that the names in
// its type mean what they mean now. It returns nil when the type has no text.
func typeSpecFor(v *types.Var) (*ast.ValueSpec, map[string]*types.Package) {
	pkgs := map[string]*types.Package{}
	text := types.TypeString(v.Type(), func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		name := strings.NewReplacer("/", lower.Dot, ".", lower.Dot, "-", lower.Dot).Replace(p.Path()) + lower.Dot
		pkgs[name] = p
		return name
	})
	x, err := parser.ParseExpr(text)
	if err != nil {
		return nil, nil
	}
	stamp(x, v.Pos())
	return &ast.ValueSpec{Names: []*ast.Ident{{NamePos: v.Pos(), Name: v.Name()}}, Type: x}, pkgs
}

// stamp gives every identifier of a synthetic expression a real position.
func stamp(x ast.Expr, pos token.Pos) {
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			id.NamePos = pos
		}
		return true
	})
}
