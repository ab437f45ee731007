// Measures Go's pools for bench/pool.py, as bench/pool does ours: 100,000 tasks
// that result in a number, ten times, two workers.
package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

const n = 100_000

func echo(n int) int { return n }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// rows are ns a task.
var rows = map[string]func() float64{
	"conc": func() float64 { // results when all are done, in whatever order
		return each(func() {
			p := pool.NewWithResults[int]().WithMaxGoroutines(2)
			for i := range n {
				p.Go(func() int { return echo(i) })
			}
			if len(p.Wait()) != n {
				panic("results are missing")
			}
		})
	},
	"pond": func() float64 { // a future for each
		tasks := make([]pond.Result[int], n)
		return each(func() {
			p := pond.NewResultPool[int](2)
			for i := range tasks {
				tasks[i] = p.Submit(func() int { return echo(i) })
			}
			for i, task := range tasks {
				if v, err := task.Wait(); v != i || err != nil {
					panic(err)
				}
			}
			p.StopAndWait()
		})
	},
	"ants": func() float64 { // no results: the tasks store them
		results := make([]int, n)
		return each(func() {
			p, err := ants.NewPool(2)
			check(err)
			var all sync.WaitGroup
			for i := range results {
				all.Add(1)
				check(p.Submit(func() { results[i] = echo(i); all.Done() }))
			}
			all.Wait()
			p.Release()
		})
	},
	"errgroup": func() float64 { // no results: the tasks store them
		results := make([]int, n)
		return each(func() {
			var g errgroup.Group
			g.SetLimit(2)
			for i := range results {
				g.Go(func() error { results[i] = echo(i); return nil })
			}
			check(g.Wait())
		})
	},
	"pond round": func() float64 {
		const n = 100_000
		p := pond.NewResultPool[int](2)
		defer p.StopAndWait()
		start := time.Now()
		for i := range n {
			_, err := p.Submit(func() int { return echo(i) }).Wait()
			check(err)
		}
		return float64(time.Since(start)) / n
	},
}

func each(work func()) float64 {
	start := time.Now()
	for range 10 {
		work()
	}
	return float64(time.Since(start)) / 10 / n
}

func main() {
	for _, name := range os.Args[1:] {
		fmt.Printf("%s: %.3f\n", name, rows[name]())
	}
}
