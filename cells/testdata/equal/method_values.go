package main

import (
	"fmt"
	"strings"
)

type Counter struct{ n int }

func (c Counter) Get() int    { return c.n }
func (c *Counter) Inc(by int) { c.n += by }

type Op func(int, int) int

func (o Op) Twice(a, b int) int { return o(o(a, b), b) }

func apply(f func(int), xs ...int) {
	for _, x := range xs {
		f(x)
	}
}

func main() {
	c := Counter{1}
	get := c.Get
	inc := c.Inc
	inc(4)
	fmt.Println(get(), c.Get())
	apply(c.Inc, 1, 2, 3)
	fmt.Println(c.n)
	f := Counter.Get
	g := (*Counter).Inc
	g(&c, 10)
	fmt.Println(f(c))
	add := Op(func(a, b int) int { return a + b })
	fmt.Println(add.Twice(1, 5), Op.Twice(add, 2, 2))
	upper := strings.ToUpper
	fmt.Println(upper("abc"))
	r := strings.NewReplacer("a", "b").Replace
	fmt.Println(r("aaa"))
	var sb strings.Builder
	w := sb.WriteString
	w("x")
	w("y")
	fmt.Println(sb.String(), sb.Len())
	h := (*strings.Builder).Len
	fmt.Println(h(&sb))
	table := map[string]func(float64, float64) float64{
		"+": func(a, b float64) float64 { return a + b },
		"*": func(a, b float64) float64 { return a * b },
	}
	fmt.Println(table["+"](2, 3), table["*"](2, 3), table["?"] == nil)
	p := &c
	pg := p.Get
	p.n = 0
	fmt.Println(pg(), p.Get())
}
