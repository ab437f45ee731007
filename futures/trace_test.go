package futures_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// addsUp checks that all of the time in which there was a worker is accounted for, once.
func addsUp(t *testing.T, tr futures.Trace) {
	t.Helper()
	for i, w := range tr.Workers {
		x := w.Times
		for _, d := range []time.Duration{x.Start, x.Encode, x.Transfer, x.Compute, x.Idle} {
			if d < 0 {
				t.Errorf("worker %d: %+v", i, x)
			}
		}
		if sum := x.Start + x.Encode + x.Transfer + x.Compute + x.Idle; sum > tr.Lasted || sum <= 0 {
			t.Errorf("worker %d: %v in sum, of %v: %+v", i, sum, tr.Lasted, x)
		}
		tasks, failed := 0, 0
		for j, s := range w.Spans {
			tasks, failed = tasks+s.Tasks, failed+s.Failed
			if s.Begin < 0 || s.End < s.Begin || s.End > tr.Lasted || j > 0 && s.Begin < w.Spans[j-1].End {
				t.Errorf("worker %d: span %d of %+v", i, j, w.Spans)
			}
		}
		if tasks != w.Tasks || failed != w.Failed {
			t.Errorf("worker %d: %d tasks, %d failed in spans, but %d and %d", i, tasks, failed, w.Tasks, w.Failed)
		}
	}
}

func traced(t *testing.T, workers int, test func(t *testing.T, pool futures.Traced)) {
	for name, pool := range map[string]futures.Traced{
		"threads":   futures.NewThreadPoolExecutor(workers, futures.Recorded()),
		"processes": futures.NewProcessPoolExecutor(workers, futures.Recorded()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { pool.Shutdown(true, true) })
			test(t, pool)
		})
	}
}

// running are the tasks that run still.
func running(tr futures.Trace) (still []futures.Span) {
	for _, w := range tr.Workers {
		for _, s := range w.Spans {
			if s.Running {
				still = append(still, s)
			}
		}
	}
	return still
}

func TestTrace(t *testing.T) {
	traced(t, 2, func(t *testing.T, pool futures.Traced) {
		if tr := pool.Trace(); tr.State != "open" || tr.Workers != nil || tr.Lasted != 0 || tr.MaxWorkers != 2 {
			t.Errorf("before: %+v", tr)
		}
		for range futures.MapErr(pool, divide, []int{1, 0, 2, 3}) {
		}
		g := newGate(t)
		f := futures.Submit(pool, untilFile, string(g))
		// A thread that is between two tasks still seems to run the one before.
		var tr futures.Trace
		var still []futures.Span
		eventually(t, "it runs", func() bool {
			tr = pool.Trace()
			still = running(tr)
			return tr.Running == 1 && len(still) == 1 && strings.HasSuffix(still[0].Task, "untilFile")
		})
		addsUp(t, tr)
		if done, failed := tr.Tasks(); done != 4 || failed != 1 {
			t.Errorf("%d done, %d failed", done, failed)
		}
		if still[0].End != tr.Lasted || still[0].End <= still[0].Begin || still[0].Tasks != 0 {
			t.Errorf("what runs still: %+v", still)
		}
		g.open()
		f.Result()
		pool.Shutdown(true, false)
		tr = pool.Trace()
		addsUp(t, tr)
		if still := running(tr); still != nil {
			t.Errorf("it is over: %+v", still)
		}
		if done, _ := tr.Tasks(); done != 5 || tr.State != "shut down" || tr.Running != 0 || tr.Pending != 0 {
			t.Errorf("after: %v", tr)
		}
		if again := pool.Trace(); again.Lasted != tr.Lasted || again.Times() != tr.Times() {
			t.Errorf("a pool that is gone goes on: %v, then %v", tr, again)
		}
		if tr.Times().Compute <= 0 {
			t.Errorf("nothing computed: %+v", tr.Times())
		}
		processes := tr.Pool == "ProcessPoolExecutor"
		if x := tr.Times(); (x.Start > 0) != processes || (x.Encode > 0) != processes || (x.Transfer > 0) != processes || (tr.StartMethod == "spawn") != processes {
			t.Errorf("%s, %q: %+v", tr.Pool, tr.StartMethod, x)
		}
	})
}

func TestUnrecorded(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	defer pool.Shutdown(true, false)
	futures.Submit(pool, square, 3).Result()
	tr := pool.Trace()
	if tr.Workers != nil || tr.State != "open" || strings.Contains(tr.String(), "\n") {
		t.Errorf("%v", tr)
	}
}

func TestObserver(t *testing.T) {
	var seen []futures.Traced
	futures.SetObserver(func(p futures.Traced) { seen = append(seen, p) })
	a, b := futures.NewThreadPoolExecutor(1), futures.NewProcessPoolExecutor(1)
	futures.SetObserver(nil)
	c := futures.NewThreadPoolExecutor(1)
	for _, p := range []futures.Executor{a, b, c} {
		defer p.Shutdown(true, true)
	}
	if len(seen) != 2 || seen[0] != futures.Traced(a) || seen[1] != futures.Traced(b) {
		t.Fatalf("saw %v", seen)
	}
	futures.Submit(a, square, 2).Result()
	futures.Submit(c, square, 2).Result()
	if len(a.Trace().Workers) != 1 || c.Trace().Workers != nil {
		t.Error("the observed pool is recorded, and no other")
	}
}

// Deaths of workers are seen; the next ones take their place.
func TestTraceOfADeath(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1, futures.Recorded(), futures.Restart(1))
	defer pool.Shutdown(true, true)
	futures.Submit(pool, square, 1).Result()
	first := pool.Trace().Workers[0].PID
	futures.Submit(pool, die, 0).Result()
	if n, err := futures.Submit(pool, square, 4).Result(); n != 16 {
		t.Fatal(err)
	}
	tr := pool.Trace()
	addsUp(t, tr)
	w := tr.Workers[0]
	starts := 0
	for _, s := range w.Spans {
		if s.Tasks == 0 {
			starts++
		}
	}
	if len(tr.Workers) != 1 || w.Tasks != 4 || w.Failed != 2 || starts != 3 || w.PID == first || w.PID == 0 {
		t.Errorf("%+v", tr)
	}
	if !strings.Contains(tr.String(), "x") {
		t.Errorf("%v", tr)
	}
}

// What is recorded of very many tasks is small, and complete.
func TestTraceIsBounded(t *testing.T) {
	traced(t, 2, func(t *testing.T, pool futures.Traced) {
		const n = 20_000
		fs := make([]*futures.Future[int], n)
		for i := range fs {
			if i%2 == 0 {
				fs[i] = futures.Submit(pool, square, i)
			} else {
				fs[i] = futures.Submit(pool, double, i)
			}
		}
		for _, f := range fs {
			f.Result()
		}
		tr := pool.Trace()
		addsUp(t, tr)
		if done, failed := tr.Tasks(); done != n || failed != 0 {
			t.Errorf("%d done, %d failed", done, failed)
		}
		for _, w := range tr.Workers {
			if len(w.Spans) > 1024 {
				t.Errorf("%d spans", len(w.Spans))
			}
		}
	})
}

func TestTraceText(t *testing.T) {
	ms := time.Millisecond
	tr := futures.Trace{Pool: "ProcessPoolExecutor", StartMethod: "spawn", MaxWorkers: 2, State: "open", Lasted: 64 * ms, Pending: 7, Running: 1, Workers: []futures.WorkerTrace{
		{PID: 41, Tasks: 2, Failed: 1, Times: futures.Times{Start: 16 * ms, Compute: 32 * ms, Idle: 16 * ms}, Spans: []futures.Span{
			{Begin: 0, End: 16 * ms}, {Begin: 16 * ms, End: 40 * ms, Task: "main.a", Tasks: 1}, {Begin: 48 * ms, End: 55 * ms, Task: "main.<b>", Tasks: 1, Failed: 1}}},
		{Tasks: 3, Times: futures.Times{Encode: 16 * ms, Transfer: 16 * ms, Compute: 32 * ms}, Spans: []futures.Span{{Begin: 32 * ms, End: 48 * ms, Tasks: 3}, {Begin: 48 * ms, End: 64 * ms, Task: "main.c", Running: true}}},
	}}
	want := `ProcessPoolExecutor(2), spawn, open: 5 done, 1 failed, 1 running, 7 pending, 64ms
  worker  pid  tasks  failed     start    encode  transfer   compute      idle
       0   41      2       1  16ms 25%    0s  0%    0s  0%  32ms 50%  16ms 25%
       1           3       0    0s  0%  16ms 25%  16ms 25%  32ms 50%    0s  0%
     all           5       1  16ms 13%  16ms 13%  16ms 13%  64ms 50%  16ms 13%
     0  |░░░░░░░░░░░░░░░░████████████████████████        ███████x        |
     1  |                                ████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒|
        0                                                             64ms`
	if got := tr.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	svg := tr.SVG()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{"<title>start: 16ms, at 0s</title>", "<title>main.a: 24ms, at 16ms</title>", "main.&lt;b&gt;, 1 failed: 7ms, at 48ms", "several × 3", "<title>main.c, still running: 16ms, at 48ms</title>", ">compute 64ms 50%<"} {
		if !strings.Contains(svg, part) {
			t.Errorf("no %q", part)
		}
	}
	for _, empty := range []futures.Trace{{}, {Workers: []futures.WorkerTrace{{}}}} {
		_, _ = empty.String(), empty.SVG()
	}
}
