// Measures futures for bench/pool.py: each argument names a row, and each row's
// figure is printed as "row figure".
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/paracell/paracell/futures"
)

type pair [2]int

var pairs = []pair{
	{1963309, 2265973}, {2030677, 3814172},
	{1551645, 2229620}, {2039045, 2020802},
}

func gcd(p pair) int {
	for i := min(p[0], p[1]); i > 0; i-- {
		if p[0]%i == 0 && p[1]%i == 0 {
			return i
		}
	}
	return 0
}

func fiftyfold() (many []pair) {
	for range 50 {
		many = append(many, pairs...)
	}
	return many
}

// halfEnv makes this program compute half of the fiftyfold pairs, serially.
const halfEnv = "BENCH_HALF"

func serial(many []pair) {
	for _, p := range many {
		gcd(p)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func started(n int) *futures.ProcessPoolExecutor {
	pool := futures.NewProcessPoolExecutor(n)
	check(pool.Start(context.Background()))
	return pool
}

// rows measure one figure each, in the unit that bench/pool.py names.
var rows = map[string]func() float64{
	"serial": func() float64 {
		return seconds(func() { serial(fiftyfold()) })
	},
	"pool": func() float64 {
		return seconds(func() {
			pool := futures.NewProcessPoolExecutor(2)
			defer pool.Shutdown(true, false)
			for _, err := range futures.Map(pool, gcd, fiftyfold()) {
				check(err)
			}
		})
	},
	// Two copies of the serial loop, each with half of the pairs: what two
	// processes can reach.
	"two": func() float64 {
		return seconds(func() {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					cmd := exec.Command(os.Args[0])
					cmd.Env = append(os.Environ(), halfEnv+"=1")
					check(cmd.Run())
				})
			}
			both.Wait()
		})
	},
}

func seconds(work func()) float64 {
	start := time.Now()
	work()
	return time.Since(start).Seconds()
}

func main() {
	if os.Getenv(halfEnv) != "" {
		serial(fiftyfold()[:100])
		return
	}
	futures.FreezeSupport(gcd)
	for _, name := range os.Args[1:] {
		fmt.Printf("%s %.9f\n", name, rows[name]())
	}
}
