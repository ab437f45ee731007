package cells

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// BenchmarkCell is a small cell in a session of so many, from the request to the
// reply: the whole way, of which the front end is a part.
func BenchmarkCell(b *testing.B) {
	for _, cells := range []int{10, 2000} {
		nb := open(b)
		run := func(code string) {
			nb.n++
			reply := nb.s.Execute(context.Background(), Request{Code: code, Count: nb.n, Store: true, Emit: func(Event) {}})
			if reply.Err != nil {
				b.Fatal(reply.Err)
			}
		}
		run("import \"fmt\"")
		for i := range cells / 2 {
			run(fmt.Sprintf("v%d := %d", i, i))
			run(fmt.Sprintf("func f%d(n int) int { return n + v%d }", i, i))
		}
		for name, code := range map[string]string{
			"value":      "1 + 1",
			"call":       "fmt.Sprint(f3(4))",
			"variable":   "x := f3(v2)\nx",
			"redefining": "func f4(n int) int { return n * v2 }\nf4(3)",
		} {
			b.Run(fmt.Sprintf("%s/%d", name, cells), func(b *testing.B) {
				for b.Loop() {
					run(code)
				}
			})
		}
	}
}

// BenchmarkType runs cells that declare a type: new ones, which are compiled, and
// ones that another session compiled before.
func BenchmarkType(b *testing.B) {
	salt := time.Now().UnixNano()
	cell := func(i int) string {
		return fmt.Sprintf("type T%d_%d struct{ x, y int }\n\nfunc (t T%d_%d) Sum() int { return t.x + t.y }\n\nT%d_%d{1, 2}.Sum()", salt, i, salt, i, salt, i)
	}
	run := func(b *testing.B, count int) {
		nb := open(b)
		nb.run("type first struct{ n int }")
		b.ResetTimer()
		for i := range count {
			if got := nb.run(cell(i)); got != "=> 3" {
				b.Fatal(got)
			}
		}
	}
	most := 0 // that the other session compiled
	b.Run("new", func(b *testing.B) {
		salt++
		most = b.N
		run(b, b.N)
	})
	b.Run("seen", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			nb := open(b)
			nb.run("type first struct{ n int }")
			b.StartTimer()
			if got := nb.run(cell(most - 1)); got != "=> 3" {
				b.Fatal(got)
			}
		}
	})
}

// BenchmarkAgain runs one cell again and again, and reports by how many bytes
// session and evaluator grow with each run.
func BenchmarkAgain(b *testing.B) {
	growth(b, func(int) (cell, want string) { return "xs := make([]int, 1000)\nx := f(len(xs))\nx", "=> 2000" })
}

// BenchmarkEdit does so with a cell that is another one each time: what was typed
// stays in the history.
func BenchmarkEdit(b *testing.B) {
	growth(b, func(i int) (cell, want string) {
		return fmt.Sprintf("const k = %d\nfunc g(n int) int { return n*2 + k }\nx := g(1)\nx", i), fmt.Sprintf("=> %d", 2+i)
	})
}

func growth(b *testing.B, cell func(i int) (cell, want string)) {
	nb := open(b)
	nb.run("func f(n int) int { return n * 2 }")
	i := 0
	run := func() {
		i++
		if code, want := cell(i); nb.run(code) != want {
			b.Fatal(code)
		}
	}
	resident := func() (kb int) {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", nb.s.process.PID()))
		_, rss, _ := strings.Cut(string(status), "VmRSS:")
		fmt.Sscan(rss, &kb)
		return kb
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for range 500 {
		run()
	}
	rss, before := resident(), heap()
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(int64(heap()-before))/float64(b.N), "session-B/op")
	if rss > 0 {
		b.ReportMetric(float64(resident()-rss)*1024/float64(b.N), "evaluator-B/op")
	}
}
