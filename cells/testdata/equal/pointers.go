package main

import "fmt"

type P struct {
	x    int
	next *P
}

func set(p *int, v int)   { *p = v }
func swap(a, b *int)      { *a, *b = *b, *a }
func (p *P) add(n int) *P { p.x += n; return p }
func newP(x int) *P       { return &P{x: x} }
func replace(pp **P)      { *pp = newP(99) }

func main() {
	n := 1
	p := &n
	*p += 5
	*p++
	set(&n, n*2)
	fmt.Println(n, *p == n)
	a, b := 1, 2
	swap(&a, &b)
	fmt.Println(a, b)
	q := newP(1)
	q.add(2).add(3)
	fmt.Println(q.x)
	replace(&q)
	fmt.Println(q.x, q.next == nil)
	q.next = &P{5, nil}
	q.next.next = q
	fmt.Println(q.next.next.x)
	arr := [3]int{1, 2, 3}
	pa := &arr
	pe := &arr[1]
	*pe = 20
	pa[2] = 30
	(*pa)[0]++
	fmt.Println(arr, len(pa))
	s := []int{1, 2}
	ps := &s
	*ps = append(*ps, 3)
	(*ps)[0] = 10
	fmt.Println(s)
	m := map[string]int{}
	pm := &m
	(*pm)["a"] = 1
	fmt.Println(m)
	st := struct{ v *int }{&a}
	*st.v = 77
	fmt.Println(a)
	pf := &q.x
	*pf = 3
	fmt.Println(q.x)
	cp := *q
	cp.x = 4
	fmt.Println(q.x, cp.x)
	pp := &p
	**pp = 8
	fmt.Println(n)
	f := new(float64)
	*f = 2.5
	fmt.Println(*f)
	ptrs := []*int{&a, &b, new(int)}
	for _, p := range ptrs {
		*p++
	}
	fmt.Println(a, b, *ptrs[2], ptrs[0] == &a)
	*q = P{x: 6}
	fmt.Println(*q)
	x := new(42)
	fmt.Println(*x)
	fn := func(p *P) { *p = P{1, nil} }
	fn(q)
	fmt.Println(q.x)
}
