package main

import "fmt"

var ok [2]bool

func g()                               { ok[1] = true; fmt.Println("g") }
func f() func()                        { ok[0] = true; return g }
func f2() func(int) int                { return h }
func h(x int) int                      { return x + 1 }
func f3() (func(int) int, error)       { return h, nil }
func f4(p func(int) int) func(int) int { return p }

var table = []func(int) int{h, func(i int) int { return i }}
var m = map[string]func(int) int{"h": h}

func main() {
	f()()
	x := f()
	x()
	fmt.Println(f2()(3), f4(h)(4), f4(f2())(5), table[0](1), m["h"](2))
	y, err := f3()
	fmt.Println(y(1), err)
	defer f()()
	var z func(int) int = h
	z = f2()
	fmt.Println(z(1))
	c := make(chan func(int) int, 1)
	c <- h
	fmt.Println((<-c)(7))
	s := struct{ f func(int) int }{h}
	fmt.Println(s.f(1))
	fmt.Println(ok)
}
