package cells

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
)

// What a cell leaves in the session besides its definitions: its text, the
// positions in it, and the way from the evaluator's text back to it. All that is
// kept only while something can still point there, so that running a cell again
// and again takes no more memory than running it once.

// A ran is a unit that the evaluator ran, with the cell that it is from.
type ran struct {
	*lower.Text
	cell      string
	functions []string // that it declares, by the evaluator's names; nil when it does more than that
}

// function returns the name of the unit's function that a line is in, "" of a
// unit that is gone.
func (t ran) function(line int) string {
	if t.Text == nil {
		return ""
	}
	lines := strings.Split(t.Source, "\n")
	for _, l := range slices.Backward(lines[:min(line, len(lines))]) {
		if rest, ok := strings.CutPrefix(l, "func "); ok {
			name, _, _ := strings.Cut(rest, "(")
			return name
		}
	}
	return ""
}

const (
	// forgetEvery is after how many cells the session looks for what to forget.
	forgetEvery = 100
	// keepClosures is how many units are kept that define nothing but may have
	// left closures behind.
	keepClosures = 100
	// keepReplaced is how many units are kept whose functions were all replaced: old
	// ones may run on in goroutines.
	keepReplaced = 100
)

// left keeps the way back from a unit that ran as long as code of it may live. The
// evaluator forgets the others when the cell is over: until then its variables may
// have to get their old values back.
func (s *Session) left(p *plan) {
	switch {
	case p.declares:
	case strings.Contains(p.unit.Source, "func("):
		s.closures = append(s.closures, p.unit.Name)
		if n := len(s.closures) - keepClosures; n > 0 {
			s.ended = append(s.ended, s.closures[:n]...)
			s.closures = slices.Delete(s.closures, 0, n)
		}
	default:
		s.ended = append(s.ended, p.unit.Name)
	}
}

// forgettable hands over the units that the evaluator may forget, and the variables
// whose values nobody needs any more.
func (s *Session) forgettable() (units, values []string) {
	units, values = s.forgotten, s.stale
	s.forgotten, s.stale = nil, nil
	return units, values
}

// forget drops the units that the cell left behind and, now and then, the texts of
// cells that nothing points into.
func (s *Session) forget() {
	for _, unit := range s.ended {
		delete(s.texts, unit)
	}
	s.forgotten = append(s.forgotten, s.ended...)
	s.stale = append(s.stale, s.over...)
	s.ended, s.over = nil, nil
	if s.unswept++; s.unswept < forgetEvery {
		return
	}
	s.unswept = 0
	s.retain()
	live := map[string]bool{}
	at := func(pos token.Pos) { live[s.fset.Position(pos).Filename] = true }
	for _, d := range s.scope.decls {
		at(d.node.Pos())
		live[d.cell] = true
	}
	for _, a := range s.scope.aside {
		at(a.decl.node.Pos())
		live[a.decl.cell] = true
	}
	for _, v := range s.scope.vars {
		at(v.obj.Pos())
		live[v.cell] = true
	}
	for _, t := range s.texts {
		live[t.cell] = true
	}
	s.files = slices.DeleteFunc(s.files, func(f *token.File) bool {
		if live[f.Name()] {
			return false
		}
		s.fset.RemoveFile(f)
		return true
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.sources, func(name string, _ string) bool { return !live[name] })
}

// retain forgets functions and constants that cells replaced.
func (s *Session) retain() {
	alive, names := map[types.Object]bool{}, map[string]bool{}
	for _, obj := range s.scope.objs {
		alive[obj] = true
		names[s.lowerer.Bound(obj)] = true
	}
	s.compiler.Retain(alive)
	s.lowerer.Retain(alive)
	var replaced []eval.Unit
	for _, u := range s.units {
		t, known := s.texts[u.Name]
		if known && len(t.functions) > 0 && !slices.ContainsFunc(t.functions, func(n string) bool { return names[n] }) {
			replaced = append(replaced, u)
		}
	}
	gone := map[string]bool{}
	for _, u := range replaced[:max(0, len(replaced)-keepReplaced)] {
		gone[u.Name] = true
		s.ended = append(s.ended, u.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.units = slices.DeleteFunc(s.units, func(u eval.Unit) bool { return gone[u.Name] })
}

// newest is the place that a place has for the user: in the newest cell that
// holds the text of a declaration, though that was first defined by an earlier
// one. Compiled code knows no columns.
func (s *scope) newest(fset *token.FileSet, p token.Position) token.Position {
	before := func(a, b token.Position) bool {
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column && a.Column > 0
	}
	for _, d := range s.decls {
		if !d.again.IsValid() {
			continue
		}
		from, to := fset.Position(d.typed().Pos()), fset.Position(d.typed().End())
		if p.Filename != from.Filename || before(p, from) || !before(p, to) && p.Column > 0 || p.Line > to.Line {
			continue
		}
		if p.Line == from.Line && p.Column > 0 {
			p.Column += d.again.Column - from.Column
		}
		p.Line += d.again.Line - from.Line
		p.Filename = d.again.Filename
		break
	}
	return p
}
