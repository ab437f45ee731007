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

// serial computes the pairs in this process, one after the other.
func serial(pairs []pair) {
	for _, p := range pairs {
		gcd(p)
	}
}

// parallel computes them in two processes. Map hands out the results in the
// order of the pairs, whichever worker is done first.
func parallel(pairs []pair) {
	pool := futures.NewProcessPoolExecutor(2)
	defer pool.Shutdown(true, false)
	for _, err := range futures.Map(pool, gcd, pairs) {
		check(err)
	}
}

// idle starts the two processes and ends them.
func idle() {
	pool := futures.NewProcessPoolExecutor(2)
	defer pool.Shutdown(true, false)
	check(pool.Start(context.Background()))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// took does the work five times and prints the shortest time: other programs
// use the machine too, and can only make this one slower.
func took(work func()) time.Duration {
	var best time.Duration
	for round := range 5 {
		start := time.Now()
		work()
		if d := time.Since(start); round == 0 || d < best {
			best = d
		}
	}
	fmt.Printf("Took %.3f seconds\n", best.Seconds())
	return best
}

func main() {
	// The guard. A worker process is this same program, started once more, and
	// it runs main from the first line: this one. There it turns to the tasks
	// that the pool sends, and never returns. gcd is what it may be asked for.
	futures.FreezeSupport(gcd)

	fmt.Println("Four pairs, serial:")
	took(func() { serial(numbers) })
	fmt.Println("Four pairs, a pool of two processes:")
	took(func() { parallel(numbers) })
	fmt.Println("The same pool, started and ended without any work:")
	took(idle)

	// Compiled, four pairs are over before a pool has paid for its start. A pool
	// is for work that outweighs it: here are the four pairs fifty times.
	var many []pair
	for range 50 {
		many = append(many, numbers...)
	}
	fmt.Printf("%d pairs, serial:\n", len(many))
	alone := took(func() { serial(many) })
	fmt.Printf("%d pairs, a pool of two processes:\n", len(many))
	together := took(func() { parallel(many) })
	fmt.Printf("The pool is %.2f times as fast.\n", alone.Seconds()/together.Seconds())
}
