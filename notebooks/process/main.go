// Process, the part below the pool: one function in a process of its own.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/paracell/paracell/futures"
)

type pair [2]int

var numbers = []pair{
	{1963309, 2265973}, {2030677, 3814172},
	{1551645, 2229620}, {2039045, 2020802},
}

// show computes the greatest common divisor by counting down, and prints it
// itself: a Process hands back nothing but its exit code.
func show(name string, p pair) {
	for i := min(p[0], p[1]); i > 0; i-- {
		if p[0]%i == 0 && p[1]%i == 0 {
			fmt.Printf("%s: gcd(%d, %d) = %d\n", name, p[0], p[1], i)
			return
		}
	}
}

func main() {
	futures.FreezeSupport(show) // the guard: see better_way_41_process_pool

	start := time.Now()
	var processes []*futures.Process
	for i, p := range numbers {
		process := futures.NewProcess(show, fmt.Sprint("process ", i+1), p)
		if err := process.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		processes = append(processes, process)
	}
	for _, process := range processes {
		process.Join()
	}
	fmt.Printf("Took %.3f seconds\n", time.Since(start).Seconds())

	for _, process := range processes {
		code, _ := process.ExitCode()
		fmt.Println(process.Name, "ended with exit code", code)
	}
}
