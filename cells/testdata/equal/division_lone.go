package main

import "fmt"

func gcd(a, b int) int {
	for i := b; i >= 0; i-- {
		if a%i == 0 && b%i == 0 {
			fmt.Print(i, " ")
		}
	}
	return 1
}

func outer() {
	gcd(6, 4)
}

func main() {
	func() {
		defer func() { fmt.Println(recover()) }()
		outer()
	}()
	outer()
}
