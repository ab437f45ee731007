package main

import "fmt"

func array(p *[2]string) *[2]string { fmt.Print("once "); return p }

func main() {
	a := [3]int{1, 2, 3}
	p := &a
	for i, v := range p {
		p = nil
		a[2] = 20
		fmt.Print(i, v, " ")
	}
	var none *[4]int
	for i := range none {
		fmt.Print(i)
	}
	for range array(nil) {
		fmt.Print("x")
	}
	var idx [2]int
	k := 0
	for k, idx[k] = range []int{7, 8} {
	}
	fmt.Println(k, idx)
	k = 0
	for k, idx[k] = range &[2]int{5, 6} {
	}
	fmt.Println(k, idx)
	var fs []func()
	for i, v := range &a {
		fs = append(fs, func() { i += v; fmt.Print(i, v, " ") })
	}
	for _, f := range fs {
		f()
		f()
	}
	fmt.Println()
	defer func() { fmt.Println(recover()) }()
	for _, v := range none {
		fmt.Println(v)
	}
}
