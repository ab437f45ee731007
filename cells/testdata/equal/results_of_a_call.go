package main

import (
	"errors"
	"fmt"
)

func half(n int) (int, error) {
	if n%2 == 1 {
		return 0, errors.New("odd")
	}
	return n / 2, nil
}

func wide(n int) (any, error) { return half(n) }

func wider(n int) (any, any) { return half(n) }

func wrap(f func(int) (int, error)) func(int) (any, error) {
	return func(n int) (any, error) { return f(n) }
}

func main() {
	for n := 3; n < 5; n++ {
		fmt.Println(half(n))
		fmt.Println(wide(n))
		fmt.Println(wider(n))
		fmt.Println(wrap(half)(n))
	}
}
