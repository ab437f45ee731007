package main

import (
	"fmt"
	"sync"
	"time"
)

type T = chan<- int

func prod(c chan<- int, n int) {
	defer close(c)
	for i := range n {
		c <- i
	}
}
func sq(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- v * v
		}
	}()
	return out
}
func f(s string, c chan int) chan int { fmt.Print(s, " "); return c }
func g(s string, v int) int           { fmt.Print(s, " "); return v }

func main() {
	c := make(chan int)
	go prod(c, 4)
	for v := range sq(sq(c)) {
		fmt.Print(v, " ")
	}
	fmt.Println()
	var nilc chan int
	select {
	case <-nilc:
		fmt.Println("no")
	case nilc <- 1:
		fmt.Println("no")
	default:
		fmt.Println("default")
	}
	d := make(chan int, 1)
	select {
	case f("a", nilc) <- g("av", 1):
	case f("b", d) <- g("bv", 2):
		fmt.Println("sent")
	case <-f("c", nilc):
	}
	a := []int{0, 0}
	var ok bool
	select {
	case a[g("idx", 1)], ok = <-f("recv", d):
		fmt.Println(a, ok)
	}
	done := make(chan struct{})
	res := make(chan []int, 1)
	go func() { res <- []int{1, 2}; close(done) }()
	<-done
	fmt.Println(len(res), cap(res), <-res)
	_, ok = <-done
	fmt.Println(ok)
	timeout := time.After(10 * time.Millisecond)
	select {
	case <-nilc:
	case <-timeout:
		fmt.Println("timeout")
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += i
		}()
	}
	wg.Wait()
	fmt.Println(sum)
	cc := make(chan chan int, 1)
	cc <- d
	(<-cc) <- 5
	fmt.Println(<-d)
	var ro <-chan int = d
	var so chan<- int = d
	so <- 8
	fmt.Printf("%d %T %T\n", <-ro, ro, so)
	fc := make(chan func() string, 1)
	fc <- func() string { return "called" }
	fmt.Println((<-fc)())
	ec := make(chan error, 1)
	ec <- nil
	fmt.Println(<-ec == nil)
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
loop:
	for i := 0; ; i++ {
		select {
		case d <- i:
			if i > 2 {
				break loop
			}
			continue loop
		case v := <-d:
			fmt.Print(v, " ")
		}
	}
	fmt.Println(len(d))
	t := time.NewTicker(time.Millisecond)
	n := 0
	for range t.C {
		n++
		if n == 3 {
			t.Stop()
			break
		}
	}
	fmt.Println(n, d == d, nilc == nil)
}
