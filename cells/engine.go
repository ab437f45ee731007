package cells

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"
	"time"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/route"
	"github.com/paracell/paracell/cells/syntax"
)

// A way says which engine runs what of a cell. Types and methods are always
// compiled; functions and statements are interpreted, unless the interpreter
// cannot do them faithfully.
type way struct {
	mode  string                 // the session's engine
	whole bool                   // the statements are compiled, and all functions
	funcs map[*ast.FuncDecl]bool // functions that are compiled
}

// anywhere stands for a place in the cell that nobody knows.
const anywhere = token.Pos(1)

// way decides how a cell runs.
func (r *running) way(c *checked) *way {
	o := &way{mode: r.Setting(magic.SettingEngine), funcs: map[*ast.FuncDecl]bool{}}
	o.whole = o.mode == magic.EngineCompiled || o.mode != magic.EngineInterpreted && r.isLookedAt(c)
	code := &route.Code{Info: c.info, Func: r.function(c), Recovers: func(f *types.Func) bool {
		d := r.declarationOf(c, f)
		return d != nil && route.Recovers(d)
	}}
	if r.importer.HasModules() {
		code.Modular = r.importer.Modular
	}
	for _, d := range c.decls {
		f, ok := d.node.(*ast.FuncDecl)
		if !ok || f.Recv != nil {
			continue
		}
		if r.native[f.Name.Name] {
			o.funcs[f] = true
		}
		r.follow(o, c, f, code)
	}
	for _, f := range c.inits {
		r.follow(o, c, f, code)
	}
	stmts := &ast.BlockStmt{List: c.stmts}
	if c.show != nil {
		stmts.List = append(slices.Clip(stmts.List), &ast.ExprStmt{X: c.show})
	}
	r.follow(o, c, stmts, code)
	return o
}

// function finds the declarations of the cell's functions and of the session's.
func (r *running) function(c *checked) func(types.Object) (*ast.FuncDecl, *types.Info) {
	own := map[types.Object]*ast.FuncDecl{}
	for _, d := range c.decls {
		if f, ok := d.node.(*ast.FuncDecl); ok {
			own[c.info.Defs[f.Name]] = f
		}
	}
	return func(obj types.Object) (*ast.FuncDecl, *types.Info) {
		if f := own[obj]; f != nil {
			return f, c.info
		}
		return r.compiler.Function(obj)
	}
}

// isLookedAt reports whether a cell calls functions of earlier ones that look at
// what called them.
func (r *running) isLookedAt(c *checked) bool {
	for _, obj := range c.info.Uses {
		if f, ok := obj.(*types.Func); ok && r.compiler.LooksAround(f) {
			return true
		}
	}
	return false
}

// follow has a piece of a cell compiled when a rule says so.
func (r *running) follow(o *way, c *checked, n ast.Node, code *route.Code) {
	if reason, ok := route.Find(n, code); ok {
		if reason.Rule.Whole && o.mode != magic.EngineInterpreted {
			o.whole = true
		}
		o.compile(c, reason.Pos)
	}
}

// declarationOf returns the declaration of a function or method of the cell or
// the session.
func (r *running) declarationOf(c *checked, f *types.Func) *ast.FuncDecl {
	if f.Pkg() == nil || f.Pkg().Path() != "main" {
		return nil
	}
	key := f.Name()
	if recv := f.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		n, ok := types.Unalias(t).(*types.Named)
		if !ok {
			return nil
		}
		key = n.Obj().Name() + "." + key
	}
	d := r.scope.decls[key]
	for _, own := range c.decls {
		if own.key() == key {
			d = own
		}
	}
	if d == nil {
		return nil
	}
	decl, _ := d.node.(*ast.FuncDecl)
	return decl
}

// compile has the part of the cell around a place compiled. It reports whether
// that is a change.
func (o *way) compile(c *checked, at token.Pos) bool {
	if o.whole || o.mode == magic.EngineInterpreted {
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
func (r *running) build(ctx context.Context, p *plan, o *way) error {
	if p.compiled.Empty() {
		return nil
	}
	if o.mode == magic.EngineInterpreted {
		return errors.New("the cell declares a type or imports a package of a module, which takes the compiler, and the engine is interpreted: %engine auto lets it be compiled")
	}
	text, err := p.compiled.Source()
	if err != nil {
		return err
	}
	s := build.PluginSource{Source: text, Imports: p.compiled.Imports(), Function: compile.Readable, Type: compile.TypeName}
	for _, n := range p.compiled.Needs() {
		s.Needs = append(s.Needs, r.plugins[n])
	}
	done := r.showCompiling()
	plugin, err := r.engine.Plugin(ctx, s)
	done()
	if wrong := (*build.CompileError)(nil); errors.As(err, &wrong) {
		return &bug{doing: "compiling the cell", cause: err} // it type-checks
	} else if err != nil {
		return err
	}
	pkg := p.compiled.Package()
	pkg.Path = plugin.Path
	if r.plugins == nil {
		r.plugins = map[*compile.Package]build.Plugin{}
	}
	r.plugins[pkg] = plugin
	p.unit.Imports = append([]eval.Import{{Path: plugin.Path, Name: pkg.Name, File: plugin.File, Uses: s.Imports}}, p.unit.Imports...)
	return nil
}

// showCompiling shows after a while that the cell is being compiled; what it
// returns takes that away. Output that is there already stays: then it says nothing.
func (r *running) showCompiling() (done func()) {
	if !r.config.Progress || r.emitted.Load() {
		return func() {}
	}
	var mu sync.Mutex
	shown, over := false, false
	timer := time.AfterFunc(300*time.Millisecond, func() {
		mu.Lock()
		defer mu.Unlock()
		if !over {
			shown = true
			r.request.Emit(Stream{Name: "stderr", Text: "compiling …\n"})
		}
	})
	return func() {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		if over = true; shown {
			r.request.Emit(ClearOutput{})
		}
	}
}

// noteEngine has the reply say which engine ran the cell's statements, and what
// of it was compiled.
func (r *running) noteEngine(o *way, p *plan) {
	r.engineName = magic.EngineInterpreted
	if o.whole {
		r.engineName = magic.EngineCompiled
	}
	r.compiledNames = append(r.compiledNames, p.compiled.Names()...)
}

// Native has functions of the session compiled.
func (r *running) Native(ctx context.Context, names []string) *magic.Error {
	for _, name := range names {
		d := r.scope.decls[name]
		if d == nil {
			return &magic.Error{Name: "NameError", Value: fmt.Sprintf("%%native: there is no function %s in this session", name)}
		}
		f, ok := d.node.(*ast.FuncDecl)
		if !ok {
			return &magic.Error{Name: "TypeError", Value: fmt.Sprintf("%%native: %s is not a function", name)}
		}
		if f.Type.TypeParams != nil {
			return &magic.Error{Name: "TypeError", Value: fmt.Sprintf("%%native: %s is generic: its instances are compiled where compiled code uses them", name)}
		}
		if r.native[name] {
			continue
		}
		r.native[name] = true
		d.stale = true
		cell, err := syntax.Parse(r.fset, d.cell, r.fset.Position(f.Pos()).Line, d.text)
		if err != nil {
			return toMagic(r.compileError(&bug{doing: "reading " + name + " again", cause: err}))
		}
		if bad := r.runCell(ctx, cell, d.cell, 0, nil); bad != nil {
			delete(r.native, name)
			d.stale = false
			return toMagic(bad)
		}
	}
	return nil
}
