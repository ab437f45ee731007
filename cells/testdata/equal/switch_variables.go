package main

import "fmt"

func name(p, q int) string {
	switch p {
	default:
		return "default"
	case q:
		return "variable"
	case 7:
		return "seven"
	}
}

func f(s string, b bool) bool { fmt.Print(s, " "); return b }

func main() {
	fmt.Println(name(7, 7), name(7, 1), name(1, 1), name(2, 3))
	switch {
	case f("a", false):
		fmt.Println("yes")
	default:
		fmt.Println("default")
	case f("b", false), f("d", false):
	case f("c", false) || f("e", false):
		fmt.Println("no")
	}
	switch x := 2; x * 2 {
	case x + 2:
		fmt.Println("four")
		fallthrough
	case x:
		fmt.Println("and two")
	}
}
