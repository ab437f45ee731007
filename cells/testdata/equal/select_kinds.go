package main

// Select statements of many goroutines at a time, with values of many kinds.

import (
	"fmt"
	"sync"
	"time"
)

type job struct {
	n    int
	text string
}

func serve(id int, in <-chan int, jobs <-chan job, quit <-chan struct{}, out chan<- string) {
	sum := 0
	for {
		select {
		case n := <-in:
			sum += n
		case j, ok := <-jobs:
			if ok {
				sum += j.n * len(j.text)
			} else {
				jobs = nil
			}
		case <-quit:
			out <- fmt.Sprint(id, " ", sum)
			return
		}
	}
}

func main() {
	const workers = 6
	outs := make([]chan string, workers)
	var wg sync.WaitGroup
	for i := range outs {
		in, jobs, quit := make(chan int), make(chan job, 1), make(chan struct{})
		outs[i] = make(chan string, 1)
		go serve(i, in, jobs, quit, outs[i])
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := range 100 {
				select {
				case in <- k * (i + 1):
				case jobs <- job{k * (i + 1), "x"}:
				}
			}
			for len(jobs) > 0 {
				time.Sleep(time.Millisecond)
			}
			close(jobs)
			in <- 0
			close(quit)
		}()
	}
	wg.Wait()
	for _, out := range outs {
		fmt.Println(<-out)
	}

	c := make(chan int, 1)
	var x int
	var ok bool
	for range 3 {
		select {
		case c <- 7:
			fmt.Println("sent")
		case x, ok = <-c:
			fmt.Println("received", x, ok)
		}
	}
	select {
	case x = <-c:
	default:
		fmt.Println("nothing", x)
	}
	close(c)
	x = 5
	select {
	case x, ok = <-c:
	}
	fmt.Println(x, ok)
	select {
	case <-time.After(time.Millisecond):
		fmt.Println("late")
	case <-make(chan bool):
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case c <- 1:
		}
	}()
	counts := [2]int{}
	a, b := make(chan bool, 1), make(chan bool, 1)
	for range 400 {
		a <- true
		b <- true
		select {
		case <-a:
			counts[0]++
			<-b
		case <-b:
			counts[1]++
			<-a
		}
	}
	fmt.Println(counts[0] > 100, counts[1] > 100)
}
