package main

import (
	"fmt"
	"strings"
)

type Tree struct {
	Left, Right *Tree
	Val         int
}

func (t *Tree) Insert(v int) *Tree {
	if t == nil {
		return &Tree{Val: v}
	}
	if v < t.Val {
		t.Left = t.Left.Insert(v)
	} else {
		t.Right = t.Right.Insert(v)
	}
	return t
}

func (t *Tree) Walk(f func(int)) {
	if t != nil {
		t.Left.Walk(f)
		f(t.Val)
		t.Right.Walk(f)
	}
}

type Graph map[string][]string

func (g Graph) BFS(start string) []string {
	seen := map[string]bool{start: true}
	queue := []string{start}
	var out []string
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		out = append(out, n)
		for _, m := range g[n] {
			if !seen[m] {
				seen[m] = true
				queue = append(queue, m)
			}
		}
	}
	return out
}

type Visitor interface{ Visit(n Node) string }
type Node interface{ Accept(v Visitor) string }
type Num struct{ v int }
type Add struct{ l, r Node }

func (n Num) Accept(v Visitor) string { return v.Visit(n) }
func (a Add) Accept(v Visitor) string { return v.Visit(a) }

type Expr interface{ Eval() float64 }
type Lit float64
type Bin struct {
	op   byte
	l, r Expr
}

func (l Lit) Eval() float64 { return float64(l) }
func (b Bin) Eval() float64 {
	x, y := b.l.Eval(), b.r.Eval()
	switch b.op {
	case '+':
		return x + y
	case '*':
		return x * y
	}
	panic("op " + string(b.op))
}

type Matrix [][]float64

func (m Matrix) Mul(o Matrix) Matrix {
	out := make(Matrix, len(m))
	for i := range m {
		out[i] = make([]float64, len(o[0]))
		for j := range o[0] {
			for k := range o {
				out[i][j] += m[i][k] * o[k][j]
			}
		}
	}
	return out
}

func sieve(n int) (ps []int) {
	comp := make([]bool, n+1)
	for i := 2; i <= n; i++ {
		if comp[i] {
			continue
		}
		ps = append(ps, i)
		for j := i * i; j <= n; j += i {
			comp[j] = true
		}
	}
	return
}

func perms(s []rune, k int, out *[]string) {
	if k == len(s) {
		*out = append(*out, string(s))
		return
	}
	for i := k; i < len(s); i++ {
		s[k], s[i] = s[i], s[k]
		perms(s, k+1, out)
		s[k], s[i] = s[i], s[k]
	}
}

func main() {
	var t *Tree
	for _, v := range []int{5, 2, 8, 1, 9} {
		t = t.Insert(v)
	}
	var vals []string
	t.Walk(func(v int) { vals = append(vals, fmt.Sprint(v)) })
	fmt.Println(strings.Join(vals, " "))
	g := Graph{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}
	fmt.Println(g.BFS("a"))
	fmt.Println(Bin{'+', Lit(2), Bin{'*', Lit(3), Lit(4)}}.Eval())
	fmt.Println(Matrix{{1, 2}, {3, 4}}.Mul(Matrix{{0, 1}, {1, 0}}))
	fmt.Println(sieve(30))
	var out []string
	perms([]rune("abc"), 0, &out)
	fmt.Println(out)
	memo := map[int]int{}
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		if v, ok := memo[n]; ok {
			return v
		}
		memo[n] = fib(n-1) + fib(n-2)
		return memo[n]
	}
	fmt.Println(fib(80))
	var n Node = Add{Num{1}, Num{2}}
	fmt.Println(n.(Add).l.(Num).v)
}
