package main

import "fmt"

func main() {
	fmt.Println("begin")
	var u uintptr
	u++
	u--
	for i := uintptr(0); i < 3; i++ {
		u += i
	}
	c, f := 1i, 1.5
	c++
	f--
	m := map[string]complex128{}
	m["a"]++
	m["a"]++
	m["a"]--
	fmt.Println(u, c, f, m)
}
