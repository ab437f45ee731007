package main

import "fmt"

type point struct{ x, y int }

type namer interface{ name() string }

func (p point) name() string { return fmt.Sprint(p.x) }

var global int

func feed[T any](xs ...T) chan T {
	c := make(chan T, len(xs))
	for _, x := range xs {
		c <- x
	}
	return c
}

func first(c <-chan int) int           { return <-c }
func both(c chan int) (int, string)    { return <-c, "b" }
func named(c chan int) (n int)         { defer func() { n *= 10 }(); return <-c }
func asAny(c chan int) any             { return <-c }
func asNamer(c chan point) namer       { return <-c }
func failure(c chan error) error       { return <-c }
func ok(c chan int) (v int, more bool) { v, more = <-c; return v, more }
func set(c chan int)                   { global = <-c }

func later() <-chan int { // its reader waits
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range 5 {
			c <- i
		}
	}()
	return c
}

func main() {
	c := feed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
	fmt.Println(first(c), asAny(c))
	fmt.Println(both(c))
	fmt.Println(named(c))
	fmt.Println(ok(c))
	set(c)
	fmt.Println(global)

	r := <-c
	r += <-c
	p := &r
	*p++
	fmt.Println(r)
	x := 0
	up := func() { x = <-c; func() { x += <-c }() }
	up()
	fmt.Println(x)

	var list [2]int
	s := struct{ a, b int }{}
	q := new(int)
	m := map[string]int{}
	list[1] = <-c
	s.b = <-c
	*q = <-c
	m["k"] = <-c
	fmt.Println(list, s, *q, m)
	var in any = <-c
	fmt.Println(in)
	in = "text"
	_ = <-c
	fmt.Println(in)
	var counters []func() int
	for range 2 {
		n := <-c
		counters = append(counters, func() int { n++; return n })
	}
	fmt.Println(counters[0](), counters[1](), counters[0]())

	points := feed(point{1, 2}, point{3, 4}, point{5, 6})
	pt := <-points
	pt.x += 10
	var n namer = <-points
	fmt.Println(pt, n.name(), asNamer(points).name())
	errs := feed(nil, fmt.Errorf("late"))
	fmt.Println(failure(errs), failure(errs))
	fs := feed(func() int { return 7 })
	f := <-fs
	fmt.Println(f())

	l := later()
	a := <-l
	list[0] = <-l
	a++
	s.a = <-l
	fmt.Println(a, list, s, first(l), first(l), first(l))
}
