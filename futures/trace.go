package futures

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Trace is what a pool's workers have done so far, and when. String is a report
// with a Gantt chart, SVG the same as a picture.
type Trace struct {
	Pool        string // "ProcessPoolExecutor"
	StartMethod string // of processes
	MaxWorkers  int
	State       string        // "open", "shut down" or "broken"
	Pending     int           // tasks that no worker has
	Running     int           // tasks with workers; of threads only when the pool is Recorded
	Lasted      time.Duration // since the first worker was started
	Workers     []WorkerTrace // in the order in which they were started; nil unless the pool is Recorded
}

// WorkerTrace is one worker's part. A worker that takes the place of another one
// goes on with its part.
type WorkerTrace struct {
	PID    int // of a process that runs; else 0
	Tasks  int // that are done
	Failed int // of them
	Times  Times
	Spans  []Span // in order; the start of a process is one

	busy bool
}

// Times is where the time of a worker went; together it is the time that there was
// a worker. What overlaps is counted once: while a worker computes, nothing else
// counts.
type Times struct {
	Start    time.Duration // until the process was ready, its initializer included
	Encode   time.Duration // encoding arguments and decoding results, in this process
	Transfer time.Duration // between processes: pipes, wake-ups, decoding and encoding in the worker
	Compute  time.Duration // in tasks
	Idle     time.Duration // nothing to do
}

// A Span is a time in which a worker ran tasks one after the other. Of many short
// ones several are one span, so that a trace stays small.
type Span struct {
	Begin, End time.Duration // since the first worker was started
	Task       string        // the function's name; "" for several; a start has no Tasks
	Tasks      int
	Failed     int  // a worker's death is one
	Running    bool // its task, not among Tasks, runs still: End is when the trace was made
}

// Traced is an executor that can tell what its workers do.
type Traced interface {
	Executor
	Trace() Trace
}

// Recorded keeps, for Trace, what the pool's workers do. It takes a fraction
// of a microsecond for each task, or chunk of tasks, and bounded memory.
func Recorded() Option { return option(func(o *options) { o.recorded = true }) }

var observer struct {
	sync.Mutex
	observe func(Traced)
}

// SetObserver has every pool made from now on recorded and hands it to observe;
// nil ends that. It is for what hosts a program.
func SetObserver(observe func(Traced)) {
	observer.Lock()
	defer observer.Unlock()
	observer.observe = observe
}

// newRecorder begins to record a pool, if anybody wants that.
func newRecorder(p Traced, o options) *recorder {
	observer.Lock()
	observe := observer.observe
	observer.Unlock()
	if observe == nil && !o.recorded {
		return nil
	}
	if observe != nil {
		defer observe(p)
	}
	return &recorder{}
}

// A recorder keeps what the workers of one pool do. A nil one, and a nil lane,
// record nothing.
type recorder struct {
	mu    sync.Mutex
	began time.Time // when the first worker was started
	lanes []*lane

	names atomic.Pointer[[]string] // of functions; grows by being replaced
}

// number stands for a function's name.
func (r *recorder) number(name string) int32 {
	if r == nil {
		return 0
	}
	for {
		old := r.names.Load()
		var names []string
		if old != nil {
			names = *old
		}
		if n := slices.Index(names, name); n >= 0 {
			return int32(n)
		}
		names = append(slices.Clip(names), name)
		if len(names) <= maxNames && r.names.CompareAndSwap(old, &names) || len(names) > maxNames {
			return int32(len(names) - 1)
		}
	}
}

// maxNames is how many functions of a pool of threads are told apart.
const maxNames = 100

// name is "" for what is not told apart.
func (r *recorder) name(n int32) string {
	names := *r.names.Load()
	if int(n) >= len(names) {
		return ""
	}
	return names[n]
}

// maxSpans is how many spans a lane keeps. When there are more, those with the
// shortest gaps between them become one.
const maxSpans = 1024

// A lane is the place of one worker at a time.
type lane struct {
	recorder *recorder
	began    time.Time

	mu      sync.Mutex
	taken   bool // there is a worker
	state   laneState
	mark    time.Time     // all before is accounted for
	grain   time.Duration // gaps up to it are not kept
	mixed   bool          // nor whose task it was
	running atomic.Int32  // the name of a thread's task
	initial bool          // the worker calls the initializer before its first task
	worker  WorkerTrace
}

type laneState int

const (
	laneIdle laneState = iota
	laneStarting
	laneBusy
)

// lane gives a worker that is being started its place.
func (r *recorder) lane(state laneState) *lane {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.began.IsZero() {
		r.began = now
	}
	for _, l := range r.lanes {
		if l.take(state, now) {
			return l
		}
	}
	l := &lane{recorder: r, began: r.began}
	l.take(state, now)
	r.lanes = append(r.lanes, l)
	return l
}

func (l *lane) take(state laneState, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return false
	}
	l.taken, l.state, l.mark = true, state, now
	return true
}

// now spares the time where nothing is recorded.
func (l *lane) now() (t time.Time) {
	if l != nil {
		t = time.Now()
	}
	return t
}

// account gives the time since the last mark to one account. l.mu is held.
func (l *lane) account(to *time.Duration, now time.Time) {
	if d := now.Sub(l.mark); d > 0 {
		*to += d
		l.mark = now
	}
}

// started notes that the worker's process is ready.
func (l *lane) started(pid int, initializer bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.span(Span{Begin: l.mark.Sub(l.began), End: now.Sub(l.began)})
	l.account(&l.worker.Times.Start, now)
	l.worker.PID, l.state, l.initial = pid, laneIdle, initializer
}

// handed notes that a worker which had nothing to do is given a request, whose
// encoding began then and is over.
func (l *lane) handed(began time.Time) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account(&l.worker.Times.Idle, began)
	l.account(&l.worker.Times.Encode, time.Now())
	l.state = laneBusy
}

// outcome notes that outcomes of n tasks came, which the worker computed for that
// long. They are decoded now. last tells that it has nothing left to do.
func (l *lane) outcome(came time.Time, computed time.Duration, task string, n, failed int, last bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	computed = max(min(computed, came.Sub(l.mark)), 0)
	before := &l.worker.Times.Transfer
	if l.initial {
		before, l.initial = &l.worker.Times.Start, false
	}
	l.account(before, came.Add(-computed))
	l.account(&l.worker.Times.Compute, came)
	end := came.Sub(l.began)
	l.span(Span{Begin: end - computed, End: end, Task: task, Tasks: n, Failed: failed})
	if last {
		l.account(&l.worker.Times.Encode, time.Now())
		l.state = laneIdle
	}
}

// begun notes that a thread which waited begins a task. One that did not has begun
// the next as the one before was over.
func (l *lane) begun() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account(&l.worker.Times.Idle, time.Now())
	l.state = laneBusy
}

// runs notes that a thread's task begins.
func (l *lane) runs(name int32) {
	if l != nil {
		l.running.Store(name)
	}
}

// ran notes that a thread's task is over.
func (l *lane) ran(name int32, failed int) {
	if l == nil {
		return
	}
	task := l.recorder.name(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.span(Span{Begin: l.mark.Sub(l.began), End: now.Sub(l.began), Task: task, Tasks: 1, Failed: failed})
	l.account(&l.worker.Times.Compute, now)
}

// waits notes that a thread has no task.
func (l *lane) waits() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = laneIdle
}

// emptied notes that the worker gave everything back.
func (l *lane) emptied() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account(&l.worker.Times.Compute, time.Now())
	l.state = laneIdle
}

// ended notes the end of the worker: of a task, when it ran one.
func (l *lane) ended(task string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if task != "" {
		l.span(Span{Begin: l.mark.Sub(l.began), End: now.Sub(l.began), Task: task, Tasks: 1, Failed: 1})
	}
	l.account(l.worker.Times.of(l.state), now)
	l.taken, l.state, l.worker.PID = false, laneIdle, 0
}

// of is the account of the time that passes in a state.
func (t *Times) of(s laneState) *time.Duration {
	switch s {
	case laneStarting:
		return &t.Start
	case laneBusy:
		return &t.Compute
	}
	return &t.Idle
}

// span adds a span. l.mu is held.
func (l *lane) span(s Span) {
	l.worker.Tasks += s.Tasks
	l.worker.Failed += s.Failed
	spans := l.worker.Spans
	if n := len(spans); n > 0 && l.joins(spans[n-1], s) {
		spans[n-1] = joined(spans[n-1], s)
		return
	}
	if spans = append(spans, s); len(spans) > maxSpans {
		for len(spans) > maxSpans/2 {
			l.mixed = l.grain > 0 // once longer gaps alone were not enough
			l.grain = max(2*l.grain, 50*time.Microsecond)
			spans = l.coarser(spans)
		}
	}
	l.worker.Spans = spans
}

func (l *lane) coarser(spans []Span) []Span {
	kept := spans[:1]
	for _, s := range spans[1:] {
		if last := &kept[len(kept)-1]; l.joins(*last, s) {
			*last = joined(*last, s)
		} else {
			kept = append(kept, s)
		}
	}
	return kept
}

// joins tells whether two spans, one after the other, are to be one.
func (l *lane) joins(a, b Span) bool {
	switch {
	case l.grain == 0 || b.Begin-a.End > l.grain:
		return false
	case a.Task == b.Task && (a.Tasks > 0) == (b.Tasks > 0):
		return true
	}
	return l.mixed
}

func joined(a, b Span) Span {
	if a.Task != b.Task {
		a.Task = ""
	}
	a.End, a.Tasks, a.Failed = b.End, a.Tasks+b.Tasks, a.Failed+b.Failed
	return a
}

// trace adds what was recorded to t. task is the name of what runs in a lane.
func (r *recorder) trace(t Trace, task func(*lane) string) Trace {
	if r == nil {
		return t
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for _, l := range r.lanes {
		l.mu.Lock()
		w, until := l.worker, l.mark
		w.Spans = slices.Clone(w.Spans)
		if l.taken {
			until, w.busy = now, l.state == laneBusy
			*w.Times.of(l.state) += max(now.Sub(l.mark), 0)
			if s := (Span{Begin: l.mark.Sub(l.began), End: now.Sub(l.began)}); l.state == laneStarting {
				w.Spans = append(w.Spans, s)
			} else if l.state == laneBusy && s.End > s.Begin {
				s.Task, s.Running = task(l), true
				w.Spans = append(w.Spans, s)
			}
		}
		l.mu.Unlock()
		t.Lasted = max(t.Lasted, until.Sub(r.began))
		t.Workers = append(t.Workers, w)
	}
	return t
}

// Times is the sum of all workers' times.
func (t Trace) Times() (sum Times) {
	for _, w := range t.Workers {
		sum.Start += w.Times.Start
		sum.Encode += w.Times.Encode
		sum.Transfer += w.Times.Transfer
		sum.Compute += w.Times.Compute
		sum.Idle += w.Times.Idle
	}
	return sum
}

// Tasks is how many tasks are done, and how many of them failed.
func (t Trace) Tasks() (done, failed int) {
	for _, w := range t.Workers {
		done += w.Tasks
		failed += w.Failed
	}
	return done, failed
}

// Trace tells what the workers have done so far.
func (p *ProcessPoolExecutor) Trace() Trace {
	p.mu.Lock()
	t := Trace{Pool: "ProcessPoolExecutor", StartMethod: p.method, MaxWorkers: p.max, State: stateOf(p.broken != nil || p.wrong != nil, p.closed), Pending: p.pending}
	tasks := map[*lane]string{}
	for _, w := range p.workers {
		if w.held() > 0 {
			tasks[w.lane] = w.sent.items[w.sent.head].name()
		}
		for _, u := range w.sent.items[w.sent.head:] {
			if t.Running++; u.part != nil {
				t.Running += u.part.n - u.part.filled - 1
			}
		}
	}
	p.mu.Unlock()
	return p.recorder.trace(t, func(l *lane) string { return tasks[l] })
}

// Trace tells what the workers have done so far.
func (p *ThreadPoolExecutor) Trace() Trace {
	p.mu.Lock()
	t := Trace{Pool: "ThreadPoolExecutor", MaxWorkers: p.max, State: stateOf(p.broken != nil, p.closed), Pending: p.queue.len()}
	p.mu.Unlock()
	t = p.recorder.trace(t, func(l *lane) string { return p.recorder.name(l.running.Load()) })
	for _, w := range t.Workers {
		if w.busy {
			t.Running++
		}
	}
	return t
}

func stateOf(broken, closed bool) string {
	switch {
	case broken:
		return "broken"
	case closed:
		return "shut down"
	}
	return "open"
}
