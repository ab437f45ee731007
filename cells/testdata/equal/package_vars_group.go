package main

import "fmt"

var (
	_ = d
	_ = f("_", c, b)
	a = f("a")
	b = f("b")
	c = f("c")
	d = f("d")
)

func f(s string, rest ...int) int {
	fmt.Print(s)
	return 0
}

func main() {
	fmt.Println(a, b, c, d)
}
