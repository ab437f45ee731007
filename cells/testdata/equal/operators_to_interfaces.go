package main

import (
	"fmt"
	"time"
)

func negated(x float64) any             { return -x }
func shifted(n int) any                 { return n << 2 }
func remainder(n int) (any, error)      { return n % 3, nil }
func received(c chan int) any           { return <-c }
func inverted(n uint8) (x any)          { return ^n }
func text(d time.Duration) fmt.Stringer { return d % 2 }

func main() {
	x, n, d := 2.5, 7, 3*time.Second
	var a any = -x
	var b any
	b = n << 1
	var s fmt.Stringer = -d
	m := map[string]any{}
	m["a"], m["b"] = ^n, n%4
	m["c"] = -n
	list := make([]any, 2)
	list[0] = n >> 1
	list[1] = -(n + 1)
	var f struct{ v any }
	f.v = 1 << n
	p := new(any)
	*p = +x
	fmt.Println(a, b, s, m, list, f, *p)

	c := make(chan int, 2)
	c <- 4
	c <- 5
	fmt.Println(negated(x), shifted(n), received(c), inverted(3), text(d+1))
	fmt.Println(remainder(n))
	a = <-c
	for i := range 3 {
		b = -i
	}
	func() { s = d * 2 }()
	fmt.Println(a, b, s, func() any {
		if n > 3 {
			return -d
		}
		return d << 1
	}())
}
