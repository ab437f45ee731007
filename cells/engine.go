package cells

import (
	"context"
	"errors"
	"go/ast"
	"go/token"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
)

// A route says which engine runs what of a cell. Types and methods are always
// compiled; functions and statements are interpreted, unless the interpreter
// cannot do them faithfully.
type route struct {
	whole bool                   // the statements are compiled, and all functions
	funcs map[*ast.FuncDecl]bool // functions that are compiled
}

// anywhere stands for a place in the cell that nobody knows.
const anywhere = token.Pos(1)

// route decides how a cell runs.
func (r *running) route(c *checked) *route {
	return &route{funcs: map[*ast.FuncDecl]bool{}}
}

// compile has the part of the cell around a place compiled. It reports whether
// that is a change.
func (o *route) compile(c *checked, at token.Pos) bool {
	if o.whole {
		return false
	}
	for _, d := range c.decls {
		f, ok := d.node.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Type.TypeParams == nil && within(at, f) && !o.funcs[f] {
			o.funcs[f] = true
			return true
		}
	}
	o.whole = true
	return true
}

// unfit returns where a cell has Go that cannot be lowered.
func (r *running) unfit(err error) (token.Pos, bool) {
	var u *lower.UnsupportedError
	if !errors.As(err, &u) {
		return 0, false
	}
	if !u.Pos.IsValid() {
		return anywhere, true
	}
	return u.Pos, true
}

// build compiles what the plan needs compiled and adds it to the unit's imports.
func (r *running) build(ctx context.Context, p *plan) error {
	if p.compiled.Empty() {
		return nil
	}
	text, err := p.compiled.Source()
	if err != nil {
		return err
	}
	s := build.PluginSource{Source: text, Imports: p.compiled.Imports()}
	for _, n := range p.compiled.Needs() {
		s.Needs = append(s.Needs, r.plugins[n])
	}
	plugin, err := r.engine.Plugin(ctx, s)
	if err != nil {
		return err
	}
	pkg := p.compiled.Package()
	pkg.Path = plugin.Path
	if r.plugins == nil {
		r.plugins = map[*compile.Package]build.Plugin{}
	}
	r.plugins[pkg] = plugin
	p.unit.Imports = append([]eval.Import{{Path: plugin.Path, Name: pkg.Name, File: plugin.File}}, p.unit.Imports...)
	return nil
}
