package main

import "fmt"

func neg(x float64) float64          { return x - 0 }
func neg2(x float64) float64         { return x + 0 }
func neg3(x float64) float64         { return -x }
func neg4(x float32) float32         { return -x }
func f(p int64, x, y int64) bool     { return -x <= p && p <= y }
func k(p int32, x, y int32) bool     { return -(1<<x) <= p && p <= y }
func shift(x int) int                { return 1 << (1 << (1 << (uint(x)))) }
func f1(v1 uint) uint                { return v1 >> ((1 >> v1) + (1 >> v1)) }
func t(x, y interface{}) interface{} { return x.(float64) > y.(float64) }
func u(a, b int) any                 { return a < b && b > 0 }
func v(a bool) any                   { return !a }

func main() {
	var z float64
	inf := 1 / z
	nz := -1 / inf
	fmt.Println(neg(nz) == 0, 1/neg2(nz), 1/neg3(z), 1/neg4(0), nz, -z, 1/nz, -inf)
	fmt.Println(f(1, -1<<63, 1<<63-1), k(1, 31, 1<<31-1), shift(2), f1(48))
	fmt.Println(t(1.0, 2.0), u(1, 2), v(false))
	var e any = 1 < len("ab")
	fmt.Println(e)
	e = "a" == fmt.Sprint("a")
	fmt.Println(e)
	xs := []any{1 < len("abc"), !true}
	fmt.Println(xs...)
	var x int
	g := func() (r [4]int) { x++; return }
	_ = g() == g()
	fmt.Println(x)
	var y = 1.5
	fmt.Println(y-0 == y, 0-y, 2*y, y/2, 1/y, -(-y))
}
