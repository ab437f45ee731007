package main

import "fmt"

type state func(int) (state, int)

func main() {
	var even, odd state
	even = func(n int) (state, int) { return odd, n + 1 }
	odd = func(n int) (state, int) { return even, n * 2 }
	s, n := even, 1
	for range 4 {
		s, n = s(n)
	}
	fmt.Println(n)
}
