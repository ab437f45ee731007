package futures

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
)

// ReturnWhen says what Wait waits for.
type ReturnWhen string

const (
	FirstCompleted ReturnWhen = "FIRST_COMPLETED" // any future finished or was cancelled
	FirstException ReturnWhen = "FIRST_EXCEPTION" // any future failed; all, when none does
	AllCompleted   ReturnWhen = "ALL_COMPLETED"
)

// A watcher collects futures as they are done, in that order.
type watcher struct {
	mu   sync.Mutex
	done []*AnyFuture
	wake chan struct{} // holds one token when done has grown
}

func (w *watcher) add(f *AnyFuture) {
	w.mu.Lock()
	w.done = append(w.done, f)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watcher) take() []*AnyFuture {
	w.mu.Lock()
	defer w.mu.Unlock()
	done := w.done
	w.done = nil
	return done
}

// watch adds a watcher to each future, or hands it those already done.
// Duplicates count once; the number of distinct futures is returned.
func (w *watcher) watch(fs []*AnyFuture) int {
	seen := make(map[*AnyFuture]bool, len(fs))
	for _, f := range fs {
		if seen[f] {
			continue
		}
		seen[f] = true
		if !f.attend(notified, func(a *audience) { a.watchers = append(a.watchers, w) }) {
			w.add(f)
		}
	}
	return len(seen)
}

func (w *watcher) unwatch(fs []*AnyFuture) {
	for _, f := range fs {
		f.attend(notified, func(a *audience) {
			if i := slices.Index(a.watchers, w); i >= 0 {
				a.watchers = append(a.watchers[:i:i], a.watchers[i+1:]...)
			}
		})
	}
}

// WaitAny waits until the futures are done as far as when asks, or until the
// context ends, and returns those that are done and those that are not. A
// future that was cancelled counts as done once its executor has dropped it.
func WaitAny(ctx context.Context, fs []*AnyFuture, when ReturnWhen, opts ...ProgressOption) (done, notDone []*AnyFuture, err error) {
	if when != FirstCompleted && when != FirstException && when != AllCompleted {
		return nil, fs, &ValueError{"Invalid return condition: '" + string(when) + "'"}
	}
	meter, counts := meterOf(fs, opts)
	defer meter.end()
	w := &watcher{wake: make(chan struct{}, 1)}
	left := w.watch(fs)
	defer w.unwatch(fs)
	settled := make(map[*AnyFuture]bool, left)
	enough := func() bool {
		any, raised := false, false
		for _, f := range w.take() {
			if settled[f] = true; meter != nil {
				counts[f]()
			}
			any = true
			left--
			if !f.Cancelled() && f.Exception() != nil {
				raised = true
			}
		}
		return left == 0 || any && when == FirstCompleted || raised && when == FirstException
	}
	for ended := false; !enough() && !ended; {
		select {
		case <-w.wake:
		case <-ctx.Done():
			ended = true
			if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
				err = context.Cause(ctx)
			}
			enough() // what came at the same moment
		}
	}
	seen := make(map[*AnyFuture]bool, len(fs))
	for _, f := range fs {
		switch {
		case seen[f]:
		case settled[f]:
			done = append(done, f)
		default:
			notDone = append(notDone, f)
		}
		seen[f] = true
	}
	return done, notDone, err
}

// Completions hands out futures as they are done. Make one with AsCompletedAny.
type Completions struct {
	ctx         context.Context
	watched     map[*AnyFuture]bool // those not handed out
	ready       []*AnyFuture
	w           *watcher
	left, total int
	meter       *meter
	counts      map[*AnyFuture]func() // count each future's outcome, when there is a meter
}

// AsCompletedAny watches futures: those already done come first, the others as
// they finish, each once. The caller ends with Close.
func AsCompletedAny(ctx context.Context, fs []*AnyFuture, opts ...ProgressOption) *Completions {
	c := &Completions{ctx: ctx, watched: make(map[*AnyFuture]bool, len(fs)), w: &watcher{wake: make(chan struct{}, 1)}}
	for _, f := range fs {
		c.watched[f] = true
	}
	c.meter, c.counts = meterOf(fs, opts)
	c.total = c.w.watch(fs)
	c.left = c.total
	return c
}

// Next waits for the next future. It returns nil, nil when there are no more;
// TimeoutError when the context's deadline passed, else the context's cause.
func (c *Completions) Next() (*AnyFuture, error) {
	for len(c.ready) == 0 {
		if c.ready = c.w.take(); len(c.ready) > 0 {
			break
		}
		if c.left == 0 {
			return nil, nil
		}
		select {
		case <-c.w.wake:
		case <-c.ctx.Done():
			if c.ready = c.w.take(); len(c.ready) > 0 {
				continue
			}
			if err := context.Cause(c.ctx); !errors.Is(err, context.DeadlineExceeded) {
				return nil, err
			}
			return nil, TimeoutError{Unfinished: c.left, Total: c.total}
		}
	}
	f := c.ready[0]
	c.ready[0] = nil // its taker's alone now
	c.ready = c.ready[1:]
	delete(c.watched, f)
	c.left--
	if c.meter != nil {
		c.counts[f]() // its callback may be on its way
		delete(c.counts, f)
	}
	return f, nil
}

// Close ends the watching.
func (c *Completions) Close() {
	c.w.unwatch(slices.Collect(maps.Keys(c.watched)))
	c.meter.end()
}

// meterOf counts the outcomes of futures, if anybody wants to know.
func meterOf(fs []*AnyFuture, opts []ProgressOption) (*meter, map[*AnyFuture]func()) {
	if len(opts) == 0 {
		return nil, nil
	}
	counts := make(map[*AnyFuture]func(), len(fs))
	for _, f := range fs {
		counts[f] = nil
	}
	m := newMeter(context.Background(), opts[len(opts)-1].open(), "", len(counts))
	if m == nil {
		return nil, nil
	}
	for f := range counts {
		counts[f] = m.watch(f)
	}
	return m, counts
}
