package cells

import (
	"context"
	"fmt"
	"go/ast"
	"go/types"
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
	text := s.workerProgram(sc)
	bin, err := s.engine.Build(ctx, build.Source{Name: "worker", Files: map[string][]byte{"main.go": []byte(text)}, Dir: s.Dir()})
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

// workerProgram writes the definitions as a Go program. A function that uses a
// variable of the notebook is there by name alone: its value is not in the
// worker, and a call says so.
func (s *Session) workerProgram(sc *scope) string {
	unfit := sc.unfit()
	var body strings.Builder
	pkgs := map[string]string{}
	var tasks []string // and types, which workers are to know
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
					if f.Type.TypeParams != nil || !isTask(fn) || d.header == "" || mentionsAny(f.Type, unfit) {
						continue
					}
					uses = f.Type
					text = d.header + fmt.Sprintf(" { panic(%q) }", noVariable(f.Name.Name, why))
				}
				if f.Type.TypeParams == nil && isTask(fn) {
					tasks = append(tasks, f.Name.Name)
				}
			}
		} else if slices.ContainsFunc(d.names, func(n string) bool { return unfit[n] != "" }) {
			continue
		} else if t, ok := d.typed().(*ast.TypeSpec); ok && t.TypeParams == nil {
			tasks = append(tasks, "new("+t.Name.Name+")")
		}
		mentioned := map[string]bool{}
		identifiers(mentioned, uses)
		for name, path := range d.pkgs {
			if mentioned[name] {
				pkgs[name] = path
			}
		}
		pos := s.fset.Position(d.node.Pos())
		fmt.Fprintf(&body, "//line %s:%d\n%s\n\n", pos.Filename, pos.Line, text)
	}
	var b strings.Builder
	own, system, signal := "futures"+lower.Dot, "os"+lower.Dot, "signal"+lower.Dot
	fmt.Fprintf(&b, "package main\n\nimport %s %q\nimport %s \"os\"\nimport %s \"os/signal\"\n", own, imports.Module+"/futures", system, signal)
	for _, name := range sortedKeys(pkgs) {
		if name == "." {
			continue
		}
		fmt.Fprintf(&b, "import %s %q\n", name, pkgs[name])
	}
	// An interrupted cell leaves a pool that later cells can use.
	fmt.Fprintf(&b, "\nfunc main() {\n\t%s.Notify(make(chan %s.Signal, 1), %s.Interrupt)\n", signal, system, system)
	fmt.Fprintf(&b, "\t%s.FreezeSupport(%s)\n}\n\n", own, strings.Join(tasks, ", "))
	b.WriteString(body.String())
	return b.String()
}

// unfit tells which declarations cannot cross to a worker process, because they
// use, maybe by way of others, a variable of the notebook: its name by theirs.
func (sc *scope) unfit() map[string]string {
	unfit := map[string]string{} // names that cannot cross, and the variable that is why
	for again := true; again; {
		again = false
		for _, d := range sc.decls {
			for _, own := range d.names {
				for n := range d.uses {
					why := unfit[n]
					if sc.vars[n] != nil {
						why = n
					}
					if why != "" && unfit[own] == "" {
						unfit[own] = why
						again = true
					}
				}
			}
			if d.recv != "" && unfit[d.recv] == "" {
				for n := range d.uses {
					if sc.vars[n] != nil {
						unfit[d.recv] = n
						again = true
					}
				}
			}
		}
	}
	return unfit
}

// noVariable says why a worker cannot run a function.
func noVariable(function, variable string) string {
	return fmt.Sprintf("%s uses the notebook's variable %s, which its worker processes do not have: hand it over in the argument", function, variable)
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
func isTask(fn *types.Func) bool {
	sig := fn.Type().(*types.Signature)
	n := sig.Results().Len()
	if n > 0 && types.Identical(sig.Results().At(n-1).Type(), types.Universe.Lookup("error").Type()) {
		n--
	}
	return !sig.Variadic() && n <= 1
}
