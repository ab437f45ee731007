package main

import "fmt"

func main() {
	x, f, c := 2.0, float32(-1), 1i
	fmt.Println(x/0, f/0, -x/0.0, c/0 == c/0)
	x /= 0
	f /= 0
	fmt.Println(x, f, 1/x)
}
