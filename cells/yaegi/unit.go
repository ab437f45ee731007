package yaegi

import (
	"context"
	"sync"
	"time"
	"unsafe"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/futures"
)

// grace is how long an interrupted unit may take to end by itself. After that
// its goroutine stays behind, blocked in compiled code, and the evaluator goes on.
const grace = time.Second

// straggle is how long goroutines that a unit started get to notice its end.
const straggle = 15 * time.Millisecond

// A unit is one that runs.
type unit struct {
	eval.Unit
	label     unsafe.Pointer // of its goroutines; nil when it is over
	cancelled chan struct{}  // closed when it was interrupted
	ended     chan struct{}  // closed when its own goroutine ended
	failure   *eval.Outcome  // what it was cancelled for; nil for an interrupt

	tasks    context.Context // of those that it gives to pools
	endTasks context.CancelCauseFunc

	goroutines int // how many there are at least beside its own

	mu   sync.Mutex
	over bool // it is too late for an interrupt
}

// start runs a unit in its own goroutine and reports how it ended.
func (s *server) start(source eval.Unit, input bool) {
	s.memory.renew()
	s.defined.add(source)
	u := &unit{Unit: source, cancelled: make(chan struct{}), ended: make(chan struct{})}
	u.tasks, u.endTasks = context.WithCancelCause(context.WithValue(context.Background(), unitKey{}, u))
	begun := make(chan struct{})
	go func() {
		setUnit(u) // and so for all goroutines that follow
		s.mu.Lock()
		s.unit = u
		s.mu.Unlock()
		close(begun)
		s.stdin.begin(u, input)
		over := make(chan struct{})
		go s.watch(u, over)
		o := s.interp.run(u)
		close(over)
		if o.Kind == eval.Interrupted {
			s.bars.interrupted()
		}
		s.stdin.end(u)
		s.mu.Lock()
		s.unit = nil
		s.mu.Unlock()
		s.out.reportInOrder(eval.Report{Op: eval.Ended, Outcome: &o})
	}()
	<-begun
}

// fallen makes a goroutine's panic the outcome of its unit; when that is over, or
// unknown, it is told beside what runs.
func (s *server) fallen(u *unit, o eval.Outcome) {
	if u == nil || !s.interp.cancel(u, &o) {
		s.out.reportInOrder(eval.Report{Op: eval.Shown, Outcome: &o})
	}
}

// interrupt has the unit end.
func (i *interpreter) interrupt(u *unit) { i.cancel(u, nil) }

// cancel has the unit end with an outcome, or as interrupted. It reports false
// when the unit is over, or ends already. The order matters: whoever is woken up
// by it must find that it shall stop.
func (i *interpreter) cancel(u *unit, failure *eval.Outcome) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.over || u.isCancelled() {
		return false
	}
	u.failure = failure
	i.trace.abandon(u)
	i.mu.Lock()
	i.resume = i.trace.loops.ask(i.trace.leave)
	i.stopCompiled(true)
	i.mu.Unlock()
	if !u.deadlocked() {
		interruptGroup() // the programs that user code started; some may be waited for
	}
	u.endTasks(futures.ErrInterrupted)
	close(u.cancelled)
	return true
}

// patience is how long to wait for the unit's own goroutine when the unit was
// cancelled. One that waits for ever needs none.
func (u *unit) patience() time.Duration {
	if u.deadlocked() {
		return 4 * straggle
	}
	return grace
}

// deadlocked reports whether the unit was cancelled for a deadlock.
func (u *unit) deadlocked() bool { return u.failure != nil && len(u.failure.Waiting) > 0 }

// finish closes the unit to interrupts. It reports whether there was one.
func (u *unit) finish() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.over, u.label = true, nil
	return u.isCancelled()
}

// running reports whether the unit can still be ended.
func (u *unit) running() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return !u.over && !u.isCancelled()
}

func (u *unit) isCancelled() bool {
	select {
	case <-u.cancelled:
		return true
	default:
		return false
	}
}
