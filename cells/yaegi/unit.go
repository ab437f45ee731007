package yaegi

import (
	"sync"
	"time"
	"unsafe"

	"github.com/paracell/paracell/cells/eval"
)

// grace is how long an interrupted unit may take to end by itself. After that
// its goroutine stays behind, blocked in compiled code, and the evaluator goes on.
const grace = time.Second

// straggle is how long goroutines that a unit started get to notice its end.
const straggle = 15 * time.Millisecond

// A unit is one that runs.
type unit struct {
	eval.Unit
	server    *server
	cancelled chan struct{} // closed by cancel
	once      sync.Once
	ended     chan struct{}  // closed when its own goroutine ended
	label     unsafe.Pointer // of its goroutines
}

// start runs a unit in its own goroutine and reports how it ended.
func (s *server) start(source eval.Unit, input bool) {
	u := &unit{Unit: source, server: s, cancelled: make(chan struct{}), ended: make(chan struct{})}
	s.mu.Lock()
	s.unit = u
	s.mu.Unlock()
	s.stdin.begin(u, input)
	go func() {
		s.out.reportInOrder(eval.Report{Op: eval.Started})
		o := s.interp.run(u)
		s.stdin.end(u)
		s.mu.Lock()
		s.unit = nil
		s.mu.Unlock()
		s.out.reportInOrder(eval.Report{Op: eval.Ended, Outcome: &o})
	}()
}

func (u *unit) cancel() { u.once.Do(func() { close(u.cancelled) }) }

func (u *unit) isCancelled() bool {
	select {
	case <-u.cancelled:
		return true
	default:
		return false
	}
}
