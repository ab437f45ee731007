package generate

import (
	"fmt"
	"slices"
	"strings"
)

// block writes some statements, whose variables end with them.
func (g *gen) block(n int) {
	outer := len(g.vars)
	for range n {
		g.statement()
	}
	if g.depth > 0 {
		g.vars = g.vars[:outer]
	}
}

func (g *gen) inner(n int) {
	g.depth++
	g.block(n)
	g.depth--
}

func (g *gen) statement() {
	simple := []func(){g.declare, g.declare, g.assign, g.assign, g.operate, g.increment, g.tuple, g.print, g.element, g.field, g.indirect, g.appendTo, g.closure, g.keep, g.mapOps, g.unpack}
	if g.depth >= 3 {
		pick(g, simple...)()
		return
	}
	all := append(simple, g.ifElse, g.loop, g.rangeLoop, g.rangeLoop, g.switchOn, g.typeSwitch, g.deferred, g.channels, g.jump, g.iterator, g.labelled)
	if g.recovers {
		all = append(all, g.recovered)
	}
	pick(g, all...)()
}

func (g *gen) declare() { g.declared(g.anyType()) }

func (g *gen) assign() {
	t := g.anyType()
	v := g.declared(t)
	g.line("%s = %s", v, g.expr(t, 2))
}

func (g *gen) operate() {
	t := pick(g, scalars...)
	op := "+="
	switch {
	case t == "bool":
		return
	case slices.Contains(integers, t):
		op = pick(g, "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "&^=", "<<=", ">>=")
	case t != "string":
		op = pick(g, "+=", "-=", "*=")
	}
	v := g.declared(t)
	switch op {
	case "<<=", ">>=":
		g.line("%s %s %s & 15", v, op, g.nonconstant(pick(g, "uint", "uint8", "int"), 0))
	case "/=", "%=":
		g.line("%s %s %s", v, op, g.nonconstant(t, 0))
	default:
		g.line("%s %s %s", v, op, g.scalar(t, 1))
	}
}

func (g *gen) increment() {
	t := pick(g, "int", "uint8", "int8", "float64")
	g.line("%s%s", g.declared(t), pick(g, "++", "--"))
}

// tuple writes an assignment of several values at once.
func (g *gen) tuple() {
	switch g.IntN(4) {
	case 0:
		t := pick(g, scalars...)
		a, b := g.declared(t), g.declared(t)
		g.line("%s, %s = %s, %s", a, b, b, a)
	case 1:
		s, i := g.declared("[3]int"), g.declared("int")
		g.line("%s &= 1", i)
		g.line("%s, %s[%s] = %s + 1, %s", i, s, i, i, g.scalar("int", 1))
	case 2:
		s := g.declared("[]int")
		g.line("if len(%s) > 1 {", s)
		g.line("%s[0], %s[1] = %s[1], %s[0]", s, s, s, s)
		g.line("}")
	case 3:
		a, b, c := g.declared("int"), g.declared("string"), g.declared("uint8")
		g.line("%s, %s, %s = %s, %s, %s", a, b, c, g.scalar("int", 2), g.scalar("string", 2), g.scalar("uint8", 2))
	}
}

func (g *gen) print() {
	v := pick(g, g.vars...)
	switch {
	case strings.HasPrefix(v.typ, "*"):
		g.line("if %s != nil { fmt.Println(%q, *%s) }", v.name, v.name, v.name)
	case strings.HasPrefix(v.typ, "func"), strings.HasPrefix(v.typ, "chan"), strings.Contains(v.typ, "func"):
		g.line("fmt.Printf(\"%s %%T\\n\", %s)", v.name, v.name)
	default:
		g.line("fmt.Printf(\"%s %%v %%T\\n\", %s, %s)", v.name, v.name, v.name)
	}
}

// element changes an element of an array, a slice or a slice of slices.
func (g *gen) element() {
	switch g.IntN(5) {
	case 0:
		g.line("%s[%s & 1] = %s", g.declared("[3]int"), g.nonconstant("int", 0), g.scalar("int", 2))
	case 1:
		g.line("%s[%d] %s %s", g.declared("[]int"), g.IntN(4), pick(g, "=", "+=", "^="), g.scalar("int", 2))
	case 2:
		s := g.declared("[][]int")
		g.line("%s[0] = append(%s[0], %s)", s, s, g.scalar("int", 1))
	case 3:
		g.line("%s[%d]++", g.declared("*[3]int"), g.IntN(3))
	case 4:
		s := g.declared("[]uint8")
		g.line("for i := range %s { %s[i] ^= %s }", s, s, g.scalar("uint8", 0))
	}
}

func (g *gen) field() {
	s := g.declared("struct{ A int; B string }")
	switch g.IntN(3) {
	case 0:
		g.line("%s.A %s %s", s, pick(g, "=", "-=", "|="), g.scalar("int", 1))
	case 1:
		g.line("%s.B += %s", s, g.scalar("string", 1))
	case 2:
		p := g.fresh("q")
		g.line("%s := &%s", p, s)
		g.line("%s.A, %s.B = %s, %s", p, p, g.scalar("int", 1), g.scalar("string", 1))
	}
}

func (g *gen) indirect() {
	p := g.declared("*int")
	g.line("*%s %s %s", p, pick(g, "=", "+=", "-="), g.scalar("int", 1))
}

func (g *gen) appendTo() {
	switch g.IntN(5) {
	case 0:
		s := g.declared("[]int")
		g.line("%s = append(%s[:%d], %s, %s)", s, s, g.IntN(3), g.scalar("int", 1), g.scalar("int", 1))
	case 1:
		s := g.declared("[]int")
		name := g.fresh("v")
		g.line("%s := %s[%d:%d:%d]", name, s, g.IntN(2), 2, 2+g.IntN(2))
		g.line("%s = append(%s, %s)", name, name, g.scalar("int", 1))
		g.vars = append(g.vars, variable{name: name, typ: "[]int"})
	case 2:
		a, b := g.declared("[]int"), g.declared("[]int")
		g.line("fmt.Println(copy(%s, %s))", a, b)
	case 3:
		b := g.declared("[]uint8")
		g.line("%s = append(%s, %s...)", b, b, g.nonconstant("string", 0))
	case 4:
		s := g.declared("[]string")
		g.line("%s = append(%s, %s)", s, s, g.scalar("string", 1))
	}
}

// closure makes a function that changes what is around it, and calls it.
func (g *gen) closure() {
	v := g.declared("int")
	f := g.fresh("c")
	switch g.IntN(3) {
	case 0:
		g.line("%s := func() int { %s %s %s; return %s }", f, v, pick(g, "+=", "-=", "*="), g.scalar("int", 1), v)
		g.line("fmt.Println(%s(), %s())", f, f)
	case 1:
		fs := g.declared("[]func() int")
		i := g.fresh("i")
		g.line("for %s := 0; %s < 3; %s++ {", i, i, i)
		g.line("%s = append(%s, func() int { %s += %s; return %s })", fs, fs, v, i, v)
		g.line("}")
		g.line("for _, f := range %s { fmt.Print(f(), \" \") }", fs)
		g.line("fmt.Println()")
	case 2:
		h := g.declared("func(int) int")
		old := g.fresh("c")
		g.line("%s := %s", old, h)
		g.line("%s = func(x int) int { return %s(x) + %s }", h, old, v)
	}
}

// keeper declares what keeps functions beyond the loops that they are made in.
func (g *gen) keeper() {
	g.line("type told func() string")
	g.line("")
	g.line("type keeper struct { fs []func() string }")
	g.line("")
	g.line("func (k *keeper) keep(f func() string) { k.fs = append(k.fs, f) }")
	g.line("func (k *keeper) keepTold(f told) { k.fs = append(k.fs, f) }")
	g.line("func (k *keeper) keepAny(f any) { k.fs = append(k.fs, f.(func() string)) }")
	g.line("func (k *keeper) show() {")
	g.line("for _, f := range k.fs { fmt.Print(f(), \" \") }")
	g.line("fmt.Println(len(k.fs))")
	g.line("k.fs = nil")
	g.line("}")
	g.line("")
	g.line("var kept keeper")
	g.line("")
}

// keep gives away a function that tells, and may change, a variable around it.
func (g *gen) keep() {
	v := pick(g, g.vars...)
	if strings.ContainsAny(v.typ, "*") || strings.Contains(v.typ, "func") || strings.Contains(v.typ, "chan") {
		return
	}
	change := ""
	if v.typ == "int" && !v.ro && g.IntN(2) == 0 {
		change = v.name + "++; "
	}
	f := fmt.Sprintf("func() string { %sreturn fmt.Sprint(%s) }", change, v.name)
	switch g.IntN(6) {
	case 0:
		g.line("kept.keepTold(%s)", f)
	case 1:
		g.line("kept.keepAny(%s)", f)
	case 2:
		g.line("kept.keep(told(%s))", f)
	case 3:
		g.line("kept.fs = append(kept.fs, %s)", f)
	default:
		g.line("kept.keep(%s)", f)
	}
}

func (g *gen) mapOps() {
	m := g.declared("map[string]int")
	switch g.IntN(4) {
	case 0:
		g.line("%s[%s] %s %s", m, g.scalar("string", 1), pick(g, "=", "+=", "-="), g.scalar("int", 1))
	case 1:
		g.line("delete(%s, %s)", m, g.scalar("string", 0))
	case 2:
		v, ok := g.declared("int"), g.declared("bool")
		g.line("%s, %s = %s[%s]", v, ok, m, g.scalar("string", 0))
	case 3:
		g.line("if v, ok := %s[%s]; ok { fmt.Println(v) } else { fmt.Println(len(%s)) }", m, g.scalar("string", 0), m)
	}
}

// unpack assigns the results of a function that has several.
func (g *gen) unpack() {
	if g.calls <= 0 || g.loops > 0 {
		return
	}
	for _, i := range g.Perm(len(g.funcs)) {
		f := g.funcs[i]
		if len(f.results) < 2 {
			continue
		}
		g.calls--
		targets := make([]string, len(f.results))
		for i, t := range f.results {
			targets[i] = g.declared(t)
			if g.IntN(5) == 0 {
				targets[i] = "_"
			}
		}
		g.line("%s = %s(%s)", strings.Join(targets, ", "), f.name, g.list(f.params))
		return
	}
}

func (g *gen) ifElse() {
	switch g.IntN(2) {
	case 0:
		g.line("if %s {", g.scalar("bool", 2))
	case 1:
		t := pick(g, "int", "string", "uint8")
		v := g.fresh("v")
		g.line("if %s := %s; %s != %s {", v, typed(t, g.scalar(t, 1)), v, g.literal(t))
	}
	g.inner(1 + g.IntN(3))
	if g.IntN(2) == 0 {
		g.line("} else if %s {", g.scalar("bool", 1))
		g.inner(1)
	}
	if g.IntN(2) == 0 {
		g.line("} else {")
		g.inner(1 + g.IntN(2))
	}
	g.line("}")
}

func (g *gen) body(vars ...variable) {
	outer := len(g.vars)
	g.vars = append(g.vars, vars...)
	g.loops++
	g.inner(1 + g.IntN(3))
	if g.IntN(3) == 0 {
		g.line("if %s { %s }", g.scalar("bool", 1), pick(g, "break", "continue"))
	}
	g.loops--
	g.vars = g.vars[:outer]
}

func (g *gen) loop() {
	if g.loops > 1 {
		return
	}
	i := g.fresh("i")
	switch g.IntN(3) {
	case 0:
		g.line("for %s := 0; %s < %d; %s++ {", i, i, 2+g.IntN(3), i)
	case 1:
		g.line("for %s := %d; %s > 0; %s-- {", i, 1+g.IntN(4), i, i)
	case 2:
		j := g.fresh("j")
		g.line("for %s, %s := 0, %d; %s < %s; %s, %s = %s+1, %s-1 {", i, j, 3+g.IntN(4), i, j, i, j, i, j)
	}
	g.body(variable{i, "int", true})
	g.line("}")
}

func (g *gen) rangeLoop() {
	if g.loops > 1 {
		return
	}
	k, v := g.fresh("k"), g.fresh("e")
	switch g.IntN(7) {
	case 0:
		t := pick(g, "int", "int8", "uint16")
		g.line("for %s := range %s(%d) {", k, t, 1+g.IntN(4))
		g.line("_ = %s", k)
		g.body(variable{k, t, true})
	case 1:
		s := g.declared("[]int")
		g.line("for %s, %s := range %s {", k, v, s)
		g.line("_, _ = %s, %s", k, v)
		g.body(variable{k, "int", true}, variable{v, "int", false})
	case 2:
		s := g.declared("[3]int")
		g.line("for %s, %s := range %s {", k, v, s)
		g.line("%s[2-%s] += %s", s, k, v)
		g.body(variable{k, "int", true}, variable{v, "int", false})
	case 3:
		g.line("for %s, %s := range %s {", k, v, g.nonconstant("string", 0))
		g.line("_, _ = %s, %s", k, v)
		g.body(variable{k, "int", true}, variable{v, "int32", false})
	case 4:
		p := g.declared("*[3]int")
		g.line("for %s, %s := range %s {", k, v, p)
		g.line("%s[2-%s] -= %s", p, k, v)
		g.body(variable{k, "int", true}, variable{v, "int", false})
	case 5:
		v2 := g.declared("int")
		m := g.declared("map[string]int")
		g.line("for %s, %s := range %s { %s += len(%s) * %s }", k, v, m, v2, k, v)
		return
	case 6:
		i := g.declared("int")
		g.line("for %s = range %s {", i, g.expr("[]int", 1))
		g.body()
	}
	g.line("}")
}

func (g *gen) switchOn() {
	t := pick(g, scalars...)
	if t == "bool" {
		g.line("switch {")
	} else {
		g.line("switch %s {", g.nonconstant(t, 1))
	}
	seen := map[string]bool{}
	n := 2 + g.IntN(3)
	at := g.IntN(n + 1)
	for i := range n {
		if i == at {
			g.line("default:")
			g.inner(1)
		}
		c := g.nonconstant(t, 1)
		if t != "bool" && g.IntN(2) == 0 {
			c = g.literal(t)
		}
		if seen[c] {
			continue
		}
		seen[c] = true
		g.line("case %s:", c)
		g.inner(1 + g.IntN(2))
		if i < n-1 && at != n && g.IntN(4) == 0 {
			g.line("fallthrough")
			g.line("case %s:", g.nonconstant(t, 1))
			g.inner(1)
		}
	}
	g.line("}")
}

func (g *gen) typeSwitch() {
	x := g.declared("any")
	v := g.fresh("x")
	g.line("switch %s := %s.(type) {", v, x)
	g.line("case nil:")
	g.line("fmt.Println(\"nil\", %s)", v)
	g.line("case int:")
	outer := len(g.vars)
	g.vars = append(g.vars, variable{name: v, typ: "int"})
	g.line("_ = %s", v)
	g.inner(1)
	g.vars = g.vars[:outer]
	g.line("case uint8, string:")
	g.line("fmt.Printf(\"%%v %%T\\n\", %s, %s)", v, v)
	g.line("case float64:")
	g.line("fmt.Println(%s + 1)", v)
	g.line("default:")
	g.line("fmt.Printf(\"other %%T\\n\", %s)", v)
	g.line("}")
	i, ok := g.declared("int"), g.declared("bool")
	g.line("%s, %s = %s.(int)", i, ok, x)
}

func (g *gen) deferred() {
	if g.loops > 1 {
		return
	}
	v := pick(g, g.vars...)
	if strings.ContainsAny(v.typ, "*") || strings.Contains(v.typ, "func") || strings.Contains(v.typ, "chan") {
		return
	}
	switch g.IntN(3) {
	case 0:
		g.line("defer fmt.Println(%q, %s)", g.fresh("d"), v.name)
	case 1:
		g.line("defer func() { fmt.Println(%q, %s) }()", g.fresh("d"), v.name)
	case 2:
		if w := g.writable("int"); w != "" {
			g.line("defer func(x int) { %s += x; fmt.Println(%s) }(%s)", w, w, g.scalar("int", 1))
		}
	}
}

// recovered writes a function literal that may panic and recovers.
func (g *gen) recovered() {
	if g.loops > 1 {
		return
	}
	r := g.fresh("r")
	g.line("func() {")
	g.line("n := len(seen)")
	g.line("defer func() {")
	g.line("if %s := recover(); %s != nil { seen = seen[:n]; fmt.Println(\"recovered\", %s == any(3)) }", r, r, r)
	g.line("}()")
	g.inner(1 + g.IntN(2))
	switch g.IntN(5) {
	case 0:
		g.line("if %s { panic(%s) }", g.scalar("bool", 1), g.expr(pick(g, "int", "string", "error"), 0))
	case 1:
		g.line("panic(3)")
	case 2:
		g.line("var p *int")
		g.line("*p = %s", g.scalar("int", 0))
	case 3:
		g.line("var m map[string]int")
		g.line("m[%s] = 1", g.scalar("string", 0))
	case 4:
		g.line("_ = %s.(int)", g.expr("any", 0))
	}
	g.line("}()")
}

func (g *gen) channels() {
	c := g.fresh("ch")
	g.line("%s := make(chan int, 3)", c)
	g.line("%s <- %s", c, g.scalar("int", 1))
	switch g.IntN(3) {
	case 0:
		v := g.declared("int")
		g.line("select {")
		g.line("case %s = <-%s:", v, c)
		g.inner(1)
		g.line("default:")
		g.line("fmt.Println(\"none\")")
		g.line("}")
	case 1:
		g.line("go func() { %s <- 4; %s <- 5; close(%s) }()", c, c, c)
		g.line("for x := range %s { fmt.Print(x, \" \") }", c)
		x, ok := g.fresh("v"), g.fresh("ok")
		g.line("%s, %s := <-%s", x, ok, c)
		g.line("fmt.Println(%s, %s)", x, ok)
	case 2:
		g.line("select {")
		g.line("case %s <- %s:", c, g.scalar("int", 1))
		g.line("fmt.Println(len(%s), cap(%s))", c, c)
		g.line("}")
	}
}

// jump writes a loop made of goto.
func (g *gen) jump() {
	if g.loops > 0 {
		return
	}
	l, i := g.fresh("again"), g.fresh("n")
	g.line("{")
	g.line("%s := 0", i)
	g.line("%s:", l)
	g.line("if %s < 3 {", i)
	g.line("%s++", i)
	g.loops++
	g.inner(1)
	g.loops--
	g.line("goto %s", l)
	g.line("}")
	g.line("}")
}

func (g *gen) iterator() {
	if g.loops > 0 {
		return
	}
	s, k := g.fresh("seq"), g.fresh("k")
	g.line("%s := func(yield func(int) bool) {", s)
	g.line("for i := range 4 { if !yield(i * %s) { fmt.Println(\"stopped\"); return } }", g.nonconstant("int", 0))
	g.line("}")
	g.line("for %s := range %s {", k, s)
	g.line("_ = %s", k)
	g.body(variable{k, "int", false})
	g.line("}")
}

func (g *gen) labelled() {
	if g.loops > 0 {
		return
	}
	l, i, j := g.fresh("outer"), g.fresh("i"), g.fresh("j")
	g.line("%s:", l)
	g.line("for %s := range 3 {", i)
	g.line("for %s := range 3 {", j)
	g.line("if %s { %s %s }", fmt.Sprintf("%s*%s > %d", i, j, g.IntN(4)), pick(g, "continue", "break"), l)
	g.body(variable{i, "int", true}, variable{j, "int", true})
	g.line("}")
	g.line("}")
}
