package main

import "fmt"

var fs []func() string // they outlive the calls whose results they tell

func plain() (r1 float32, r2 int8) {
	fs = append(fs, func() string { return fmt.Sprint(r2) })
	return r1, int8(5)
}

func seq(yield func(int) bool) {
	for i := range 2 {
		if !yield(i) {
			return
		}
	}
}

func ranged() (r1 float32, r2 int8) {
	for k := range seq {
		_ = k
		fs = append(fs, func() string { return fmt.Sprint(r2) })
	}
	return r1, int8(6)
}

func three() (r1 float32, r2 int8, r3 int32) {
	for k := range seq {
		_ = k
		fs = append(fs, func() string { return fmt.Sprint(r2) })
	}
	return r1, int8(7), max(r3, min(r3, 100))
}

func one() (r int) {
	fs = append(fs, func() string { return fmt.Sprint(r) })
	defer func() { r++ }()
	return 8
}

func main() {
	plain()
	ranged()
	three()
	func() { a, b := plain(); fmt.Println(a, b) }()
	func() { a, b, c := three(); fmt.Println(a, b, c) }()
	d := 0
	d = one()
	e := d
	d = 100
	fmt.Println(d, e, one())
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
