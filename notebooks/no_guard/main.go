// What becomes of a pool in a program that has no main guard.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/paracell/paracell/futures"
)

func square(n int) int { return n * n }

func main() {
	// futures.FreezeSupport(square) belongs here. Without it the worker process
	// runs main as if it were the program, comes to the pool below, and would
	// start workers of its own, and they theirs. So it stops there and says why;
	// to this process that is a worker which ended without a word.
	pool := futures.NewProcessPoolExecutor(2)
	defer pool.Shutdown(true, false)

	_, err := futures.Submit(pool, square, 7).Result()
	if broken := (*futures.BrokenProcessPool)(nil); errors.As(err, &broken) {
		fmt.Fprintln(os.Stderr, "BrokenProcessPool:", broken)
		fmt.Fprintln(os.Stderr, "Cause:", broken.Cause)
		fmt.Fprintln(os.Stderr, "Hint:", broken.Hint)
		os.Exit(1)
	}
	fmt.Println(err)
}
