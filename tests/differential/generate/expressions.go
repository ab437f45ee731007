package generate

import (
	"fmt"
	"slices"
)

// literal returns a constant of a scalar type.
func (g *gen) literal(t typ) string {
	switch t {
	case "bool":
		return pick(g, "true", "false")
	case "string":
		return pick(g, `""`, `"a"`, `"go"`, `"né"`, `"日本"`, `"x\xffy"`, `"longer text"`)
	case "float64", "float32":
		return pick(g, "0", "1", "0.5", "2.25", "-3", "1e10", "100.125")
	case "complex128":
		return pick(g, "1i", "2", "(1 + 2i)", "0")
	case "uint8", "uint16", "uint32", "uint64", "uint":
		return pick(g, "0", "1", "2", "3", "7", "100", "255")
	}
	return pick(g, "0", "1", "2", "3", "-1", "7", "100", "-128", "127")
}

// nonconstant returns a scalar expression that the compiler does not fold.
func (g *gen) nonconstant(t typ, depth int) string {
	if list := g.of(t); len(list) > 0 && g.IntN(5) > 0 {
		return pick(g, list...).name
	}
	return fmt.Sprintf("see%s(%q, %s)", title(t), g.fresh("s"), g.literal(t))
}

func (g *gen) expr(t typ, depth int) string {
	if slices.Contains(scalars, t) {
		return g.scalar(t, depth)
	}
	if list := g.of(t); len(list) > 0 && g.IntN(2) == 0 {
		return pick(g, list...).name
	}
	return g.composite(t, depth)
}

func (g *gen) scalar(t typ, depth int) string {
	if depth <= 0 {
		if g.IntN(3) == 0 {
			return g.literal(t)
		}
		return g.nonconstant(t, depth)
	}
	if s, ok := g.called(t, depth); ok && g.IntN(6) == 0 {
		return s
	}
	if g.IntN(12) == 0 {
		return fmt.Sprintf("func() %s { return %s }()", t, g.expr(t, depth-1))
	}
	switch {
	case t == "bool":
		return g.boolean(depth)
	case t == "string":
		return g.text(depth)
	case t == "complex128":
		switch g.IntN(4) {
		case 0:
			return fmt.Sprintf("complex(%s, %s)", g.nonconstant("float64", 0), g.expr("float64", 0))
		case 1:
			return g.nonconstant(t, depth)
		}
		return fmt.Sprintf("(%s %s %s)", g.nonconstant(t, depth), pick(g, "+", "-", "*"), g.scalar(t, depth-1))
	case t == "float64" || t == "float32":
		switch g.IntN(5) {
		case 0:
			return fmt.Sprintf("%s(%s)", t, g.nonconstant(pick(g, integers...), 0))
		case 1:
			return g.nonconstant(t, depth)
		case 2:
			if t == "float64" {
				return fmt.Sprintf("%s(%s)", pick(g, "real", "imag"), g.nonconstant("complex128", 0))
			}
		}
		return fmt.Sprintf("(%s %s %s)", g.nonconstant(t, depth), pick(g, "+", "-", "*", "/"), g.scalar(t, depth-1))
	}
	return g.integer(t, depth)
}

func (g *gen) integer(t typ, depth int) string {
	switch g.IntN(12) {
	case 0:
		return fmt.Sprintf("%s(%s)", t, g.nonconstant(pick(g, integers...), 0))
	case 1:
		return fmt.Sprintf("(%s %s (%s & 15))", g.nonconstant(t, depth), pick(g, "<<", ">>"), g.nonconstant(pick(g, "uint", "uint8", "uint64", "int"), 0))
	case 2:
		return fmt.Sprintf("(%s %s %d)", g.nonconstant(t, depth), pick(g, "<<", ">>"), g.IntN(70))
	case 3:
		return fmt.Sprintf("(%s %s %d)", g.nonconstant(t, depth), pick(g, "/", "%"), 1+g.IntN(9))
	case 4:
		return fmt.Sprintf("(%s %s %s)", g.nonconstant(t, depth), pick(g, "/", "%"), g.nonconstant(t, 0))
	case 5:
		return fmt.Sprintf("%s%s", pick(g, "-", "^", "+"), g.nonconstant(t, depth))
	case 6:
		if t == "int" {
			return g.count()
		}
		return fmt.Sprintf("%s(%s)", t, g.count())
	case 7:
		return fmt.Sprintf("%s(%s, %s)", pick(g, "min", "max"), g.nonconstant(t, depth), g.scalar(t, depth-1))
	case 8:
		return g.nonconstant(t, depth)
	}
	return fmt.Sprintf("(%s %s %s)", g.nonconstant(t, depth), pick(g, "+", "-", "*", "&", "|", "^", "&^"), g.scalar(t, depth-1))
}

// count returns an int that comes out of something that is none.
func (g *gen) count() string {
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("len(%s)", g.nonconstant("string", 0))
	case 1:
		return fmt.Sprintf("len(%s)", g.expr("[]int", 0))
	case 2:
		return fmt.Sprintf("%s[%s & 1]", g.expr("[3]int", 0), g.nonconstant("int", 0))
	case 3:
		return fmt.Sprintf("%s[%s]", g.expr("map[string]int", 0), g.expr("string", 0))
	case 4:
		return fmt.Sprintf("%s(%s)", g.expr("func(int) int", 0), g.nonconstant("int", 0))
	case 5:
		return fmt.Sprintf("%s.A", g.expr("struct{ A int; B string }", 0))
	case 6:
		if p := g.of("*int"); len(p) > 0 {
			return "*" + pick(g, p...).name
		}
		return "*" + g.composite("*int", 0)
	}
	return fmt.Sprintf("%s[%d]", g.expr("[]int", 0), g.IntN(4))
}

func (g *gen) boolean(depth int) string {
	switch g.IntN(7) {
	case 0:
		return "!" + g.nonconstant("bool", depth)
	case 1:
		return fmt.Sprintf("(%s %s %s)", g.nonconstant("bool", depth), pick(g, "&&", "||"), g.scalar("bool", depth-1))
	case 2:
		return fmt.Sprintf("(%s %s nil)", g.expr(pick(g, "[]int", "map[string]int", "*int", "any", "error", "func(int) int", "chan int"), 0), pick(g, "==", "!="))
	case 3:
		return fmt.Sprintf("(%s %s %s)", g.expr("any", 0), pick(g, "==", "!="), g.expr("any", 0))
	}
	t := pick(g, scalars...)
	op := pick(g, "==", "!=", "<", "<=", ">", ">=")
	if t == "bool" || t == "complex128" {
		op = pick(g, "==", "!=")
	}
	return fmt.Sprintf("(%s %s %s)", g.nonconstant(t, depth), op, g.scalar(t, 0))
}

func (g *gen) text(depth int) string {
	switch g.IntN(7) {
	case 0:
		return fmt.Sprintf("fmt.Sprint(%s)", g.expr(pick(g, append([]typ{"[]int", "map[string]int", "[3]int", "struct{ A int; B string }", "any"}, scalars...)...), depth-1))
	case 1:
		return fmt.Sprintf("string([]byte(%s))", g.nonconstant("string", 0))
	case 2:
		return fmt.Sprintf("string([]rune(%s))", g.nonconstant("string", 0))
	case 3:
		return fmt.Sprintf("%s[%s:]", g.nonconstant("string", 0), pick(g, "0", "1", "len(\"ab\")"))
	case 4:
		return fmt.Sprintf("%s.B", g.expr("struct{ A int; B string }", 0))
	}
	return fmt.Sprintf("(%s + %s)", g.nonconstant("string", depth), g.scalar("string", depth-1))
}

// called returns a call of an earlier function with that single result.
func (g *gen) called(t typ, depth int) (string, bool) {
	if g.calls <= 0 || g.loops > 0 {
		return "", false
	}
	for _, f := range g.funcs {
		if len(f.results) == 1 && f.results[0] == t {
			g.calls--
			args := ""
			for i, p := range f.params {
				if i > 0 {
					args += ", "
				}
				args += g.scalar(p, depth-1)
			}
			return fmt.Sprintf("%s(%s)", f.name, args), true
		}
	}
	return "", false
}

// composite returns an expression of a type that is no scalar.
func (g *gen) composite(t typ, depth int) string {
	i := func() string { return g.scalar("int", depth-1) }
	switch t {
	case "[]int":
		switch g.IntN(5) {
		case 0:
			return fmt.Sprintf("append([]int{%s}, %s, %s)", i(), i(), i())
		case 1:
			return fmt.Sprintf("append([]int(nil), %s...)", g.expr("[]int", 0))
		case 2:
			return fmt.Sprintf("make([]int, %d, %d)", g.IntN(3), 3+g.IntN(3))
		}
		return fmt.Sprintf("[]int{%s, %s, 3: %s}", i(), i(), i())
	case "[]string":
		return fmt.Sprintf("[]string{%s, %s}", g.scalar("string", depth-1), g.scalar("string", depth-1))
	case "[]uint8":
		return fmt.Sprintf("[]byte(%s)", g.nonconstant("string", 0))
	case "[3]int":
		return fmt.Sprintf("[3]int{%s, %s}", i(), i())
	case "map[string]int":
		return fmt.Sprintf(`map[string]int{"a": %s, "b": %s}`, i(), i())
	case "map[int]string":
		return fmt.Sprintf(`map[int]string{1: %s, 2: %s}`, g.scalar("string", depth-1), g.scalar("string", depth-1))
	case "*int":
		if v := g.writable("int"); v != "" && g.IntN(4) > 0 {
			return "&" + v
		}
		return "new(int)"
	case "func(int) int":
		outer := len(g.vars)
		p := g.fresh("p")
		g.vars = append(g.vars, variable{name: p, typ: "int"})
		body := g.scalar("int", 1)
		g.vars = g.vars[:outer]
		return fmt.Sprintf("func(%s int) int { return %s }", p, body)
	case "[]func() int":
		return fmt.Sprintf("[]func() int{func() int { return %s }}", i())
	case "chan int":
		return fmt.Sprintf("make(chan int, %d)", 3)
	case "any":
		if g.IntN(8) == 0 {
			return "any(nil)"
		}
		s := pick(g, scalars...)
		return fmt.Sprintf("any(%s)", typed(s, g.scalar(s, 0)))
	case "error":
		if g.IntN(3) == 0 {
			return "error(nil)"
		}
		return fmt.Sprintf("fmt.Errorf(\"e%%v\", %s)", g.scalar("int", 0))
	case "struct{ A int; B string }":
		return fmt.Sprintf("struct{ A int; B string }{%s, %s}", i(), g.scalar("string", depth-1))
	case "[][]int":
		return fmt.Sprintf("[][]int{%s, {%s}}", g.expr("[]int", 0), i())
	case "*[3]int":
		if v := g.of("[3]int"); len(v) > 0 {
			return "&" + pick(g, v...).name
		}
		return fmt.Sprintf("&[3]int{%s}", i())
	}
	panic("no value of type " + t)
}
