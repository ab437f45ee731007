package main

import (
	"fmt"
	"time"
)

func producer(n int) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := range n {
			ch <- i
		}
	}()
	return ch
}

func square(in <-chan int, out chan<- int) {
	for v := range in {
		out <- v * v
	}
	close(out)
}

func main() {
	sum := 0
	for v := range producer(5) {
		sum += v
	}
	fmt.Println(sum)
	out := make(chan int)
	go square(producer(4), out)
	for v := range out {
		fmt.Print(v, " ")
	}
	v, ok := <-out
	fmt.Println(v, ok)
	quit := make(chan struct{})
	data := make(chan string, 1)
	go func() {
		data <- "msg"
		close(quit)
	}()
	<-quit
	select {
	case s := <-data:
		fmt.Println(s)
	case <-time.After(5 * time.Second):
		fmt.Println("timeout")
	}
	select {
	case s := <-data:
		fmt.Println(s)
	default:
		fmt.Println("empty")
	}
	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timeout")
	case s := <-data:
		fmt.Println(s)
	}
	buf := make(chan int, 2)
	buf <- 1
	fmt.Println(len(buf), cap(buf))
	select {
	case buf <- 2:
		fmt.Println("sent")
	default:
	}
	select {
	case buf <- 3:
	default:
		fmt.Println("full")
	}
	var nilch chan int
	select {
	case <-nilch:
	default:
		fmt.Println("nil blocks")
	}
	chans := []chan int{make(chan int, 1), make(chan int, 1)}
	chans[1] <- 9
	var got int
	select {
	case got = <-chans[0]:
	case got = <-chans[1]:
	}
	fmt.Println(got)
	done := make(chan bool)
	go func(n int) { fmt.Println("goroutine", n); done <- true }(3)
	fmt.Println(<-done)
	type req struct {
		n     int
		reply chan int
	}
	reqs := make(chan req)
	go func() {
		for r := range reqs {
			r.reply <- r.n * 2
		}
	}()
	r := req{21, make(chan int)}
	reqs <- r
	fmt.Println(<-r.reply)
	close(reqs)
}
