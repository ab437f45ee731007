package main

import (
	"fmt"
	"math"
)

type vector struct{ x, y float64 }

func inverse(x float64) float64 { return 1 / x }

func same(x float64) float64 { return x }

func both(a int, x, y float64) (float64, float64) { return y, x }

func isNegative(x float32) bool { return math.Signbit(float64(x)) }

func show(v vector, c complex128, list [2]float64, text string) {
	fmt.Println(v, c, list, text)
}

func any2(x any, y float64) any { return []any{x, y} }

func down(n int, x float64) float64 {
	if n == 0 {
		return 1 / x
	}
	return down(n-1, x)
}

func main() {
	zero := 0.0
	n := -zero
	fmt.Println(inverse(n), inverse(zero), inverse(same(n)), same(n), down(3, n), down(3, 0))
	a, b := both(1, n, 2)
	fmt.Println(a, b)
	_, b = both(1, 3, n)
	a, _ = both(1, 3, n)
	fmt.Println(a, b)
	if isNegative(-float32(zero)) {
		fmt.Println("negative")
	}
	for i := 0; i < 2 && isNegative(float32(n)); i++ {
		fmt.Println(i, math.Round(-0.3), same(math.Round(-0.3)))
	}
	show(vector{n, 0}, complex(0, n), [2]float64{0, n}, "zeros")
	show(vector{}, 0, [2]float64{}, "zeros")
	fmt.Println(any2(n, n))
	f := same
	fmt.Println(f(n), func(x float64) float64 { return x }(n))
	defer fmt.Println(same(n))
	var i any = same(n)
	fmt.Println(i)
}
