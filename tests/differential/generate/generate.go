// Package generate writes random programs: well-typed, deterministic, over by
// themselves. They use statements and expressions over predeclared types in
// ways that no one would think of, and print what becomes of it.
package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Program returns the program with that number; the same one each time. Those
// with an even number recover from panics, which has them compiled; the others are
// for the interpreter, and end with the first panic.
func Program(seed uint64) string {
	g := &gen{Rand: rand.New(rand.NewPCG(seed, 1)), recovers: seed%2 == 0}
	g.line("package main")
	g.line("")
	g.line("import \"fmt\"")
	g.line("")
	g.packageVars()
	for i := range 2 + g.IntN(4) {
		g.function(fmt.Sprintf("f%d", i))
	}
	// What was seen is told when nothing panicked since: the spec does not say
	// what of a statement comes before an operand that panics.
	g.line("var seen []string")
	g.line("")
	g.line("// try calls a function and tells how it ended.")
	g.line("func try(name string, f func()) {")
	if g.recovers {
		g.line("defer func() {")
		g.line("if r := recover(); r != nil { fmt.Println(name, \"panics\") } else { fmt.Println(seen) }")
		g.line("seen = nil")
		g.line("kept.show()")
		g.line("}()")
		g.line("f()")
	} else {
		g.line("f()")
		g.line("fmt.Println(name, seen)")
		g.line("seen = nil")
		g.line("kept.show()")
	}
	g.line("}")
	g.line("")
	g.keeper()
	g.line("")
	for _, t := range scalars {
		g.line("func see%s(s string, v %s) %s { seen = append(seen, s); return v }", title(t), t, t)
	}
	g.line("")
	g.line("func main() {")
	for _, f := range g.funcs {
		g.line("try(%q, func() {", f.name)
		args := make([]string, len(f.params))
		for i, p := range f.params {
			args[i] = g.literal(p)
		}
		results := make([]string, len(f.results))
		for i := range results {
			results[i] = fmt.Sprintf("r%d", i)
		}
		g.line("%s := %s(%s)", strings.Join(results, ", "), f.name, strings.Join(args, ", "))
		for i, r := range results {
			g.line("fmt.Printf(\"%s %%v %%T\\n\", %s, %s)", fmt.Sprintf("%s.%d", f.name, i), r, r)
		}
		g.line("})")
	}
	g.line("}")
	return g.out.String()
}

// typ is a type's text.
type typ = string

var (
	integers = []typ{"int", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"}
	scalars  = []typ{"int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "float64", "float32", "string", "bool", "complex128"}
	shapes   = []typ{"[]int", "[]string", "[]uint8", "[3]int", "map[string]int", "map[int]string", "*int", "func(int) int", "chan int", "any", "error", "struct{ A int; B string }", "[]func() int", "[][]int", "*[3]int"}
)

func title(t typ) string { return strings.ToUpper(t[:1]) + t[1:] }

type variable struct {
	name string
	typ  typ
	ro   bool // a loop's counter: changing it might make the loop endless
}

type function struct {
	name            string
	params, results []typ
}

type gen struct {
	*rand.Rand
	out      strings.Builder
	serial   int
	vars     []variable
	funcs    []function
	results  []typ
	named    bool
	recovers bool
	depth    int // of blocks
	loops    int // around the statement
	calls    int // of generated functions that this function may still make
}

func (g *gen) line(format string, args ...any) { fmt.Fprintf(&g.out, format+"\n", args...) }

func (g *gen) fresh(prefix string) string {
	g.serial++
	return fmt.Sprintf("%s%d", prefix, g.serial)
}

func pick[T any](g *gen, list ...T) T { return list[g.IntN(len(list))] }

func (g *gen) anyType() typ {
	if g.IntN(3) == 0 {
		return pick(g, shapes...)
	}
	return pick(g, scalars...)
}

// packageVars declares variables that need each other, in any order.
func (g *gen) packageVars() {
	n := 3 + g.IntN(3)
	order := g.Perm(n)
	for _, i := range order {
		value := fmt.Sprint(g.IntN(9))
		if i > 0 {
			value = fmt.Sprintf("g%d*%d + %d", g.IntN(i), 1+g.IntN(3), g.IntN(9))
		}
		g.line("var g%d = %s", i, value)
	}
	for i := range n {
		g.vars = append(g.vars, variable{name: fmt.Sprintf("g%d", i), typ: "int"})
	}
	g.line("")
}

func (g *gen) function(name string) {
	f := function{name: name}
	outer := len(g.vars)
	var params, results []string
	for range g.IntN(3) {
		t := pick(g, scalars...)
		p := g.fresh("p")
		f.params = append(f.params, t)
		params = append(params, p+" "+t)
		g.vars = append(g.vars, variable{name: p, typ: t})
	}
	g.named = g.IntN(2) == 0
	for range 1 + g.IntN(3) {
		t := pick(g, scalars...)
		f.results = append(f.results, t)
		if g.named {
			r := g.fresh("r")
			results = append(results, r+" "+t)
			g.vars = append(g.vars, variable{name: r, typ: t})
		} else {
			results = append(results, t)
		}
	}
	g.results, g.calls = f.results, 3
	g.line("func %s(%s) (%s) {", name, strings.Join(params, ", "), strings.Join(results, ", "))
	g.block(4 + g.IntN(5))
	g.ret()
	g.line("}")
	g.line("")
	g.vars = g.vars[:outer]
	g.funcs = append(g.funcs, f)
}

func (g *gen) ret() {
	if g.named && g.IntN(4) == 0 {
		g.line("return")
		return
	}
	g.line("return %s", g.list(g.results))
}

func (g *gen) list(types []typ) string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = g.expr(t, 2)
	}
	return strings.Join(out, ", ")
}

// of returns the variables of a type.
func (g *gen) of(t typ) []variable {
	var out []variable
	for _, v := range g.vars {
		if v.typ == t {
			out = append(out, v)
		}
	}
	return out
}

// writable returns the name of a variable of a type that may be changed.
func (g *gen) writable(t typ) string {
	list := g.of(t)
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, v := range list {
		if !v.ro {
			return v.name
		}
	}
	return ""
}

// declared returns the name of a variable of that type, a new one if need be.
func (g *gen) declared(t typ) string {
	if v := g.writable(t); v != "" && g.IntN(3) > 0 {
		return v
	}
	name := g.fresh("v")
	value := g.value(t)
	if g.IntN(2) == 0 || needsType(value) {
		g.line("var %s %s = %s", name, t, value)
	} else {
		g.line("%s := %s", name, typed(t, value))
	}
	g.line("_ = %s", name)
	g.vars = append(g.vars, variable{name: name, typ: t})
	return name
}

func needsType(value string) bool { return value == "nil" }

// typed gives a scalar's expression its type.
func typed(t typ, value string) string {
	switch t {
	case "any", "error":
		return t + "(" + value + ")"
	}
	for _, s := range scalars {
		if s == t {
			return t + "(" + value + ")"
		}
	}
	return value
}

// value returns an expression for a new variable.
func (g *gen) value(t typ) string { return g.expr(t, 2) }
