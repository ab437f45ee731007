package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/imports"
)

// futuresCall writes the function of a call to package futures that takes a
// function as its task. Workers are asked for a task by its name, and an
// interpreted function value has none: so the instance that is called knows
// the name that stands in the call.
func (w *writer) futuresCall(e *ast.CallExpr, fun ast.Expr) bool {
	id := functionName(fun)
	if id == nil {
		return false
	}
	if _, generic := w.info.Instances[id]; !generic {
		return false
	}
	fn, ok := w.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != imports.Module+"/futures" || w.pkg != nil && w.pkg.Path() == fn.Pkg().Path() {
		return false
	}
	for _, a := range e.Args {
		if _, ok := w.info.TypeOf(a).Underlying().(*types.Signature); ok {
			return w.instanceFor(id, w.taskName(a))
		}
	}
	return false
}

// namedTask writes the first argument of a call to a function of package futures
// that takes any function and more arguments, with its name, and returns how many
// arguments it wrote.
func (w *writer) namedTask(e *ast.CallExpr) int {
	fun := ast.Unparen(e.Fun)
	if len(e.Args) == 0 || !w.isFutures(fun, "Initializer") && !w.isFutures(fun, "NewProcess") {
		return 0
	}
	if _, ok := w.info.TypeOf(e.Args[0]).Underlying().(*types.Signature); !ok {
		return 0
	}
	named := w.info.Uses[instantiated(fun)].Pkg().Scope().Lookup("Named")
	w.WriteString(w.object(named) + "(" + strconv.Quote(w.taskName(e.Args[0])) + ", ")
	w.expr(e.Args[0])
	w.WriteString(")")
	if len(e.Args) > 1 {
		w.WriteString(", ")
	}
	return 1
}

// A Task is a function that a session's declarations alone don't tell of, but that a
// cell hands to package futures: one of another package, or an instance of a generic
// one.
type Task struct {
	Name string // what workers are asked for
	Own  string // what it is in this unit and those that follow
	Func *types.Func
	Args []types.Type // type arguments
	Type *types.Signature
}

// Tasks are those that this unit is the first to have.
func (u *Unit) Tasks() []Task { return u.tasks }

// taskName is the name of the function that an argument denotes, as
// futures.NameOf would say it of a compiled one.
func (w *writer) taskName(a ast.Expr) string {
	a = ast.Unparen(a)
	id := instantiated(a)
	switch x := a.(type) {
	case *ast.IndexExpr:
		id = instantiated(x.X)
	case *ast.IndexListExpr:
		id = instantiated(x.X)
	}
	if fn, ok := w.info.Uses[id].(*types.Func); ok && fn.Pkg() != nil && fn.Type().(*types.Signature).Recv() == nil {
		name := fn.Pkg().Path() + "." + fn.Name()
		t := Task{Func: fn.Origin(), Type: fn.Type().(*types.Signature)}
		inst, generic := w.info.Instances[id]
		if generic {
			var args []string
			for arg := range inst.TypeArgs.Types() {
				t.Args = append(t.Args, arg)
				args = append(args, types.TypeString(arg, nil))
			}
			name += "[" + strings.Join(args, ",") + "]"
			t.Type, _ = inst.Type.(*types.Signature)
		}
		if generic || fn.Pkg() != w.pkg && !ofCells(fn) { // those are known anyway
			t.Name = name
			w.noteTask(id, t)
		}
		return name
	}
	if x, ok := a.(*ast.SelectorExpr); ok && w.info.Selections[x] != nil && w.info.Selections[x].Kind() == types.MethodVal {
		return methodValueName(w.info.Selections[x])
	}
	if v, ok := w.info.Uses[id].(*types.Var); ok {
		return "main." + v.Name() + "-value" // which function it holds is not known here
	}
	at := w.u.l.fset.PositionFor(a.Pos(), true)
	return "main." + at.Filename + ":" + strconv.Itoa(at.Line) + ".func1" // as the compiler names a literal
}

// methodValueName is what the compiler calls a method value.
func methodValueName(sel *types.Selection) string {
	recv := sel.Obj().(*types.Func).Signature().Recv().Type()
	if p, ok := types.Unalias(recv).(*types.Pointer); ok {
		if named, ok := types.Unalias(p.Elem()).(*types.Named); ok && named.Obj().Pkg() != nil {
			return named.Obj().Pkg().Path() + ".(*" + named.Obj().Name() + ")." + sel.Obj().Name() + "-fm"
		}
	}
	return types.TypeString(recv, nil) + "." + sel.Obj().Name() + "-fm"
}

// noteTask has the evaluator, and workers, know a task.
func (w *writer) noteTask(at ast.Node, t Task) {
	key, _ := w.instanceKey(t.Func, t.Args)
	if _, known := w.u.l.made["task "+key]; known {
		return
	}
	own := ""
	if t.Args != nil {
		own = w.funcInstance(at, t.Func, t.Args, "")
	} else {
		own = w.object(t.Func)
	}
	t.Own = w.u.helper("task "+key, "task", func(c *chunk, name string) { c.WriteString("var " + name + " = " + own) })
	w.u.tasks = append(w.u.tasks, t)
}

// isFutures reports whether fun is a function of package futures.
func (w *writer) isFutures(fun ast.Expr, name string) bool {
	id := instantiated(fun)
	if id == nil {
		return false
	}
	fn, ok := w.info.Uses[id].(*types.Func)
	return ok && fn.Name() == name && fn.Pkg() != nil && fn.Pkg().Path() == imports.Module+"/futures"
}

// Capture tells the evaluator how to read a variable, for tasks that use it: name is
// the user's, own the evaluator's.
func (u *Unit) Capture(name, own string) {
	u.helper("capture "+name+" "+own, "capture", func(c *chunk, helper string) {
		fmt.Fprintf(c, "func %s() interface{} { return %s }\n", helper, own)
		fmt.Fprintf(c, "func init() { %s.Capture(%q, %s) }", u.CellImport(), name, helper)
	})
}
