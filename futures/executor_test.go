package futures_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

func TestSubmit(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		if v, err := futures.Submit(pool, square, 12).Result(); v != 144 || err != nil {
			t.Errorf("square: %v, %v", v, err)
		}
		if v, err := futures.SubmitErr(pool, divide, 5).Result(); v != 20 || err != nil {
			t.Errorf("divide: %v, %v", v, err)
		}
		if v, err := futures.SubmitErr(pool, divide, 0).Result(); v != 0 || err == nil || err.Error() != "division by zero" {
			t.Errorf("divide by 0: %v, %v", v, err)
		}
		if v, err := futures.Submit(pool, pair2, [2]int{3, 4}).Result(); v.Sum != 7 || v.Product != 12 || err != nil {
			t.Errorf("pair: %v, %v", v, err)
		}
	})
}

func TestErrorsKeepTheirIdentity(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		_, err := futures.SubmitErr(pool, eof, 0).Result()
		if !errors.Is(err, io.EOF) {
			t.Errorf("io.EOF: %v", err)
		}
		_, err = futures.SubmitErr(pool, wrapped, 0).Result()
		if !errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrExist) || err.Error() != "reading: file does not exist" {
			t.Errorf("wrapped: %v", err)
		}
	})
}

// A function may result in an error alone.
func TestErrorAlone(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		if err := futures.Submit(pool, actAlone, "error").Exception(); err == nil || err.Error() != "the error" {
			t.Errorf("%v", err)
		}
		if v, err := futures.Submit(pool, actAlone, "").Result(); v != nil || err != nil {
			t.Errorf("%v, %v", v, err)
		}
		vs, errs := collect(futures.Map(pool, actAlone, []string{"", "error"}))
		if len(vs) != 2 || vs[1] != nil || errs[0] != nil || fmt.Sprint(errs[1]) != "the error" {
			t.Errorf("%v, %v", vs, errs)
		}
	})
}

func TestPanicIsTheTasksError(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		_, err := futures.Submit(pool, boom, 5).Result()
		var p *futures.PanicError
		if !errors.As(err, &p) {
			t.Fatalf("%T %v", err, err)
		}
		if p.Type != "runtime.boundsError" || p.Message != "runtime error: index out of range [5] with length 3" {
			t.Errorf("type %s, message %s", p.Type, p.Message)
		}
		if !strings.Contains(p.Stack, "futures_test.boom") {
			t.Errorf("the stack does not show the task:\n%s", p.Stack)
		}
		if _, from, _ := strings.Cut(p.Stack, "\n"); !strings.HasPrefix(from, "panic(") {
			t.Errorf("the stack does not begin with the panic:\n%s", p.Stack)
		}
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("afterwards: %v, %v", v, err)
		}
	})
}

func TestGoexitIsTheTasksError(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		if _, err := futures.Submit(pool, goexit, 0).Result(); err == nil || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("%v", err)
		}
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("afterwards: %v, %v", v, err)
		}
	})
}

func TestMapKeepsOrder(t *testing.T) {
	var args []int
	for i := range 1000 {
		args = append(args, i)
	}
	pools(t, 3, func(t *testing.T, pool futures.Executor) {
		i := 0
		for v, err := range futures.Map(pool, square, args) {
			if v != i*i || err != nil {
				t.Fatalf("item %d: %v, %v", i, v, err)
			}
			i++
		}
		if i != len(args) {
			t.Errorf("%d results", i)
		}
	})
}

func TestMapGoesOnAfterAFailure(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		var got []string
		for v, err := range futures.MapErr(pool, divide, []int{1, 0, 5}) {
			got = append(got, fmt.Sprint(v, err))
		}
		if want := []string{"100 <nil>", "0 division by zero", "20 <nil>"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
}

func TestLeavingMapCancelsTheRest(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		dir := t.TempDir()
		first := newGate(t)
		first.open()
		closed := newGate(t)
		args := [][2]string{{filepath.Join(dir, "0"), string(first)}}
		for i := range 20 {
			args = append(args, [2]string{filepath.Join(dir, fmt.Sprint(i+1)), string(closed)})
		}
		for range futures.Map(pool, touchThenWait, args) {
			break
		}
		closed.open()
		pool.Shutdown(true, false)
		ran, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(ran) > 3 { // the first, the one begun, and one held beforehand
			t.Errorf("%d of %d tasks ran", len(ran), len(args))
		}
	})
}

func TestMapSubmitsWithoutIteration(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		name := filepath.Join(t.TempDir(), "ran")
		g := newGate(t)
		g.open()
		futures.Map(pool, touchThenWait, [][2]string{{name, string(g)}})
		pool.Shutdown(true, false)
		if !exists(name) {
			t.Error("the task did not run")
		}
	})
}

func TestMapTimeout(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		var errs []error
		for _, err := range futures.Map(pool, untilFile, []string{string(g), string(g)}, futures.Timeout(1)) {
			errs = append(errs, err)
		}
		if len(errs) != 1 || !errors.Is(errs[0], futures.TimeoutError{}) {
			t.Errorf("got %v", errs)
		}
		g.open()
	})
}

func TestMapBuffer(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		taken, i := 0, 0
		task := futures.NewTask(futures.NameOf(square), square)
		m := futures.NewMappingSeq(pool, task, func(yield func(any) bool) {
			for {
				taken++
				if !yield(taken) {
					return
				}
			}
		}, futures.BufferSize(4))
		defer m.Close()
		for ; i < 100; i++ {
			if taken > i+4 {
				t.Fatalf("%d arguments were taken for %d results", taken, i)
			}
			if v, err, ok := m.Next(); v != (i+1)*(i+1) || err != nil || !ok {
				t.Fatalf("result %d: %v, %v, %v", i, v, err, ok)
			}
		}
	})
}

func TestMapBadOptions(t *testing.T) {
	pool := futures.NewThreadPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, false) })
	for want, opt := range map[string]futures.MapOption{
		"chunksize must be >= 1.": futures.ChunkSize(0),
		"buffersize must be > 0":  futures.BufferSize(0),
	} {
		var got []string
		for _, err := range futures.Map(pool, square, []int{1, 2}, opt) {
			got = append(got, fmt.Sprint(err))
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMapEmpty(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		for v, err := range futures.Map(pool, square, nil) {
			t.Errorf("got %v, %v", v, err)
		}
	})
}

func TestSubmitAfterShutdown(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		pool.Shutdown(true, false)
		pool.Shutdown(true, true)
		_, err := futures.Submit(pool, square, 1).Result()
		var e *futures.RuntimeError
		if !errors.As(err, &e) || err.Error() != "cannot schedule new futures after shutdown" {
			t.Errorf("%v", err)
		}
	})
}

func TestShutdownWaits(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		var fs []*futures.Future[int]
		for range 6 {
			fs = append(fs, futures.Submit(pool, untilFile, string(g)))
		}
		pool.Shutdown(false, false) // pending ones run all the same
		g.open()
		pool.Shutdown(true, false)
		for _, f := range fs {
			if !f.Done() {
				t.Errorf("%v", f)
			}
			if v, err := f.Result(); v != 4 || err != nil {
				t.Errorf("%v, %v", v, err)
			}
		}
	})
}

func TestCancelFutures(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		var fs []*futures.Future[int]
		for range 50 {
			fs = append(fs, futures.Submit(pool, untilFile, string(g)))
		}
		eventually(t, "two run", func() bool { return fs[0].Running() && fs[1].Running() })
		pool.Shutdown(false, true)
		// Whoever waits hears of it at once, though nothing has finished.
		cancelled, running, err := futures.Wait(context.Background(), fs, futures.FirstCompleted)
		if len(cancelled) != 48 || len(running) != 2 || err != nil {
			t.Errorf("%d cancelled, %d not, %v", len(cancelled), len(running), err)
		}
		g.open()
		pool.Shutdown(true, false)
		for _, f := range running {
			if v, err := f.Result(); v != 4 || err != nil {
				t.Errorf("running: %v, %v", v, err)
			}
		}
	})
}

func TestCancelPending(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		first := futures.Submit(pool, untilFile, string(g))
		eventually(t, "the first runs", first.Running)
		second := futures.Submit(pool, square, 2)
		called := make(chan bool, 1)
		second.AddDoneCallback(func(f *futures.Future[int]) { called <- f.Cancelled() })
		if first.Cancel() {
			t.Error("a running task was cancelled")
		}
		if !second.Cancel() || !<-called {
			t.Error("a pending task was not cancelled")
		}
		g.open()
		if v, err := first.Result(); v != 4 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
		if _, err := second.Result(); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		done, _, _ := futures.Wait(context.Background(), []*futures.Future[int]{second}, futures.AllCompleted)
		if len(done) != 1 {
			t.Error("the pool did not drop the cancelled one")
		}
	})
}

func TestContext(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		ctx, cancel := context.WithCancel(context.Background())
		name := filepath.Join(t.TempDir(), "runs")
		running := futures.SubmitContext(ctx, pool, untilCancelled, name)
		pending := futures.SubmitContext(ctx, pool, untilCancelled, name)
		eventually(t, "the task runs", func() bool { return exists(name) })
		cancel()
		if _, err := pending.Result(); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("pending: %v", err)
		}
		if _, err := running.Result(); !errors.Is(err, context.Canceled) || running.Cancelled() {
			t.Errorf("running: %v", err)
		}
		late := futures.SubmitContext(ctx, pool, untilCancelled, name)
		if _, err := late.Result(); !errors.Is(err, context.Canceled) {
			t.Errorf("late: %v", err)
		}
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("afterwards: %v, %v", v, err)
		}
	})
}

// howItEnds tells how its context ends, and one derived from it, and of its deadline.
func howItEnds(ctx context.Context, name string) ([]string, error) {
	os.WriteFile(name, nil, 0o600)
	derived, cancel := context.WithCancel(ctx)
	defer cancel()
	<-derived.Done()
	deadline, _ := ctx.Deadline()
	said := []string{fmt.Sprint(deadline.UnixNano())}
	for _, ctx := range []context.Context{ctx, derived} {
		said = append(said, ctx.Err().Error(), context.Cause(ctx).Error(), fmt.Sprint(errors.Is(context.Cause(ctx), io.EOF)))
	}
	return said, nil
}

func init() { futures.Register(howItEnds) }

// Wherever a task runs, its context ends as the submitter's does.
func TestContextsEnd(t *testing.T) {
	cause := fmt.Errorf("enough: %w", io.EOF)
	type ending struct {
		context.Context
		end func()
	}
	const canceled, exceeded = "context canceled", "context deadline exceeded"
	for what, c := range map[string]struct {
		ctx  func(d time.Duration) ending
		want []string // error, cause, whether that wraps io.EOF
	}{
		"cancelled": {func(time.Duration) ending {
			ctx, cancel := context.WithCancel(context.Background())
			return ending{ctx, cancel}
		}, []string{canceled, canceled, "false"}},
		"cancelled with a cause": {func(time.Duration) ending {
			ctx, cancel := context.WithCancelCause(context.Background())
			return ending{ctx, func() { cancel(cause) }}
		}, []string{canceled, "enough: EOF", "true"}},
		"late": {func(d time.Duration) ending {
			ctx, cancel := context.WithTimeout(context.Background(), d)
			t.Cleanup(cancel)
			return ending{ctx, func() {}}
		}, []string{exceeded, exceeded, "false"}},
		"late with a cause": {func(d time.Duration) ending {
			ctx, cancel := context.WithTimeoutCause(context.Background(), d, cause)
			t.Cleanup(cancel)
			return ending{ctx, func() {}}
		}, []string{exceeded, "enough: EOF", "true"}},
		"cancelled before its deadline": {func(time.Duration) ending {
			outer, cancel := context.WithCancelCause(context.Background())
			ctx, stop := context.WithTimeout(outer, time.Hour)
			t.Cleanup(stop)
			return ending{ctx, func() { cancel(cause) }}
		}, []string{canceled, "enough: EOF", "true"}},
	} {
		t.Run(what, func(t *testing.T) {
			pools(t, 1, func(t *testing.T, pool futures.Executor) {
				for d := 50 * time.Millisecond; ; d *= 2 {
					ctx := c.ctx(d)
					name := filepath.Join(t.TempDir(), "runs")
					f := futures.SubmitContext(ctx, pool, howItEnds, name)
					eventually(t, "it runs, or never will", func() bool { return exists(name) || f.Done() })
					ctx.end()
					said, err := f.Result()
					if f.Cancelled() { // its time was over before it ran
						continue
					}
					deadline, _ := ctx.Deadline()
					want := slices.Concat([]string{fmt.Sprint(deadline.UnixNano())}, c.want, c.want)
					if err != nil || !slices.Equal(said, want) {
						t.Errorf("%q, %v, rather than %q", said, err, want)
					}
					return
				}
			})
		})
	}
}

func TestWithin(t *testing.T) {
	for _, make := range []func(int, ...futures.Option) futures.Executor{
		func(n int, o ...futures.Option) futures.Executor { return futures.NewThreadPoolExecutor(n, o...) },
		func(n int, o ...futures.Option) futures.Executor { return futures.NewProcessPoolExecutor(n, o...) },
	} {
		ctx, cancel := context.WithCancel(context.Background())
		pool := make(1, futures.Within(ctx))
		g := newGate(t)
		running := futures.Submit(pool, untilFile, string(g))
		eventually(t, "the first runs", running.Running)
		pending := futures.Submit(pool, square, 2)
		cancel()
		if _, err := pending.Result(); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%T: pending: %v", pool, err)
		}
		if _, processes := pool.(*futures.ProcessPoolExecutor); !processes {
			g.open() // a goroutine can't be stopped
		}
		running.Result()
		pool.Shutdown(true, false)
		if _, err := futures.Submit(pool, square, 1).Result(); err == nil {
			t.Errorf("%T: a submit after its context ended", pool)
		}
	}
}

func TestAsCompletedOverAPool(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		slow := futures.Submit(pool, untilFile, string(g))
		quick := futures.Submit(pool, square, 7)
		var order []*futures.Future[int]
		for f, err := range futures.AsCompleted(context.Background(), []*futures.Future[int]{slow, quick}) {
			if err != nil {
				t.Fatal(err)
			}
			order = append(order, f)
			g.open()
		}
		if !slices.Equal(order, []*futures.Future[int]{quick, slow}) {
			t.Errorf("order %v", order)
		}
	})
}

func TestPoolsThatCantBe(t *testing.T) {
	for want, pools := range map[string][]futures.Executor{
		"max_workers must be greater than 0":                              {futures.NewThreadPoolExecutor(-1), futures.NewProcessPoolExecutor(-1)},
		"max_tasks_per_child must be >= 1":                                {futures.NewProcessPoolExecutor(1, futures.MaxTasksPerChild(0)), futures.NewProcessPoolExecutor(1, futures.MaxTasksPerChild(-1))},
		"cannot find context for 'fork'":                                  {futures.NewProcessPoolExecutor(1, futures.StartMethod("fork"))},
		"initializer must be a callable: int: int is not a function":      {futures.NewThreadPoolExecutor(1, futures.Initializer(5)), futures.NewProcessPoolExecutor(1, futures.Initializer(5))},
		"this ThreadPoolExecutor was not made by NewThreadPoolExecutor":   {&futures.ThreadPoolExecutor{}},
		"this ProcessPoolExecutor was not made by NewProcessPoolExecutor": {&futures.ProcessPoolExecutor{}},
	} {
		for _, pool := range pools {
			f := futures.Submit(pool, square, 1)
			if !f.Done() {
				t.Errorf("%v: %s is pending", pool, want)
				continue
			}
			err := f.Exception()
			made := !strings.HasPrefix(want, "this ")
			if err == nil || !strings.HasPrefix(err.Error(), want) || errors.As(err, new(*futures.ValueError)) != made {
				t.Errorf("%v: %T %v", pool, err, err)
			}
			for _, err := range futures.Map(pool, square, []int{1, 2}) {
				if err == nil || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%v: Map: %v", pool, err)
				}
			}
			pool.Shutdown(true, true)
		}
	}
	for _, pool := range []futures.Executor{futures.NewThreadPoolExecutor(1, futures.Initializer(nil)), futures.NewProcessPoolExecutor(1, futures.Initializer(nil))} {
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("no initializer: %v, %v", v, err)
		}
		pool.Shutdown(true, false)
	}
}

func TestNilFunction(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		if _, err := futures.Submit[int, int](pool, nil, 1).Result(); err == nil || !strings.Contains(err.Error(), "nil") {
			t.Errorf("%v", err)
		}
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("afterwards: %v, %v", v, err)
		}
	})
}

func TestCallbackMaySubmit(t *testing.T) {
	pools(t, 1, func(t *testing.T, pool futures.Executor) {
		next := make(chan *futures.Future[int], 1)
		futures.Submit(pool, square, 3).AddDoneCallback(func(f *futures.Future[int]) {
			v, _ := f.Result()
			next <- futures.Submit(pool, double, v)
		})
		if v, err := (<-next).Result(); v != 18 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	})
}

func TestManySubmitters(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		var all sync.WaitGroup
		for g := range 8 {
			all.Go(func() {
				for i := range 200 {
					if v, err := futures.Submit(pool, square, g*i).Result(); v != g*i*g*i || err != nil {
						t.Errorf("%v, %v", v, err)
						return
					}
				}
			})
		}
		all.Wait()
	})
}

func TestInitializer(t *testing.T) {
	defer ready.Store("")
	for name, pool := range map[string]futures.Executor{
		"threads":   futures.NewThreadPoolExecutor(2, futures.Initializer(setUp, "set up")),
		"processes": futures.NewProcessPoolExecutor(2, futures.Initializer(setUp, "set up")),
	} {
		for v, err := range futures.Map(pool, isSetUp, []int{1, 2, 3, 4}) {
			if v != "set up" || err != nil {
				t.Errorf("%s: %q, %v", name, v, err)
			}
		}
		pool.Shutdown(true, false)
	}
}

func TestThreadSaturation(t *testing.T) {
	const workers = 4
	pool := futures.NewThreadPoolExecutor(workers)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	eventually(t, "the threads of other tests end", func() bool { return threads() == 0 })
	g := newGate(t)
	for range 15 * workers {
		futures.Submit(pool, untilFile, string(g))
	}
	eventually(t, "all threads run", func() bool { return threads() >= workers })
	if n := threads(); n != workers {
		t.Errorf("%d goroutines for %d workers", n, workers)
	}
}

// threads counts the goroutines that work for thread pools.
func threads() int {
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return bytes.Count(stacks, []byte("futures.(*ThreadPoolExecutor).work("))
}

// TestSubmitWhileThePoolEnds submits from several goroutines while the pool is shut
// down, or breaks: each future has an outcome, none is lost in the queue.
func TestSubmitWhileThePoolEnds(t *testing.T) {
	ends := map[string]struct {
		opts []futures.Option
		end  func(*futures.ThreadPoolExecutor)
	}{
		"shutdown":  {nil, func(p *futures.ThreadPoolExecutor) { p.Shutdown(false, false) }},
		"cancelled": {nil, func(p *futures.ThreadPoolExecutor) { p.Shutdown(false, true) }},
		"broken":    {[]futures.Option{futures.Initializer(setUpFails, "no")}, func(*futures.ThreadPoolExecutor) {}},
	}
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	for name, c := range ends {
		for round := range 200 {
			pool := futures.NewThreadPoolExecutor(2, c.opts...)
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					for i := range 100 {
						v, err := futures.Submit(pool, square, i).Result()
						refused := errors.As(err, new(*futures.RuntimeError)) || errors.As(err, new(*futures.BrokenThreadPool))
						if err == nil && v != i*i || err != nil && !refused && !errors.Is(err, futures.CancelledError{}) {
							t.Errorf("%s: %d, %v", name, v, err)
						}
						if refused {
							return
						}
					}
				})
			}
			for range round {
				runtime.Gosched()
			}
			c.end(pool)
			all.Wait()
			pool.Shutdown(true, false)
		}
	}
}

func TestIdleThreadIsReused(t *testing.T) {
	pool := futures.NewThreadPoolExecutor(8)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	eventually(t, "the threads of other tests end", func() bool { return threads() == 0 })
	for i := range 20 {
		futures.Submit(pool, square, i).Result()
	}
	// A worker says that it is idle just after the result is there.
	if n := threads(); n < 1 || n > 3 {
		t.Errorf("%d goroutines", n)
	}
}

func TestGIL(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	futures.SetGIL(true)
	futures.SetGIL(true)
	if !futures.GIL() || runtime.GOMAXPROCS(0) != 1 {
		t.Errorf("on: %v, %d", futures.GIL(), runtime.GOMAXPROCS(0))
	}
	// A blocking call lets others run.
	pool := futures.NewThreadPoolExecutor(2)
	g := newGate(t)
	blocked := futures.Submit(pool, untilFile, string(g))
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil || blocked.Done() {
		t.Errorf("%v, %v", v, err)
	}
	g.open()
	pool.Shutdown(true, false)
	futures.SetGIL(false)
	if futures.GIL() || runtime.GOMAXPROCS(0) != before {
		t.Errorf("off: %v, %d", futures.GIL(), runtime.GOMAXPROCS(0))
	}
}
