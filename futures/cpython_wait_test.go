package futures_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

type anyFutures = []*futures.Future[int]

func futureIn(s futures.State) *futures.Future[int] { return &futures.Future[int]{Any: inState(s)} }

// waits checks how many of some futures Wait says are done.
func waits(t *testing.T, fs anyFutures, when futures.ReturnWhen, done, notDone int) {
	t.Helper()
	d, n, err := futures.Wait(context.Background(), fs, when)
	if len(d) != done || len(n) != notDone || err != nil {
		t.Errorf("%d done and %d not, rather than %d and %d: %v", len(d), len(n), done, notDone, err)
	}
}

// failAt fails once its gate is open.
func failAt(name string) (int, error) {
	untilFile(name)
	return 0, errors.New("this is an exception")
}

// setUpTells leaves a file named for its process, and fails.
func setUpTells(dir string) error {
	os.WriteFile(filepath.Join(dir, strconv.Itoa(os.Getpid())), nil, 0o600)
	return errors.New("set up in vain")
}

func init() { futures.Register(failAt, setUpTells) }

var waitCases = map[string]func(*testing.T){
	"test_20369": both(1, func(t *testing.T, pool futures.Executor) { // duplicates
		f := futures.Submit(pool, square, 1)
		waits(t, anyFutures{f, f}, futures.AllCompleted, 1, 0)
	}),
	"test_first_completed": both(2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		never := futures.Submit(pool, untilFile, string(g))
		f := futures.Submit(pool, square, 2)
		d, n, err := futures.Wait(context.Background(), anyFutures{never, f, futureIn(futures.Pending)}, futures.FirstCompleted)
		if len(d) != 1 || d[0] != f || len(n) != 2 || err != nil {
			t.Errorf("%v, %v, %v", d, n, err)
		}
	}),
	"test_first_completed_some_already_completed": both(1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		f := futures.Submit(pool, untilFile, string(g))
		waits(t, anyFutures{futureIn(futures.CancelledAndNotified), futureIn(futures.Finished), f}, futures.FirstCompleted, 2, 1)
	}),
	"test_first_exception": both(2, func(t *testing.T, pool futures.Executor) {
		g, never := newGate(t), newGate(t)
		good := futures.Submit(pool, square, 2)
		bad := futures.SubmitErr(pool, failAt, string(g))
		other := futures.Submit(pool, untilFile, string(never))
		good.Result()
		g.open()
		waits(t, anyFutures{good, bad, other}, futures.FirstException, 2, 1)
	}),
	"test_first_exception_some_already_complete": both(2, func(t *testing.T, pool futures.Executor) {
		g, never := newGate(t), newGate(t)
		bad := futures.SubmitErr(pool, failAt, string(g))
		other := futures.Submit(pool, untilFile, string(never))
		g.open()
		waits(t, anyFutures{futureIn(futures.Finished), futureIn(futures.Cancelled), futureIn(futures.CancelledAndNotified), bad, other},
			futures.FirstException, 3, 2)
	}),
	"test_first_exception_one_already_failed": both(1, func(t *testing.T, pool futures.Executor) {
		failed := futures.NewFuture()
		failed.SetException(errors.New("x"))
		g := newGate(t)
		f := futures.Submit(pool, untilFile, string(g))
		waits(t, anyFutures{{Any: failed}, f}, futures.FirstException, 1, 1)
	}),
	"test_all_completed": both(2, func(t *testing.T, pool futures.Executor) {
		waits(t, anyFutures{futureIn(futures.CancelledAndNotified), futureIn(futures.Finished),
			futures.Submit(pool, square, 1), futures.SubmitErr(pool, divide, 0)}, futures.AllCompleted, 4, 0)
	}),
	"test_timeout": both(2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		f := futures.Submit(pool, square, 6)
		f.Result()
		late := futures.Submit(pool, untilFile, string(g))
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		d, n, err := futures.Wait(ctx, anyFutures{futureIn(futures.CancelledAndNotified), f, late}, futures.AllCompleted)
		if len(d) != 2 || len(n) != 1 || err != nil {
			t.Errorf("%v, %v, %v", d, n, err)
		}
	}),
	"test_pending_calls_race": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(100)
		defer pool.Shutdown(true, true)
		g := newGate(t)
		var fs anyFutures
		for range 100 {
			fs = append(fs, futures.Submit(pool, untilFile, string(g)))
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { waits(t, fs, futures.AllCompleted, 100, 0) })
		}
		g.open()
		all.Wait()
	},
}

// completed is the order in which AsCompleted hands out futures.
func completed(t *testing.T, ctx context.Context, fs anyFutures) (got anyFutures, failure error) {
	for f, err := range futures.AsCompleted(ctx, fs) {
		if err != nil {
			return got, err
		}
		got = append(got, f)
	}
	return got, nil
}

var asCompletedCases = map[string]func(*testing.T){
	"test_no_timeout": both(2, func(t *testing.T, pool futures.Executor) {
		a, b := futures.Submit(pool, square, 2), futures.Submit(pool, square, 7)
		got, err := completed(t, context.Background(), anyFutures{futureIn(futures.CancelledAndNotified), futureIn(futures.Finished), a, b})
		if len(got) != 4 || got[2] != a && got[3] != a || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}),
	"test_future_times_out": both(1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		late := futures.Submit(pool, untilFile, string(g))
		early := anyFutures{futureIn(futures.CancelledAndNotified), futureIn(futures.Finished)}
		for _, d := range []time.Duration{0, time.Millisecond} {
			ctx, cancel := context.WithTimeout(context.Background(), d)
			got, err := completed(t, ctx, append(early, late))
			cancel()
			if len(got) != 2 || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v, %v", got, err)
			}
		}
	}),
	"test_duplicate_futures": both(1, func(t *testing.T, pool futures.Executor) {
		f := futures.Submit(pool, square, 2)
		if got, err := completed(t, context.Background(), anyFutures{f, f}); len(got) != 1 || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}),
	"test_free_reference_yielded_future": func(t *testing.T) {
		// Go's callers hold their futures; what is watched must not hold them too.
		var gone atomic.Bool
		pending := futures.NewFuture()
		c := func() *futures.Completions {
			f := inState(futures.Finished)
			runtime.AddCleanup(f, func(int) { gone.Store(true) }, 0)
			c := futures.AsCompletedAny(context.Background(), done(f, pending))
			if got, err := c.Next(); got != f || err != nil {
				t.Errorf("%v, %v", got, err)
			}
			return c
		}()
		isCollected(t, &gone)
		c.Close()
	},
	"test_correct_timeout_exception_msg": func(t *testing.T) {
		fs := anyFutures{futureIn(futures.CancelledAndNotified), futureIn(futures.Pending), futureIn(futures.Running), futureIn(futures.Finished)}
		ctx, cancel := context.WithTimeout(context.Background(), 0)
		defer cancel()
		if _, err := completed(t, ctx, fs); err == nil || err.Error() != "2 (of 4) futures unfinished" {
			t.Errorf("%v", err)
		}
	},
}

var initCases = map[string]func(*testing.T){
	"test_initializer": func(t *testing.T) {
		for _, pool := range []futures.Executor{
			futures.NewThreadPoolExecutor(2, futures.Initializer(setUp, "initialized")),
			futures.NewProcessPoolExecutor(2, futures.Initializer(setUp, "initialized")),
		} {
			for v, err := range futures.Map(pool, isSetUp, count(10)) {
				if v != "initialized" || err != nil {
					t.Errorf("%T: %q, %v", pool, v, err)
				}
			}
			pool.Shutdown(true, false)
		}
		ready.Store("")
	},
	"test_failing_initializer": func(t *testing.T) {
		logged := logged(t)
		for _, pool := range []futures.Executor{
			futures.NewThreadPoolExecutor(2, futures.Initializer(setUpFails, "no way")),
			futures.NewProcessPoolExecutor(2, futures.Initializer(setUpFails, "no way")),
		} {
			var threads *futures.BrokenThreadPool
			var processes *futures.BrokenProcessPool
			for range 2 { // the one that is pending, and a later one
				err := futures.Submit(pool, square, 1).Exception()
				if !errors.As(err, &threads) && !errors.As(err, &processes) {
					t.Errorf("%T: %v", pool, err)
				}
			}
			pool.Shutdown(true, false)
		}
		if s := logged.String(); s == "" {
			t.Error("nothing was logged")
		}
	},
	"test_spawn": func(t *testing.T) { // what the workers hold is let go of
		dir := t.TempDir()
		pool := futures.NewProcessPoolExecutor(3, futures.Initializer(setUpTells, dir))
		var fs []*futures.Future[int]
		for i := range 3 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		for _, f := range fs {
			broken(t, f)
		}
		pool.Shutdown(true, false)
		pids, err := os.ReadDir(dir)
		if len(pids) == 0 || err != nil {
			t.Errorf("no worker was set up: %v", err)
		}
		for _, f := range pids {
			if pid, _ := strconv.Atoi(f.Name()); pid == 0 || alive(pid) {
				t.Errorf("%s lives on", f.Name())
			}
		}
	},
}
