package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

func main() {
	fmt.Printf("%T %T %T %T %T\n", 1, "a", 2.5, 'x', true)
	fmt.Printf("%T %T %T %T\n", []int{}, map[string]bool{}, [2]string{}, func(int) error { return nil })
	fmt.Printf("%T %T %T %T\n", time.Second, errors.New("x"), os.Stdout, struct{ A int }{})
	fmt.Printf("%T %T %T\n", make(chan int), new(int), [][]float32{})
	var e error
	var a any
	fmt.Printf("%T %T %v\n", e, a, a)
	fmt.Printf("%v %v\n", []any{1, "a", nil}, map[string]any{"x": 1})
	fmt.Printf("%#v %#v %#v\n", []int{1}, "q", map[string]int{"a": 1})
	fmt.Printf("%T %T\n", uint8(1), complex(1, 2))
	var n int32 = 5
	fmt.Printf("%T %T %T\n", n, n+1, n<<2)
}
