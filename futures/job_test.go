package futures_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

func newPool(t testing.TB, workers int, opts ...futures.Option) *futures.ProcessPoolExecutor {
	t.Helper()
	pool := futures.NewProcessPoolExecutor(workers, opts...)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	return pool
}

func count(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// naturals is endless.
func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

// collect takes all of a Map.
func collect[R any](seq iter.Seq2[R, error]) (rs []R, errs []error) {
	for r, err := range seq {
		rs, errs = append(rs, r), append(errs, err)
	}
	return rs, errs
}

// moody fails in a different way for each of some numbers.
func moody(n int) (int, error) {
	switch n % 7 {
	case 1:
		return 0, fmt.Errorf("%d is not nice", n)
	case 3:
		panic(n)
	case 5:
		runtime.Goexit()
	}
	return n, nil
}

// sleepy takes longest for the first number.
func sleepy(n int) int {
	if n == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	return os.Getpid()
}

// oddChan can't be pickled for odd numbers.
func oddChan(n int) any {
	if n%2 == 1 {
		return make(chan int)
	}
	return n
}

func anyLength(v any) int { return len(fmt.Sprint(v)) }

// gateAt waits for a file when it is asked to, and says that it runs.
func gateAt(a GateAt) int {
	if a.Gate != "" {
		os.WriteFile(a.Gate+".runs", nil, 0o600)
		untilFile(a.Gate)
	}
	return a.N
}

type GateAt struct {
	N    int
	Gate string
}

func init() { futures.Register(moody, sleepy, oddChan, anyLength, gateAt, pidAfter) }

func TestMapChunks(t *testing.T) {
	const n = 20_000
	for _, opts := range [][]futures.MapOption{
		nil,
		{futures.ChunkSize(1)}, {futures.ChunkSize(7)}, {futures.ChunkSize(100)}, {futures.ChunkSize(n + 1)},
		{futures.BufferSize(1)}, {futures.BufferSize(1000)}, {futures.BufferSize(1000), futures.ChunkSize(30)},
	} {
		pool := newPool(t, 2)
		rs, errs := collect(futures.Map(pool, square, count(n), opts...))
		if len(rs) != n {
			t.Fatalf("%d results", len(rs))
		}
		for i := range rs {
			if rs[i] != i*i || errs[i] != nil {
				t.Fatalf("%d: %d, %v", i, rs[i], errs[i])
			}
		}
	}
}

func TestMapSeq(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		ended := false
		seq := func(yield func(int) bool) { naturals(yield); ended = true }
		i := 0
		for v, err := range futures.MapSeq(pool, square, seq) {
			if v != i*i || err != nil {
				t.Fatalf("%d: %d, %v", i, v, err)
			}
			if i++; i == 50_000 {
				break
			}
		}
		if !ended {
			t.Error("leaving did not end the sequence")
		}
		rs, _ := collect(futures.MapSeqErr(pool, divide, slices.Values([]int{1, 0, 50})))
		if !slices.Equal(rs, []int{100, 0, 2}) {
			t.Errorf("%v", rs)
		}
	})
}

// Each task of a chunk has its own outcome, however its neighbours end.
func TestChunkOutcomes(t *testing.T) {
	pool := newPool(t, 2)
	for _, opts := range [][]futures.MapOption{nil, {futures.ChunkSize(50)}} {
		rs, errs := collect(futures.MapErr(pool, moody, count(500), opts...))
		if len(rs) != 500 {
			t.Fatalf("%d results", len(rs))
		}
		for i, err := range errs {
			var p *futures.PanicError
			var r *futures.RemoteError
			switch {
			case i%7 == 1 && errors.As(err, &r) && r.Message == fmt.Sprintf("%d is not nice", i):
			case i%7 == 3 && errors.As(err, &p) && p.Message == fmt.Sprint(i) && strings.Contains(p.Stack, "moody"):
			case i%7 == 5 && err != nil && strings.Contains(err.Error(), "Goexit"):
			case i%2 == 0 && i%7 != 1 && i%7 != 3 && i%7 != 5 && err == nil && rs[i] == i:
			case i%2 == 1 && i%7 != 1 && i%7 != 3 && i%7 != 5 && err == nil && rs[i] == i:
			default:
				t.Fatalf("%d: %d, %v", i, rs[i], err)
			}
		}
	}
}

// What can't cross fails alone, whether it is an argument or a result.
func TestChunkPickling(t *testing.T) {
	pool := newPool(t, 2)
	for _, opts := range [][]futures.MapOption{nil, {futures.ChunkSize(50)}} {
		rs, errs := collect(futures.Map(pool, oddChan, count(200), opts...))
		for i, err := range errs {
			var p *futures.PicklingError
			if i%2 == 0 && (err != nil || rs[i] != i) || i%2 == 1 && !errors.As(err, &p) {
				t.Fatalf("result %d: %v, %v", i, rs[i], err)
			}
		}
		var args []any
		for i := range 200 {
			args = append(args, oddChan(i))
		}
		lengths, errs := collect(futures.Map(pool, anyLength, args, opts...))
		if len(lengths) != 200 {
			t.Fatalf("%d results", len(lengths))
		}
		for i, err := range errs {
			var p *futures.PicklingError
			if i%2 == 0 && (err != nil || lengths[i] != len(fmt.Sprint(i))) || i%2 == 1 && !errors.As(err, &p) {
				t.Fatalf("argument %d: %v, %v", i, lengths[i], err)
			}
		}
	}
}

// A worker whose task takes long does not keep the rest of its chunk.
func TestChunkIsGivenBack(t *testing.T) {
	pool := newPool(t, 2)
	g := newGate(t)
	args := make([]GateAt, 2000)
	for i := range args {
		args[i].N = i
	}
	args[1000].Gate = string(g)
	opened := false
	i := 0
	for v, err := range futures.Map(pool, gateAt, args) {
		if v != i || err != nil {
			t.Fatalf("%d: %d, %v", i, v, err)
		}
		if i == 999 { // the other worker has all the rest
			g.open()
			opened = true
		}
		i++
	}
	if !opened || i != len(args) {
		t.Errorf("%d results", i)
	}
}

// Wherever in its chunk the task is that takes long.
func TestChunkIsGivenBackFromAnyPlace(t *testing.T) {
	pool := newPool(t, 2)
	for k := range 60 {
		g := newGate(t)
		args := make([]GateAt, 100)
		for i := range args {
			args[i].N = i
		}
		args[k].Gate = string(g)
		opened := make(chan bool)
		go func() {
			defer close(opened)
			eventually(t, "only one is left", func() bool {
				held := pool.Held()
				slices.Sort(held)
				return len(held) == 2 && held[0] == 0 && held[1] == 1 && exists(string(g)+".runs")
			})
			g.open()
		}()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		rs, errs := collect(futures.Map(pool, gateAt, args, futures.MapWithin(ctx)))
		cancel()
		<-opened
		if len(rs) != len(args) || !slices.IsSorted(rs) || slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
			t.Fatalf("%d: %v, %v", k, rs, errs)
		}
	}
}

// ChunkSize gives a worker neither more nor fewer at a time.
func TestChunkSizeIsWhatAWorkerTakes(t *testing.T) {
	pool := newPool(t, 2)
	if err := pool.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	pids, errs := collect(futures.Map(pool, sleepy, count(30), futures.ChunkSize(10)))
	for i := range pids {
		if errs[i] != nil || pids[i] != pids[i/10*10] {
			t.Fatalf("task %d ran in %d: %v", i, pids[i], pids)
		}
	}
}

// Leaving a Map calls back what workers hold of it.
func TestLeavingMapRecallsChunks(t *testing.T) {
	pool := newPool(t, 1)
	g, never := newGate(t), newGate(t)
	args := []GateAt{{0, string(g)}, {1, string(never)}, {2, ""}}
	left := make(chan bool)
	ctx, leave := context.WithCancel(context.Background())
	go func() {
		defer close(left)
		_, errs := collect(futures.Map(pool, gateAt, args, futures.ChunkSize(3), futures.MapWithin(ctx)))
		if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
			t.Errorf("%v", errs)
		}
	}()
	eventually(t, "the first runs", func() bool { return exists(string(g) + ".runs") })
	leave()
	<-left
	eventually(t, "the worker has given the others back", func() bool { return slices.Equal(pool.Held(), []int{1}) })
	g.open()
	// The worker is free for others, though the second would never end.
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	if exists(string(never) + ".runs") {
		t.Error("the second was run")
	}
}

func TestMapOfABrokenPool(t *testing.T) {
	pool := newPool(t, 2)
	name := filepath.Join(t.TempDir(), "never")
	args := make([]GateAt, 100)
	for i := range args {
		args[i] = GateAt{i, name}
	}
	m := futures.Map(pool, gateAt, args, futures.ChunkSize(5))
	eventually(t, "it runs", func() bool { return exists(name + ".runs") })
	kill(pool.PIDs()[0])
	_, errs := collect(m)
	if len(errs) != len(args) {
		t.Fatalf("%d errors", len(errs))
	}
	own := make(map[*futures.BrokenProcessPool]bool)
	for i, err := range errs {
		var b *futures.BrokenProcessPool
		if !errors.As(err, &b) || b.Message != abruptly || own[b] {
			t.Fatalf("%d: %v", i, err)
		}
		own[b] = true
	}
	if _, errs := collect(futures.Map(pool, square, []int{1, 2})); len(errs) != 1 || !strings.Contains(errs[0].Error(), "not usable anymore") {
		t.Errorf("later: %v", errs)
	}
}

func TestShutdownDuringMap(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		args := slices.Repeat([]string{string(g)}, 20)
		m := futures.Map(pool, untilFile, args)
		endless := futures.MapSeq(pool, square, naturals, futures.BufferSize(3))
		pool.Shutdown(false, false)
		g.open()
		sizes, errs := collect(m)
		for i := range args {
			if sizes[i] != 4 || errs[i] != nil {
				t.Errorf("%d: %d, %v", i, sizes[i], errs[i])
			}
		}
		// What was submitted is yielded, then why there is no more.
		rs, errs := collect(endless)
		var e *futures.RuntimeError
		if len(errs) != 4 || !slices.Equal(rs[:3], []int{0, 1, 4}) || !errors.As(errs[3], &e) {
			t.Errorf("%v, %v", rs, errs)
		}
		pool.Shutdown(true, false)
	})
}

func TestShutdownCancelsMap(t *testing.T) {
	pool := newPool(t, 1)
	g := newGate(t)
	args := make([]GateAt, 10)
	args[0].Gate = string(g)
	m := futures.Map(pool, gateAt, args)
	eventually(t, "the first runs", func() bool { return exists(string(g) + ".runs") })
	pool.Shutdown(false, true)
	g.open()
	_, errs := collect(m)
	if len(errs) != len(args) || errs[0] != nil {
		t.Fatalf("%v", errs)
	}
	for i, err := range errs[1:] {
		if !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%d: %v", i+1, err)
		}
	}
}

func TestMaxTasksPerChildOfChunks(t *testing.T) {
	for _, c := range []struct {
		opts  []futures.MapOption
		tasks int // in a worker's life
	}{{nil, 3}, {[]futures.MapOption{futures.ChunkSize(2)}, 6}} {
		pool := newPool(t, 1, futures.MaxTasksPerChild(3))
		pids, errs := collect(futures.Map(pool, pid, count(30), c.opts...))
		for i := range pids {
			if errs[i] != nil || pids[i] != pids[i/c.tasks*c.tasks] || i%c.tasks == 0 && i > 0 && pids[i] == pids[i-1] {
				t.Fatalf("%d: %v %v", i, pids, errs[i])
			}
		}
	}
}

// pidAfter waits for a file, if there is a name.
func pidAfter(name string) int {
	if name != "" {
		untilFile(name)
	}
	return os.Getpid()
}

// What a worker gives back does not count as its own.
func TestMaxTasksPerChildOfTasksGivenBack(t *testing.T) {
	pool := newPool(t, 1, futures.MaxTasksPerChild(3))
	g := newGate(t)
	args := make([]string, 9)
	args[3] = string(g) // the second worker has it with the two behind it
	m := futures.Map(pool, pidAfter, args)
	eventually(t, "only the slow one is held", func() bool {
		return slices.Equal(pool.Held(), []int{1}) && pool.Trace().Pending == 5
	})
	g.open()
	pids, errs := collect(m)
	for i := range pids {
		if errs[i] != nil || pids[i] != pids[i/3*3] || i%3 == 0 && i > 0 && pids[i] == pids[i-1] {
			t.Fatalf("%d: %v %v", i, pids, errs[i])
		}
	}
}

// More than a frame takes.
func TestMapOfLargeArguments(t *testing.T) {
	pool := newPool(t, 2)
	var args [][]byte
	for i := range 40 {
		args = append(args, make([]byte, i*20_000))
	}
	rs, errs := collect(futures.Map(pool, echoBytes, args))
	for i := range args {
		if errs[i] != nil || len(rs[i]) != len(args[i]) {
			t.Fatalf("%d: %d, %v", i, len(rs[i]), errs[i])
		}
	}
}
