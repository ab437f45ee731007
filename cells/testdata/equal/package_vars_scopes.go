package main

import "fmt"

var m map[string][20]int

const n2 = len(m[""])

var (
	n4 = len(f())
	n5 = len(<-c)
)

var called = false

func f() *[40]int {
	called = true
	return nil
}

var c = func() chan *[50]int {
	c := make(chan *[50]int, 2)
	c <- nil
	return c
}()

var only = make(<-chan int, 3)

func h(p int64, x, y int64) bool { return -(x<<1) <= p && p <= y }

func main() {
	fmt.Println(n2, n4, n5, called, cap(only), cap(make(chan<- []int, 2)), h(1, -1<<62, 1<<63-1))
}
