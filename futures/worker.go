package futures

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A worker is one process of a pool. Two goroutines look after it: run, which
// owns the process and reads its results, and send, which hands it tasks.
type worker struct {
	pool  *ProcessPoolExecutor
	ready chan struct{} // closed when it says hello
	gone  chan struct{} // closed when its process has ended, or never began
	wake  chan struct{} // holds a token when send should look again
	lane  *lane

	// Guarded by the pool's mu.
	child    *child
	waiting  bool // send waits on wake
	retiring bool // its pipe is closed: it ends when it likes
	dropped  bool
	doomed   bool // it is killed on purpose, because of the task that it runs
	late     bool // what it runs takes longer than was thought: it gave back the rest
	taken    int  // tasks in its life
	finished int  // requests
	notices  []header
	sent     fifo[unit] // what it runs, then what it holds, in order
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
	}
}

func (w *worker) held() int { return w.sent.len() }

// rouse makes send look again. The pool's mu is held.
func (w *worker) rouse() {
	w.waiting = false
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// withdraw tells the worker to give a request back (recall), or that its context
// has ended (revoke). The pool's mu is held.
func (w *worker) withdraw(id uint32, how frameKind) {
	w.notices = append(w.notices, header{kind: how, id: id})
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

// exited breaks the pool when one of the worker's goroutines was ended by what
// it ran: a value's UnmarshalBinary or MarshalBinary that called runtime.Goexit.
func (w *worker) exited(returned *bool) {
	if *returned {
		return
	}
	_ = w.child.kill()
	w.pool.breakDown(BrokenProcessPool{Message: abruptly, Cause: errGoexit})
}

// run is the worker's life.
func (w *worker) run() {
	returned := false
	defer func() {
		if !returned {
			w.exited(&returned)
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
	sender.Go(w.send)

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
	switch {
	case pt == nil:
		w.taken--
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

// freed makes send look again, after a request is off the worker: for another, or
// to let the worker go. The pool's mu is held.
func (w *worker) freed() {
	p := w.pool
	if w.waiting && (p.pending > 0 || p.closed || p.maxTasks > 0) {
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
		if len(texts) > 4 {
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

// send hands tasks to the worker as it can take them.
func (w *worker) send() {
	returned := false
	defer w.exited(&returned)
	w.hand()
	returned = true
}

func (w *worker) hand() {
	select {
	case <-w.ready:
	case <-w.gone:
		return
	}
	p := w.pool
	s := sender{worker: w, fns: make(map[fnKey]uint32)}
	if p.init != nil {
		if err := s.request(p.init.task, p.init.args, header{flags: initial}); err != nil {
			p.breakDown(BrokenProcessPool{Message: "The initializer of the process pool could not be called: " + err.Error(), Cause: err})
			return
		}
	}
	for {
		units, notices, quit := w.next()
		if quit {
			_ = w.child.in.Close()
			return
		}
		for _, h := range notices {
			s.box.textFrame(h)
		}
		for _, u := range units {
			if u.part != nil {
				s.part(u)
			} else {
				s.call(u)
			}
		}
		// A worker that can't be written to is dead: run notices.
		_ = s.box.flush(w.child.in)
		if units == nil && notices == nil {
			select {
			case <-w.wake:
			case <-w.gone:
				return
			}
		}
	}
}

// next takes from the pool what the worker can have now. When there is nothing
// it marks the worker as waiting; quit means there will be nothing more.
func (w *worker) next() (units []unit, notices []header, quit bool) {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	notices, w.notices = w.notices, nil
	if w.dropped {
		return nil, nil, true
	}
	for n := p.allowance(w); n > 0 && len(units) < n && p.allowance(w) > 0; {
		units = append(units, p.take(w))
	}
	spent := p.maxTasks > 0 && w.taken >= p.maxTasks
	if units == nil && notices == nil {
		if w.held() == 0 && (spent || p.closed && p.pending == 0) {
			w.retiring = true
			return nil, nil, true
		}
		w.waiting = true
	}
	return units, notices, false
}

// A sender is the state of one worker's stream of tasks.
type sender struct {
	*worker
	box    outbox
	fns    map[fnKey]uint32 // functions that the worker was told of
	began  time.Time        // when the encoding of a unit did, for the lane
	nextID uint32
}

// call adds a call's frame and notes it as sent. One that can't be encoded fails
// alone.
func (s *sender) call(u unit) {
	if !u.f.Running() && !u.begin() { // it runs already when a worker gave it back
		return
	}
	s.began = s.lane.now()
	s.nextID++
	u.id = s.nextID
	if err := s.request(u.task, []any{u.arg}, header{id: u.id, nanos: u.nanos}); err != nil {
		u.fail(err)
		return
	}
	p := s.pool
	p.mu.Lock()
	switch {
	case !s.dropped:
		s.push(u)
		s.watch(u.ctx, u.id)
	case p.broken == nil: // another one takes over
		p.requeue(u)
	default:
		own := *p.broken
		defer u.fail(&own) // once unlocked
	}
	p.mu.Unlock()
}

// part adds the frame of a part and notes it as sent. A task whose argument
// can't be encoded fails alone; what is too much for one frame goes back.
func (s *sender) part(u unit) {
	p, pt, task := s.pool, u.part, u.part.job.task
	s.began = s.lane.now()
	limit := uint64(chunkBytes)
	if pt.job.chunk > 0 {
		limit = unlimited
	}
	fn := announce(&s.box, s.fns, fnKey{task.Name, task.Arg, task.Result}, []reflect.Type{task.Arg})
	s.nextID++
	u.id = s.nextID
	start := s.box.begin()
	next, err := s.box.values(codecFor(task.Arg), pt.args.Slice(0, pt.n), pt.filled, limit)
	count := next - pt.filled
	s.box.end(start, header{kind: request, fn: fn, id: u.id, count: uint32(count), nanos: u.nanos})
	if count == 0 {
		s.box.back(start)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	if s.dropped && p.broken == nil { // another one takes over
		pt.job.giveBack(pt)
		return
	}
	if s.dropped {
		pt.fail(p.broken)
		return
	}
	if next < pt.n {
		tail := pt
		if count > 0 {
			tail = pt.split(next)
		}
		if err != nil {
			tail.failAt(tail.filled, err)
			tail.fill(1)
		}
		pt.job.giveBack(tail)
	}
	if count > 0 {
		s.push(u)
		s.watch(pt.job.ctx, u.id)
	}
}

// push notes a unit as sent. The pool's mu is held.
func (s *sender) push(u unit) {
	if s.held() == 0 {
		s.lane.handed(s.began)
	}
	s.sent.push(u)
}

// watch tells the worker when a request's context ends. The pool's mu is held.
func (s *sender) watch(ctx context.Context, id uint32) {
	if ctx.Done() == nil {
		return
	}
	p := s.pool
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		s.withdraw(id, revoke)
		if p.options.kill {
			time.AfterFunc(p.options.killAfter, func() { s.end(ctx, id) })
		}
	})
	for i := range s.sent.items[s.sent.head:] {
		if u := &s.sent.items[s.sent.head+i]; u.id == id {
			u.stop = stop
			return
		}
	}
	stop() // it is over already
}

// end kills the worker when it still runs a request whose context has ended.
func (w *worker) end(ctx context.Context, id uint32) {
	p := w.pool
	p.mu.Lock()
	if w.held() == 0 || w.sent.items[w.sent.head].id != id {
		p.mu.Unlock()
		return
	}
	err := error(CancelledError{})
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = TimeoutError{}
	}
	u := w.sent.items[w.sent.head]
	if u.part != nil {
		u.part.fail(err)
		w.doom()
	}
	p.mu.Unlock()
	if u.part == nil {
		u.f.stopRunning(err)
	}
}

// request adds the frame of a call, after the function's own frame the first
// time.
func (s *sender) request(task Task, args []any, h header) error {
	return addRequest(&s.box, s.fns, task, args, h)
}

func addRequest(box *outbox, fns map[fnKey]uint32, task Task, args []any, h header) error {
	key, takes := signatureOf(task, args)
	fn := announce(box, fns, key, takes)
	start := box.begin()
	for i, arg := range args {
		if err := box.value(codecFor(takes[i]), reflect.ValueOf(arg)); err != nil {
			box.back(start)
			return err
		}
	}
	h.kind, h.fn, h.count = request, fn, 1
	box.end(start, h)
	return nil
}

// announce adds the frame that tells the worker of a function, the first time,
// and returns its number.
func announce(box *outbox, fns map[fnKey]uint32, key fnKey, takes []reflect.Type) uint32 {
	fn, told := fns[key]
	if !told {
		fn = uint32(len(fns))
		fns[key] = fn
		texts := []string{key.name}
		for _, t := range takes {
			texts = append(texts, codecFor(t).signature())
		}
		result := "" // any will do
		if key.result != nil {
			result = codecFor(key.result).signature()
		}
		box.textFrame(header{kind: define, id: fn}, append(texts, result)...)
	}
	return fn
}

// fnKey is what makes a function's frame differ from another's.
type fnKey struct {
	name        string
	arg, result reflect.Type
}

// signatureOf is the types under which arguments travel: the task's own, else
// those of the function registered here, else the arguments'.
func signatureOf(task Task, args []any) (key fnKey, takes []reflect.Type) {
	key = fnKey{name: task.Name, arg: task.Arg, result: task.Result}
	if task.Arg != nil && len(args) == 1 {
		return key, []reflect.Type{task.Arg}
	}
	f := lookup(task.Name)
	for i, arg := range args {
		t := reflect.TypeOf(arg)
		if f != nil && i < len(f.takes) {
			t = f.takes[i]
		}
		takes = append(takes, t)
		key.arg = t // only an executor's stream has several calls, of one argument each
	}
	return key, takes
}
