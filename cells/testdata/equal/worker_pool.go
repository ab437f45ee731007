package main

import (
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
)

type Job struct{ id, n int }
type Result struct {
	Job
	sum int
}

func worker(jobs <-chan Job, results chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		s := 0
		for i := 1; i <= j.n; i++ {
			s += i
		}
		results <- Result{j, s}
	}
}

type Counter struct {
	mu sync.Mutex
	m  map[string]int
}

func (c *Counter) Inc(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k]++
}

type Embedded struct {
	sync.RWMutex
	n int
}

func main() {
	jobs, results := make(chan Job, 10), make(chan Result, 10)
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go worker(jobs, results, &wg)
	}
	for i := range 6 {
		jobs <- Job{i, i * 10}
	}
	close(jobs)
	go func() { wg.Wait(); close(results) }()
	var all []Result
	for r := range results {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].id < all[j].id })
	for _, r := range all {
		fmt.Println(r.id, r.n, r.sum)
	}
	c := Counter{m: map[string]int{}}
	var n atomic.Int64
	var old int32
	var wg2 sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg2.Add(1)
		go func() {
			defer wg2.Done()
			c.Inc([]string{"a", "b"}[i%2])
			n.Add(int64(i))
			atomic.AddInt32(&old, 1)
		}()
	}
	wg2.Wait()
	fmt.Println(c.m, n.Load(), old)
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	var e Embedded
	e.Lock()
	e.n = 5
	e.Unlock()
	e.RLock()
	fmt.Println(e.n)
	e.RUnlock()
	var sm sync.Map
	sm.Store("k", 1)
	v, ok := sm.Load("k")
	fmt.Println(v, ok)
	p := sync.Pool{New: func() any { return new(int) }}
	fmt.Println(*p.Get().(*int))
	var wg3 sync.WaitGroup
	wg3.Go(func() { n.Store(7) })
	wg3.Wait()
	fmt.Println(n.Load())
	get := sync.OnceValue(func() int { fmt.Println("computed"); return 3 })
	fmt.Println(get(), get())
	cond := sync.NewCond(&sync.Mutex{})
	ready := false
	go func() { cond.L.Lock(); ready = true; cond.L.Unlock(); cond.Broadcast() }()
	cond.L.Lock()
	for !ready {
		cond.Wait()
	}
	cond.L.Unlock()
	fmt.Println("ready")
	var flag atomic.Pointer[Job]
	flag.Store(&Job{1, 2})
	fmt.Println(flag.Load().n)
}
