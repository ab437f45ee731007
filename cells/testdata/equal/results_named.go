package main

import (
	"errors"
	"fmt"
)

func a() (x, y int) { x, y = 1, 2; return y, x }
func b() (x int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("rec: %v", r)
		}
		x *= 2
	}()
	x = 21
	panic("boom")
}
func c() (n int) { defer func() { n++ }(); return 5 }
func d() (n int) {
	for i := 0; i < 3; i++ {
		defer func() { n = n*10 + i }()
	}
	return 1
}
func e() (s string, err error) {
	if s, err := "in", errors.New("x"); err != nil {
		_ = s
		return s, err
	}
	return
}
func f() (_ int, s string) { s = "q"; return 3, s + "!" }
func g(n int) (r int) {
	if n == 0 {
		return 1
	}
	r = n
	return r * g(n-1)
}
func h() (p *int)       { x := 3; p = &x; defer func() { *p = 9 }(); return p }
func i() (a, b int)     { a, b = c(), c(); a, b = b, a+b; return }
func j() (x int)        { defer func(v int) { x += v }(x + 1); x = 10; return x }
func k() (f func() int) { n := 0; f = func() int { n++; return n }; return }

func main() {
	fmt.Println(a())
	fmt.Println(b())
	fmt.Println(c(), d())
	fmt.Println(e())
	fmt.Println(f())
	fmt.Println(g(5), *h())
	fmt.Println(i())
	fmt.Println(j())
	q := k()
	fmt.Println(q(), q(), k()())
}
