package main

import "fmt"

func counter() (inc func() int, get func() int) {
	n := 0
	return func() int { n++; return n }, func() int { return n }
}
func fib() func() int {
	a, b := 0, 1
	return func() int { r := a; a, b = b, a+b; return r }
}
func apply(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

func main() {
	inc, get := counter()
	inc()
	inc()
	fmt.Println(get())
	f := fib()
	for range 10 {
		fmt.Print(f(), " ")
	}
	fmt.Println(apply(func(x int) int { return x + 1 }, func(x int) int { return x * 2 })(3))
	var rec func(int) int
	rec = func(n int) int {
		if n < 2 {
			return n
		}
		return rec(n-1) + rec(n-2)
	}
	fmt.Println(rec(15))
	var fs [3]func()
	for i := 0; i < 3; i++ {
		fs[i] = func() { fmt.Print(i, " "); i += 10 }
	}
	for _, f := range fs {
		f()
		f()
	}
	x := 1
	func() { x := 2; x++; _ = x }()
	func() { x = 5 }()
	p := &x
	g := func() { *p++ }
	g()
	fmt.Println(x)
	var acts []func()
	for _, s := range []string{"a", "b"} {
		t := s + s
		acts = append(acts, func() { t += "!"; fmt.Print(s, t, " ") })
	}
	for range 2 {
		for _, a := range acts {
			a()
		}
	}
	fmt.Println()
	m := map[string]func(float64, float64) float64{
		"add": func(a, b float64) float64 { return a + b },
		"div": func(a, b float64) float64 { return a / b },
	}
	fmt.Println(m["add"](1, 2), m["div"](1, 4), m["no"] == nil)
	defer func() { fmt.Println("x at end", x) }()
	x = 99
	y := func(a int, rest ...string) string { return fmt.Sprint(a, rest, len(rest)) }
	fmt.Println(y(1), y(2, "a", "b"), y(3, []string{"z"}...))
	if v := func() int { return 4 }(); v > 3 {
		fmt.Println("v", v)
	}
	var fn func() = nil
	fmt.Println(fn == nil)
	for i := 0; i < 3; i++ {
		defer func(n int) { fmt.Print(n, i, ";") }(i * 2)
	}
	s := struct {
		f func(int) int
		n int
	}{f: func(i int) int { return i + 1 }}
	s.n = s.f(s.f(1))
	fmt.Println(s.n)
	ch := make(chan func(), 1)
	ch <- func() { fmt.Println("from chan", x) }
	(<-ch)()
}
