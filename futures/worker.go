package futures

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A worker is one process of a pool. Two goroutines look after it: run, which
// owns the process and reads its results, and hand, which hands it tasks. Who
// submits a task may do that instead, when the worker has nothing to do.
type worker struct {
	pool  *ProcessPoolExecutor
	ready chan struct{} // closed when it says hello
	gone  chan struct{} // closed when its process has ended, or never began
	wake  chan struct{} // holds a token when hand should look again
	lane  *lane

	// Guarded by the pool's mu.
	child    *child
	waiting  bool // hand waits on wake
	retiring bool // its pipe is closed: it ends when it likes
	dropped  bool
	doomed   bool // it is killed on purpose, because of the task that it runs
	version  int  // of what it runs
	outdated bool // that has changed: it takes no more tasks
	late     bool // what it runs takes longer than was thought: it gave back the rest
	taken    int  // tasks in its life
	taking   int  // requests on their way from the queue to sent
	finished int  // requests
	notices  []notice
	sent     fifo[unit] // what it runs, then what it holds, in order

	sending sync.Mutex // held by who hands it tasks, before the pool's mu
	// Guarded by sending.
	box    outbox
	fns    map[fnKey]uint32  // functions that it was told of
	vars   map[string]string // variables that it was told of
	began  time.Time         // when the encoding of a unit did, for the lane
	nextID uint32
}

// A notice tells the worker something about a request that it holds.
type notice struct {
	header
	texts []string
}

// A unit is what a worker is handed in one request: a call, or a part of a job.
type unit struct {
	call
	part  *part
	tries int // workers that died of it
	id    uint32
	nanos int64       // how long it may take while others wait for it
	stop  func() bool // ends the watch on the context
}

// name is the task's.
func (u unit) name() string {
	if u.part != nil {
		return u.part.job.task.Name
	}
	return u.task.Name
}

func newWorker(p *ProcessPoolExecutor) *worker {
	return &worker{
		pool:  p,
		ready: make(chan struct{}),
		gone:  make(chan struct{}),
		wake:  make(chan struct{}, 1),
		lane:  p.recorder.lane(laneStarting),
		fns:   make(map[fnKey]uint32),
		vars:  make(map[string]string),
	}
}

func (w *worker) held() int { return w.sent.len() }

// load is what it has to do: what it holds, and what it is about to be handed.
func (w *worker) load() int { return w.sent.len() + w.taking }

// rouse makes hand look again. The pool's mu is held.
func (w *worker) rouse() {
	w.waiting = false
	w.nudge()
}

func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// withdraw tells the worker to give a request back (recall), or that its context
// has ended (revoke). The pool's mu is held.
func (w *worker) withdraw(id uint32, how frameKind, texts ...string) {
	w.notices = append(w.notices, notice{header{kind: how, id: id}, texts})
	w.rouse()
}

// doom kills the worker; another one takes over what it holds. The pool's mu is
// held.
func (w *worker) doom() {
	w.doomed = true
	_ = w.child.kill()
}

// drop takes everything from the worker and gives it an error, by way of calls
// for those that were submitted. The pool's mu is held.
func (w *worker) drop(err error) []call {
	w.dropped = true
	var calls []call
	for w.sent.len() > 0 {
		u := w.sent.pop()
		if u.stop != nil {
			u.stop()
		}
		if u.part != nil {
			u.part.fail(err)
			continue
		}
		calls = append(calls, u.call)
	}
	return calls
}

// exited breaks the pool: a value's UnmarshalBinary or MarshalBinary has called
// runtime.Goexit and ended a goroutine that was to hand out the outcomes of
// units, or of what the worker holds.
func (w *worker) exited(units ...unit) {
	_ = w.child.kill()
	p := w.pool
	p.breakDown(BrokenProcessPool{Message: abruptly, Cause: errGoexit})
	for _, u := range units {
		w.lost(u)
	}
}

// lost gives a unit that the pool's end has overtaken its error.
func (w *worker) lost(u unit) {
	p := w.pool
	p.mu.Lock()
	own := *p.broken
	if u.part != nil {
		u.part.fail(&own)
	}
	p.mu.Unlock()
	if u.part == nil {
		u.fail(&own)
	}
}

// run is the worker's life.
func (w *worker) run() {
	enter(context.Background())
	returned := false
	defer func() {
		if !returned {
			w.exited()
			_ = w.child.wait()
			close(w.gone)
		}
	}()
	w.live()
	returned = true
}

func (w *worker) live() {
	p := w.pool
	child, err := startChild(p.ctx, p.launch)
	if err != nil {
		w.lane.ended("")
		close(w.gone)
		if cause := context.Cause(p.ctx); cause != nil {
			err = cause
		}
		p.breakDown(BrokenProcessPool{Message: "A process of the process pool could not be started: " + err.Error(), Cause: err})
		return
	}
	p.mu.Lock()
	w.child = child
	p.mu.Unlock()
	unkill := context.AfterFunc(p.ctx, func() { _ = child.kill() })
	var sender sync.WaitGroup
	sender.Go(w.hand)

	hint := w.read(newFrameReader(child.out))

	// Nothing is left to be read, so the process has ended or is ending.
	p.mu.Lock()
	expected := w.retiring && w.held() == 0
	running := ""
	if w.held() > 0 {
		running = w.sent.items[w.sent.head].name()
	}
	p.mu.Unlock()
	if !expected {
		_ = child.kill() // it may have closed its pipe and live on
	}
	how := child.wait()
	unkill()
	w.lane.ended(running)
	if expected {
		p.leave(w)
	} else if !p.replace(w, how, hint) {
		p.breakDown(BrokenProcessPool{Message: abruptly, Cause: how, Hint: hint})
	}
	close(w.gone)
	sender.Wait()
}

// read takes the worker's frames until its pipe ends, and returns what to do
// about the end if the worker told.
func (w *worker) read(r *frameReader) (hint string) {
	greeted := false
	for {
		h, err := r.next()
		if err != nil {
			if !greeted && hint == "" && w.pool.local {
				hint = hintGuard
			}
			return hint
		}
		switch h.kind {
		case hello:
			greeted = true
			w.lane.started(w.child.cmd.Process.Pid, w.pool.init != nil)
			close(w.ready)
		case unclaimed:
			hint = hintGuard
		case unknown:
			texts, _ := r.readTexts()
			hint = hintUnknown(at(texts, 0))
		case uninitialized:
			hint = "the pool's initializer failed: its error is on stderr"
		case result, failure, crash, refused, rest:
			w.settle(h, r)
		}
	}
}

const hintGuard = "the program has no main guard: call futures.FreezeSupport, with the functions that workers run, in the first line of main"

func hintUnknown(name string) string {
	hint := "the worker process does not know " + name + ": name it in futures.FreezeSupport"
	if hasStartMethod(Session) {
		hint = "a worker that is started by \"spawn\" does not know what is defined in the notebook, such as " + name +
			": use start method \"session\", or put the function into a program and %run it"
	}
	return hint
}

// settle gives the oldest request that the worker holds its outcome, or some of
// its outcomes.
func (w *worker) settle(h header, r *frameReader) {
	p, came := w.pool, w.lane.now()
	p.mu.Lock()
	if w.sent.len() == 0 { // dropped meanwhile
		p.mu.Unlock()
		return
	}
	if h.kind == rest {
		w.takeBack(h)
		p.mu.Unlock()
		return
	}
	u := w.sent.items[w.sent.head]
	p.mu.Unlock()
	if u.part != nil {
		w.settlePart(u, h, r, came)
		return
	}

	var value any
	var err error
	if h.kind == result {
		var v reflect.Value
		if v, err = r.value(codecFor(u.task.Result)); err == nil && v.IsValid() {
			value = v.Interface()
		}
	} else {
		err = r.outcome(h.kind)
	}

	p.mu.Lock()
	if w.dropped {
		p.mu.Unlock()
		return
	}
	w.lane.outcome(came, time.Duration(h.nanos), u.task.Name, 1, failures(err), w.held() == 1)
	p.observe(time.Duration(h.nanos))
	w.finish(u)
	p.mu.Unlock()
	u.settle(value, err)
}

// settlePart takes the next outcomes of a part. Who waits for them reads only
// those that were there before.
func (w *worker) settlePart(u unit, h header, r *frameReader, came time.Time) {
	p, pt := w.pool, u.part
	n := int(h.count)
	var errs map[int]error
	var err error
	switch {
	case n > pt.n-pt.filled: // can't be
		return
	case h.kind == result:
		if !pt.values.IsValid() {
			p.mu.Lock()
			pt.values = reflect.MakeSlice(reflect.SliceOf(pt.job.task.Result), pt.n, pt.n)
			p.mu.Unlock()
		}
		errs = r.values(codecFor(pt.job.task.Result), pt.values.Slice(0, pt.filled+n), pt.filled)
	default:
		err = r.outcome(h.kind)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	if w.dropped {
		return
	}
	for i, err := range errs {
		pt.failAt(i, err)
	}
	if err != nil {
		pt.failAt(pt.filled, err)
	}
	w.lane.outcome(came, time.Duration(h.nanos), pt.job.task.Name, n, len(errs)+failures(err), w.held() == 1 && pt.filled+n == pt.n)
	pt.job.observe(time.Duration(h.nanos), n)
	pt.fill(n)
	if pt.filled == pt.n {
		w.finish(u)
	}
}

// takeBack queues what the worker gives back of a request. The pool's mu is held.
func (w *worker) takeBack(h header) {
	p := w.pool
	i := slices.IndexFunc(w.sent.items[w.sent.head:], func(u unit) bool { return u.id == h.id })
	if i < 0 {
		return
	}
	w.late = true
	u := w.sent.items[w.sent.head+i]
	pt, n := u.part, int(h.count)
	whole := pt == nil || n == pt.n-pt.filled
	if whole {
		if w.sent.remove(i); w.held() == 0 {
			w.lane.emptied()
		}
		if u.stop != nil {
			u.stop()
		}
	}
	if pt == nil || pt.job.chunk == 0 { // else its chunk still counts
		w.taken -= n
	}
	switch {
	case pt == nil:
		p.requeue(u)
	case n < pt.n:
		pt.job.giveBack(pt.split(pt.n - n))
	default:
		pt.job.giveBack(pt)
	}
	if whole {
		w.freed()
	}
}

// finish takes the oldest request off the worker. The pool's mu is held.
func (w *worker) finish(u unit) {
	w.sent.pop()
	w.finished++
	w.late = false
	if u.stop != nil {
		u.stop()
	}
	w.freed()
}

// freed makes hand look again, after a request is off the worker: for another, or
// to let the worker go. The pool's mu is held.
func (w *worker) freed() {
	p := w.pool
	if w.waiting && (p.pending > 0 || p.closed || p.maxTasks > 0 || w.outdated) {
		w.rouse()
	}
}

// outcome reads the error that a frame tells of.
func (r *frameReader) outcome(kind frameKind) error {
	texts, err := r.readTexts()
	if err != nil {
		return err
	}
	return outcome(kind, texts)
}

// outcome is the error that a frame tells of.
func outcome(kind frameKind, texts []string) error {
	switch kind {
	case crash:
		e := &PanicError{Type: at(texts, 0), Message: at(texts, 1), Stack: at(texts, 2)}
		e.PID, _ = strconv.Atoi(at(texts, 3))
		switch len(texts) {
		case 4:
		case 5:
			e.Value = unpickledAny(texts[4])
		default:
			e.Value, _ = remoteError(texts[4:])
		}
		return e
	case refused:
		return &PicklingError{Name: at(texts, 0), Message: at(texts, 1)}
	default:
		e, _ := remoteError(texts[min(2, len(texts)):])
		e.Task = at(texts, 0)
		e.PID, _ = strconv.Atoi(at(texts, 1))
		return e
	}
}
