// Package route knows what of Go the interpreter cannot do faithfully, so that
// it is compiled instead. A rule says no when in doubt: compiled code is right,
// and costs a third of a second once.
//
// Types and their methods are always compiled; what a rule looks at are
// functions and statements.
package route

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/paracell/paracell/cells/compile"
)

// A Reason says which rule has Go compiled, and where it applies.
type Reason struct {
	Pos  token.Pos
	Rule *Rule
}

// A Rule is one thing that the interpreter cannot do.
type Rule struct {
	Name string
	Why  string
	// Whole rules concern the cell: the interpreter must not run any of it.
	// Others concern the function that they apply in.
	Whole bool
	// Needs is the smallest cell that needs the rule.
	Needs string
	match func(n ast.Node, c *Code) bool
}

// Code is what a piece of a cell may refer to.
type Code struct {
	Info *types.Info
	// Func returns the declaration of a function of the session, with what is known
	// of it; nil when it has none.
	Func func(types.Object) (*ast.FuncDecl, *types.Info)
	// Recovers tells whether a function of a cell recovers when it is deferred.
	Recovers func(*types.Func) bool
	// Modular tells whether the package of a path is a module's; nil when none was
	// imported.
	Modular func(path string) bool

	of     ast.Node // what Find looks at
	piece  *work    // of that
	calls  map[call]float64
	looked int
}

// Rules lists all rules.
func Rules() []*Rule { return append(slices.Clone(rules), deferred) }

var rules = []*Rule{
	{
		Name: "reflect", Whole: true,
		Why:   "package reflect would see the interpreter's own functions and types",
		Needs: "import \"reflect\"\nreflect.ValueOf(func() {}).Kind()",
		match: uses(pkg("reflect"), nil),
	},
	{
		Name: "runtime", Whole: true,
		Why:   "the runtime tells of the interpreter's stack, heap and goroutines",
		Needs: "import \"runtime\"\n_, file, line, _ := runtime.Caller(0)\n_, _ = file, line",
		match: uses(pkg("runtime", "runtime/debug", "runtime/pprof", "runtime/trace", "runtime/metrics", "runtime/coverage", "runtime/cgo", "testing", "testing/synctest", "weak", "unique", "plugin"), map[string]bool{
			"NumCPU": true, "GOMAXPROCS": true, "Gosched": true, "GOOS": true, "GOARCH": true, "Version": true, "Error": true, "Compiler": true,
		}),
	},
	{
		Name: "unsafe", Whole: true,
		Why:   "the interpreter keeps values otherwise than Go",
		Needs: "import \"unsafe\"\nx := [2]int32{1, 2}\n*(*int64)(unsafe.Pointer(&x))",
		match: uses(pkg("unsafe"), nil),
	},
	{
		Name: "recover", Whole: true,
		Why:   "a panic passes through the interpreter's own functions on its way",
		Needs: "func f() (err any) {\n\tdefer func() { err = recover() }()\n\tvar m map[string]int\n\tm[\"a\"] = 1\n\treturn nil\n}\nf()",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			id, ok := n.(*ast.Ident)
			if !ok || id.Name != "recover" {
				return false
			}
			_, builtin := info.Uses[id].(*types.Builtin)
			return builtin
		},
	},
	{
		Name: "source positions", Whole: true,
		Why:   "log and slog would name the interpreter's source",
		Needs: "import \"log\"\nlog.SetFlags(log.Lshortfile)",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			id, ok := n.(*ast.Ident)
			if !ok || info.Uses[id] == nil || info.Uses[id].Pkg() == nil {
				return false
			}
			switch info.Uses[id].Pkg().Path() {
			case "log":
				return id.Name == "Lshortfile" || id.Name == "Llongfile"
			case "log/slog":
				return id.Name == "AddSource" || id.Name == "NewRecord"
			}
			return false
		},
	},
	{
		Name: "type parameters in assertions", Whole: true,
		Why:   "an instance may name a type twice, or an interface for which the interpreter has only a stand-in",
		Needs: "func is[T any](x any) bool {\n\t_, ok := x.(T)\n\treturn ok\n}\nis[error](nil)",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				return n.Type != nil && parametric(info.TypeOf(n.Type))
			case *ast.CaseClause:
				for _, e := range n.List {
					if tv := info.Types[e]; tv.IsType() && parametric(tv.Type) {
						return true
					}
				}
			}
			return false
		},
	},
	{
		Name:  "interfaces without a name",
		Why:   "the interpreter wraps what is in an interface type that has methods and no name",
		Needs: "var x any = 1\n_, ok := x.(interface{ Unwrap() []error })\nok",
		match: func(n ast.Node, c *Code) bool {
			e, ok := n.(ast.Expr)
			if !ok || c.Info.TypeOf(e) == nil {
				return false
			}
			i, ok := types.Unalias(c.Info.TypeOf(e)).(*types.Interface)
			return ok && i.NumMethods() > 0
		},
	},
	{
		Name:  "conversions to interfaces in place",
		Why:   "the interpreter compares and asserts what was converted, not the interface",
		Needs: "type E string\nfunc (E) Error() string { return \"\" }\nerror(E(\"\")) == nil",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			converts := func(e ast.Expr) bool {
				call, ok := ast.Unparen(e).(*ast.CallExpr)
				if !ok || !info.Types[call.Fun].IsType() {
					return false
				}
				i, ok := info.TypeOf(call).Underlying().(*types.Interface)
				return ok && i.NumMethods() > 0
			}
			switch n := n.(type) {
			case *ast.BinaryExpr:
				return (n.Op == token.EQL || n.Op == token.NEQ) && (converts(n.X) || converts(n.Y))
			case *ast.TypeAssertExpr:
				return converts(n.X)
			}
			return false
		},
	},
	{
		Name:  "generic code that asserts",
		Why:   "the standard library's instance would assert to a stand-in",
		Needs: "import (\n\t\"errors\"\n\t\"io/fs\"\n)\n_, ok := errors.AsType[*fs.PathError](nil)\nok",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			id, ok := n.(*ast.Ident)
			if !ok || info.Uses[id] == nil || info.Uses[id].Pkg() == nil {
				return false
			}
			return info.Uses[id].Pkg().Path() == "errors" && id.Name == "AsType"
		},
	},
	{
		Name:  "clear of keys that are not themselves",
		Why:   "the interpreter deletes one key after the other, and NaN is none that is found",
		Needs: "import \"math\"\nm := map[float64]int{math.NaN(): 1}\nclear(m)\nlen(m)",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return false
			}
			if id, ok := ast.Unparen(call.Fun).(*ast.Ident); !ok || id.Name != "clear" || !info.Types[call.Fun].IsBuiltin() {
				return false
			}
			m, ok := info.TypeOf(call.Args[0]).Underlying().(*types.Map)
			return ok && !plainKey(m.Key())
		},
	},
	{
		Name:  "long loops",
		Why:   "what is known to take longer than to compile it is over sooner when it is compiled first",
		Needs: "sum := 0\nfor i := 0; i < 1e8; i++ {\n\tsum += i\n}\nsum",
		match: func(n ast.Node, c *Code) bool { return c.long(n) },
	},
	{
		Name:  "recursion over linked data",
		Why:   "a list may be longer than interpreted calls go deep, and its type is compiled anyway",
		Needs: "type list struct{ next *list }\nfunc (l *list) end() *list { return last(l) }\nfunc last(l *list) *list {\n\tif l.next == nil {\n\t\treturn l\n\t}\n\treturn last(l.next)\n}\nlast(new(list))",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			f, ok := n.(*ast.FuncDecl)
			return ok && f.Recv == nil && f.Body != nil && linked(info.Defs[f.Name]) && callsItself(f, info)
		},
	},
	{
		Name:  "packages of modules",
		Why:   "the interpreter has tables of the standard library alone",
		Needs: "import \"github.com/google/shlex\"\nshlex.Split(\"a b\")",
		match: func(n ast.Node, c *Code) bool {
			e, ok := n.(ast.Expr)
			return ok && c.Modular != nil && c.modular(e)
		},
	},
	{
		Name:  "large arrays",
		Why:   "the interpreter copies an array's elements one by one",
		Needs: "var a [1 << 20]int\nb := a\nlen(b)",
		match: func(n ast.Node, c *Code) bool {
			info := c.Info
			e, ok := n.(ast.Expr)
			if !ok {
				return false
			}
			t := info.TypeOf(e)
			if t == nil {
				return false
			}
			a, ok := t.Underlying().(*types.Array)
			return ok && a.Len() > 1<<16
		},
	},
}

// deferred is the rule of Recovers, which takes what a function's declaration
// says that may stand in another cell.
var deferred = &Rule{
	Name: "deferred functions that recover", Whole: true,
	Why:   "the interpreter has recovered before it calls what is deferred",
	Needs: "func mend() {} // it recovers, in an earlier cell\ndefer mend()\npanic(1)",
}

// Recovers reports whether a function recovers when it is deferred.
func Recovers(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			id, ok := ast.Unparen(n.Fun).(*ast.Ident)
			found = found || ok && id.Name == "recover"
		}
		return !found
	})
	return found
}

// defers returns the function that a statement defers, if it is known.
func defers(n ast.Node, info *types.Info) *types.Func {
	s, ok := n.(*ast.DeferStmt)
	if !ok {
		return nil
	}
	fun := ast.Unparen(s.Call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		fun = sel.Sel
	}
	id, ok := fun.(*ast.Ident)
	if !ok {
		return nil
	}
	f, _ := info.Uses[id].(*types.Func)
	return f
}

// Find looks for rules in a piece of a cell: a function, or statements. It
// returns one that concerns the whole cell, if there is one.
func Find(n ast.Node, c *Code) (found Reason, ok bool) {
	c.of, c.piece = n, nil
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || found.Rule != nil && found.Rule.Whole {
			return false
		}
		if f := defers(n, c.Info); f != nil && c.Recovers(f) {
			found = Reason{n.Pos(), deferred}
			return false
		}
		for _, r := range rules {
			if (found.Rule == nil || r.Whole) && r.match(n, c) {
				found = Reason{n.Pos(), r}
				break
			}
		}
		return true
	})
	return found, found.Rule != nil
}

// modular reports whether an expression is of a module's package, or its type is.
func (c *Code) modular(e ast.Expr) (found bool) {
	t := c.Info.TypeOf(e)
	if id, ok := e.(*ast.Ident); ok {
		obj := c.Info.ObjectOf(id)
		if obj == nil {
			return false
		}
		if _, isName := obj.(*types.PkgName); isName {
			return false // what follows it decides
		}
		if obj.Pkg() != nil && c.Modular(obj.Pkg().Path()) {
			return true
		}
		t = obj.Type()
	}
	if t == nil {
		return false
	}
	compile.Walk(t, map[types.Type]bool{}, func(t types.Type) {
		if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
			found = found || c.Modular(n.Obj().Pkg().Path())
		}
	})
	return found
}

func pkg(paths ...string) map[string]bool {
	m := map[string]bool{}
	for _, p := range paths {
		m[p] = true
	}
	return m
}

// uses matches what packages export, but for some names.
func uses(paths, but map[string]bool) func(ast.Node, *Code) bool {
	return func(n ast.Node, c *Code) bool {
		info := c.Info
		id, ok := n.(*ast.Ident)
		if !ok || but[id.Name] {
			return false
		}
		obj := info.Uses[id]
		if obj == nil || obj.Pkg() == nil {
			return false
		}
		if _, isName := obj.(*types.PkgName); isName {
			return false // what follows it decides
		}
		return paths[obj.Pkg().Path()]
	}
}

func parametric(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if parametric(a) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		return parametric(t.Elem())
	}
	return false
}

// linked reports whether a function takes or returns a type that holds itself.
func linked(f types.Object) bool {
	if f == nil {
		return false
	}
	sig, ok := f.Type().(*types.Signature)
	if !ok {
		return false
	}
	for _, list := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range list.Variables() {
			t := v.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if n, ok := types.Unalias(t).(*types.Named); ok && holds(n.Underlying(), n, map[types.Type]bool{}) {
				return true
			}
		}
	}
	return false
}

// holds reports whether a type holds another one, behind pointers or in slices.
func holds(t types.Type, sought *types.Named, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return t == sought || holds(t.Underlying(), sought, seen)
	case *types.Struct:
		for f := range t.Fields() {
			if holds(f.Type(), sought, seen) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		return holds(t.Elem(), sought, seen)
	}
	return false
}

func callsItself(f *ast.FuncDecl, info *types.Info) bool {
	found := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] != nil && info.Uses[id] == info.Defs[f.Name] {
			found = true
		}
		return !found
	})
	return found
}

// plainKey reports whether a key always equals itself.
func plainKey(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsFloat|types.IsComplex) == 0
	case *types.Pointer, *types.Chan:
		return true
	case *types.Array:
		return plainKey(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !plainKey(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}
