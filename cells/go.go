package cells

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/syntax"
)

// parseCell parses Go text of a cell.
func parseCell(fset *token.FileSet, name string, line int, text string) (*syntax.Cell, error) {
	return syntax.Parse(fset, name, line, text)
}

// runGo checks, lowers and runs Go. With repeat above 0 the statements run that
// often and *took tells how long they took.
func (r *running) runGo(ctx context.Context, code magic.Code, repeat int, took *time.Duration) *Error {
	if err := ctx.Err(); err != nil {
		return interruptError()
	}
	name := r.name
	if code.Name != "" {
		name = code.Name
		r.mu.Lock()
		r.sources[name] = code.Text
		r.mu.Unlock()
	}
	cell, err := parseCell(r.fset, name, code.Line, code.Text)
	if err != nil {
		return r.compileError(err)
	}
	if mayImport(cell) {
		if e := r.awaitImports(ctx); e != nil {
			return e
		}
	}
	c, err := r.check(cell, name)
	if err != nil {
		return r.compileError(err)
	}
	p, err := r.lower(c, repeat)
	if err != nil {
		return r.compileError(err)
	}
	r.notices(c)
	if p.unit.Entry != "" || p.unit.Source != "" {
		r.setPending(&pending{c, p.unit})
		e := r.run(ctx, p, took)
		r.setPending(nil)
		if e != nil {
			return e
		}
	}
	if repeat == 0 {
		r.commit(c)
	}
	return nil
}

// mayImport reports whether a cell may need a package's type information.
func mayImport(cell *syntax.Cell) bool {
	found := false
	for _, n := range []ast.Node{cell.Body, &ast.File{Name: ast.NewIdent("main"), Decls: cell.Decls}} {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.SelectorExpr, *ast.ImportSpec:
				found = true
			}
			return !found
		})
	}
	return found
}

// awaitImports waits until type information is there. Once on a machine it has
// to be made, which takes long enough to say so.
func (r *running) awaitImports(ctx context.Context) *Error {
	note := time.NewTimer(time.Second)
	defer note.Stop()
	for {
		select {
		case <-r.warmed:
			return nil
		case <-ctx.Done():
			return interruptError()
		case <-note.C:
			r.request.Emit(Stream{Name: "stderr", Text: "preparing the standard library's type information, once on this machine …\n"})
		}
	}
}

// plan is a lowered cell: what goes to the evaluator, and what becomes of the
// session when it ran.
type plan struct {
	unit     eval.Unit
	text     *lower.Text
	u        *lower.Unit
	restore  string            // function that undoes redefinitions of variables; "" for none
	vars     map[string]string // session variables that the cell defines: lowered names
	declares bool              // the unit holds more than its entry
	effect   bool              // a call that returns only an error ends it: nil says nothing
}

// lower writes a checked cell for the evaluator.
func (r *running) lower(c *checked, repeat int) (p *plan, err error) {
	l := r.lowerer
	p = &plan{u: l.NewUnit(), vars: map[string]string{}}
	defer func() {
		if err != nil {
			p.u.Abandon()
		}
	}()
	defer ourFault("lowering the cell", &err)
	defer lower.Catch(&err)
	funcs := map[string]string{}

	// Names first: declarations refer to each other.
	generic := map[string]*lower.Generic{}
	for _, d := range c.decls {
		switch n := d.node.(type) {
		case *ast.GenDecl:
			if n.Tok != token.TYPE {
				continue
			}
			spec := n.Specs[0].(*ast.TypeSpec)
			obj := c.info.Defs[spec.Name]
			if spec.TypeParams != nil {
				g := &lower.Generic{Decl: spec, Info: c.info}
				generic[spec.Name.Name] = g
				l.Declare(obj, g)
			}
			l.Bind(obj, l.Fresh(spec.Name.Name))
		case *ast.FuncDecl:
			if n.Recv != nil {
				continue
			}
			obj := c.info.Defs[n.Name]
			name := l.Fresh(n.Name.Name)
			l.Bind(obj, name)
			if n.Type.TypeParams != nil {
				l.Declare(obj, &lower.Generic{Decl: n, Info: c.info})
			} else {
				funcs["main."+n.Name.Name] = name
			}
		}
	}
	for _, d := range c.decls {
		if g := generic[d.recv]; g != nil {
			g.Methods = append(g.Methods, d.node.(*ast.FuncDecl)) // before anything makes an instance
		}
	}
	entry := lower.Entry{Name: l.Fresh("cell"), Stmts: c.stmts, Show: c.show, Type: c.cell.Func.Type}
	var undo []string
	var fresh []*types.Var
	for _, v := range c.vars {
		if name, ok := p.vars[v.Name()]; ok {
			l.Bind(v, name)
			continue
		}
		old := r.scope.vars[v.Name()]
		if old != nil && types.Identical(old.obj.Type(), v.Type()) && c.retyped[v.Name()] == nil {
			// The same variable gets a new value, and its old one back should
			// the cell fail.
			name := l.Bound(old.obj)
			l.Bind(v, name)
			p.vars[v.Name()] = name
			saved := l.Fresh("saved")
			typ := p.u.TypeName(v.Type(), c.pkg)
			p.u.Raw(fmt.Sprintf("var %s %s", saved, typ))
			entry.Before = append(entry.Before, saved+" = "+name)
			undo = append(undo, name+" = "+saved)
			continue
		}
		name := l.Fresh(v.Name())
		l.Bind(v, name)
		p.vars[v.Name()] = name
		fresh = append(fresh, v)
	}
	for _, n := range sortedKeys(c.retyped) {
		v, old := c.retyped[n], r.scope.vars[n]
		name := l.Fresh(n)
		l.Bind(v, name)
		fresh = append(fresh, v)
		if !old.lost {
			entry.Before = append(entry.Before, p.u.Convert(name, v.Type(), l.Bound(old.obj), c.pkg))
		}
	}

	for _, d := range c.decls {
		switch n := d.node.(type) {
		case *ast.GenDecl:
			if n.Tok == token.TYPE && n.Specs[0].(*ast.TypeSpec).TypeParams == nil {
				p.u.Type(n.Specs[0].(*ast.TypeSpec), c.info, c.pkg)
				p.declares = true
			}
		case *ast.FuncDecl:
			p.declares = true
			if n.Recv != nil {
				if generic[d.recv] == nil {
					p.u.Func(n, c.info, c.pkg)
				}
			} else if n.Type.TypeParams == nil {
				p.u.Func(n, c.info, c.pkg)
			}
		}
	}
	for _, v := range fresh {
		p.u.Var(v, c.info, c.pkg)
		p.declares = true
	}
	for _, f := range c.inits {
		entry.Inits = append(entry.Inits, p.u.Init(f, c.info, c.pkg))
	}
	if repeat > 0 {
		entry.Repeat = repeat
	}
	if len(c.stmts) > 0 || c.show != nil || len(entry.Inits) > 0 || len(entry.Before) > 0 {
		p.u.Entry(entry, c.info, c.pkg)
		p.unit.Entry = entry.Name
	}
	if len(undo) > 0 {
		p.restore = l.Fresh("restore")
		p.u.Raw(fmt.Sprintf("func %s() {\n%s\n}", p.restore, strings.Join(undo, "\n")))
	}
	p.effect = isEffect(c.show, c.info)
	p.text = p.u.Finish()
	p.declares = p.declares || p.u.Made()
	p.unit.Name = l.Fresh("unit")
	p.unit.Source = p.text.Source
	p.unit.Imports = p.text.Imports
	p.unit.Funcs = funcs
	return p, nil
}

// run has the evaluator run a lowered cell.
func (r *running) run(ctx context.Context, p *plan, took *time.Duration) *Error {
	process, err := r.evaluator(ctx)
	if err != nil {
		p.u.Abandon()
		if interrupted(err) {
			return interruptError()
		}
		if died := (*Error)(nil); errors.As(err, &died) {
			return died
		}
		return plainError("EvaluatorDied", err.Error())
	}
	r.texts[p.unit.Name] = p.text
	h := r.handler()
	emit := h.Emit
	h.Emit = func(e Event) {
		if v, ok := e.(eval.Value); ok && v.Name == lower.Elapsed {
			ns, _ := strconv.ParseInt(v.Text, 10, 64)
			*took = time.Duration(ns)
			return
		}
		if v, ok := e.(Result); ok && p.effect && v.Data["text/plain"] == "<nil>" {
			return
		}
		emit(e)
	}
	out := process.Run(ctx, p.unit, h)
	if out.Kind == eval.Refused || out.Kind == eval.Died {
		p.u.Abandon()
	} else if p.declares || len(p.unit.Imports) > 0 {
		replay := p.unit
		replay.Entry = ""
		r.mu.Lock()
		r.units = append(r.units, replay)
		r.mu.Unlock()
	}
	if p.restore != "" {
		u := undo{process, p.restore}
		if out.Kind == eval.Done && took == nil {
			r.undo = append(r.undo, u)
		} else {
			u.run(ctx, r.lowerer) // it failed, or it was only timed
		}
	}
	if out.Kind == eval.Done {
		return nil
	}
	return r.failure(ctx, p, out)
}

// undo gives the variables that a piece of Go redefined their old values back.
type undo struct {
	process *eval.Process
	entry   string
}

func (u undo) run(ctx context.Context, l *lower.Lowerer) {
	// A process that is gone took the values with it.
	u.process.Run(context.WithoutCancel(ctx), eval.Unit{Name: l.Fresh("unit"), Entry: u.entry}, eval.Handler{Emit: func(Event) {}})
}

// undoAll undoes what the cell's pieces redefined, the last one first.
func (r *running) undoAll(ctx context.Context) {
	for _, u := range slices.Backward(r.undo) {
		u.run(ctx, r.lowerer)
	}
	r.undo = nil
}

// commit makes what the cell defined part of the session.
func (r *running) commit(c *checked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scope.apply(c, func(v *types.Var) *types.Var { return sessionVar(v, r.lowerer) })
}

// sessionVar returns a cell's local variable as one of the session's package.
func sessionVar(v *types.Var, l *lower.Lowerer) *types.Var {
	out := types.NewVar(v.Pos(), v.Pkg(), v.Name(), v.Type())
	l.Bind(out, l.Bound(v))
	return out
}

// notices tells the user what a redefinition made invalid, and what was
// imported on the user's behalf.
func (r *running) notices(c *checked) {
	for _, a := range c.asides {
		if !a.again {
			r.request.Emit(Stream{Name: "stderr", Text: a.why() + "\n"})
		}
	}
	for _, k := range c.kept {
		r.request.Emit(Stream{Name: "stderr", Text: k.String() + "\n"})
	}
	if len(c.added) > 0 {
		r.request.Emit(Stream{Name: "stderr", Text: fmt.Sprintf("imported %s\n", strings.Join(c.added, ", "))})
	}
}

var errNoEvaluator = errors.New("the session is closed")
