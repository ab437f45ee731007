package main

import "fmt"

func main() {
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	var b byte = 7
	fmt.Println(max(b, 3), min(b, 200))
	m := map[string]int{"a": 1, "b": 2}
	clear(m)
	s := []int{1, 2, 3}
	clear(s[:2])
	fmt.Println(len(m), s)
	const k = min(4, 9)
	var a [k]int
	fmt.Println(len(a))
	x, y := 1, 2.0
	fmt.Println(max(float64(x), y), min(x, 5))
}
