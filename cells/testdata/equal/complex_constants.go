package main

import "fmt"

const i = 1i

func main() {
	a := 1 + 2i
	fmt.Println(a*2i, a/2i, a/(3-4i), -a, a == 1+2*i, a-i*i)
	var b complex64 = 3 - 4i
	b *= 1i
	fmt.Println(b, []complex64{1, -2i}, map[complex128]int{-i: 1}[-1i])
}
