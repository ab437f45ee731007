package futures

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Progress is how far a Map has come, or a pool, or what Wait and AsCompleted wait
// for.
type Progress struct {
	Task     string        // a Map's function, "main.gcd"; the kind of a pool; "" for futures
	Total    int           // tasks; of a pool, those submitted so far; 0 when a Map's come from a sequence
	Done     int           // outcomes that are there, whether handed out yet or not
	Failed   int           // those of them that are errors
	Elapsed  time.Duration // since the call, or since the pool was made
	Finished bool          // it is over, before all was done when Done is less than Total; nothing more is told
}

// Rate is how many tasks were done a second.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Done) / p.Elapsed.Seconds()
}

// Remaining estimates the time left at the rate so far; it fails as long as
// nothing is done, or when the total is not known.
func (p Progress) Remaining() (left time.Duration, ok bool) {
	if p.Total == 0 || p.Done == 0 {
		return 0, false
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.Total-p.Done)), true
}

// String is one line: "gcd  45% |█████████           | 45/100 · 12.3/s · 4s left".
func (p Progress) String() string {
	var b strings.Builder
	if p.Task != "" {
		b.WriteString(p.Task[strings.LastIndexByte(p.Task, '.')+1:] + " ")
	}
	if p.Total > 0 {
		full := min(p.Done*20/p.Total, 20)
		fmt.Fprintf(&b, "%3d%% |%s%s| %d/%d", p.Done*100/p.Total, strings.Repeat("█", full), strings.Repeat(" ", 20-full), p.Done, p.Total)
	} else {
		fmt.Fprint(&b, p.Done)
	}
	if rate := p.Rate(); rate >= 100 {
		fmt.Fprintf(&b, " · %.0f/s", rate)
	} else if rate > 0 {
		fmt.Fprintf(&b, " · %.3g/s", rate)
	}
	if left, ok := p.Remaining(); p.Finished && p.Done < p.Total {
		b.WriteString(" · stopped after " + brief(p.Elapsed))
	} else if p.Finished {
		b.WriteString(" · took " + brief(p.Elapsed))
	} else if ok {
		b.WriteString(" · " + brief(left) + " left")
	}
	if p.Failed > 0 {
		fmt.Fprintf(&b, " · %d failed", p.Failed)
	}
	return b.String()
}

// brief is a duration in three digits or so.
func brief(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	case d < 10*time.Second:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// A ProgressOption tells of the progress of a Map, of a pool's tasks from its first
// to its Shutdown, or of futures while Wait or AsCompleted waits for them.
type ProgressOption struct{ open func() func(Progress) }

func (p ProgressOption) setMap(o *mapOptions) { o.progress = p.open() }
func (p ProgressOption) setPool(o *options)   { o.progress = p.open() }

// ShowProgress shows how far it has come, from the call to the end: in a notebook
// as a bar, in a program as a line on standard error, or as SetProgressDisplay
// says.
func ShowProgress() ProgressOption { return ProgressOption{progressDisplay} }

// OnProgress calls fn with the progress: when it begins, at most ten times a second
// as outcomes arrive, and when it is over. The calls come one after the other, from
// several goroutines; one that panics is logged, and is the last.
func OnProgress(fn func(Progress)) ProgressOption {
	return ProgressOption{func() func(Progress) { return fn }}
}

var progressOpener struct {
	sync.Mutex
	open func() func(Progress)
}

// SetProgressDisplay says how ShowProgress shows the progress of Maps called from
// now on: open is called for each and returns what takes its progress. nil stands
// for a line on standard error, the default. It is for what hosts a program.
func SetProgressDisplay(open func() func(Progress)) {
	progressOpener.Lock()
	defer progressOpener.Unlock()
	progressOpener.open = open
}

func progressDisplay() func(Progress) {
	progressOpener.Lock()
	open := progressOpener.open
	progressOpener.Unlock()
	if open == nil {
		return TerminalProgress(os.Stderr)
	}
	return open()
}

// progressPause is how often progress is told at most.
const progressPause = 100 * time.Millisecond

// A meter counts outcomes and tells of them. Outcomes are counted
// under a pool's lock; telling is left to a timer, which runs only while there is
// news.
type meter struct {
	task  string
	began time.Time
	ctx   context.Context // of what is counted: what an interrupt ends has no outcome

	total, done, failed atomic.Int64
	armed               atomic.Bool // the timer runs

	mu   sync.Mutex // held while progress is told
	tell func(Progress)
}

// newMeter tells that it begins; nil when nobody wants to know.
func newMeter(ctx context.Context, tell func(Progress), task string, total int) *meter {
	if tell == nil {
		return nil
	}
	m := &meter{task: task, began: time.Now(), ctx: ctx, tell: tell}
	m.total.Store(int64(total))
	m.report(false)
	return m
}

// watch counts a future's outcome, now or when it comes. What it returns does so at
// once, for who has seen the outcome before its callback has run.
func (m *meter) watch(f *AnyFuture) (count func()) {
	count = sync.OnceFunc(func() { m.addOutcome(f.Exception()) })
	f.AddDoneCallback(func(*AnyFuture) { count() })
	return count
}

// expect counts tasks that are to be done.
func (m *meter) expect(n int) {
	if m != nil {
		m.total.Add(int64(n))
	}
}

// add counts outcomes.
func (m *meter) add(done, failed int) {
	if m == nil || context.Cause(m.ctx) == ErrInterrupted {
		return
	}
	m.failed.Add(int64(failed))
	m.done.Add(int64(done))
	if done > 0 && m.armed.CompareAndSwap(false, true) {
		time.AfterFunc(progressPause, func() {
			m.armed.Store(false)
			m.report(false)
		})
	}
}

// addOutcome counts one.
func (m *meter) addOutcome(err error) {
	m.add(1, failures(err))
}

// failures counts an outcome that is an error.
func failures(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// end tells that it is over, and waits until that is told.
func (m *meter) end() {
	if m != nil {
		m.report(true)
	}
}

func (m *meter) report(finished bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tell == nil {
		return
	}
	tell := m.tell
	m.tell = nil // when it panics, or ends its goroutine
	defer func() {
		if r := recover(); r != nil {
			log.Printf("exception calling what shows the progress of %s\n%s", m.task, trace(newPanicError(r)))
		}
	}()
	tell(Progress{
		Task: m.task, Total: int(m.total.Load()),
		Done: int(m.done.Load()), Failed: int(m.failed.Load()),
		Elapsed: time.Since(m.began), Finished: finished,
	})
	if !finished {
		m.tell = tell
	}
}
