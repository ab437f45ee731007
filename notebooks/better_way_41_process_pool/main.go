// Better Way 41 as a program: the same work one after the other, and in a pool
// of two worker processes.
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/paracell/paracell/futures"
)

// A pair of numbers whose greatest common divisor is asked for.
type pair [2]int

var numbers = []pair{
	{1963309, 2265973}, {2030677, 3814172},
	{1551645, 2229620}, {2039045, 2020802},
}

// gcd counts down from the smaller number until it divides both. There are
// better ways; this one keeps a CPU busy, and that is its purpose here.
func gcd(p pair) int {
	for i := min(p[0], p[1]); i > 0; i-- {
		if p[0]%i == 0 && p[1]%i == 0 {
			return i
		}
	}
	return 0
}

// serial computes all pairs in this process, one after the other.
func serial(pairs []pair) time.Duration {
	start := time.Now()
	for _, p := range pairs {
		gcd(p)
	}
	return time.Since(start)
}

// parallel computes them in the pool's processes. Map hands out the results in
// the order of the pairs, whichever worker is done first.
func parallel(pool futures.Executor, pairs []pair) time.Duration {
	start := time.Now()
	for _, err := range futures.Map(pool, gcd, pairs) {
		if err != nil {
			panic(err)
		}
	}
	return time.Since(start)
}

func took(d time.Duration) { fmt.Printf("Took %.3f seconds\n", d.Seconds()) }

func main() {
	// The guard. A worker process is this same program, started once more, and
	// it runs main from the first line: this one. There it turns to the tasks
	// that the pool sends, and never returns. gcd is what it may be asked for.
	futures.FreezeSupport(gcd)

	fmt.Println("Four pairs, serial:")
	alone := serial(numbers)
	took(alone)

	// Workers are started when the first tasks come. Starting them now shows
	// apart what that costs.
	start := time.Now()
	pool := futures.NewProcessPoolExecutor(2)
	defer pool.Shutdown(true, false)
	if err := pool.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	startup := time.Since(start)

	fmt.Println("Four pairs, a pool of two processes:")
	together := parallel(pool, numbers)
	took(startup + together)
	fmt.Printf("  of which %.3f to start the pool, %.3f to compute\n", startup.Seconds(), together.Seconds())

	// Compiled, four pairs are over before a pool has paid for its start. A pool
	// is for work that outweighs it: here are the four pairs fifty times.
	var many []pair
	for range 50 {
		many = append(many, numbers...)
	}
	fmt.Printf("%d pairs, serial:\n", len(many))
	alone = serial(many)
	took(alone)

	fmt.Printf("%d pairs, a new pool of two processes, its start included:\n", len(many))
	start = time.Now()
	another := futures.NewProcessPoolExecutor(2)
	parallel(another, many)
	together = time.Since(start)
	another.Shutdown(true, false)
	took(together)
	fmt.Printf("The pool is %.2f times as fast.\n", alone.Seconds()/together.Seconds())
}
