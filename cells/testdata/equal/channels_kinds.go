package main

// Channels whose elements lie in memory in many ways.

import (
	"errors"
	"fmt"
	"reflect"
)

type point struct{ X, Y int }

func h(x int) int { return x + 1 }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func one(c chan string) string { return <-c }

func main() {
	functions := make(chan func(int) int, 1)
	functions <- h
	fmt.Println((<-functions)(7))
	pointers := make(chan *point, 1)
	pointers <- &point{1, 2}
	p := <-pointers
	p.X++
	fmt.Println(*p, reflect.TypeOf(pointers), reflect.TypeOf(functions), reflect.TypeOf(&functions))
	points := make(chan point, 2)
	points <- *p
	q, ok := <-points
	fmt.Println(q, ok)
	texts := make(chan string, 2)
	texts <- "a"
	fmt.Println(one(texts))
	lists := make(chan []int, 1)
	lists <- []int{1}
	list := append(<-lists, 2)
	fmt.Println(list)
	errs := make(chan error, 2)
	errs <- errors.New("e")
	errs <- nil
	fmt.Println(<-errs, <-errs)
	anything := make(chan any, 3)
	anything <- 1
	anything <- "two"
	fmt.Println(<-anything, <-anything)
	bytes := make(chan byte, 1)
	bytes <- 255
	b := <-bytes
	b++
	fmt.Println(b)
	flags := make(chan bool, 2)
	flags <- true
	flags <- false
	if <-flags {
		fmt.Println("yes")
	}
	if !<-flags {
		fmt.Println("no")
	}
	floats := make(chan float32, 1)
	floats <- 0.5
	var list32 [2]float32
	list32[1] = <-floats
	fmt.Println(list32)
	done := make(chan struct{})
	close(done)
	_, ok = <-done
	<-done
	fmt.Println(ok)
	nested := make(chan chan int, 1)
	inner := make(chan int, 1)
	nested <- inner
	(<-nested) <- 5
	fmt.Println(<-inner)
	maps := make(chan map[string]int, 1)
	maps <- map[string]int{"a": 1}
	fmt.Println((<-maps)["a"])

	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for i := range 4 {
			numbers <- i * i
		}
	}()
	n, last := 0, -1
	for last = range numbers {
		n += last
	}
	fmt.Println(n, last)
	n, ok = <-numbers
	fmt.Println(n, ok)
	n = 3
	_, ok = <-numbers
	fmt.Println(n, ok, <-numbers)
	sends := make(chan<- int, 1)
	sends <- 1
	try("closed", func() {
		close(sends)
		sends <- 2
	})
	var fs []func() int
	ready := make(chan int, 3)
	for i := range 3 {
		ready <- i
	}
	for range 3 {
		x := <-ready
		fs = append(fs, func() int { x++; return x })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	arrays := make(chan [2]int, 1)
	arrays <- [2]int{1, 2}
	fmt.Println(<-arrays)
	var never chan int
	select {
	case x := <-never:
		fmt.Println(x)
	default:
		fmt.Println("never")
	}
}
