package futures

import (
	"context"
	"errors"
	"fmt"
	"log"
	"runtime/debug"
	"sync"
	"time"
)

// State is where a future stands.
type State string

const (
	Pending              State = "PENDING"
	Running              State = "RUNNING"
	Cancelled            State = "CANCELLED"              // cancelled, and still in its executor's queue
	CancelledAndNotified State = "CANCELLED_AND_NOTIFIED" // cancelled, and dropped by its executor
	Finished             State = "FINISHED"
)

// AnyFuture is the outcome, some day, of a task. It is what executors make;
// Future puts a type on it. All methods may be called by many goroutines.
type AnyFuture struct {
	mu       sync.Mutex
	state    stateCode
	failed   bool          // the outcome is an error
	outcome  any           // the value, or the error
	ready    chan struct{} // made when someone waits; closed when the outcome is there
	audience *audience     // nil when there is none: most futures are just waited for
	owner    *interrupter  // what runs the task; nil when no one can stop it
}

// There may be very many futures: they are kept small.
type stateCode byte

const (
	pending stateCode = iota
	running
	cancelled
	notified
	finished
)

var states = [...]State{Pending, Running, Cancelled, CancelledAndNotified, Finished}

// audience is who is to be told of an outcome.
type audience struct {
	callbacks []func(*AnyFuture)
	watchers  []*watcher
	stop      func() bool // ends the watch on the submitter's context
}

// tell is the audience, made when it is asked for first. f.mu is held.
func (f *AnyFuture) tell() *audience {
	if f.audience == nil {
		f.audience = &audience{}
	}
	return f.audience
}

// An interrupter is an executor that can stop a task which runs.
type interrupter interface{ interrupt(f *AnyFuture) }

// NewFuture returns a pending future, for executors and tests. Who makes it
// settles it: SetRunningOrNotifyCancel, then SetResult or SetException.
func NewFuture() *AnyFuture { return &AnyFuture{state: pending} }

// Cancel drops the task if it has not started, and tells whether the future is
// cancelled now.
func (f *AnyFuture) Cancel() bool {
	f.mu.Lock()
	switch f.state {
	case running, finished:
		f.mu.Unlock()
		return false
	case cancelled, notified:
		f.mu.Unlock()
		return true
	}
	f.state, f.failed, f.outcome = cancelled, true, CancelledError{}
	f.settled() // unlocks
	return true
}

// CancelRunning cancels the future even when its task runs, which Python can't,
// and tells whether it is cancelled now. The context of a task in a goroutine
// ends; a worker process that runs the task is killed and replaced.
func (f *AnyFuture) CancelRunning() bool {
	if f.Cancel() {
		return true
	}
	return f.stopRunning(CancelledError{})
}

// stopRunning gives a running task's future its outcome and has the task
// stopped.
func (f *AnyFuture) stopRunning(err error) bool {
	f.mu.Lock()
	if f.state != running || f.owner == nil {
		defer f.mu.Unlock()
		return f.state == cancelled || f.state == notified
	}
	f.state, f.failed, f.outcome = finished, true, err
	if err == (CancelledError{}) {
		f.state = notified
	}
	owner := f.owner
	f.settled() // unlocks
	(*owner).interrupt(f)
	return true
}

// Cancelled tells whether the future was cancelled.
func (f *AnyFuture) Cancelled() bool {
	s := f.State()
	return s == Cancelled || s == CancelledAndNotified
}

// Running tells whether the task is being executed and can't be cancelled.
func (f *AnyFuture) Running() bool { return f.State() == Running }

// Done tells whether there is an outcome: finished or cancelled.
func (f *AnyFuture) Done() bool { s := f.State(); return s != Pending && s != Running }

// State is where the future stands.
func (f *AnyFuture) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return states[f.state]
}

// C is closed when there is an outcome: for select.
func (f *AnyFuture) C() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ready == nil {
		f.ready = make(chan struct{})
		if f.state != pending && f.state != running {
			close(f.ready)
		}
	}
	return f.ready
}

// Result waits for the outcome. The error is the task's own, or CancelledError,
// or tells why the task could not be run.
func (f *AnyFuture) Result() (any, error) { return f.ResultContext(context.Background()) }

// ResultContext is Result with an end to the waiting: TimeoutError when the
// context's deadline passed, else the context's cause. The task goes on.
func (f *AnyFuture) ResultContext(ctx context.Context) (any, error) {
	f.mu.Lock()
	if f.state == pending || f.state == running {
		f.mu.Unlock()
		select {
		case <-f.C():
		case <-ctx.Done():
			// An outcome that is there as well goes first.
			if !f.Done() {
				return nil, waitError(ctx)
			}
		}
		f.mu.Lock()
	}
	defer f.mu.Unlock()
	if f.failed {
		return nil, f.outcome.(error)
	}
	return f.outcome, nil
}

// ResultTimeout is Result that waits no longer than d: then it is TimeoutError.
func (f *AnyFuture) ResultTimeout(d time.Duration) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return f.ResultContext(ctx)
}

// Exception waits for the outcome and returns the task's error, nil when it
// succeeded.
func (f *AnyFuture) Exception() error { _, err := f.Result(); return err }

// ExceptionTimeout is Exception that waits no longer than d: then it is
// TimeoutError.
func (f *AnyFuture) ExceptionTimeout(d time.Duration) error { _, err := f.ResultTimeout(d); return err }

// AddDoneCallback calls fn with the future once there is an outcome: at once,
// in this goroutine, if there is one already. Callbacks run in the order they
// were added; one that panics is logged.
func (f *AnyFuture) AddDoneCallback(fn func(*AnyFuture)) {
	f.mu.Lock()
	if f.state == pending || f.state == running {
		a := f.tell()
		a.callbacks = append(a.callbacks, fn)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	f.call(fn)
}

func (f *AnyFuture) call(fn func(*AnyFuture)) {
	defer func() {
		if r := recover(); r != nil {
			log.Printf("exception calling callback for %v: %v\n%s", f, r, debug.Stack())
		}
	}()
	fn(f)
}

// String shows the future as Python does: <Future at 0x… state=finished returned int>.
func (f *AnyFuture) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.describe()
}

func (f *AnyFuture) describe() string {
	var state string
	switch f.state {
	case pending:
		state = "pending"
	case running:
		state = "running"
	case finished:
		state = fmt.Sprintf("finished returned %T", f.outcome)
		if f.failed {
			state = fmt.Sprintf("finished raised %T", f.outcome)
		}
	default:
		state = "cancelled"
	}
	return fmt.Sprintf("<Future at %p state=%s>", f, state)
}

// SetRunningOrNotifyCancel is the executor's call before it runs the task:
// false means that the future was cancelled and the task must not run.
func (f *AnyFuture) SetRunningOrNotifyCancel() bool {
	f.mu.Lock()
	switch f.state {
	case pending:
		f.state = running
		f.mu.Unlock()
		return true
	case cancelled:
		f.state = notified
		var watchers []*watcher
		if f.audience != nil {
			watchers, f.audience.watchers = f.audience.watchers, nil
		}
		f.mu.Unlock()
		for _, w := range watchers {
			w.add(f)
		}
	default:
		f.mu.Unlock()
	}
	return false
}

// SetResult finishes the future with a value. Executors and tests only.
func (f *AnyFuture) SetResult(value any) error { return f.finish(value, nil) }

// SetException finishes the future with an error. Executors and tests only.
func (f *AnyFuture) SetException(err error) error { return f.finish(nil, err) }

func (f *AnyFuture) finish(value any, err error) error {
	f.mu.Lock()
	if f.state != pending && f.state != running {
		defer f.mu.Unlock()
		return &InvalidStateError{State: states[f.state], Future: f.describe()}
	}
	f.state, f.outcome = finished, value
	if err != nil {
		f.failed, f.outcome = true, err
	}
	f.settled() // unlocks
	return nil
}

// settled tells everyone that there is an outcome. It is called with f.mu held
// and releases it, since callbacks may ask the future anything.
func (f *AnyFuture) settled() {
	if f.ready != nil {
		close(f.ready)
	}
	if f.audience == nil {
		f.mu.Unlock()
		return
	}
	callbacks, stop := f.audience.callbacks, f.audience.stop
	f.audience.callbacks, f.audience.stop = nil, nil
	var watchers []*watcher
	if f.state != cancelled { // one counts once its executor dropped it
		watchers, f.audience.watchers = f.audience.watchers, nil
	}
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
	for _, w := range watchers {
		w.add(f)
	}
	for _, fn := range callbacks {
		f.call(fn)
	}
}

// cancelWith cancels the future when the context ends before the task starts.
func (f *AnyFuture) cancelWith(ctx context.Context) {
	if ctx.Done() == nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { f.Cancel() })
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == pending || f.state == running {
		f.tell().stop = stop
	}
}

func waitError(ctx context.Context) error {
	if err := context.Cause(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return TimeoutError{}
}

// failed returns a future that has failed already.
func failed(err error) *AnyFuture { return &AnyFuture{state: finished, failed: true, outcome: err} }
