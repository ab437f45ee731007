package futures_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// pulled is a sequence of numbers from 0 on, n of them or without end, which
// counts what is taken of it.
func pulled(n int, taken *atomic.Int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; n < 0 || i < n; i++ {
			taken.Add(1)
			if !yield(i) {
				return
			}
		}
	}
}

// must takes n results that are squares.
func mustSquares(t *testing.T, seq iter.Seq2[int, error], n int) {
	t.Helper()
	i := 0
	for v, err := range seq {
		if v != i*i || err != nil {
			t.Fatalf("%d: %d, %v", i, v, err)
		}
		if i++; i == n {
			return
		}
	}
	if i != n {
		t.Fatalf("%d results, not %d", i, n)
	}
}

// emptyError is an error that says nothing, Python's falsy exception.
type emptyError struct{}

func (emptyError) Error() string { return "" }

func sayNothing(int) (int, error) { return 0, emptyError{} }

func timeOut(int) (int, error) { return 0, context.DeadlineExceeded }

func init() { futures.Register(sayNothing, timeOut) }

// isCollected waits until the garbage collector has taken what cleanup was made
// for.
func isCollected(t *testing.T, gone *atomic.Bool) {
	t.Helper()
	eventually(t, "it is collected", func() bool { runtime.GC(); return gone.Load() })
}

var executorCases = map[string]func(*testing.T){
	"test_submit": both(1, func(t *testing.T, pool futures.Executor) {
		if v, err := futures.Submit(pool, square, 16).Result(); v != 256 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	}),
	"test_map": both(5, func(t *testing.T, pool futures.Executor) {
		mustSquares(t, futures.Map(pool, square, count(10)), 10)
		mustSquares(t, futures.Map(pool, square, count(10), futures.ChunkSize(3)), 10)
	}),
	"test_map_exception": both(5, func(t *testing.T, pool futures.Executor) {
		rs, errs := collect(futures.MapErr(pool, divide, []int{1, 2, 0, 4}))
		if !slices.Equal(rs, []int{100, 50, 0, 25}) || errs[0] != nil || errs[1] != nil || errs[2] == nil || errs[3] != nil {
			t.Errorf("%v, %v", rs, errs)
		}
	}),
	"test_map_timeout": both(2, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		name := filepath.Join(t.TempDir(), "open")
		os.WriteFile(name, nil, 0o600)
		_, errs := collect(futures.Map(pool, untilFile, []string{name, string(g)}, futures.Timeout(time.Second/2)))
		if last := errs[len(errs)-1]; !errors.Is(last, futures.TimeoutError{}) || len(errs) > 2 {
			t.Errorf("%v", errs)
		}
	}),
	"test_map_timeout_from_callable": both(2, func(t *testing.T, pool futures.Executor) {
		_, errs := collect(futures.MapErr(pool, timeOut, []int{1, 2, 3}, futures.Timeout(patience)))
		if len(errs) != 3 || errors.Is(errs[0], futures.TimeoutError{}) && errs[0] == (futures.TimeoutError{}) {
			t.Errorf("a task's own timeout ended the iteration: %v", errs)
		}
	}),
	"test_map_close": both(1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		args := make([]GateAt, 20)
		dir := t.TempDir()
		for i := range args {
			args[i].Gate = filepath.Join(dir, fmt.Sprint(i))
		}
		os.WriteFile(args[0].Gate, nil, 0o600)
		for range futures.Map(pool, gateAt, args) {
			break
		}
		// What has not started does not.
		f := futures.Submit(pool, square, 3)
		for i := range args[:4] {
			os.WriteFile(args[i].Gate, nil, 0o600)
		}
		if v, err := f.Result(); v != 9 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		if exists(args[10].Gate + ".runs") {
			t.Error("the eleventh was run")
		}
		g.open()
	}),
	"test_map_buffersize_type_validation": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(1)
		defer pool.Shutdown(true, true)
		m := futures.NewMapping(pool, futures.NewTask("square", square), 3, futures.BufferSize(1))
		_, err, ok := m.Next()
		var v *futures.ValueError
		if !ok || !errors.As(err, &v) {
			t.Errorf("%v", err)
		}
	},
	"test_map_buffersize_value_validation": both(1, func(t *testing.T, pool futures.Executor) {
		for _, n := range []int{0, -1} {
			_, errs := collect(futures.Map(pool, square, []int{1}, futures.BufferSize(n)))
			if len(errs) != 1 || errs[0].Error() != "buffersize must be > 0" {
				t.Errorf("%d: %v", n, errs)
			}
		}
	}),
	"test_map_buffersize": both(2, func(t *testing.T, pool futures.Executor) {
		for _, n := range []int{1, 2, 4, 5} {
			mustSquares(t, futures.Map(pool, square, count(4), futures.BufferSize(n)), 4)
		}
	}),
	"test_map_buffersize_on_infinite_iterable": both(2, func(t *testing.T, pool futures.Executor) {
		mustSquares(t, futures.MapSeq(pool, square, naturals, futures.BufferSize(2)), 3)
	}),
	"test_map_buffersize_on_multiple_iterables": both(2, func(t *testing.T, pool futures.Executor) {
		// What Python zips, Go puts into one argument.
		pairs := [][2]int{{4, 6}, {9, 6}, {10, 5}, {7, 3}}
		for _, n := range []int{1, 2, 4, 5} {
			if rs, _ := collect(futures.Map(pool, gcd, pairs, futures.BufferSize(n))); !slices.Equal(rs, []int{2, 3, 5, 1}) {
				t.Errorf("%d: %v", n, rs)
			}
		}
	}),
	"test_map_buffersize_on_multiple_infinite_iterables": both(2, func(t *testing.T, pool futures.Executor) {
		// What Python zips, Go puts into one argument.
		pairs := func(yield func([2]int) bool) {
			for i := 0; yield([2]int{i + 1, 2 * (i + 1)}); i++ {
			}
		}
		i := 0
		for v, err := range futures.MapSeq(pool, gcd, pairs, futures.BufferSize(2)) {
			if i++; v != i || err != nil {
				t.Fatalf("%d: %d, %v", i, v, err)
			}
			if i == 3 {
				break
			}
		}
	}),
	"test_map_buffersize_on_empty_iterable": both(2, func(t *testing.T, pool futures.Executor) {
		var taken atomic.Int64
		if rs, errs := collect(futures.MapSeq(pool, square, pulled(0, &taken), futures.BufferSize(2))); rs != nil || errs != nil {
			t.Errorf("%v, %v", rs, errs)
		}
	}),
	"test_map_buffersize_when_buffer_is_full": both(2, func(t *testing.T, pool futures.Executor) {
		var taken atomic.Int64
		futures.MapSeq(pool, square, pulled(4, &taken), futures.BufferSize(2))
		pool.Shutdown(true, false)
		if n := taken.Load(); n != 2 {
			t.Errorf("%d were taken", n)
		}
	}),
	"test_shutdown_race_issue12456": both(5, func(t *testing.T, pool futures.Executor) {
		futures.Map(pool, square, count(2))
		pool.Shutdown(true, false)
	}),
	"test_no_stale_references": both(1, func(t *testing.T, pool futures.Executor) {
		var gone atomic.Bool
		func() {
			arg := &Point{X: 1}
			runtime.AddCleanup(arg, func(int) { gone.Store(true) }, 0)
			if _, err := futures.Submit(pool, echoPtr, arg).Result(); err != nil {
				t.Error(err)
			}
		}()
		isCollected(t, &gone)
	}),
	"test_max_workers_negative": func(t *testing.T) {
		for _, pool := range []futures.Executor{futures.NewThreadPoolExecutor(-1), futures.NewProcessPoolExecutor(-1)} {
			if _, err := futures.Submit(pool, square, 1).Result(); err == nil || err.Error() != "max_workers must be greater than 0" {
				t.Errorf("%v", err)
			}
		}
	},
	"test_free_reference": both(1, func(t *testing.T, pool futures.Executor) {
		for p, err := range futures.Map(pool, newPoint, count(3)) {
			if err != nil {
				t.Fatal(err)
			}
			var gone atomic.Bool
			runtime.AddCleanup(p, func(int) { gone.Store(true) }, 0)
			p = nil
			isCollected(t, &gone)
		}
	}),
	"test_swallows_falsey_exceptions": both(1, func(t *testing.T, pool futures.Executor) {
		f := futures.SubmitErr(pool, sayNothing, 1)
		if err := f.Exception(); err == nil || err.Error() != "" || !strings.Contains(f.String(), "finished raised") {
			t.Errorf("%v: %v", f, err)
		}
	}),
}

func newPoint(n int) *Point { return &Point{X: n} }

func init() { futures.Register(newPoint) }

var futureCases = map[string]func(*testing.T){
	"test_done_callback_with_result": func(t *testing.T) {
		got := calledBack(futures.NewFuture(), func(f *futures.AnyFuture) { f.SetResult(5) })
		if v, err := got.Result(); v != 5 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	},
	"test_done_callback_with_exception": func(t *testing.T) {
		failure := errors.New("test")
		got := calledBack(futures.NewFuture(), func(f *futures.AnyFuture) { f.SetException(failure) })
		if err := got.Exception(); err != failure {
			t.Errorf("%v", err)
		}
	},
	"test_done_callback_with_cancel": func(t *testing.T) {
		if got := calledBack(futures.NewFuture(), func(f *futures.AnyFuture) { f.Cancel() }); !got.Cancelled() {
			t.Errorf("%v", got)
		}
	},
	"test_done_callback_raises": func(t *testing.T) {
		logged := logged(t)
		f := futures.NewFuture()
		raised, called := false, false
		f.AddDoneCallback(func(*futures.AnyFuture) { raised = true; panic("doh!") })
		f.AddDoneCallback(func(*futures.AnyFuture) { called = true })
		f.SetResult(5)
		if s := logged.String(); !raised || !called || !strings.Contains(s, "exception calling callback for <Future at 0x") || !strings.Contains(s, "panic: doh!") || !strings.Contains(s, "cpython_executor_test.go:") || strings.Contains(s, "settled") {
			t.Errorf("%v, %v, %s", raised, called, logged)
		}
	},
	"test_done_callback_already_successful": func(t *testing.T) {
		if v, _ := calledBack(inState(futures.Finished), nil).Result(); v != 5 {
			t.Errorf("%v", v)
		}
	},
	"test_done_callback_already_failed": func(t *testing.T) {
		f := futures.NewFuture()
		f.SetException(errors.New("test"))
		if err := calledBack(f, nil).Exception(); err == nil || err.Error() != "test" {
			t.Errorf("%v", err)
		}
	},
	"test_done_callback_already_cancelled": func(t *testing.T) {
		if !calledBack(inState(futures.Cancelled), nil).Cancelled() {
			t.Error("not cancelled")
		}
	},
	"test_done_callback_raises_already_succeeded": func(t *testing.T) {
		logged := logged(t)
		inState(futures.Finished).AddDoneCallback(func(*futures.AnyFuture) { panic("doh!") })
		if !strings.Contains(logged.String(), "exception calling callback for") || !strings.Contains(logged.String(), "doh!") {
			t.Errorf("%s", logged)
		}
	},
	"test_repr": func(t *testing.T) {
		for state, want := range map[futures.State]string{
			futures.Pending: "pending", futures.Running: "running", futures.Cancelled: "cancelled",
			futures.CancelledAndNotified: "cancelled", futures.Finished: "finished returned int",
		} {
			if s := inState(state).String(); !strings.HasPrefix(s, "<Future at 0x") || !strings.HasSuffix(s, " state="+want+">") {
				t.Errorf("%s", s)
			}
		}
		f := futures.NewFuture()
		f.SetException(os.ErrNotExist)
		if s := f.String(); !strings.HasSuffix(s, "state=finished raised *errors.errorString>") {
			t.Errorf("%s", s)
		}
	},
	"test_cancel": func(t *testing.T) {
		for state, want := range map[futures.State]bool{
			futures.Pending: true, futures.Running: false, futures.Cancelled: true,
			futures.CancelledAndNotified: true, futures.Finished: false,
		} {
			f := inState(state)
			if f.Cancel() != want || state == futures.Pending && f.State() != futures.Cancelled || state != futures.Pending && f.State() != state {
				t.Errorf("%s", state)
			}
		}
	},
	"test_cancelled": stateCase((*futures.AnyFuture).Cancelled, futures.Cancelled, futures.CancelledAndNotified),
	"test_done":      stateCase((*futures.AnyFuture).Done, futures.Cancelled, futures.CancelledAndNotified, futures.Finished),
	"test_running":   stateCase((*futures.AnyFuture).Running, futures.Running),
	"test_result_with_timeout": func(t *testing.T) {
		for _, state := range []futures.State{futures.Pending, futures.Running} {
			if _, err := inState(state).ResultTimeout(0); !errors.Is(err, futures.TimeoutError{}) {
				t.Errorf("%s: %v", state, err)
			}
		}
		if _, err := inState(futures.CancelledAndNotified).ResultTimeout(0); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%v", err)
		}
		if v, err := inState(futures.Finished).ResultTimeout(0); v != 5 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	},
	"test_result_with_success": func(t *testing.T) {
		f := futures.NewFuture()
		go f.SetResult(42)
		if v, err := f.ResultTimeout(patience); v != 42 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	},
	"test_result_with_cancel": func(t *testing.T) {
		f := futures.NewFuture()
		go f.Cancel()
		if _, err := f.ResultTimeout(patience); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%v", err)
		}
	},
	"test_exception_with_timeout": func(t *testing.T) {
		for _, state := range []futures.State{futures.Pending, futures.Running} {
			if err := inState(state).ExceptionTimeout(0); !errors.Is(err, futures.TimeoutError{}) {
				t.Errorf("%s: %v", state, err)
			}
		}
		if err := inState(futures.Cancelled).ExceptionTimeout(0); !errors.Is(err, futures.CancelledError{}) {
			t.Errorf("%v", err)
		}
		if err := inState(futures.Finished).ExceptionTimeout(0); err != nil {
			t.Errorf("%v", err)
		}
	},
	"test_exception_with_success": func(t *testing.T) {
		f := futures.NewFuture()
		go f.SetException(os.ErrNotExist)
		if err := f.ExceptionTimeout(patience); err != os.ErrNotExist {
			t.Errorf("%v", err)
		}
	},
	"test_multiple_set_result": func(t *testing.T) {
		f := inState(futures.Finished)
		var e *futures.InvalidStateError
		if err := f.SetResult(2); !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "FINISHED: <Future at 0x") {
			t.Errorf("%v", err)
		}
		if v, _ := f.Result(); v != 5 {
			t.Errorf("%v", v)
		}
	},
	"test_multiple_set_exception": func(t *testing.T) {
		f := futures.NewFuture()
		f.SetException(os.ErrNotExist)
		var e *futures.InvalidStateError
		if err := f.SetException(os.ErrExist); !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "FINISHED: <Future at 0x") {
			t.Errorf("%v", err)
		}
		if err := f.Exception(); err != os.ErrNotExist {
			t.Errorf("%v", err)
		}
	},
}

// stateCase checks a property that holds in some states only.
func stateCase(is func(*futures.AnyFuture) bool, in ...futures.State) func(*testing.T) {
	return func(t *testing.T) {
		for _, state := range []futures.State{futures.Pending, futures.Running, futures.Cancelled, futures.CancelledAndNotified, futures.Finished} {
			if is(inState(state)) != slices.Contains(in, state) {
				t.Errorf("%s", state)
			}
		}
	}
}

// calledBack is the future that a callback is given.
func calledBack(f *futures.AnyFuture, settle func(*futures.AnyFuture)) (got *futures.AnyFuture) {
	f.AddDoneCallback(func(f *futures.AnyFuture) { got = f })
	if settle != nil {
		settle(f)
	}
	return got
}

// logged gathers what is logged until the test ends.
func logged(t *testing.T) *bytes.Buffer {
	var b bytes.Buffer
	log.SetOutput(&b)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	return &b
}
