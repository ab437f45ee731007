package main

import "fmt"

func parts(c complex128) (uint8, float64, float64) { return 1, real(c), imag(c) }
func made(f float64) (int16, complex128, int)      { return 2, complex(f, f), len("abc") }
func grown(s []int) (string, []int, int)           { return "s", append(s, 1), cap(s) }
func sizes(m map[string]int) (int8, int, *int)     { return 3, len(m), new(int) }
func limits(a, b int) (bool, int, float64)         { return true, min(a, b), max(1.5, 2) }
func boxed(x int32, s string) (any, any, []any, error) {
	return any(x), any(s), []any{any(x)}, error(nil)
}

func main() {
	fmt.Println(parts(1 + 2i))
	fmt.Println(made(1.5))
	fmt.Println(grown([]int{0}))
	a, b, c := sizes(map[string]int{"a": 1})
	fmt.Println(a, b, *c)
	fmt.Println(limits(2, 1))
	fmt.Println(boxed(4, "x"))
	x := 3
	fmt.Println(any(x) == nil, any(x) != nil, any(x) == any(3), any(int8(x)) == any(x), any("a") == any("a"))
	if any(int64(x)) == nil {
		fmt.Println("nil")
	}
	var y any = any(x)
	switch any(uint8(x)).(type) {
	case uint8:
		fmt.Printf("%T %v\n", y, any(x).(int)+1)
	}
}
