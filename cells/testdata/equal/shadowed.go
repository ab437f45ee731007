package main

import (
	_ "embed"
	"fmt"
	str "strconv"
	. "strings"
)

var len = func(s string) int { return 42 }

type int32x = int32

const true = false

func new(x int) int { return x + 1 }

func main() {
	string := "x"
	fmt.Println(len(string), true, new(1))
	{
		fmt := "shadowed"
		_ = fmt
		int := 3
		int++
		nil := int
		println := func(a ...any) {}
		println(nil)
	}
	fmt.Println(ToUpper("dot"), str.Itoa(3))
	append := func(a, b int) int { return a * b }
	fmt.Println(append(3, 4))
	error := 1
	any := error + 1
	fmt.Println(any, int32x(4))
	for copy := range 2 {
		fmt.Print(copy)
	}
	panic := func(s rune) { fmt.Println("no panic", s) }
	panic('x')
	var cap, max = 1, 2
	fmt.Println(cap, max)
	if string := "y"; string == "y" {
		fmt.Println(string)
	}
}
