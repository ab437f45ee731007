package yaegi

import (
	"slices"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/eval"
)

// Go's runtime ends a program whose goroutines all wait for each other. Here there
// are always goroutines that wait for the session, so it never comes to that; a
// unit that can't go on is found by looking.
//
// It can't when every goroutine but ours waits for another one, in words that only
// a goroutine can answer, and no timer is set that could start one. The first is
// in the runtime's traces, the second in what the process' threads wait for. Both
// are looked at twice, and nothing may have happened between. In doubt the unit
// runs on: the user can interrupt it.

const (
	firstLook = 100 * time.Millisecond
	lastLook  = 500 * time.Millisecond // how far apart looks get
	still     = 25 * time.Millisecond  // between the two observations of a look
)

// watch ends the unit when it is deadlocked. It returns soon after over is closed.
func (s *server) watch(u *unit, over chan struct{}) {
	pause := firstLook
	t := time.NewTimer(pause)
	defer t.Stop()
	used := cpuTime()
	for {
		select {
		case <-over:
			return
		case <-t.C:
		}
		before, begun := used, time.Now()
		if used = cpuTime(); used-before < pause/4 { // else it computes
			if waiting := s.deadlock(u); waiting != nil {
				s.interp.cancel(u, &eval.Outcome{Kind: eval.Fatal, Message: "all goroutines are asleep - deadlock!", Waiting: waiting})
				return
			}
		}
		// To look at very many goroutines takes long, and nothing runs meanwhile.
		pause = max(min(2*pause, lastLook), 20*(time.Since(begun)-8*still))
		t.Reset(pause)
	}
}

// deadlock returns the goroutines of a deadlocked unit, nil of one that can go on.
func (s *server) deadlock(u *unit) []eval.Goroutine {
	t := s.interp.trace
	defer s.stdin.pause()()
	if !s.noTimers() {
		return nil
	}
	before := t.goroutines()
	if !s.asleep(before) || !s.noTimers() {
		return nil
	}
	after := t.goroutines()
	if !s.asleep(after) || !slices.EqualFunc(before, after, same) || !u.running() {
		return nil
	}
	return s.waiters(after)
}

// noTimers reports whether nothing of the process happens for a moment, and
// nothing is going to by the clock alone.
func (s *server) noTimers() bool {
	if threadsShown() {
		pending, known := timersPending(s.commands)
		return known && !pending
	}
	if !s.interp.timeless() {
		return false
	}
	time.Sleep(still)
	return true
}

// same reports whether nothing happened to a goroutine between two observations.
func same(a, b eval.Goroutine) bool {
	return a.ID == b.ID && a.State == b.State && (a.Stack == b.Stack || a.State == "running")
}

// blocked are the states that only another goroutine can end.
var blocked = []string{
	"chan receive", "chan receive (nil chan)", "chan send", "chan send (nil chan)", "select", "select (no cases)",
	"sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait", "sync.Cond.Wait", "coroutine",
}

// asleep reports whether no goroutine can go on.
func (s *server) asleep(all []eval.Goroutine) bool {
	return !slices.ContainsFunc(all, func(g eval.Goroutine) bool {
		return !s.ours(g) && (!slices.Contains(blocked, g.State) || asks(g))
	})
}

// ours reports whether a goroutine is one that serves the session, and does what
// it does while a unit runs.
func (s *server) ours(g eval.Goroutine) bool {
	switch {
	case in(g, "(*server).watch("), in(g, "(*server).serve("):
		return true
	case in(g, "(*server).start.func"), in(g, "(*stdin).look("):
		return g.State == "select" && !asks(g)
	case strings.Contains(g.Stack, "os/signal.loop()"):
		return surviving.Load() && !s.interp.used["os/signal"]
	}
	return false
}

// asks reports whether a goroutine waits for the session, or for the clock.
func asks(g eval.Goroutine) bool {
	return slices.ContainsFunc([]string{"(*server).input(", "(*server).worker(", "(*stdin).fill(", "(*stdin).Read(", "sleep("},
		func(f string) bool { return in(g, f) })
}

// waiters returns where user code waits: the unit's own goroutine first, as number
// 1, and then the others in the order in which they began. What earlier units left
// behind when they were ended is no news.
func (s *server) waiters(all []eval.Goroutine) []eval.Goroutine {
	main, gone := s.interp.trace.unitsOwn(), s.interp.trace.goneLabels()
	all = slices.DeleteFunc(all, func(g eval.Goroutine) bool { return s.ours(g) || slices.Contains(gone, g.Label) })
	slices.SortFunc(all, func(a, b eval.Goroutine) int {
		if (a.ID == main) != (b.ID == main) {
			if a.ID == main {
				return -1
			}
			return 1
		}
		return a.ID - b.ID
	})
	for i := range all {
		all[i].ID = i + 1
	}
	return all
}

// timeless reports whether the session uses nothing that could set a timer: what
// stands in for a look at the threads where the system doesn't show them.
func (i *interpreter) timeless() bool {
	for path := range i.used {
		if !slices.Contains(timeless, path) {
			return false
		}
	}
	return true
}

// timeless are packages that set no timers.
var timeless = []string{
	CellPath, enterPath, "bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "encoding/json",
	"errors", "fmt", "io", "iter", "maps", "math", "math/big", "math/bits", "math/cmplx", "math/rand", "math/rand/v2",
	"reflect", "regexp", "slices", "sort", "strconv", "strings", "sync", "sync/atomic", "text/tabwriter", "unicode",
	"unicode/utf16", "unicode/utf8", "unsafe",
}
