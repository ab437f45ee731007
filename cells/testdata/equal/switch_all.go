package main

import "fmt"

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80:
		return "B"
	default:
		return "F"
	}
}

func fall(n int) (s string) {
	switch n {
	case 1:
		s += "one "
		fallthrough
	case 2:
		s += "two "
		fallthrough
	default:
		s += "default "
	case 3, 4:
		s += "three-four "
	}
	return
}

func f(n int) int { fmt.Print("f", n, " "); return n }

func main() {
	fmt.Println(grade(95), grade(85), grade(10))
	for i := range 6 {
		fmt.Println(i, fall(i))
	}
	switch x := f(2); x {
	case f(1), f(2), f(3):
		fmt.Println("matched")
	}
	switch f(5) {
	default:
		fmt.Println("default first")
	case 6:
		fmt.Println("six")
	}
	s := "b"
	switch s {
	case "a", "b":
		if s == "b" {
			break
		}
		fmt.Println("not reached")
	}
	switch {
	}
	var v any = 3
	switch v {
	case "3":
		fmt.Println("string")
	case 3:
		fmt.Println("int")
	}
	type T struct{ a int }
	switch (T{1}) {
	case T{1}:
		fmt.Println("struct")
	}
	for i := 0; i < 5; i++ {
		switch {
		case i%2 == 0:
			continue
		case i == 3:
			break
		default:
			fmt.Println("i", i)
		}
	}
	switch x := 5; {
	case x > 3:
		fmt.Println("init without tag")
	}
	switch b := true; b {
	case false:
		fmt.Println("false")
	case true:
		fmt.Println("true")
	}
}
