package futures_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// deadly kills its process for a poisonous number, and otherwise tells of it.
func deadly(n int) int {
	if n == poison {
		die(0)
	}
	return n
}

const poison = 13

// dieOnce kills its process unless the file is there, which it makes.
func dieOnce(name string) int {
	if !exists(name) {
		os.WriteFile(name, nil, 0o600)
		die(0)
	}
	return os.Getpid()
}

// hang says that it runs and never ends.
func hang(name string) int {
	os.WriteFile(name, nil, 0o600)
	select {}
}

func init() { futures.Register(deadly, dieOnce, hang) }

func TestRestart(t *testing.T) {
	pool := newPool(t, 2, futures.Restart(2))
	var fs []*futures.Future[int]
	for i := range 40 {
		fs = append(fs, futures.Submit(pool, deadly, i))
	}
	for i, f := range fs {
		v, err := f.Result()
		var w *futures.WorkerError
		switch {
		case i == poison && errors.As(err, &w) && w.ExitCode == -9:
		case i != poison && v == i && err == nil:
		default:
			t.Errorf("%d: %d, %v", i, v, err)
		}
	}
	name := filepath.Join(t.TempDir(), "died")
	if pid, err := futures.Submit(pool, dieOnce, name).Result(); err != nil || !slices.Contains(pool.PIDs(), pid) {
		t.Errorf("%d, %v, %v", pid, err, pool.PIDs())
	}
}

func TestRestartMap(t *testing.T) {
	for _, opts := range [][]futures.MapOption{nil, {futures.ChunkSize(20)}} {
		pool := newPool(t, 2, futures.Restart(1))
		rs, errs := collect(futures.Map(pool, deadly, count(300), opts...))
		if len(rs) != 300 {
			t.Fatalf("%d results", len(rs))
		}
		for i, err := range errs {
			var w *futures.WorkerError
			if (i == poison) != errors.As(err, &w) || i != poison && (err != nil || rs[i] != i) {
				t.Errorf("%d: %d, %v", i, rs[i], err)
			}
		}
	}
}

// A worker that dies without a task is replaced as well.
func TestRestartIdle(t *testing.T) {
	pool := newPool(t, 1, futures.Restart(0))
	for range 3 {
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Fatalf("%d, %v", v, err)
		}
		pid := pool.PIDs()[0]
		kill(pid)
		eventually(t, "it is gone", func() bool { return len(pool.PIDs()) == 0 })
	}
}

func TestRestartDoesNotMendTheInitializer(t *testing.T) {
	pool := newPool(t, 1, futures.Restart(3), futures.Initializer(setUpFails, "no"))
	broken(t, futures.Submit(pool, square, 3))
}

func TestCancelRunning(t *testing.T) {
	dir := t.TempDir()
	pool := newPool(t, 1)
	if err := pool.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	pid := pool.PIDs()[0]
	running := futures.Submit(pool, hang, filepath.Join(dir, "a"))
	next := futures.Submit(pool, square, 3)
	eventually(t, "it runs", func() bool { return exists(filepath.Join(dir, "a")) })
	if running.Cancel() {
		t.Error("a running task was cancelled")
	}
	for range 2 { // the second time it is cancelled already
		if !running.CancelRunning() || !running.Cancelled() {
			t.Errorf("%v", running)
		}
	}
	if _, err := running.Result(); !errors.Is(err, futures.CancelledError{}) {
		t.Errorf("%v", err)
	}
	if v, err := next.Result(); v != 9 || err != nil {
		t.Errorf("the next: %d, %v", v, err)
	}
	if next.CancelRunning() {
		t.Error("a finished task was cancelled")
	}
	eventually(t, "the worker is gone", func() bool { return !alive(pid) })

	threads := futures.NewThreadPoolExecutor(1)
	name := filepath.Join(dir, "b")
	f := futures.SubmitContext(context.Background(), threads, untilCancelled, name)
	eventually(t, "it runs", func() bool { return exists(name) })
	if !f.CancelRunning() || !f.Cancelled() {
		t.Errorf("%v", f)
	}
	threads.Shutdown(true, false) // its context has ended
}

func TestKillAfter(t *testing.T) {
	dir := t.TempDir()
	pool := newPool(t, 1, futures.KillAfter(0))
	task := futures.NewTask(futures.NameOf(hang), hang)
	ctx, cancel := context.WithCancel(context.Background())
	name := filepath.Join(dir, "a")
	f := futures.SubmitTask[string, int](ctx, pool, task, name)
	eventually(t, "it runs", func() bool { return exists(name) })
	cancel()
	if _, err := f.Result(); !errors.Is(err, futures.CancelledError{}) || !f.Cancelled() {
		t.Errorf("%v", err)
	}
	// A time limit for a task: its context's deadline.
	ctx, cancel = context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	f = futures.SubmitTask[string, int](ctx, pool, task, filepath.Join(dir, "b"))
	if _, err := f.Result(); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}

// Cancelling races with starting, finishing and shutting down; each future has
// exactly one outcome.
// A host interrupts tasks, whether they look at their context or not.
func TestInterrupted(t *testing.T) {
	pool := newPool(t, 1)
	dir := t.TempDir()
	run := func(ctx context.Context, name string) *futures.Future[int] {
		return futures.SubmitTask[string, int](ctx, pool, futures.NewTask(futures.NameOf(hang), hang), filepath.Join(dir, name))
	}
	ctx, interrupt := context.WithCancelCause(context.Background())
	running, pending := run(ctx, "a"), run(ctx, "b")
	eventually(t, "it runs", func() bool { return exists(filepath.Join(dir, "a")) })
	interrupt(futures.ErrInterrupted)
	for _, f := range []*futures.Future[int]{running, pending} {
		if _, err := f.Result(); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%v", err)
		}
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil || exists(filepath.Join(dir, "b")) {
		t.Errorf("%d, %v", v, err)
	}
	ctx, interrupt = context.WithCancelCause(context.Background())
	done := make(chan []error)
	go func() {
		_, errs := collect(futures.Map(pool, hang, []string{filepath.Join(dir, "c"), filepath.Join(dir, "d")}, futures.MapWithin(ctx)))
		done <- errs
	}()
	eventually(t, "it runs", func() bool { return exists(filepath.Join(dir, "c")) })
	interrupt(futures.ErrInterrupted)
	if errs := <-done; len(errs) == 0 || errs[len(errs)-1] == nil {
		t.Errorf("%v", errs)
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil || exists(filepath.Join(dir, "d")) {
		t.Errorf("%d, %v", v, err)
	}
}

func TestCancelRaces(t *testing.T) {
	pools(t, 2, func(t *testing.T, pool futures.Executor) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for i := range 200 {
					f := futures.Submit(pool, square, i)
					calls := 0
					called := make(chan bool)
					f.AddDoneCallback(func(*futures.Future[int]) { calls++; close(called) })
					cancelled := f.Cancel()
					v, err := f.Result()
					<-called
					if cancelled != errors.Is(err, futures.CancelledError{}) || !cancelled && v != i*i || calls != 1 {
						t.Errorf("%v, %d, %v, %d", cancelled, v, err, calls)
					}
				}
			})
		}
		all.Wait()
		all.Go(func() { pool.Shutdown(true, false) })
		for i := range 50 {
			f := futures.Submit(pool, square, i)
			if v, err := f.Result(); err == nil && v != i*i {
				t.Errorf("%d: %d", i, v)
			}
		}
		all.Wait()
	})
}

func TestStopRaces(t *testing.T) {
	pool := newPool(t, 2)
	for i := range 20 {
		f := futures.Submit(pool, square, i)
		stopped := f.CancelRunning()
		if v, err := f.Result(); stopped != errors.Is(err, futures.CancelledError{}) || !stopped && v != i*i {
			t.Errorf("%v, %d, %v", stopped, v, err)
		}
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}
