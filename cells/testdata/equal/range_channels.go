package main

import "fmt"

type signal chan int

func feed(xs ...int) <-chan int {
	c := make(chan int, len(xs))
	for _, x := range xs {
		c <- x
	}
	close(c)
	return c
}

func merge(cs ...<-chan int) (sum int) {
	for _, c := range cs {
		for v := range c {
			sum += v
		}
	}
	return sum
}

func main() {
	fmt.Println(merge(feed(1, 2), feed(3)))
	a, b := make(chan int, 1), make(chan int, 2)
	for i, c := range []chan int{a, b} {
		c <- i
	}
	for i, c := range [...]chan int{a, b} {
		fmt.Println(i, len(c), cap(c))
	}
	for name, c := range map[string]chan int{"a": a} {
		fmt.Println(name, <-c)
	}
	var last chan int
	for _, last = range []chan int{a, b} {
	}
	fmt.Println(<-last)
	var sends []func()
outer:
	for _, c := range []signal{signal(a), signal(b)} {
		sends = append(sends, func() { c <- cap(c) })
		for range 2 {
			continue outer
		}
	}
	for _, send := range sends {
		send()
	}
	fmt.Println(<-a, <-b)
	switch func() int { return 5 }() {
	case func() int { return 5 }():
		fmt.Println("same")
	default:
		fmt.Println("other")
	}
}
