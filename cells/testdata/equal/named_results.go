package main

import (
	"errors"
	"fmt"
)

func swap(a, b int) (x, y int) {
	x, y = b, a
	return y, x
}

func div(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			q = -1
		}
	}()
	q = a / b
	return
}

func modify() (n int) {
	defer func() { n *= 2 }()
	n = 5
	return n + 1
}

func shadow() (err error) {
	if x, err := 1, errors.New("inner"); x > 0 {
		_ = err
	}
	return
}

func multi() (a, b int, s string) {
	a, b = 1, 2
	s = fmt.Sprint(a, b)
	return b, a, s + "!"
}

func forward() (int, error) { return div(7, 2) }

func cl() (n int, get func() int) {
	get = func() int { return n }
	n = 4
	return n + 1, get
}

func main() {
	fmt.Println(swap(1, 2))
	fmt.Println(div(9, 3))
	fmt.Println(div(1, 0))
	fmt.Println(modify(), shadow())
	fmt.Println(multi())
	fmt.Println(forward())
	n, get := cl()
	fmt.Println(n, get())
}
