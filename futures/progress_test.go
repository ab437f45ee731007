package futures_test

import (
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// told collects the progress of a Map.
type told struct{ all []futures.Progress }

func (p *told) tell(at futures.Progress) { p.all = append(p.all, at) }

func TestProgress(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		var p told
		for range futures.MapErr(pool, divide, []int{1, 0, 2, 0, 5}, futures.OnProgress(p.tell)) {
		}
		first, last := p.all[0], p.all[len(p.all)-1]
		if first.Total != 5 || first.Done != 0 || first.Finished || !strings.HasSuffix(first.Task, ".divide") {
			t.Errorf("began with %+v", first)
		}
		if last.Total != 5 || last.Done != 5 || last.Failed != 2 || !last.Finished || last.Elapsed <= 0 {
			t.Errorf("ended with %+v", last)
		}
		for i, at := range p.all[1:] {
			if at.Done < p.all[i].Done || p.all[i].Finished {
				t.Errorf("%+v came after %+v", at, p.all[i])
			}
		}
	})
}

// What is done is told while the results before it are not there yet.
func TestProgressRunsAhead(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		missing := filepath.Join(filepath.Dir(string(g)), "gone", "x") // returns at once
		results := futures.Map(pool, untilFile, []string{string(g), missing, missing}, futures.ChunkSize(1), futures.OnProgress(func(p futures.Progress) {
			if p.Done == 2 {
				g.open()
			}
		}))
		var got []int
		for n, err := range results {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, n)
		}
		if !slices.Equal(got, []int{4, -1, -1}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestProgressOfSequence(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		var p told
		for range futures.MapSeq(pool, square, slices.Values([]int{1, 2, 3}), futures.OnProgress(p.tell)) {
		}
		if last := p.all[len(p.all)-1]; last.Total != 0 || last.Done != 3 || !last.Finished {
			t.Errorf("ended with %+v", last)
		}
	})
}

// Who leaves the iteration is told how far it came, and nothing more.
func TestProgressOfABreak(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		var p told
		g := newGate(t)
		missing := filepath.Join(filepath.Dir(string(g)), "gone", "x")
		for range futures.Map(pool, untilFile, []string{missing, string(g), string(g)}, futures.ChunkSize(1), futures.OnProgress(p.tell)) {
			break
		}
		n := len(p.all)
		g.open()
		pool.Shutdown(true, true)
		if last := p.all[n-1]; last.Done != 1 || last.Failed != 0 || !last.Finished || len(p.all) != n {
			t.Errorf("told %+v", p.all)
		}
	})
}

func TestProgressPanics(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		calls := 0
		n := 0
		for range futures.Map(pool, square, []int{1, 2}, futures.OnProgress(func(futures.Progress) { calls++; panic("no") })) {
			n++
		}
		if n != 2 || calls != 1 {
			t.Errorf("%d results, %d calls", n, calls)
		}
	})
}

func TestShowProgress(t *testing.T) {
	var p told
	futures.SetProgressDisplay(func() func(futures.Progress) { return p.tell })
	t.Cleanup(func() { futures.SetProgressDisplay(nil) })
	pool := futures.NewThreadPoolExecutor(1)
	defer pool.Shutdown(true, false)
	for range futures.Map(pool, square, []int{1}, futures.ShowProgress()) {
	}
	for range futures.Map(pool, square, []int{1}) {
	}
	if len(p.all) == 0 || p.all[0].Done != 0 {
		t.Errorf("told %+v", p.all)
	}
}

func TestProgressText(t *testing.T) {
	for _, c := range []struct {
		p    futures.Progress
		want string
	}{
		{futures.Progress{Task: "main.gcd", Total: 100}, "gcd   0% |                    | 0/100"},
		{futures.Progress{Task: "main.gcd", Total: 100, Done: 45, Elapsed: 4500 * time.Millisecond}, "gcd  45% |█████████           | 45/100 · 10/s · 5.5s left"},
		{futures.Progress{Task: "gcd", Total: 3, Done: 3, Failed: 1, Elapsed: 2 * time.Millisecond, Finished: true}, "gcd 100% |████████████████████| 3/3 · 1500/s · took 2ms · 1 failed"},
		{futures.Progress{Task: "gcd", Done: 7, Elapsed: 20 * time.Second}, "gcd 7 · 0.35/s"},
	} {
		if got := c.p.String(); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}

func TestTerminalProgress(t *testing.T) {
	at := []futures.Progress{{Task: "f", Done: 12345}, {Task: "f", Done: 5}, {Task: "f", Done: 6, Finished: true, Elapsed: time.Second}}
	var on, off strings.Builder
	for _, c := range []struct {
		b    *strings.Builder
		show func(futures.Progress)
		want string
	}{
		{&on, futures.NewTerminal(&on)(), "\rf 12345\rf 5    \rf 6 · 6/s · took 1s\n"},
		{&off, futures.TerminalProgress(&off), "f 6 · 6/s · took 1s\n"},
	} {
		for _, p := range at {
			c.show(p)
		}
		if c.b.String() != c.want {
			t.Errorf("%q, want %q", c.b.String(), c.want)
		}
	}
	// A file is no terminal.
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	futures.TerminalProgress(f)(at[0])
	if info, _ := f.Stat(); info.Size() != 0 {
		t.Error("it wrote before the end")
	}
}

// What is under way at a time has a line for each; those that are over stay above.
func TestTerminalShowsSeveral(t *testing.T) {
	var b strings.Builder
	open := futures.NewTerminal(&b)
	shows := map[string]func(futures.Progress){"a": open(), "b": open(), "c": open(), "d": open()}
	for _, c := range []struct {
		task     string
		done     int
		finished bool
		want     string
	}{
		{"a", 10000, false, "a 10000"},
		{"b", 1, false, "a 10000/b 1"},
		{"a", 2, false, "a 2/b 1"},
		{"c", 12345, false, "a 2/b 1/c 12345"},
		{"b", 3, true, "b 3/a 2/c 12345"},
		{"c", 4, false, "b 3/a 2/c 4"},
		{"a", 5, false, "b 3/a 5/c 4"},
		{"c", 6, true, "b 3/c 6/a 5"},
		{"d", 7, false, "b 3/c 6/a 5/d 7"},
		{"a", 8, true, "b 3/c 6/a 8/d 7"},
		{"d", 9, true, "b 3/c 6/a 8/d 9/"},
		{"d", 1, false, "b 3/c 6/a 8/d 9/d 1"},
	} {
		p := futures.Progress{Task: c.task, Done: c.done, Finished: c.finished}
		shows[c.task](p)
		want := strings.ReplaceAll(c.want, "/", "\n")
		if got := strings.ReplaceAll(screen(b.String()), " · took 0s", ""); got != want {
			t.Errorf("%+v: the screen shows\n%s\nand not\n%s", p, got, want)
		}
	}
}

// screen is what a terminal shows of a text.
func screen(text string) string {
	lines := [][]rune{nil}
	row, column := 0, 0
	for rest := []rune(text); len(rest) > 0; {
		var n int
		var how rune
		switch c := rest[0]; {
		case c == '\r':
			column = 0
		case c == '\n':
			if row++; row == len(lines) {
				lines = append(lines, nil)
			}
			column = 0
		case c == '\x1b':
			k := strings.IndexAny(string(rest), "ABK")
			how = rest[k]
			fmt.Sscanf(string(rest[2:k]), "%d", &n)
			rest = rest[k:]
		default:
			for len(lines[row]) <= column {
				lines[row] = append(lines[row], ' ')
			}
			lines[row][column] = c
			column++
		}
		switch how {
		case 'A':
			row -= n
		case 'B':
			row += n
		case 'K':
			lines[row] = lines[row][:column]
		}
		rest = rest[1:]
	}
	var shown []string
	for _, l := range lines {
		shown = append(shown, strings.TrimRight(string(l), " "))
	}
	return strings.Join(shown, "\n")
}

// TestProgressOfAPool has a pool tell of all its tasks, whichever way they came.
func TestProgressOfAPool(t *testing.T) {
	for name, pool := range map[string]func(futures.Option) futures.Executor{
		"ThreadPoolExecutor":  func(o futures.Option) futures.Executor { return futures.NewThreadPoolExecutor(2, o) },
		"ProcessPoolExecutor": func(o futures.Option) futures.Executor { return futures.NewProcessPoolExecutor(2, o) },
	} {
		for _, wait := range []bool{true, false} {
			over := make(chan futures.Progress, 1)
			var first sync.Once
			p := pool(futures.OnProgress(func(at futures.Progress) {
				first.Do(func() {
					if at != (futures.Progress{Task: name, Elapsed: at.Elapsed}) {
						t.Errorf("%s: began with %+v", name, at)
					}
				})
				if at.Finished {
					over <- at
				}
			}))
			fs := []*futures.Future[int]{futures.Submit(p, square, 3), futures.SubmitErr(p, divide, 0)}
			for range futures.MapErr(p, divide, []int{1, 2, 0, 3}) {
			}
			for _, f := range fs {
				f.Exception()
			}
			p.Shutdown(wait, false)
			if at := <-over; at.Total != 6 || at.Done != 6 || at.Failed != 2 || at.Task != name {
				t.Errorf("%s: ended with %+v", name, at)
			}
			p.Shutdown(true, false)
		}
	}
}

// TestProgressOfFutures has Wait and AsCompleted tell of what they wait for.
func TestProgressOfFutures(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		submit := func() []*futures.Future[int] {
			a := futures.SubmitErr(pool, divide, 1)
			return []*futures.Future[int]{a, futures.SubmitErr(pool, divide, 0), a, futures.SubmitErr(pool, divide, 5)}
		}
		var p told
		n := 0
		for range futures.AsCompleted(t.Context(), submit(), futures.OnProgress(p.tell)) {
			n++
		}
		last := p.all[len(p.all)-1]
		if first := p.all[0]; n != 3 || first.Total != 3 || first.Task != "" || last.Total != 3 || last.Done != 3 || last.Failed != 1 || !last.Finished {
			t.Errorf("AsCompleted gave %d, and told %+v", n, p.all)
		}
		if got := last.String(); !strings.HasPrefix(got, "100% |") || !strings.Contains(got, " · took ") {
			t.Errorf("ended with %q", got)
		}
		p.all = nil
		if d, _, err := futures.Wait(t.Context(), submit(), futures.AllCompleted, futures.OnProgress(p.tell)); len(d) != 3 || err != nil {
			t.Errorf("Wait: %v, %v", d, err)
		}
		if last := p.all[len(p.all)-1]; last.Total != 3 || last.Done != 3 || last.Failed != 1 || !last.Finished {
			t.Errorf("Wait told %+v", p.all)
		}
	})
}

// What ends before all is done says so.
func TestProgressStopped(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		defer g.open()
		missing := filepath.Join(filepath.Dir(string(g)), "gone", "x") // returns at once
		var p told
		for range futures.Map(pool, untilFile, []string{missing, string(g)}, futures.ChunkSize(1), futures.OnProgress(p.tell)) {
			break
		}
		if got := p.all[len(p.all)-1].String(); !strings.HasPrefix(got, "untilFile  50% |") || !strings.Contains(got, " · stopped after ") {
			t.Errorf("ended with %q", got)
		}
	})
}
