package cells

import (
	"context"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/imports"
	"github.com/paracell/paracell/cells/lower"
)

// compiledWorker builds a program of the session's definitions whose functions
// a pool can call, or finds the one built before.
func (s *Session) compiledWorker(ctx context.Context) ([]string, error) {
	sc, _ := s.definitions()
	files := s.workerProgram(sc)
	bin, err := s.engine.Build(ctx, build.Source{Name: "worker", Files: files, Dir: s.Dir()})
	if err != nil {
		return nil, fmt.Errorf("compiling the notebook's definitions for its workers: %w", err)
	}
	return []string{bin.Path}, nil
}

// pending is a cell that runs and is not yet part of the session: the workers
// that it starts know its definitions all the same.
type pending struct {
	cell *checked
	unit eval.Unit
}

func (s *Session) setPending(p *pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = p
}

// definitions returns a copy of all that is defined, by the running cell too,
// as it was typed and as the evaluator was told.
func (s *Session) definitions() (*scope, []eval.Unit) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sc, units := s.scope.clone(), slices.Clone(s.units)
	if p := s.pending; p != nil {
		sc.apply(p.cell, func(v *types.Var) *types.Var { return v })
		unit := p.unit
		unit.Entry = ""
		units = append(units, unit)
	}
	return sc, units
}

// workerProgram writes the definitions as a Go program, with the variables that its
// functions use, whose values come with the tasks. A function that uses one whose type
// can't be written is there by name alone, and a call says so.
func (s *Session) workerProgram(sc *scope) (files map[string][]byte) {
	files = map[string][]byte{}
	unfit := sc.unfit()
	var body strings.Builder
	pkgs := map[string]string{}
	var tasks []string // and types, which workers are to know
	variables := map[string]bool{}
	seen := map[*declaration]bool{}
	for _, key := range sortedKeys(sc.decls) {
		d := sc.decls[key]
		if seen[d] {
			continue
		}
		seen[d] = true
		text, uses := d.text, ast.Node(d.node)
		if f, ok := d.node.(*ast.FuncDecl); ok {
			if d.recv != "" && unfit[d.recv] != "" || f.Name.Name == "main" && d.recv == "" {
				continue
			}
			if d.recv == "" {
				fn, _ := sc.objs[f.Name.Name].(*types.Func)
				if fn == nil {
					continue
				}
				if why := unfit[f.Name.Name]; why != "" {
					if f.Type.TypeParams != nil || !isTask(fn.Signature()) || d.header == "" || mentionsAny(f.Type, unfit) {
						continue
					}
					uses = f.Type
					text = d.header + fmt.Sprintf(" { panic(%q) }", noVariable(f.Name.Name, why))
				}
				if f.Type.TypeParams == nil && isTask(fn.Signature()) {
					tasks = append(tasks, f.Name.Name)
				}
			}
		} else if slices.ContainsFunc(d.names, func(n string) bool { return unfit[n] != "" }) {
			continue
		} else if t, ok := d.typed().(*ast.TypeSpec); ok && t.TypeParams == nil {
			tasks = append(tasks, "new("+t.Name.Name+")")
		}
		if uses == ast.Node(d.node) {
			for _, v := range sc.reached(key) {
				variables[v] = true
			}
			for n := range d.uses {
				if sc.vars[n] != nil {
					variables[n] = true
				}
			}
		}
		mentioned := map[string]bool{}
		identifiers(mentioned, uses)
		own := map[string]string{}
		apart := false // it means another package by a name
		for name, path := range d.pkgs {
			if mentioned[name] {
				own[name] = path
				apart = apart || pkgs[name] != "" && pkgs[name] != path
			}
		}
		pos := s.fset.Position(d.node.Pos())
		text = fmt.Sprintf("//line %s:%d\n%s\n\n", pos.Filename, pos.Line, text)
		if apart {
			files[fmt.Sprintf("apart%d.go", len(files)+1)] = []byte("package main\n\n" + importsOf(own) + "\n" + text)
			continue
		}
		maps.Copy(pkgs, own)
		body.WriteString(text)
	}
	others := sc.otherTasks(s.otherTasks())
	var b strings.Builder
	own, system, signal := "futures"+lower.Dot, "os"+lower.Dot, "signal"+lower.Dot
	fmt.Fprintf(&b, "package main\n\nimport %s %q\nimport %s \"os\"\nimport %s \"os/signal\"\n", own, imports.Module+"/futures", system, signal)
	b.WriteString(importsOf(pkgs))
	typed := map[string]string{} // packages of the variables' types, and of other tasks
	paths := map[string]bool{}
	for name := range variables {
		addPackages(paths, sc.vars[name].obj.Type())
	}
	for _, t := range others {
		if t.Func.Pkg().Path() != "main" {
			paths[t.Func.Pkg().Path()] = true
		}
		for _, arg := range t.Args {
			addPackages(paths, arg)
		}
	}
	for i, path := range sortedKeys(paths) {
		typed[path] = fmt.Sprintf("typed%s%d", lower.Dot, i)
		fmt.Fprintf(&b, "import %s %q\n", typed[path], path)
	}
	qualify := func(p *types.Package) string { return typed[p.Path()] }
	for _, t := range others {
		text := t.Func.Name()
		if p := qualify(t.Func.Pkg()); p != "" {
			text = p + "." + text
		}
		if t.Args != nil {
			var args []string
			for _, arg := range t.Args {
				args = append(args, types.TypeString(arg, qualify))
			}
			text += "[" + strings.Join(args, ", ") + "]"
		}
		fmt.Fprintf(&body, "func init() { %s.RegisterNamed(%q, %s) }\n\n", own, t.Name, text)
	}
	for _, name := range sortedKeys(variables) {
		text := types.TypeString(sc.vars[name].obj.Type(), qualify)
		fmt.Fprintf(&body, "var %s %s\n\nfunc init() { %s.SetVariable(%q, &%s) }\n\n", name, text, own, "main."+name, name)
	}
	// An interrupted cell leaves a pool that later cells can use.
	fmt.Fprintf(&b, "\nfunc main() {\n\t%s.Notify(make(chan %s.Signal, 1), %s.Interrupt)\n", signal, system, system)
	fmt.Fprintf(&b, "\t%s.FreezeSupport(%s)\n}\n\n", own, strings.Join(tasks, ", "))
	b.WriteString(body.String())
	files["main.go"] = []byte(b.String())
	return files
}

// importsOf writes imports of packages, given by the names that they go by.
func importsOf(pkgs map[string]string) string {
	var b strings.Builder
	for _, name := range sortedKeys(pkgs) {
		fmt.Fprintf(&b, "import %s %q\n", name, pkgs[name])
	}
	return b.String()
}

// unfit tells which declarations cannot cross to a worker process, because they
// use, maybe by way of others, a variable of the notebook whose type can't be written
// in another program: its name by theirs.
func (sc *scope) unfit() map[string]string {
	unfit := map[string]string{}
	for name := range sc.decls {
		for _, v := range sc.reached(name) {
			if unfit[name] == "" && !sc.writable(sc.vars[v].obj.Type()) {
				unfit[name] = v
			}
		}
	}
	return unfit
}

// addPackages adds the packages that a type is written with.
func addPackages(paths map[string]bool, t types.Type) {
	types.TypeString(t, func(p *types.Package) string {
		if p.Path() != "main" {
			paths[p.Path()] = true
		}
		return ""
	})
}

// otherTasks are the functions of other packages, and instances of generic ones, that
// cells have handed to package futures.
func (s *Session) otherTasks() []lower.Task {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var tasks []lower.Task
	for _, name := range sortedKeys(s.tasks) {
		tasks = append(tasks, s.tasks[name])
	}
	return tasks
}

// otherTasks leaves out those that workers can't have.
func (sc *scope) otherTasks(tasks []lower.Task) []lower.Task {
	unfit := sc.unfit()
	return slices.DeleteFunc(tasks, func(t lower.Task) bool {
		fits := t.Type != nil && isTask(t.Type) && !slices.ContainsFunc(t.Args, func(arg types.Type) bool { return !sc.writable(arg) })
		if t.Func.Pkg().Path() == "main" {
			return !fits || sc.objs[t.Func.Name()] != t.Func || unfit[t.Func.Name()] != ""
		}
		return !fits || !t.Func.Exported() || strings.Contains("/"+t.Func.Pkg().Path()+"/", "/internal/")
	})
}

// reached are the notebook's variables that a declaration uses, maybe by way of
// others, in order.
func (sc *scope) reached(name string) []string {
	vars := map[string]bool{}
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if sc.vars[name] != nil {
			vars[name] = true
		}
		d := sc.decls[name]
		if d == nil {
			return
		}
		for n := range d.uses {
			visit(n)
		}
		if d.isType() {
			for _, m := range sc.methods(name) {
				for n := range m.uses {
					visit(n)
				}
			}
		}
	}
	if len(sc.vars) > 0 {
		visit(name)
	}
	return sortedKeys(vars)
}

// captures are the variables that functions use, and what they are for the evaluator,
// which is told how to read them.
func (sc *scope) captures(l *lower.Lowerer, u *lower.Unit) (captures map[string][]string, own map[string]string) {
	captures, own = map[string][]string{}, map[string]string{}
	for name, d := range sc.decls {
		if !d.isFunction() {
			continue
		}
		for _, v := range sc.reached(name) {
			captures["main."+name] = append(captures["main."+name], "main."+v)
			own["main."+v] = l.Bound(sc.vars[v].obj)
		}
	}
	for _, v := range sortedKeys(own) {
		u.Capture(v, own[v])
	}
	return captures, own
}

// writable reports whether a type can be written in another program: all that is
// named in it is exported, or the notebook's as it is now.
func (sc *scope) writable(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if !sc.writable(arg) {
				return false
			}
		}
		obj := t.Obj()
		if obj.Pkg() == nil || obj.Pkg().Path() != "main" {
			return obj.Pkg() == nil || obj.Exported() && !strings.Contains("/"+obj.Pkg().Path()+"/", "/internal/")
		}
		return sc.objs[obj.Name()] == t.Origin().Obj()
	case *types.Basic:
		return t.Kind() != types.UntypedNil && t.Kind() != types.Invalid
	case *types.Pointer:
		return sc.writable(t.Elem())
	case *types.Slice:
		return sc.writable(t.Elem())
	case *types.Array:
		return sc.writable(t.Elem())
	case *types.Chan:
		return sc.writable(t.Elem())
	case *types.Map:
		return sc.writable(t.Key()) && sc.writable(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !sc.writable(f.Type()) {
				return false
			}
		}
		return true
	case *types.Signature:
		for _, list := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range list.Variables() {
				if !sc.writable(v.Type()) {
					return false
				}
			}
		}
		return true
	case *types.Interface:
		return t.NumMethods() == 0
	}
	return false
}

// noVariable says why a worker cannot run a function.
func noVariable(function, variable string) string {
	return fmt.Sprintf("%s uses the notebook's variable %s, which its worker processes can't have: hand it over in the argument", function, variable)
}

func mentionsAny(n ast.Node, names map[string]string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] != "" {
			found = true
		}
		return !found
	})
	return found
}

// isTask reports whether a pool can call a function of this shape.
func isTask(sig *types.Signature) bool {
	n := sig.Results().Len()
	if n > 0 && types.Identical(sig.Results().At(n-1).Type(), types.Universe.Lookup("error").Type()) {
		n--
	}
	return !sig.Variadic() && n <= 1
}
