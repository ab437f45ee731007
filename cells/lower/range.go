package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// rangeStmt writes a range loop.
func (w *writer) rangeStmt(s *ast.RangeStmt, label string) {
	w.noteClosures(s)
	t := w.info.TypeOf(s.X).Underlying()
	switch t := t.(type) {
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			w.rangeInt(s, label)
			return
		}
		w.rangeString(s, label)
		return
	case *types.Signature:
		w.rangeFunction(s, label, t)
		return
	case *types.Array:
		if s.Value == nil || isBlank(s.Value) {
			w.rangeArrayPointer(s, label, t.Len())
			return
		}
	case *types.Pointer:
		w.rangeArrayPointer(s, label, t.Elem().Underlying().(*types.Array).Len())
		return
	}
	w.rangeContainer(s, label)
}

// elementOf returns the type of the elements of a list or map, nil for others.
func elementOf(t types.Type) types.Type {
	if t, ok := t.Underlying().(interface{ Elem() types.Type }); ok {
		return t.Elem()
	}
	return nil
}

func isChannel(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// iteration returns the variable that a range clause's key or value defines
// anew, nil when there is none or it assigns to something that exists.
func (w *writer) iteration(s *ast.RangeStmt, e ast.Expr) *types.Var {
	if e == nil || s.Tok != token.DEFINE {
		return nil
	}
	v, _ := w.defines(e)
	return v
}

// rangeInt writes `for i := range n` as a counting loop.
func (w *writer) rangeInt(s *ast.RangeStmt, label string) {
	var t types.Type
	if s.Key != nil && !isBlank(s.Key) {
		t = w.info.TypeOf(s.Key)
	} else {
		t = types.Default(w.info.TypeOf(s.X))
	}
	typ := w.typ(t)
	v := w.iteration(s, s.Key)
	limit := w.temp()
	counter := ""
	own := v != nil && !w.assigned(v, s.Body) && !w.captured(v, s.Body)
	if own {
		counter = w.local(v)
	} else {
		counter = w.temp()
	}
	w.WriteString("{\n")
	w.declare(limit, t, s.X)
	w.WriteString("\n")
	if label != "" {
		w.WriteString(label + ":\n")
	}
	w.printf("for %s := %s(0); %s < %s; %s++ {\n", counter, typ, counter, limit, counter)
	switch {
	case own:
	case v != nil:
		w.printf("%s := %s\n", w.local(v), counter)
	case s.Key != nil && !isBlank(s.Key):
		w.expr(s.Key)
		w.printf(" = %s\n", counter)
	}
	w.pushLoop(&loop{label: label})
	w.stmts(s.Body.List)
	w.popLoop()
	w.WriteString("}\n}\n")
}

// rangeString writes a range over a string as one over its runes and where they
// begin, which the evaluator finds: the interpreter counts bytes that are not
// UTF-8 as three, and the runes where only their places are asked for.
func (w *writer) rangeString(s *ast.RangeStmt, label string) {
	places, runes, i := w.temp(), w.temp(), w.temp()
	w.printf("{\n%s, %s := %s.Runes(string(", places, runes, w.u.CellImport())
	w.expr(s.X)
	w.WriteString("))\n")
	if label != "" {
		w.WriteString(label + ":\n")
	}
	w.printf("for %s := 0; %s < len(%s); %s++ {\n", i, i, places, i)
	var existing []ast.Expr
	var values []string
	for _, part := range []struct {
		e    ast.Expr
		list string
	}{{s.Key, places}, {s.Value, runes}} {
		value := part.list + "[" + i + "]"
		switch v := w.iteration(s, part.e); {
		case part.e == nil || isBlank(part.e):
		case v != nil:
			w.printf("%s := %s\n", w.local(v), value)
		default:
			existing, values = append(existing, part.e), append(values, value)
		}
	}
	w.assignAll(existing, values)
	w.pushLoop(&loop{label: label})
	w.stmts(s.Body.List)
	w.popLoop()
	w.WriteString("}\n}\n")
}

// rangeContainer writes a range over a slice, array, map or channel.
func (w *writer) rangeContainer(s *ast.RangeStmt, label string) {
	var prologue []string
	var existing []ast.Expr
	var values []string
	name := func(e ast.Expr) string {
		switch v := w.iteration(s, e); {
		case e == nil || isBlank(e):
			return "_"
		case v == nil: // an existing variable, or a session's
			existing, values = append(existing, e), append(values, w.temp())
			return values[len(values)-1]
		case w.captured(v, s.Body):
			t := w.temp()
			prologue = append(prologue, fmt.Sprintf("%s := %s\n", w.local(v), t))
			return t
		default:
			return w.local(v)
		}
	}
	key, value := name(s.Key), name(s.Value)
	_, isArray := w.info.TypeOf(s.X).Underlying().(*types.Array)
	x := ""
	// The interpreter takes a range whose values are channels for one over a channel.
	channels := value != "_" && isChannel(elementOf(w.info.TypeOf(s.X)))
	if isArray && s.Value != nil || channels { // the range is over a copy
		x = w.temp()
		w.WriteString("{\n")
		w.declare(x, w.info.TypeOf(s.X), s.X)
		w.WriteString("\n")
	}
	if label != "" {
		w.WriteString(label + ":\n")
	}
	if channels {
		if key == "_" {
			key = w.temp()
		}
		prologue = slices.Insert(prologue, 0, fmt.Sprintf("%s := %s[%s]\n", value, x, key))
		value = "_"
	}
	w.WriteString("for ")
	switch {
	case value != "_":
		w.printf("%s, %s := ", key, value)
	case key != "_":
		w.printf("%s := ", key)
	}
	w.WriteString("range ")
	if x != "" {
		w.WriteString(x)
	} else {
		w.condition(s.X)
	}
	w.WriteString(" {\n" + strings.Join(prologue, ""))
	w.assignAll(existing, values)
	w.pushLoop(&loop{label: label})
	w.stmts(s.Body.List)
	w.popLoop()
	w.WriteString("}\n")
	if x != "" {
		w.WriteString("}\n")
	}
}

// rangeArrayPointer writes a range over a pointer to an array, or over the
// indexes of an array, as one over numbers: a nil pointer has them too.
func (w *writer) rangeArrayPointer(s *ast.RangeStmt, label string, n int64) {
	i, x := w.temp(), ""
	w.WriteString("{\n")
	if hasValue := s.Value != nil && !isBlank(s.Value); hasValue || calls(s.X) {
		x = w.temp()
		w.declare(x, w.info.TypeOf(s.X), s.X)
		w.WriteString("\n")
	}
	if label != "" {
		w.WriteString(label + ":\n")
	}
	w.printf("for %s := 0; %s < %d; %s++ {\n", i, i, n, i)
	var existing []ast.Expr
	var values []string
	for _, part := range []struct {
		e    ast.Expr
		text string
	}{{s.Key, i}, {s.Value, x + "[" + i + "]"}} {
		switch v := w.iteration(s, part.e); {
		case part.e == nil || isBlank(part.e):
		case v != nil:
			w.printf("%s := %s\n", w.local(v), part.text)
		default:
			existing, values = append(existing, part.e), append(values, part.text)
		}
	}
	w.assignAll(existing, values)
	w.pushLoop(&loop{label: label})
	w.stmts(s.Body.List)
	w.popLoop()
	w.WriteString("}\n}\n")
}

// calls reports whether the evaluation of e calls a function or receives.
func calls(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// A rangeFunc is a loop over an iterator function, whose body has become a
// function of its own: what leaves the loop is noted in a variable, and acted
// upon when the iterator returned.
type rangeFunc struct {
	body   *function // the function that the body became
	exit   string    // variable: how the body left the loop, 1 by return, 2… as an entry of leaves says; or one of the states
	values []string  // variables that hold the values of a return
	leaves []*ast.BranchStmt
	ret    bool
	outer  *rangeFunc // the loop over an iterator that this one stands in
	defers string     // variable of the outermost such loop: what its bodies deferred; "" for nothing
}

// States of a loop over an iterator, by which its body knows that it must not be
// called: the evaluator has the words.
const (
	ready     = 0
	running   = -1 // and still is behind the loop when the iterator recovered its panic
	broken    = -2
	exhausted = -3
	recovered = -4
)

// end writes the end of the body, of all or of this iteration.
func (r *rangeFunc) end(w *writer, goesOn bool) {
	state := broken
	if goesOn {
		state = ready
	}
	w.printf("%s = %d\nreturn %t\n", r.exit, state, goesOn)
}

// leave writes a branch to a loop outside the iterator.
func (r *rangeFunc) leave(w *writer, s *ast.BranchStmt) {
	r.leaves = append(r.leaves, s)
	w.printf("%s = %d\nreturn false\n", r.exit, 1+len(r.leaves))
}

// rangeFunction writes `for k, v := range seq` as a call of seq.
func (w *writer) rangeFunction(s *ast.RangeStmt, label string, t *types.Signature) {
	yield := t.Params().At(0).Type().Underlying().(*types.Signature)
	r := &rangeFunc{exit: w.temp()}
	outer := w.fn
	if outer.rng != nil {
		r.outer = outer.rng
	} else if defers(s.Body) {
		r.defers = w.temp()
		w.printf("var %s []func()\ndefer func() {\nfor i := len(%s) - 1; i >= 0; i-- {\ndefer %s[len(%s)-1-i]()\n}\n}()\n", r.defers, r.defers, r.defers, r.defers)
	}
	w.printf("{\n%s := %d\n", r.exit, ready)
	for _, typ := range outer.results {
		v := w.temp()
		r.values = append(r.values, v)
		w.printf("var %s %s\n", v, typ)
	}
	w.operand(s.X)
	w.WriteString("(func(")
	var existing []ast.Expr
	var values []string
	for i := range yield.Params().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		e := s.Key
		if i == 1 {
			e = s.Value
		}
		typ := w.typ(yield.Params().At(i).Type())
		v := w.iteration(s, e)
		switch {
		case e == nil || isBlank(e):
			w.printf("_ %s", typ)
		case v != nil:
			w.printf("%s %s", w.local(v), typ)
		default:
			p := w.temp()
			w.printf("%s %s", p, typ)
			existing, values = append(existing, e), append(values, p)
		}
	}
	w.printf(") bool {\nif %s != %d {\n", r.exit, ready)
	w.mark(s.Pos())
	w.printf("%s.Iterate(%s)\n}\n%s = %d\n", w.u.CellImport(), r.exit, r.exit, running)
	w.assignAll(existing, values)
	r.body = &function{results: outer.results, types: outer.types, named: outer.named, outer: outer, rng: r, gotos: labelsIn(s.Body)}
	r.body.ret = func(values []string) {
		r.ret = true
		for i, v := range values {
			w.printf("%s = %s\n", r.values[i], v)
		}
		w.printf("%s = 1\nreturn false\n", r.exit)
	}
	outer.loops = append(outer.loops, &loop{label: label, fn: r})
	w.fn = r.body
	w.stmts(s.Body.List)
	w.fn = outer
	w.popLoop()
	r.end(w, true)
	w.printf("})\nif %s == %d {\n", r.exit, running)
	w.mark(s.Pos())
	w.printf("%s.Iterate(%d)\n}\n", w.u.CellImport(), recovered)
	exit := r.exit
	if r.ret || len(r.leaves) > 0 {
		exit = w.temp()
		w.printf("%s := %s\n", exit, r.exit)
	}
	w.printf("%s = %d\n", r.exit, exhausted)
	if r.ret {
		w.printf("if %s == 1 {\n", exit)
		if outer.ret != nil {
			outer.ret(r.values)
		} else {
			w.WriteString("return " + strings.Join(r.values, ", ") + "\n")
		}
		w.WriteString("}\n")
	}
	for i, leave := range r.leaves {
		w.printf("if %s == %d {\n", exit, i+2)
		w.branch(leave)
		w.WriteString("}\n")
	}
	w.WriteString("}\n")
}

// labelsIn returns the labels that goto may name inside a loop's body.
func labelsIn(b *ast.BlockStmt) map[string]bool {
	labels, used := map[string]bool{}, gotos(b.List)
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.LabeledStmt:
			labels[n.Label.Name] = used[n.Label.Name]
		}
		return true
	})
	return labels
}

// defers reports whether a loop's body defers calls of the function around it.
func defers(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}
