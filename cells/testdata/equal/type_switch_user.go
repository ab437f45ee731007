package main

import "fmt"

type A struct{ n int }
type B struct{ n int }
type C int
type D string

func kind(v any) string {
	switch x := v.(type) {
	case A:
		return fmt.Sprint("A", x.n)
	case *A:
		return fmt.Sprint("*A", x.n)
	case B:
		return fmt.Sprint("B", x.n)
	case C:
		return fmt.Sprint("C", int(x))
	case int:
		return "int"
	case D:
		return "D"
	case string:
		return "string"
	}
	return "?"
}

func main() {
	fmt.Println(kind(A{1}), kind(&A{2}), kind(B{3}), kind(C(4)), kind(5), kind(D("d")), kind("s"))
	_, ok := any(C(1)).(int)
	fmt.Println(ok)
	_, ok = any(B{}).(A)
	fmt.Println(ok)
	var x any = A{1}
	fmt.Println(x == any(A{1}), x == any(B{1}))
}
