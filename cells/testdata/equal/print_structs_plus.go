package main

import "fmt"

type Inner struct {
	A    int
	priv string
}

type Outer struct {
	Inner
	P *Inner
	m map[string]int
}

func main() {
	o := Outer{Inner: Inner{1, "b"}, m: map[string]int{"z": 1}}
	fmt.Printf("%+v\n", o)
	fmt.Printf("%#v\n", o.Inner)
	fmt.Printf("%T %T %T\n", o, &o, o.m)
	fmt.Printf("%+v\n", []Inner{{2, "q"}})
}
