package cells

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/cells/spelling"
)

// An aside is a declaration that does not fit what is defined now: a
// redefinition made it invalid, or it calls functions that nothing defines yet.
// It is tried again when a name changes that it mentions, so that functions of
// two cells can call each other.
type aside struct {
	decl  *declaration
	err   types.Error
	needs map[string]bool // names of the session that it mentions, be they defined or not
	waits []string        // the functions that it calls and that nothing defines; nil for other mistakes
	again bool            // it was set aside before this cell
}

func (t *trial) newAside(d *declaration, err types.Error, waits []string) *aside {
	a := &aside{decl: d, err: err, needs: map[string]bool{}, waits: waits}
	if old := t.scope.aside[d.key()]; old != nil && old.decl == d {
		a.again = true
		if name, _ := t.awaits(err); slices.Contains(old.waits, name) {
			a.waits = old.waits
		}
	}
	for _, name := range a.waits {
		if typ, _, ok := strings.Cut(name, "."); ok {
			a.needs[typ] = true
		}
	}
	ast.Inspect(d.node, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := t.info.Uses[id]
		if obj == nil && t.info.Defs[id] == nil || obj != nil && (obj.Parent() == t.pkg.Scope() || t.defined(obj)) {
			a.needs[id.Name] = true
		}
		return true
	})
	return a
}

// name is what the user calls the declaration.
func (a *aside) name() string {
	if a.decl.recv != "" {
		return a.decl.key()
	}
	return strings.Join(a.decl.names, ", ")
}

// why is a sentence that says what is wrong with an aside.
func (s *Session) why(a *aside) string {
	if len(a.waits) > 0 {
		return fmt.Sprintf("%s (%s) waits for %s, which nothing defines yet", a.name(), a.decl.cell, strings.Join(a.waits, " and "))
	}
	return fmt.Sprintf("%s (%s) no longer fits and is set aside: %s", a.name(), a.decl.cell, s.describe(a.err))
}

// mayFit reports whether what it needs changes.
func (a *aside) mayFit(changed map[string]bool) bool {
	for n := range changed {
		if a.needs[n] {
			return true
		}
	}
	return false
}

// setAside takes a declaration out of what is defined again. A type takes its
// methods along.
func (t *trial) setAside(d *declaration, err types.Error, waits []string) {
	if t.aside[d.key()] != nil {
		return
	}
	t.aside[d.key()] = t.newAside(d, err, waits)
	delete(t.include, d.key())
	for _, n := range d.names {
		delete(t.changed, n)
		t.gone[n] = true
		for _, m := range t.scope.methods(n) {
			if t.aside[m.key()] == nil {
				a := t.newAside(m, err, nil)
				a.again = true // the type's notice tells of it
				t.aside[m.key()] = a
				delete(t.include, m.key())
			}
		}
	}
}

// includeAsides tries again what was set aside in earlier cells and mentions a
// name that changes. It reports whether there was any.
func (s *Session) includeAsides(r *redefinition) (found bool) {
	for _, key := range sortedKeys(s.scope.aside) {
		a := s.scope.aside[key]
		d := a.decl
		if r.include[key] != nil || r.aside[key] != nil || !a.mayFit(r.changed) || slices.ContainsFunc(d.names, func(n string) bool { return r.own[n] }) {
			continue
		}
		if d.recv != "" && r.include[d.recv] == nil {
			t := s.scope.decls[d.recv]
			if t == nil || !t.isType() {
				continue
			}
			s.includeType(r, t)
		}
		found = true
		r.include[key] = d
		for _, n := range d.names {
			r.changed[n] = true
		}
	}
	return found
}

// includeType defines a type again, with its methods.
func (s *Session) includeType(r *redefinition, t *declaration) {
	name := t.names[0]
	r.changed[name] = true
	if r.include[name] == nil {
		r.include[name] = t
	}
	for _, m := range s.scope.methods(name) {
		if r.include[m.key()] == nil && r.aside[m.key()] == nil {
			r.include[m.key()] = m
		}
	}
}

// wait sets functions of the cell aside whose only fault is to call what nothing
// defines yet: a later cell may. It reports whether there were any.
func (t *trial) wait(errs []types.Error) bool {
	waits := map[*declaration]map[string]bool{}
	at := map[*declaration]types.Error{}
	for _, e := range errs {
		name, ok := t.awaits(e)
		d := t.functionAt(e.Pos)
		if !ok || d == nil || !callsAt(d.node, e.Pos) {
			return false
		}
		if waits[d] == nil {
			waits[d], at[d] = map[string]bool{}, e
		}
		waits[d][name] = true
	}
	for d, names := range waits {
		t.setAside(d, at[d], slices.Sorted(maps.Keys(names)))
	}
	if len(waits) > 0 && t.first == nil {
		t.first = errs
	}
	return len(waits) > 0
}

// awaits returns the function, or the method of the user's, that an error misses
// and that a later cell may define.
func (t *trial) awaits(e types.Error) (name string, ok bool) {
	if name, ok = strings.CutPrefix(e.Msg, "undefined: "); ok {
		return name, token.IsIdentifier(name) && !t.mistyped(name)
	}
	m := noMethod().FindStringSubmatch(e.Msg)
	if m == nil {
		return "", false
	}
	typ, method := m[1], m[2]
	obj := t.pkg.Scope().Lookup(typ)
	if d := t.include[typ]; obj == nil || types.IsInterface(obj.Type()) || d == nil && t.scope.decls[typ] == nil {
		return "", false
	}
	slip := func(known string) bool {
		return strings.EqualFold(known, method) || len(known) >= 4 && spelling.Distance(known, method) == 1
	}
	return typ + "." + method, !slices.ContainsFunc(t.membersAt(e.Pos, method), slip)
}

// noMethod matches what the type checker says of a method that a type lacks.
var noMethod = pattern.New(`undefined \(type \*?(\w+)(?:\[.*\])? has no field or method (\w+)\)$`)

// functionAt returns the function or method of the cell that a position lies in.
func (t *trial) functionAt(pos token.Pos) *declaration {
	for _, d := range t.checked.decls {
		if f, ok := d.node.(*ast.FuncDecl); ok && d.cell == t.name && f.Body != nil && within(pos, f.Body) {
			return d
		}
	}
	return nil
}

// callsAt reports whether the identifier at pos is what a call calls.
func callsAt(n ast.Node, pos token.Pos) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && !found {
			switch f := c.Fun.(type) {
			case *ast.Ident:
				found = f.Pos() == pos
			case *ast.SelectorExpr:
				found = f.Sel.Pos() == pos
			}
		}
		return !found
	})
	return found
}

// mistyped reports whether a name is rather a slip than one to come.
func (t *trial) mistyped(name string) bool {
	for _, known := range t.known(false) {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	for _, b := range types.Universe.Names() {
		if len(b) >= 5 && spelling.Distance(b, name) == 1 {
			return true
		}
	}
	return false
}

// keeps notes that a variable keeps a type which is defined anew in another shape.
func (t *trial) keeps(n string, v *variable) {
	if v.lost || t.top[n] != nil {
		return
	}
	if changed := t.reshaped(v.obj.Type()); changed != "" {
		t.kept = append(t.kept, keeper{n, v.cell, changed})
	}
}

// A keeper is a variable that keeps an earlier type.
type keeper struct{ name, cell, typ string }

func (k keeper) String() string {
	return fmt.Sprintf("%s (%s) keeps the type %s as it was: define it again to have the new one", k.name, k.cell, k.typ)
}

// sortedAsides lists them as the cells did.
func sortedAsides(m map[string]*aside) []*aside {
	return slices.SortedFunc(maps.Values(m), func(a, b *aside) int {
		return cmp.Or(cmp.Compare(a.decl.node.Pos(), b.decl.node.Pos()), cmp.Compare(a.decl.key(), b.decl.key()))
	})
}

// awaited reports whether something that was set aside in earlier cells mentions
// a name.
func (s *scope) awaited(name string) bool {
	for _, a := range s.aside {
		if a.needs[name] {
			return true
		}
	}
	return false
}

// whyAside tells why a declaration that the user knows is not there, "" when
// that is not so.
func (t *trial) whyAside(key string) string {
	for _, asides := range []map[string]*aside{t.aside, t.scope.aside} {
		for _, a := range sortedAsides(asides) {
			if a.decl.key() == key || slices.Contains(a.decl.names, key) {
				return t.why(a)
			}
		}
	}
	return ""
}
