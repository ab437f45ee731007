package route

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
)

// What interpreted Go takes, roughly, in nanoseconds.
const (
	perOperation = 10
	perCall      = 500
	perMessage   = 1000 // over a channel
)

const (
	// tooLong is about as long as it takes to compile.
	tooLong = 300e6
	// budget is how many nodes of a cell, and of what it calls, are looked at.
	budget = 20_000
)

// long reports whether a loop or a call is known to take longer than to compile it.
func (c *Code) long(n ast.Node) bool {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.CallExpr:
	default:
		return false
	}
	if c.calls == nil {
		c.calls = map[call]float64{}
	}
	w := c.piece
	if w == nil {
		w = &work{code: c, info: c.Info}
		w.know(c.of, map[types.Object]float64{}, map[types.Object]float64{})
		c.piece = w
	}
	return w.of(n) > tooLong
}

// A call is one of a function with what is known of its arguments.
type call struct {
	function *ast.FuncDecl
	args     string
}

// work estimates how long a function takes, or the statements of a cell, by the
// ends of loops and by conditions that are known. What isn't known is taken to run
// once.
type work struct {
	code    *Code
	info    *types.Info
	numbers map[types.Object]float64 // variables that have one value
	lengths map[types.Object]float64 // those that are lists of one length
}

// know finds the variables of n that are set once, to what is known: numbers and
// lengths begin with those of parameters.
func (w *work) know(n ast.Node, numbers, lengths map[types.Object]float64) {
	w.numbers, w.lengths = numbers, lengths
	changed := map[types.Object]bool{}
	change := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			changed[w.info.Uses[id]] = true
		}
	}
	var names []*ast.Ident
	var values []ast.Expr
	set := func(id *ast.Ident, value ast.Expr) { names, values = append(names, id), append(values, value) }
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				if ok && w.info.Defs[id] != nil && len(n.Rhs) == len(n.Lhs) {
					set(id, n.Rhs[i])
				} else {
					change(lhs)
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if len(n.Values) == len(n.Names) {
					set(id, n.Values[i])
				}
			}
		case *ast.IncDecStmt:
			change(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				change(n.X)
			}
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				change(n.Key)
				if n.Value != nil {
					change(n.Value)
				}
			}
		}
		return w.code.look()
	})
	for obj := range changed {
		delete(numbers, obj)
		delete(lengths, obj)
	}
	for i, id := range names {
		obj := w.info.Defs[id]
		if obj == nil || changed[obj] {
			continue
		}
		if x, ok := w.number(values[i]); ok {
			w.numbers[obj] = x
		}
		if l, ok := w.length(values[i]); ok {
			w.lengths[obj] = l
		}
	}
}

// look counts a node, and reports whether there may be more.
func (c *Code) look() bool {
	c.looked++
	return c.looked < budget
}

// of returns how long n takes once.
func (w *work) of(n ast.Node) float64 {
	if !w.code.look() {
		return 0
	}
	inside := func() (sum float64) {
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n {
				return true
			}
			if m != nil {
				sum += w.of(m)
			}
			return false
		})
		return sum
	}
	if e, ok := n.(ast.Expr); ok && w.info.Types[e].Value != nil {
		return 0
	}
	switch n := n.(type) {
	case *ast.ForStmt:
		return w.loop(n)
	case *ast.RangeStmt:
		trips, ok := w.number(n.X)
		if !ok {
			trips, ok = w.length(n.X)
		}
		if !ok {
			trips = 1
		}
		id, _ := n.Key.(*ast.Ident)
		return w.of(n.X) + w.rounds(id, 0, max(trips-1, 0), trips, func() float64 { return 2*perOperation + w.of(n.Body) })
	case *ast.BlockStmt:
		took, _ := w.block(n)
		return took
	case *ast.IfStmt:
		took, _ := w.branch(n)
		return took
	case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return inside() / 2
	case *ast.CallExpr:
		return inside() + w.call(n)
	case *ast.SendStmt:
		return perMessage + inside()
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return perMessage + inside()
		}
		return perOperation + inside()
	case *ast.BinaryExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.SelectorExpr, *ast.StarExpr, *ast.AssignStmt, *ast.IncDecStmt, *ast.ReturnStmt:
		return perOperation + inside()
	}
	return inside()
}

// call returns how long a function takes that is called, without its arguments.
func (w *work) call(n *ast.CallExpr) float64 {
	fun := ast.Unparen(n.Fun)
	if tv := w.info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return perOperation
	}
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	id, ok := fun.(*ast.Ident)
	if !ok {
		return perCall // methods are compiled
	}
	f, ok := w.info.Uses[id].(*types.Func)
	if !ok || w.code.Func == nil {
		return perCall
	}
	decl, info := w.code.Func(f.Origin())
	if decl == nil || decl.Body == nil {
		return perCall
	}
	inner := &work{code: w.code, info: info}
	numbers, lengths := map[types.Object]float64{}, map[types.Object]float64{}
	key := call{function: decl}
	i := 0
	for _, field := range decl.Type.Params.List {
		for _, name := range field.Names {
			if i < len(n.Args) {
				if x, ok := w.number(n.Args[i]); ok {
					numbers[info.Defs[name]] = x
					key.args += fmt.Sprint(" ", i, "=", x)
				}
				if l, ok := w.length(n.Args[i]); ok {
					lengths[info.Defs[name]] = l
					key.args += fmt.Sprint(" ", i, "#", l)
				}
			}
			i++
		}
	}
	took, known := w.code.calls[key]
	if !known {
		w.code.calls[key] = 0 // of a call that leads to itself
		inner.know(decl.Body, numbers, lengths)
		took = inner.of(decl.Body)
		w.code.calls[key] = took
	}
	return perCall + took
}

// number returns the value of an expression, when that is known.
func (w *work) number(e ast.Expr) (float64, bool) {
	if v := w.info.Types[e].Value; v != nil {
		if v = constant.ToFloat(v); v.Kind() != constant.Float {
			return 0, false
		}
		x, _ := constant.Float64Val(v)
		return x, true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		x, ok := w.numbers[w.info.Uses[e]]
		return x, ok
	case *ast.BinaryExpr:
		x, ok := w.number(e.X)
		y, also := w.number(e.Y)
		switch e.Op {
		case token.ADD:
			return x + y, ok && also
		case token.SUB:
			return x - y, ok && also
		case token.MUL:
			return x * y, ok && also
		case token.QUO:
			return x / y, ok && also && y != 0
		}
	case *ast.CallExpr:
		if len(e.Args) != 1 {
			break
		}
		if w.info.Types[e.Fun].IsType() {
			return w.number(e.Args[0])
		}
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "len" && w.info.Types[e.Fun].IsBuiltin() {
			return w.length(e.Args[0])
		}
	}
	return 0, false
}

// length returns the length of a list, when that is known.
func (w *work) length(e ast.Expr) (float64, bool) {
	t := w.info.TypeOf(e)
	if t == nil {
		return 0, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if a, ok := t.Underlying().(*types.Array); ok {
		return float64(a.Len()), true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		l, ok := w.lengths[w.info.Uses[e]]
		return l, ok
	case *ast.CompositeLit:
		return float64(len(e.Elts)), true
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "make" && w.info.Types[e.Fun].IsBuiltin() && len(e.Args) > 1 {
			return w.number(e.Args[1])
		}
	}
	return 0, false
}

// block returns how long statements take, and whether they surely return.
func (w *work) block(b *ast.BlockStmt) (took float64, returns bool) {
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return took + w.of(s), true
		case *ast.IfStmt:
			t, returns := w.branch(s)
			if took += t; returns {
				return took, true
			}
		default:
			took += w.of(s)
		}
	}
	return took, false
}

// branch returns how long an if statement takes, and whether it surely returns. A
// condition that isn't known is true every other time.
func (w *work) branch(s *ast.IfStmt) (took float64, returns bool) {
	if s.Init != nil {
		took = w.of(s.Init)
	}
	took += w.of(s.Cond)
	then, otherwise := 0.0, 0.0
	thenReturns, otherwiseReturns := false, false
	is, known := w.truth(s.Cond)
	if is || !known {
		then, thenReturns = w.block(s.Body)
	}
	if !is || !known {
		switch e := s.Else.(type) {
		case *ast.BlockStmt:
			otherwise, otherwiseReturns = w.block(e)
		case *ast.IfStmt:
			otherwise, otherwiseReturns = w.branch(e)
		}
	}
	switch {
	case !known:
		return took + (then+otherwise)/2, thenReturns && otherwiseReturns
	case is:
		return took + then, thenReturns
	}
	return took + otherwise, otherwiseReturns
}

// truth returns whether a condition holds, when that is known.
func (w *work) truth(e ast.Expr) (is, known bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			is, known = w.truth(e.X)
			return !is, known
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND, token.LOR:
			x, ok := w.truth(e.X)
			y, also := w.truth(e.Y)
			decides := e.Op == token.LOR // what decides alone
			if ok && x == decides || also && y == decides {
				return decides, true
			}
			return !decides, ok && also
		}
		x, ok := w.number(e.X)
		y, also := w.number(e.Y)
		if !ok || !also {
			return false, false
		}
		switch e.Op {
		case token.EQL:
			return x == y, true
		case token.NEQ:
			return x != y, true
		case token.LSS:
			return x < y, true
		case token.LEQ:
			return x <= y, true
		case token.GTR:
			return x > y, true
		case token.GEQ:
			return x >= y, true
		}
	}
	return false, false
}

// loop returns how long a for statement takes.
func (w *work) loop(n *ast.ForStmt) (took float64) {
	from, to, trips := w.trips(n)
	var id *ast.Ident
	if n.Init != nil {
		took = w.of(n.Init)
		if a, ok := n.Init.(*ast.AssignStmt); ok && len(a.Lhs) == 1 {
			id, _ = a.Lhs[0].(*ast.Ident)
		}
	}
	return took + w.rounds(id, from, to, trips, func() (took float64) {
		took = perOperation + w.of(n.Body)
		if n.Cond != nil {
			took += w.of(n.Cond)
		}
		if n.Post != nil {
			took += w.of(n.Post)
		}
		return took
	})
}

// rounds returns how long the rounds of a loop take whose variable goes from one
// number to another: by the one in the middle and by the last, or by the dearest
// there is, as in those of fib(i).
func (w *work) rounds(id *ast.Ident, from, to, trips float64, once func() float64) float64 {
	var obj types.Object
	if id != nil {
		obj = w.info.Defs[id]
	}
	if obj == nil || trips <= 1 {
		return trips * once()
	}
	defer delete(w.numbers, obj)
	w.numbers[obj] = math.Trunc((from + to) / 2)
	took := (trips - 1) * once()
	w.numbers[obj] = to
	return took + once()
}

// trips returns how often a loop runs that counts to a known end, and its first and
// last number; others run once.
func (w *work) trips(n *ast.ForStmt) (from, last, trips float64) {
	cond, ok := n.Cond.(*ast.BinaryExpr)
	a, isAssign := n.Init.(*ast.AssignStmt)
	if !ok || !isAssign || len(a.Rhs) != 1 {
		return 0, 0, 1
	}
	to, ok := w.number(cond.Y)
	if square, is := ast.Unparen(cond.X).(*ast.BinaryExpr); is && square.Op == token.MUL {
		to = math.Sqrt(max(to, 0)) // i*i <= n
	}
	step := 1.0
	switch p := n.Post.(type) {
	case *ast.IncDecStmt:
	case *ast.AssignStmt:
		x, known := w.number(p.Rhs[0])
		ok = ok && known && x != 0 && (p.Tok == token.ADD_ASSIGN || p.Tok == token.SUB_ASSIGN)
		step = math.Abs(x)
	default:
		return 0, 0, 1
	}
	switch cond.Op {
	case token.LSS, token.LEQ, token.NEQ, token.GTR, token.GEQ:
	default:
		ok = false
	}
	if !ok {
		return 0, 0, 1
	}
	from, known := w.number(a.Rhs[0])
	if !known { // as for j := i; j < n; j++
		from = to / 2
	}
	trips = max(1, math.Abs(to-from)/step)
	return from, to, trips
}
