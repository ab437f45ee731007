package main

import "fmt"

func main() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i++; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	var ps []*int
	for i := 0; i < 3; i++ {
		ps = append(ps, &i)
	}
	for _, p := range ps {
		fmt.Print(*p)
	}
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		if i == 1 {
			continue
		}
		defer func() { fmt.Println("deferred", i, j) }()
	}
	for i := 0; i < 6; i++ {
		g := func() { i++ }
		g()
		fmt.Print(" ", i)
	}
	fmt.Println()
	var gs []func()
	for k, v := range []string{"a", "b"} {
		gs = append(gs, func() { fmt.Print(k, v, " ") })
	}
	for _, g := range gs {
		g()
	}
	x := 0
	add := func(n int) func() int { return func() int { x += n; return x } }
	a, b := add(1), add(10)
	fmt.Println(a(), b(), a(), x)
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15))
}
