package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

type pair struct{ a, b int }

func (p pair) send(c chan int)   { c <- p.a + p.b }
func (p *pair) later(c chan int) { c <- p.a * 100 }

type sender interface{ send(chan int) }

func main() {
	c := make(chan int, 3)
	p := pair{1, 2}
	go p.send(c)
	p.a, p.b = 10, 20
	fmt.Println(<-c)
	go p.later(c)
	fmt.Println(<-c)
	var s sender = p
	go s.send(c)
	s = pair{}
	fmt.Println(<-c)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		q := pair{i, i}
		go func() { defer wg.Done(); q.send(c) }()
	}
	wg.Wait()
	fmt.Println(<-c + <-c + <-c)
	d := 5 * time.Millisecond
	b := &strings.Builder{}
	go b.WriteString("x")
	time.Sleep(d)
}
