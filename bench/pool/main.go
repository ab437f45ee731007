// Measures futures for bench/pool.py: each argument names a row, whose figure is
// printed as "row: figure".
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
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

// parentEnv makes this program start two workers, name them and wait.
const parentEnv = "BENCH_PARENT"

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

// rows measure one figure each, in seconds unless they say otherwise.
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
	"start": func() float64 { // ms until both workers are ready
		var pool *futures.ProcessPoolExecutor
		s := seconds(func() { pool = started(2) })
		pool.Shutdown(true, false)
		return 1e3 * s
	},
	"round": func() float64 { // µs
		pool := started(2)
		defer pool.Shutdown(true, false)
		return 1e6 / 2000 * seconds(func() {
			for i := range 2000 {
				_, err := futures.Submit(pool, echo, i).Result()
				check(err)
			}
		})
	},
	"map1":   func() float64 { return mapped(100_000, futures.ChunkSize(1)) }, // µs a task
	"map":    func() float64 { return mapped(1_000_000) },
	"chunks": func() float64 { return mapped(1_000_000, futures.ChunkSize(100)) },
	"bytes":  func() float64 { return argument(make([]byte, large), length) }, // ms for 64 MB
	"shared": func() float64 {
		s, err := futures.Share(make([]byte, large))
		check(err)
		defer s.Close()
		return argument(s, sharedLength)
	},
	"kill": func() float64 { // ms until the future has failed
		pool := started(2)
		defer pool.Shutdown(true, true)
		f := futures.Submit(pool, sleep, 3600)
		for !f.Running() {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond)
		return 1e3 * seconds(func() {
			for _, pid := range pool.PIDs() {
				p, _ := os.FindProcess(pid)
				p.Kill()
			}
			if f.Exception() == nil {
				panic("it did not fail")
			}
		})
	},
	"queued": func() float64 { // bytes of resident memory for each of 100,000 queued tasks
		pool := started(2)
		defer pool.KillWorkers()
		futures.Submit(pool, sleep, 3600)
		futures.Submit(pool, sleep, 3600)
		fs := make([]*futures.Future[int], 100_000)
		runtime.GC()
		before := resident("VmRSS:")
		for i := range fs {
			fs[i] = futures.Submit(pool, echo, i)
		}
		after := resident("VmRSS:")
		runtime.KeepAlive(fs)
		return float64(after-before) / float64(len(fs))
	},
	"orphan": func() float64 { // workers that live 1 s after their parent was killed
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), parentEnv+"=1")
		out, err := cmd.StdoutPipe()
		check(err)
		check(cmd.Start())
		pids := make([]int, 2)
		_, err = fmt.Fscan(out, &pids[0], &pids[1])
		check(err)
		cmd.Process.Kill()
		cmd.Wait()
		time.Sleep(time.Second)
		left := 0
		for _, pid := range pids {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if err == nil && !strings.Contains(string(stat), ") Z ") {
				left++
			}
		}
		return float64(left)
	},
	"threads": func() float64 { // ns a task, 100,000 submitted at once, ten times
		const n = 100_000
		fs := make([]*futures.Future[int], n)
		return 1e9 / 10 / n * seconds(func() {
			for range 10 {
				pool := futures.NewThreadPoolExecutor(2)
				for i := range fs {
					fs[i] = futures.Submit(pool, echo, i)
				}
				for i, f := range fs {
					if v, err := f.Result(); v != i || err != nil {
						panic(err)
					}
				}
				pool.Shutdown(true, false)
			}
		})
	},
	"threads round": func() float64 { // ns
		pool := futures.NewThreadPoolExecutor(2)
		defer pool.Shutdown(true, false)
		const n = 100_000
		return 1e9 / n * seconds(func() {
			for i := range n {
				futures.Submit(pool, echo, i).Result()
			}
		})
	},
	"million":     func() float64 { return stream(1_000_000) }, // MiB at most while that many are mapped
	"ten million": func() float64 { return stream(10_000_000) },
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

func echo(n int) int      { return n }
func length(b []byte) int { return len(b) }

// sharedLength touches every page.
func sharedLength(s *futures.Shared) int {
	b, touched := s.Bytes(), 0
	for i := 0; i < len(b); i += 4 << 10 {
		touched += int(b[i])
	}
	return len(b) + touched
}

func sleep(s int) int { time.Sleep(time.Duration(s) * time.Second); return s }

const large = 64 << 20

// argument is the best time of three for a large one, in ms.
func argument[A any](arg A, fn func(A) int) float64 {
	pool := started(2)
	defer pool.Shutdown(true, false)
	best := 1e9
	for range 3 {
		best = min(best, 1e3*seconds(func() {
			n, err := futures.Submit(pool, fn, arg).Result()
			check(err)
			if n != large {
				panic(n)
			}
		}))
	}
	return best
}

// mapped is the time of one of n tasks, in µs.
func mapped(n int, opts ...futures.MapOption) float64 {
	pool := started(2)
	defer pool.Shutdown(true, false)
	args := make([]int, n)
	for i := range args {
		args[i] = i
	}
	return 1e6 / float64(n) * seconds(func() {
		i := 0
		for v, err := range futures.Map(pool, echo, args, opts...) {
			if v != i || err != nil {
				panic(fmt.Sprint(v, err))
			}
			i++
		}
		if i != n {
			panic(i)
		}
	})
}

// stream maps n tasks through a buffer and returns the most memory that was
// resident, in MiB.
func stream(n int) float64 {
	pool := started(2)
	defer pool.Shutdown(true, false)
	i := 0
	numbers := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	for v, err := range futures.MapSeq(pool, echo, numbers, futures.BufferSize(10_000)) {
		if v != i || err != nil {
			panic(fmt.Sprint(v, err))
		}
		if i++; i == n {
			break
		}
	}
	return float64(resident("VmHWM:")) / (1 << 20)
}

// resident reads a figure of this process's memory, in bytes. Linux only.
func resident(field string) int {
	status, err := os.ReadFile("/proc/self/status")
	check(err)
	_, rest, _ := strings.Cut(string(status), field)
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	check(err)
	return kib << 10
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
	futures.FreezeSupport(gcd, echo, length, sharedLength, sleep)
	if os.Getenv(parentEnv) != "" {
		pool := started(2)
		fmt.Println(pool.PIDs()[0], pool.PIDs()[1])
		select {}
	}
	for _, name := range os.Args[1:] {
		fmt.Printf("%s: %.9f\n", name, rows[name]())
	}
}
