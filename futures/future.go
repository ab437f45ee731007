package futures

import (
	"context"
	"errors"
	"fmt"
	"log"
	"runtime"
	"sync"
	"sync/atomic"
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
	state    atomic.Uint32            // a stateCode; who makes it settling decides the outcome
	outcome  any                      // the value, or the error; before the state says so, its executor's
	audience atomic.Pointer[audience] // nil when there is none: most futures are done before they are asked
	owner    *interrupter             // what runs the task; nil when no one can stop it
}

// There may be very many futures: they are kept small, and have no lock.
type stateCode = uint32

const (
	pending stateCode = iota
	running
	settling // the outcome is being written: running, for all others
	cancelled
	notified
	finished // with a value
	raised   // with an error
)

var states = [...]State{Pending, Running, Running, Cancelled, CancelledAndNotified, Finished, Finished}

// audience is who is to be told of an outcome.
type audience struct {
	mu        sync.Mutex
	ready     chan struct{} // closed when the outcome is there
	callbacks []func(*AnyFuture)
	watchers  []*watcher
	stop      func() bool // ends the watch on the submitter's context
}

// attend adds to the audience, unless the state is until or beyond: then there is
// nothing left to be told. Who moves the state turns to the audience afterwards,
// so none is missed.
func (f *AnyFuture) attend(until stateCode, add func(*audience)) bool {
	a := f.audience.Load()
	if a == nil {
		f.audience.CompareAndSwap(nil, new(audience))
		a = f.audience.Load()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if f.state.Load() >= until {
		return false
	}
	add(a)
	return true
}

// An interrupter is an executor that can stop a task which runs.
type interrupter interface{ interrupt(f *AnyFuture) }

// NewFuture returns a pending future, for executors and tests. Who makes it
// settles it: SetRunningOrNotifyCancel, then SetResult or SetException.
func NewFuture() *AnyFuture { return &AnyFuture{} }

// Cancel drops the task if it has not started, and tells whether the future is
// cancelled now.
func (f *AnyFuture) Cancel() bool {
	if f.state.CompareAndSwap(pending, cancelled) {
		f.settled(cancelled)
		return true
	}
	return f.Cancelled()
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
	if f.owner == nil || !f.state.CompareAndSwap(running, settling) {
		return f.Cancelled()
	}
	f.outcome = err
	state := raised
	if err == (CancelledError{}) {
		state = notified
	}
	f.state.Store(state)
	f.settled(state)
	(*f.owner).interrupt(f)
	return true
}

// Cancelled tells whether the future was cancelled.
func (f *AnyFuture) Cancelled() bool {
	s := f.state.Load()
	return s == cancelled || s == notified
}

// Running tells whether the task is being executed and can't be cancelled.
func (f *AnyFuture) Running() bool { s := f.state.Load(); return s == running || s == settling }

// Done tells whether there is an outcome: finished or cancelled.
func (f *AnyFuture) Done() bool { return f.state.Load() >= cancelled }

// State is where the future stands.
func (f *AnyFuture) State() State { return states[f.state.Load()] }

// C is closed when there is an outcome: for select.
func (f *AnyFuture) C() <-chan struct{} {
	ready := closed
	f.attend(cancelled, func(a *audience) {
		if a.ready == nil {
			a.ready = make(chan struct{})
		}
		ready = a.ready
	})
	return ready
}

// closed is the C of futures that were done before they were asked for it.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Result waits for the outcome. The error is the task's own, or CancelledError,
// or tells why the task could not be run.
func (f *AnyFuture) Result() (any, error) { return f.ResultContext(context.Background()) }

// ResultContext is Result with an end to the waiting: TimeoutError when the
// context's deadline passed, else the context's cause. The task goes on.
func (f *AnyFuture) ResultContext(ctx context.Context) (any, error) {
	if !f.Done() {
		select {
		case <-f.C():
		case <-ctx.Done():
			// An outcome that is there as well goes first.
			if !f.Done() {
				return nil, waitError(ctx)
			}
		}
	}
	switch f.state.Load() {
	case finished:
		return f.outcome, nil
	case raised:
		return nil, f.outcome.(error)
	}
	return nil, CancelledError{}
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
	if !f.attend(cancelled, func(a *audience) { a.callbacks = append(a.callbacks, fn) }) {
		f.call(fn)
	}
}

func (f *AnyFuture) call(fn func(*AnyFuture)) {
	defer func() {
		if r := recover(); r != nil {
			log.Printf("exception calling callback for %v\n%s", f, trace(newPanicError(r)))
		}
	}()
	fn(f)
}

// String shows the future as Python does: <Future at 0x… state=finished returned int>.
func (f *AnyFuture) String() string {
	var state string
	switch f.state.Load() {
	case pending:
		state = "pending"
	case running, settling:
		state = "running"
	case finished:
		state = fmt.Sprintf("finished returned %T", f.outcome)
	case raised:
		state = fmt.Sprintf("finished raised %T", f.outcome)
	default:
		state = "cancelled"
	}
	return fmt.Sprintf("<Future at %p state=%s>", f, state)
}

// SetRunningOrNotifyCancel is the executor's call before it runs the task:
// false means that the future was cancelled and the task must not run.
func (f *AnyFuture) SetRunningOrNotifyCancel() bool {
	if f.state.CompareAndSwap(pending, running) {
		return true
	}
	if f.state.CompareAndSwap(cancelled, notified) {
		f.dropped()
	}
	return false
}

// SetResult finishes the future with a value. Executors and tests only.
func (f *AnyFuture) SetResult(value any) error { return f.finish(value, nil) }

// SetException finishes the future with an error. Executors and tests only.
func (f *AnyFuture) SetException(err error) error { return f.finish(nil, err) }

func (f *AnyFuture) finish(value any, err error) error {
	for !f.state.CompareAndSwap(running, settling) && !f.state.CompareAndSwap(pending, settling) {
		if f.Done() {
			return &InvalidStateError{State: f.State(), Future: f.String()}
		}
		runtime.Gosched() // another outcome is being written
	}
	f.outcome = value
	state := finished
	if err != nil {
		f.outcome, state = err, raised
	}
	f.state.Store(state)
	f.settled(state)
	return nil
}

// fail gives the future an error unless it was cancelled.
func (f *AnyFuture) fail(err error) {
	if f.Running() || f.SetRunningOrNotifyCancel() {
		_ = f.finish(nil, err) // lost a race with whoever settled it
	}
}

// settled tells everyone that there is an outcome. Callbacks may ask the future
// anything.
func (f *AnyFuture) settled(s stateCode) {
	a := f.audience.Load()
	if a == nil {
		return
	}
	a.mu.Lock()
	if a.ready != nil {
		close(a.ready)
		a.ready = nil
	}
	callbacks, stop := a.callbacks, a.stop
	a.callbacks, a.stop = nil, nil
	var watchers []*watcher
	if s != cancelled { // one counts once its executor dropped it
		watchers, a.watchers = a.watchers, nil
	}
	a.mu.Unlock()
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

// dropped tells that the executor of a cancelled future will not run its task.
func (f *AnyFuture) dropped() {
	a := f.audience.Load()
	if a == nil {
		return
	}
	a.mu.Lock()
	watchers := a.watchers
	a.watchers = nil
	a.mu.Unlock()
	for _, w := range watchers {
		w.add(f)
	}
}

// cancelWith cancels the future when the context ends before the task starts.
func (f *AnyFuture) cancelWith(ctx context.Context) {
	if ctx.Done() == nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { f.Cancel() })
	if !f.attend(cancelled, func(a *audience) { a.stop = stop }) {
		stop()
	}
}

func waitError(ctx context.Context) error {
	if err := context.Cause(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return TimeoutError{}
}

// failed returns a future that has failed already.
func failed(err error) *AnyFuture {
	f := &AnyFuture{outcome: err}
	f.state.Store(raised)
	return f
}
