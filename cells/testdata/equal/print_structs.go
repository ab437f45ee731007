package main

import "fmt"

type Inner struct {
	A int
	B string
}

type Outer struct {
	Inner
	P     *Inner
	Items []Inner
	M     map[string]int
	Any   any
	F     func()
}

func main() {
	o := Outer{Inner: Inner{1, "b"}, Items: []Inner{{2, "c"}}, M: map[string]int{"z": 1, "a": 2}}
	fmt.Printf("%v\n", o)
	fmt.Printf("%v\n", &o.Inner)
	fmt.Println(struct {
		X int
		Y string
	}{1, "y"})
	fmt.Printf("%v %d %s %q\n", []Inner{{1, "x"}}, []int{1}, []string{"a"}, []string{"b"})
}
