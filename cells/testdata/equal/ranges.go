package main

import (
	"fmt"
	"maps"
	"slices"
)

func f(s string) []int { fmt.Print(s, " "); return []int{1, 2} }

func main() {
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 10
		fmt.Print(i, v, " ")
	}
	for i, v := range &a {
		a[2] = 20
		fmt.Print(i, v, " ")
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 4)
			s[1] = 9
		}
		fmt.Print(v, " ")
	}
	p := &a
	for i := range p {
		p = nil
		fmt.Print(i)
	}
	for range f("once") {
		fmt.Print("x")
	}
	var idx [2]int
	k := 0
	for k, idx[k] = range s {
	}
	fmt.Println(k, idx)
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))
	var np *[4]int
	for i := range np {
		fmt.Print(i)
	}
	fmt.Println(len(np))
	for i := range 3 {
		i *= 2
		fmt.Print(i)
	}
	for i := range uint8(3) {
		fmt.Printf("%T", i)
	}
	const c = 2
	for i := range c {
		fmt.Printf("%T", i)
	}
	var fs []func() int
	for i, v := range []int{5, 6} {
		fs = append(fs, func() int { v++; return i + v })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	for i, x := range slices.Backward([]string{"a", "b"}) {
		fmt.Print(i, x)
	}
	for _, k := range slices.Sorted(maps.Keys(map[string]int{"z": 1, "y": 2})) {
		fmt.Print(k)
	}
	for i, b := range []byte("hi") {
		fmt.Print(i, b)
	}
	var e []int
	for range e {
		fmt.Print("never")
	}
	n := 0
	for n = range 5 {
	}
	fmt.Println(n)
	arr2 := [2][2]int{{1, 2}, {3, 4}}
	for _, r := range arr2 {
		r[0] = 100
		for _, v := range r {
			fmt.Print(v, " ")
		}
	}
	fmt.Println(arr2)
	sum := 0
	for _, v := range [...]float64{1.5, 2.5} {
		sum += int(v)
	}
	fmt.Println(sum)
	for i := range len(s) {
		s = s[:1]
		fmt.Print(i)
	}
	fmt.Println()
}
