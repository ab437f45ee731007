package cells

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/syntax"
)

// parse parses Go text of a cell. Its error is a *misread.
func (s *Session) parse(ctx context.Context, name string, line int, text string) (*syntax.Cell, error) {
	cell, err := syntax.Parse(s.fset, name, line, text)
	if err != nil {
		return nil, s.misreading(ctx, name, err)
	}
	s.files = append(s.files, cell.Files()...)
	return cell, nil
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
	cell, err := r.parse(ctx, name, code.Line, code.Text)
	if err != nil {
		return r.compileError(err)
	}
	return r.runCell(ctx, cell, name, repeat, took)
}

// runCell is runGo of Go that is parsed.
func (r *running) runCell(ctx context.Context, cell *syntax.Cell, name string, repeat int, took *time.Duration) *Error {
	if mayImport(cell) {
		if e := r.awaitImports(ctx); e != nil {
			return e
		}
		if e := r.findModules(ctx, cell); e != nil {
			return e
		}
	}
	c, err := r.check(cell, name)
	if err != nil {
		return r.compileError(err)
	}
	r.notices(c)
	way := r.way(c)
	for {
		p, err := r.lower(c, way, repeat)
		if at, ok := r.unfit(err); ok && way.compile(c, at) {
			continue
		}
		if err != nil {
			return r.compileError(err)
		}
		if err := r.build(ctx, p, way); err != nil {
			p.abandon()
			if interrupted(err) {
				return interruptError()
			}
			return r.compileError(err)
		}
		if p.unit.Entry != "" || p.unit.Source != "" || len(p.unit.Imports) > 0 {
			r.setPending(&pending{c, p.unit})
			e, refused := r.run(ctx, p, took)
			r.setPending(nil)
			if refused.IsValid() && way.compile(c, refused) {
				continue
			}
			if e != nil {
				return e
			}
		}
		if repeat == 0 {
			r.commit(c)
		}
		r.noteEngine(way, p)
		return nil
	}
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
	cell      string // "Cell[3]"
	unit      eval.Unit
	text      *lower.Text
	u         *lower.Unit
	restore   []string          // functions that give redefined variables their old values back
	relink    []eval.Link       // to the functions that were before those of the cell
	saved     []string          // the variables that keep those, of the evaluator
	saves     []string          // and whose they are
	vars      map[string]string // session variables that the cell defines: lowered names
	declares  bool              // the unit holds more than its entry
	variables bool              // some of that are variables
	effect    bool              // a call that returns only an error ends it: nil says nothing
	compiled  *compile.Unit
}

// abandon undoes what the plan promised: it never reached the evaluator.
func (p *plan) abandon() {
	p.u.Abandon()
	p.compiled.Abandon()
}

// functions returns the evaluator's names of the functions that the unit declares,
// nil when it does something else that later units need.
func (p *plan) functions() (names []string) {
	if p.variables || p.u.Made() || len(p.unit.Imports) > 0 {
		return nil
	}
	return slices.Collect(maps.Values(p.unit.Funcs))
}

// declare tells the compiler of a type or of constants.
func (r *running) declare(n *ast.GenDecl, d *compile.Decl, info *types.Info) {
	for _, spec := range n.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			r.compiler.Declare(info.Defs[s.Name], d)
		case *ast.ValueSpec:
			for _, name := range s.Names {
				r.compiler.Declare(info.Defs[name], d)
			}
		}
	}
}

// lower writes a checked cell for the evaluator.
func (r *running) lower(c *checked, way *way, repeat int) (p *plan, err error) {
	l := r.lowerer
	p = &plan{cell: c.name, u: l.NewUnit(), vars: map[string]string{}}
	p.compiled = r.compiler.NewUnit(l.Fresh("compiled"), func(v *types.Var) (string, bool) {
		name := l.Bound(v)
		return name, name != ""
	})
	p.u.Compiled = p.compiled
	defer func() {
		if err != nil {
			p.abandon()
		}
	}()
	defer ourFault("lowering the cell", &err)
	defer lower.Catch(&err)
	funcs := map[string]string{}

	// Names first: declarations refer to each other.
	for _, d := range c.decls {
		typed := &compile.Decl{Node: d.node, Info: c.info, Text: d.source.Text}
		switch n := d.node.(type) {
		case *ast.GenDecl:
			r.declare(n, typed, c.info)
		case *ast.FuncDecl:
			if n.Recv != nil {
				continue
			}
			obj := c.info.Defs[n.Name]
			r.compiler.Declare(obj, typed)
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
		if d.recv != "" {
			base := c.pkg.Scope().Lookup(d.recv)
			r.compiler.DeclareMethod(base, &compile.Decl{Node: d.node, Info: c.info, Text: d.source.Text})
		}
	}
	entry := lower.Entry{Name: l.Fresh("cell"), Stmts: c.stmts, Show: c.show, Type: c.cell.Func.Type}
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
			r.compiler.Same(v, old.obj)
			p.vars[v.Name()] = name
			if repeat == 0 && r.saved[name] {
				continue // by an earlier piece of the cell
			}
			saved, value, restore := p.u.Saved(name, v.Type(), c.pkg, repeat > 0)
			entry.Before = append(entry.Before, saved+" = "+value)
			p.restore = append(p.restore, restore)
			if repeat == 0 {
				p.saves, p.saved = append(p.saves, name), append(p.saved, saved)
			}
			continue
		}
		name := l.Fresh(v.Name())
		l.Bind(v, name)
		p.vars[v.Name()] = name
		fresh = append(fresh, v)
	}
	var shared []string // what has variables live on with another type
	for _, n := range sortedKeys(c.retyped) {
		v, old := c.retyped[n], r.scope.vars[n]
		name := l.Fresh(n)
		l.Bind(v, name)
		if !old.lost {
			shared = append(shared, p.u.Share(name, l.Bound(old.obj)))
		}
	}

	whole := way.whole
	cu := p.compiled
	for _, path := range c.modules {
		cu.Import(path)
	}
	for _, d := range c.decls {
		switch n := d.node.(type) {
		case *ast.GenDecl:
			if n.Tok == token.TYPE {
				cu.Add(c.info.Defs[n.Specs[0].(*ast.TypeSpec).Name])
			}
		case *ast.FuncDecl:
			if obj := c.info.Defs[n.Name]; n.Recv == nil && (whole || way.funcs[n] || way.mode != magic.EngineInterpreted && r.calledCompiled(obj)) {
				cu.AddFunction(obj)
			}
		}
	}
	if whole && (len(c.stmts) > 0 || c.show != nil || len(c.inits) > 0) {
		cu.SetEntry(&compile.Entry{
			Stmts: c.stmts, Show: c.show, Silent: repeat > 0, Inits: c.inits,
			Decl: compile.Decl{Info: c.info, Text: c.cell.Text},
		})
		entry.Call = cu.Package().Name + ".Entry" + compile.Dot + "(" + p.u.CellImport() + ".Result)"
	}
	if whole {
		for _, v := range c.vars {
			if slices.Contains(fresh, v) {
				cu.Keep(v)
			}
		}
	}
	for _, v := range cu.Refers() {
		if slices.Contains(fresh, v) {
			cu.Keep(v)
		}
	}
	cu.Publish()
	for _, v := range fresh {
		if name := r.compiler.Name(v); name != "" {
			l.Bind(v, "(*"+name+")")
			p.vars[v.Name()] = l.Bound(v)
		}
	}
	for _, d := range c.decls {
		switch n := d.node.(type) {
		case *ast.GenDecl:
			if n.Tok == token.TYPE {
				obj := c.info.Defs[n.Specs[0].(*ast.TypeSpec).Name]
				l.Bind(obj, r.compiler.Name(obj))
			}
		case *ast.FuncDecl:
			if n.Recv != nil || n.Type.TypeParams != nil {
				continue
			}
			obj := c.info.Defs[n.Name]
			if name := r.compiler.Name(obj); name != "" { // maybe because a method calls it
				l.Bind(obj, name)
				funcs["main."+n.Name.Name] = name
			}
		}
	}
	for _, d := range c.decls {
		if n, ok := d.node.(*ast.FuncDecl); ok && n.Recv == nil && n.Type.TypeParams == nil && r.compiler.Name(c.info.Defs[n.Name]) == "" {
			p.declares = true
			p.u.Func(n, c.info, c.pkg)
		}
	}
	for _, v := range slices.Concat(fresh, slices.Collect(maps.Values(c.retyped))) {
		p.declares, p.variables = true, true
		if r.compiler.Name(v) == "" {
			p.u.Var(v, c.info, c.pkg)
		}
	}
	if !whole {
		for _, f := range c.inits {
			entry.Inits = append(entry.Inits, p.u.Init(f, c.info, c.pkg))
		}
	}
	if repeat > 0 {
		entry.Repeat = repeat
	}
	if len(c.stmts) > 0 || c.show != nil || len(c.inits) > 0 || len(entry.Before) > 0 {
		p.u.Entry(entry, c.info, c.pkg)
		p.unit.Entry = entry.Name
	}
	r.link(p, c)
	p.effect = isEffect(c.show, c.info)
	if binds := append(shared, p.compiled.Binds(p.u.UnsafeImport())...); len(binds) > 0 {
		p.u.Raw("func init() {\n" + strings.Join(binds, "\n") + "\n}")
		p.declares = true
	}
	r.mu.Lock()
	for _, t := range p.u.Tasks() {
		funcs[t.Name] = t.Own
		if r.tasks == nil {
			r.tasks = map[string]lower.Task{}
		}
		r.tasks[t.Name] = t
	}
	r.mu.Unlock()
	if len(funcs) > 0 {
		sc := r.scope.clone()
		sc.apply(c, func(v *types.Var) *types.Var { return v })
		p.unit.Captures, p.unit.Variables = sc.captures(l, p.u)
	}
	p.text = p.u.Finish()
	p.declares = p.declares || p.u.Made()
	p.unit.Name = l.Fresh("unit")
	p.unit.Source = p.text.Source
	p.unit.Imports = p.text.Imports
	p.unit.Places = p.text.Places(r.place)
	p.unit.Funcs = funcs
	p.unit.Types = slices.ContainsFunc(c.decls, func(d *declaration) bool { return d.isType() || d.isGeneric() })
	return p, nil
}

// link has what was made before the cell call the new versions of its functions,
// where they are called as the old ones were.
func (r *running) link(p *plan, c *checked) {
	l := r.lowerer
	to := func(f *types.Func) []eval.Link {
		links := []eval.Link{{Name: l.Link(f), Function: l.Bound(f)}}
		if compiled := r.compiler.Name(f); compiled != "" && compiled != links[0].Function {
			links = append(links, eval.Link{Name: l.Link(f), Function: compiled, Compiled: true})
		}
		return links
	}
	own := map[*types.Func]bool{}
	for _, d := range c.decls {
		n, ok := d.node.(*ast.FuncDecl)
		if !ok {
			continue
		}
		f := c.info.Defs[n.Name].(*types.Func)
		if !compile.Linked(f) {
			continue
		}
		own[f] = true
		name := l.Bound(f)
		if old := r.scope.objs[f.Name()]; calledAlike(old, f) {
			name = l.Link(old.(*types.Func))
			p.relink = append(p.relink, to(old.(*types.Func))...)
		}
		l.SetLink(f, name)
		p.unit.Links = append(p.unit.Links, to(f)...)
	}
	for _, f := range p.compiled.Functions() {
		if !own[f] && l.Link(f) != "" {
			p.unit.Links = append(p.unit.Links, eval.Link{Name: l.Link(f), Function: r.compiler.Name(f), Compiled: true})
		}
	}
}

// calledCompiled reports whether methods, which are compiled, call a function of the
// cell in an earlier one's place: they shall not come to the interpreter by that.
func (r *running) calledCompiled(obj types.Object) bool {
	old := r.scope.objs[obj.Name()]
	if old == nil || r.compiler.Name(old) == "" || !calledAlike(old, obj.(*types.Func)) {
		return false
	}
	for _, d := range r.scope.decls {
		if d.recv != "" && d.uses[obj.Name()] {
			return true
		}
	}
	return false
}

// run has the evaluator run a lowered cell.
func (r *running) run(ctx context.Context, p *plan, took *time.Duration) (e *Error, refused token.Pos) {
	process, err := r.evaluator(ctx)
	if err != nil {
		p.abandon()
		if interrupted(err) {
			return interruptError(), 0
		}
		if died := (*Error)(nil); errors.As(err, &died) {
			return died, 0
		}
		return plainError("EvaluatorDied", err.Error()), 0
	}
	r.texts[p.unit.Name] = ran{p.text, p.cell, p.functions()}
	defer r.left(p)
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
	p.unit.Forget, p.unit.Clear = r.forgettable()
	out := process.Run(ctx, p.unit, h)
	if out.Kind == eval.Refused || out.Kind == eval.Died {
		p.abandon()
	} else if p.declares || len(p.unit.Imports) > 0 {
		replay := p.unit
		replay.Entry, replay.Forget, replay.Clear = "", nil, nil
		if out.Kind != eval.Done || took != nil {
			replay.Funcs, replay.Links = nil, nil
		}
		r.mu.Lock()
		r.units = append(r.units, replay)
		r.mu.Unlock()
	}
	r.over = append(r.over, p.saved...)
	var undos []undo
	for _, restore := range p.restore {
		undos = append(undos, undo{process: process, entry: restore})
	}
	if len(p.unit.Funcs) > 0 {
		undos = append(undos, undo{process: process, links: p.relink, unit: p.unit.Name})
	}
	for _, u := range undos {
		if out.Kind == eval.Done && took == nil {
			r.undo = append(r.undo, u)
		} else {
			u.run(ctx, r.Session) // it failed, or it was only timed
		}
	}
	if out.Kind == eval.Done {
		for _, name := range p.saves {
			if r.saved == nil {
				r.saved = map[string]bool{}
			}
			r.saved[name] = true
		}
	}
	switch out.Kind {
	case eval.Done:
		return nil, 0
	case eval.Refused:
		refused = p.pos(out.Frames)
	}
	return r.failure(ctx, p, out), refused
}

// pos returns where in the cell the interpreter gave up: the statements, if it
// did not say.
func (p *plan) pos(frames []eval.Frame) token.Pos {
	for _, f := range frames {
		if pos := p.text.Pos(f.Line, f.Column); f.Unit == p.unit.Name && pos.IsValid() {
			return pos
		}
	}
	return anywhere
}

// undo gives the variables that a piece of Go redefined their old values back, and
// has calls find the functions again that it replaced.
type undo struct {
	process *eval.Process
	entry   string
	links   []eval.Link
	unit    string // whose functions are none of the session's; "" for none
}

func (u undo) run(ctx context.Context, s *Session) {
	if u.entry != "" || len(u.links) > 0 {
		unit := eval.Unit{Name: s.lowerer.Fresh("unit"), Entry: u.entry, Links: u.links}
		s.ended = append(s.ended, unit.Name)
		// A process that is gone took the values with it.
		u.process.Run(context.WithoutCancel(ctx), unit, eval.Handler{Emit: func(Event) {}})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.units { // for evaluators and workers to come
		if s.units[i].Name == u.unit {
			s.units[i].Funcs, s.units[i].Links = nil, nil
		}
	}
}

// undoAll undoes what the cell's pieces redefined, the last one first.
func (r *running) undoAll(ctx context.Context) {
	for _, u := range slices.Backward(r.undo) {
		u.run(ctx, r.Session)
	}
	r.undo = nil
}

// commit makes what the cell defined part of the session.
func (r *running) commit(c *checked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scope.apply(c, func(v *types.Var) *types.Var { return sessionVar(v, r.lowerer, r.compiler) })
}

// sessionVar returns a cell's local variable as one of the session's. It has a
// package of its own, lest it keeps alive what its cell knew, and that what the
// cell before knew, and so on.
func sessionVar(v *types.Var, l *lower.Lowerer, c *compile.Compiler) *types.Var {
	pkg := types.NewPackage("main", "main")
	out := types.NewVar(v.Pos(), pkg, v.Name(), withoutScopes(v.Type(), pkg))
	pkg.Scope().Insert(out)
	l.Bind(out, l.Bound(v))
	c.Same(out, v)
	return out
}

// withoutScopes returns a type whose functions know nothing of the cell that they
// were written in.
func withoutScopes(t types.Type, pkg *types.Package) types.Type {
	switch t := t.(type) {
	case *types.Signature:
		tuple := func(list *types.Tuple) *types.Tuple {
			var vars []*types.Var
			for v := range list.Variables() {
				vars = append(vars, types.NewParam(v.Pos(), pkg, v.Name(), withoutScopes(v.Type(), pkg)))
			}
			return types.NewTuple(vars...)
		}
		return types.NewSignatureType(nil, nil, nil, tuple(t.Params()), tuple(t.Results()), t.Variadic())
	case *types.Slice:
		return types.NewSlice(withoutScopes(t.Elem(), pkg))
	case *types.Array:
		return types.NewArray(withoutScopes(t.Elem(), pkg), t.Len())
	case *types.Pointer:
		return types.NewPointer(withoutScopes(t.Elem(), pkg))
	case *types.Chan:
		return types.NewChan(t.Dir(), withoutScopes(t.Elem(), pkg))
	case *types.Map:
		return types.NewMap(withoutScopes(t.Key(), pkg), withoutScopes(t.Elem(), pkg))
	}
	return t
}

// notices tells the user what a redefinition made invalid, and what was
// imported on the user's behalf.
func (r *running) notices(c *checked) {
	for _, a := range c.asides {
		if !a.again {
			r.request.Emit(Stream{Name: "stderr", Text: r.why(a) + "\n"})
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
