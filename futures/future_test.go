package futures_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

func inState(s futures.State) *futures.AnyFuture {
	f := futures.NewFuture()
	switch s {
	case futures.Running:
		f.SetRunningOrNotifyCancel()
	case futures.Cancelled:
		f.Cancel()
	case futures.CancelledAndNotified:
		f.Cancel()
		f.SetRunningOrNotifyCancel()
	case futures.Finished:
		f.SetResult(5)
	}
	return f
}

func TestStates(t *testing.T) {
	for _, c := range []struct {
		state                            futures.State
		cancel, cancelled, running, done bool
		shown                            string
	}{
		{futures.Pending, true, false, false, false, "pending"},
		{futures.Running, false, false, true, false, "running"},
		{futures.Cancelled, true, true, false, true, "cancelled"},
		{futures.CancelledAndNotified, true, true, false, true, "cancelled"},
		{futures.Finished, false, false, false, true, "finished returned int"},
	} {
		f := inState(c.state)
		if f.State() != c.state || f.Cancelled() != c.cancelled || f.Running() != c.running || f.Done() != c.done {
			t.Errorf("%s: state %s, cancelled %v, running %v, done %v", c.state, f.State(), f.Cancelled(), f.Running(), f.Done())
		}
		if want := regexp.MustCompile(`^<Future at 0x[0-9a-f]+ state=` + c.shown + `>$`); !want.MatchString(f.String()) {
			t.Errorf("%s is shown as %s", c.state, f)
		}
		if got := f.Cancel(); got != c.cancel {
			t.Errorf("%s: Cancel = %v", c.state, got)
		}
	}
}

func TestSetTwice(t *testing.T) {
	f := inState(futures.Finished)
	for _, err := range []error{f.SetResult(1), f.SetException(errors.New("x"))} {
		var e *futures.InvalidStateError
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "FINISHED: <Future at 0x") {
			t.Errorf("a second outcome: %v", err)
		}
	}
	if v, err := f.Result(); v != 5 || err != nil {
		t.Errorf("the outcome changed: %v, %v", v, err)
	}
}

func TestResultWithTimeout(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	_, err := inState(futures.Pending).ResultContext(ctx)
	if !errors.Is(err, futures.TimeoutError{}) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("timeout: %v", err)
	}
	if v, err := inState(futures.Finished).ResultContext(ctx); v != 5 || err != nil {
		t.Errorf("an outcome that is there goes before the timeout: %v, %v", v, err)
	}
	_, err = inState(futures.Cancelled).Result()
	if !errors.Is(err, futures.CancelledError{}) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	gone, cancel2 := context.WithCancelCause(context.Background())
	cancel2(errors.New("enough"))
	if _, err := inState(futures.Running).ResultContext(gone); err == nil || err.Error() != "enough" {
		t.Errorf("cancelled wait: %v", err)
	}
}

func TestResultWithSuccess(t *testing.T) {
	f := futures.NewFuture()
	got := make(chan any)
	go func() { v, _ := f.Result(); got <- v }()
	go func() { <-f.C(); got <- "closed" }()
	f.SetResult("late")
	if a, b := <-got, <-got; a == b || (a != "late" && b != "late") {
		t.Errorf("got %v and %v", a, b)
	}
}

func TestDoneCallback(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	failure := errors.New("test")
	for name, settle := range map[string]func(*futures.AnyFuture){
		"result":    func(f *futures.AnyFuture) { f.SetResult(5) },
		"exception": func(f *futures.AnyFuture) { f.SetException(failure) },
		"cancel":    func(f *futures.AnyFuture) { f.Cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			f := futures.NewFuture()
			var order []int
			f.AddDoneCallback(func(g *futures.AnyFuture) {
				if g != f || !g.Done() {
					t.Error("called with another future, or too early")
				}
				order = append(order, 1)
			})
			f.AddDoneCallback(func(*futures.AnyFuture) { panic("in a callback") })
			f.AddDoneCallback(func(*futures.AnyFuture) { order = append(order, 2) })
			settle(f)
			f.AddDoneCallback(func(*futures.AnyFuture) { panic("in a late callback") })
			f.AddDoneCallback(func(*futures.AnyFuture) { order = append(order, 3) })
			if !slices.Equal(order, []int{1, 2, 3}) {
				t.Errorf("callbacks ran as %v", order)
			}
		})
	}
	if n := strings.Count(logged.String(), "exception calling callback for <Future at 0x"); n != 6 {
		t.Errorf("%d of 6 panics were logged:\n%s", n, &logged)
	}
}

// TestOneOutcome has an executor, a canceller, a waiter, a watcher and a callback
// meet at each of many futures: there is one outcome, and all are told of it once.
func TestOneOutcome(t *testing.T) {
	for i := range 2000 {
		f := futures.NewFuture()
		var all sync.WaitGroup
		var settled, refused, called atomic.Int32
		settle := func(err error) {
			if err == nil {
				settled.Add(1)
				return
			}
			refused.Add(1)
			if !errors.As(err, new(*futures.InvalidStateError)) || !f.Done() {
				t.Errorf("%v refuses another outcome: %v", f, err)
			}
		}
		all.Go(func() {
			if f.SetRunningOrNotifyCancel() {
				settle(f.SetResult(i))
			}
		})
		all.Go(func() {
			if i%2 == 0 && f.Cancel() {
				settled.Add(1)
			} else if i%2 == 1 {
				settle(f.SetException(errors.New("another executor")))
			}
		})
		all.Go(func() { f.AddDoneCallback(func(*futures.AnyFuture) { called.Add(1) }) })
		all.Go(func() { <-f.C() })
		all.Go(func() {
			if d, _, _ := futures.WaitAny(context.Background(), done(f), futures.AllCompleted); len(d) != 1 {
				t.Errorf("%v does not count as done", f)
			}
		})
		if v, err := f.Result(); err == nil && v != i {
			t.Errorf("Result is %v", v)
		}
		all.Wait()
		if settled.Load() != 1 || called.Load() != 1 {
			t.Fatalf("%v was settled %d times, refused %d times, told %d times", f, settled.Load(), refused.Load(), called.Load())
		}
	}
}

func done(fs ...*futures.AnyFuture) []*futures.AnyFuture { return fs }

func TestWait(t *testing.T) {
	pending, finished := inState(futures.Pending), inState(futures.Finished)
	failed := futures.NewFuture()
	failed.SetException(errors.New("x"))
	notNotified, notified := inState(futures.Cancelled), inState(futures.CancelledAndNotified)
	passed, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()

	for _, c := range []struct {
		name          string
		ctx           context.Context
		fs            []*futures.AnyFuture
		when          futures.ReturnWhen
		done, notDone int
	}{
		{"first completed", context.Background(), done(pending, finished), futures.FirstCompleted, 1, 1},
		{"first exception", context.Background(), done(pending, finished, failed), futures.FirstException, 2, 1},
		{"a cancelled one is no exception", passed, done(pending, notified), futures.FirstException, 1, 1},
		{"no exception at all", context.Background(), done(finished, notified), futures.FirstException, 2, 0},
		{"all", context.Background(), done(finished, failed, notified), futures.AllCompleted, 3, 0},
		{"cancelled and not notified is not done", passed, done(notNotified, finished), futures.AllCompleted, 1, 1},
		{"timeout", passed, done(pending, finished), futures.AllCompleted, 1, 1},
		{"duplicates", context.Background(), done(finished, finished), futures.AllCompleted, 1, 0},
		{"none", context.Background(), nil, futures.AllCompleted, 0, 0},
	} {
		d, n, err := futures.WaitAny(c.ctx, c.fs, c.when)
		if len(d) != c.done || len(n) != c.notDone || err != nil {
			t.Errorf("%s: %v done, %v not, %v", c.name, d, n, err)
		}
	}
	_, _, err := futures.WaitAny(context.Background(), done(pending), "SOON")
	if err == nil || err.Error() != "Invalid return condition: 'SOON'" {
		t.Errorf("bad condition: %v", err)
	}
}

func TestWaitWakes(t *testing.T) {
	for _, when := range []futures.ReturnWhen{futures.FirstCompleted, futures.FirstException, futures.AllCompleted} {
		a, b := futures.NewFuture(), futures.NewFuture()
		got := make(chan int)
		go func() {
			d, _, _ := futures.WaitAny(context.Background(), done(a, b), when)
			got <- len(d)
		}()
		a.SetResult(1)
		if when == futures.FirstCompleted {
			if n := <-got; n != 1 {
				t.Errorf("%s: %d done", when, n)
			}
			continue
		}
		b.SetException(errors.New("x"))
		if n := <-got; n != 2 {
			t.Errorf("%s: %d done", when, n)
		}
	}
}

func TestAsCompleted(t *testing.T) {
	early, late, last := inState(futures.Finished), futures.NewFuture(), futures.NewFuture()
	c := futures.AsCompletedAny(context.Background(), done(last, late, early, early))
	defer c.Close()
	next := func() *futures.AnyFuture {
		t.Helper()
		f, err := c.Next()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if next() != early {
		t.Error("the one that was finished does not come first")
	}
	late.SetResult(1)
	last.Cancel()
	last.SetRunningOrNotifyCancel()
	if next() != late || next() != last || next() != nil {
		t.Error("not in the order of finishing")
	}
}

func TestAsCompletedTimeout(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	fs := []*futures.Future[int]{{Any: inState(futures.Finished)}, {Any: inState(futures.Pending)}}
	var got []string
	for f, err := range futures.AsCompleted(ctx, fs) {
		got = append(got, fmt.Sprint(f != nil, err))
	}
	if want := []string{"true <nil>", "false 1 (of 2) futures unfinished"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
