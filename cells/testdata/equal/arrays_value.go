package main

import "fmt"

type Grid [2][3]int

func change(a [3]int) [3]int   { a[0] = 99; return a }
func (g Grid) with(v int) Grid { g[1][2] = v; return g }
func (g *Grid) set(v int)      { g[1][2] = v }

func main() {
	a := [3]int{1, 2, 3}
	b := a
	b[0] = 10
	c := change(a)
	fmt.Println(a, b, c, a == [3]int{1, 2, 3}, a == b)
	p := &a
	p[1] = 20
	for i, v := range p {
		p[2] = 7
		fmt.Print(i, v, " ")
	}
	for i, v := range a {
		a[2] = 100
		fmt.Print(i, v, " ")
	}
	fmt.Println(len(p), cap(p[:2]))
	s := p[:]
	s[0] = -1
	fmt.Println(a, *p)
	var g Grid
	h := g.with(5)
	g.set(3)
	fmt.Println(g, h)
	type S struct{ a [2]int }
	x := S{[2]int{1, 2}}
	y := x
	y.a[0] = 50
	fmt.Println(x, y, x == y)
	m := map[[2]int]string{{1, 2}: "a"}
	fmt.Println(m[[2]int{1, 2}], m[x.a])
	d := [...]string{2: "c", 0: "a"}
	fmt.Println(len(d), d)
	aa := [2][2]int{{1, 2}, {3, 4}}
	row := aa[0]
	row[0] = 9
	fmt.Println(aa, row)
	e := [4]int(append([]int{1, 2}, 3, 4))
	fmt.Println(e)
}
