package lower

import (
	"go/ast"
	"go/types"
	"strconv"

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

// taskName is the name of the function that an argument denotes, as
// futures.NameOf would say it of a compiled one.
func (w *writer) taskName(a ast.Expr) string {
	if id := instantiated(a); id != nil {
		if fn, ok := w.info.Uses[id].(*types.Func); ok && fn.Pkg() != nil && fn.Type().(*types.Signature).Recv() == nil {
			return fn.Pkg().Path() + "." + fn.Name()
		}
	}
	at := w.u.l.fset.PositionFor(a.Pos(), true)
	return "main." + at.Filename + ":" + strconv.Itoa(at.Line) + ".func1" // as the compiler names a literal
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
