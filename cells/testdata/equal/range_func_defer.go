package main

import "fmt"

func seq(yield func(int) bool) {
	for i := 0; i < 3; i++ {
		if !yield(i) {
			return
		}
	}
	fmt.Println("seq ends")
}

func f() (n int) {
	defer func() { fmt.Println("first", n) }()
	for i := range seq {
		defer fmt.Println("deferred", i)
		defer func() { n += i }()
	}
	fmt.Println("body ends")
	return 10
}

func main() {
	fmt.Println(f())
}
