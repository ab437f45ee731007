package futures

import (
	"context"

	"reflect"

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

	// Guarded by the pool's mu.
	child    *child
	waiting  bool // send waits on wake
	retiring bool // its pipe is closed: it ends when it likes
	dropped  bool
	taken    int // tasks in its life
	finished int
	revoked  []uint32
	sent     fifo[sentCall] // what it runs, then what it holds, in order
}

// sentCall is a call that the worker holds.
type sentCall struct {
	call
	id   uint32
	stop func() bool // ends the watch on the call's context
}

func newWorker(p *ProcessPoolExecutor) *worker {
	return &worker{
		pool:  p,
		ready: make(chan struct{}),
		gone:  make(chan struct{}),
		wake:  make(chan struct{}, 1),
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

// drop takes all calls from the worker. The pool's mu is held.
func (w *worker) drop() []call {
	w.dropped = true
	var calls []call
	for w.sent.len() > 0 {
		c := w.sent.pop()
		if c.stop != nil {
			c.stop()
		}
		calls = append(calls, c.call)
	}
	return calls
}

// run is the worker's life.
func (w *worker) run() {
	p := w.pool
	child, err := startChild(p.ctx, p.launch)
	if err != nil {
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
	p.mu.Unlock()
	if !expected {
		_ = child.kill() // it may have closed its pipe and live on
	}
	how := child.wait()
	unkill()
	if expected {
		p.leave(w)
	} else {
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
			close(w.ready)
		case unclaimed:
			hint = hintGuard
		case unknown:
			texts, _ := r.readTexts()
			hint = hintUnknown(at(texts, 0))
		case uninitialized:
			hint = "the pool's initializer failed: its error is on stderr"
		case result, failure, crash, refused:
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

// settle gives the oldest call that the worker holds its outcome.
func (w *worker) settle(h header, r *frameReader) {
	p := w.pool
	p.mu.Lock()
	if w.sent.len() == 0 { // dropped meanwhile
		p.mu.Unlock()
		return
	}
	c := w.sent.items[w.sent.head]
	p.mu.Unlock()

	var value any
	var err error
	switch h.kind {
	case result:
		var v reflect.Value
		if v, err = r.value(codecFor(c.task.Result)); err == nil && v.IsValid() {
			value = v.Interface()
		}
	default:
		texts, failed := r.readTexts()
		err = outcome(h.kind, texts)
		if failed != nil {
			err = failed
		}
	}

	p.mu.Lock()
	if w.dropped {
		p.mu.Unlock()
		return
	}
	w.sent.pop()
	w.finished++
	p.observe(time.Duration(h.nanos))
	if w.waiting && (p.queue.len() > 0 || p.closed || p.maxTasks > 0) {
		w.rouse()
	}
	p.mu.Unlock()
	if c.stop != nil {
		c.stop()
	}
	c.settle(value, err)
}

// outcome is the error that a frame tells of.
func outcome(kind frameKind, texts []string) error {
	switch kind {
	case crash:
		return &PanicError{Type: at(texts, 0), Message: at(texts, 1), Stack: at(texts, 2)}
	case refused:
		return &PicklingError{Name: at(texts, 0), Message: at(texts, 1)}
	default:
		return remoteError(texts)
	}
}

// send hands tasks to the worker as it can take them.
func (w *worker) send() {
	select {
	case <-w.ready:
	case <-w.gone:
		return
	}
	p := w.pool
	s := sender{worker: w, fns: make(map[fnKey]uint32)}
	if p.init != nil {
		if err := s.request(p.init.task, p.init.args, 0, initial); err != nil {
			p.breakDown(BrokenProcessPool{Message: "The initializer of the process pool could not be called: " + err.Error(), Cause: err})
			return
		}
	}
	for {
		calls, revoked, quit := w.next()
		if quit {
			_ = w.child.in.Close()
			return
		}
		for _, id := range revoked {
			s.box.textFrame(header{kind: revoke, id: id})
		}
		for _, c := range calls {
			s.call(c)
		}
		// A worker that can't be written to is dead: run notices.
		_ = s.box.flush(w.child.in)
		if calls == nil && revoked == nil {
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
func (w *worker) next() (calls []call, revoked []uint32, quit bool) {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	revoked, w.revoked = w.revoked, nil
	if w.dropped {
		return nil, nil, true
	}
	for n := p.allowance(w); n > 0; n-- {
		calls = append(calls, p.queue.pop())
	}
	spent := p.maxTasks > 0 && w.taken >= p.maxTasks
	if calls == nil && revoked == nil {
		if w.held() == 0 && (spent || p.closed && p.queue.len() == 0) {
			w.retiring = true
			return nil, nil, true
		}
		w.waiting = true
	}
	return calls, revoked, false
}

// A sender is the state of one worker's stream of tasks.
type sender struct {
	*worker
	box    outbox
	fns    map[fnKey]uint32 // functions that the worker was told of
	nextID uint32
}

// call adds a call's frame and notes it as sent. One that can't be encoded fails
// alone.
func (s *sender) call(c call) {
	if !c.begin() {
		return
	}
	p := s.pool
	s.nextID++
	sent := sentCall{call: c, id: s.nextID}
	err := s.request(c.task, []any{c.arg}, s.nextID, 0)
	p.mu.Lock()
	if err == nil && !s.dropped {
		s.sent.push(sent)
		s.taken++
	}
	dropped, broken := s.dropped, p.broken
	p.mu.Unlock()
	switch {
	case err != nil:
		c.fail(err)
		return
	case dropped:
		own := *broken
		c.fail(&own)
		return
	}
	if c.ctx.Done() != nil {
		s.watch(c.ctx, sent.id)
	}
}

// watch tells the worker when a call's context ends.
func (s *sender) watch(ctx context.Context, id uint32) {
	p := s.pool
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		s.revoked = append(s.revoked, id)
		s.rouse()
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range s.sent.items[s.sent.head:] {
		if c := &s.sent.items[s.sent.head+i]; c.id == id {
			c.stop = stop
			return
		}
	}
	stop() // it is over already
}

// request adds the frame of a call, after the function's own frame the first
// time.
func (s *sender) request(task Task, args []any, id uint32, flags byte) error {
	return addRequest(&s.box, s.fns, task, args, id, flags)
}

func addRequest(box *outbox, fns map[fnKey]uint32, task Task, args []any, id uint32, flags byte) error {
	key, takes := signatureOf(task, args)
	fn, told := fns[key]
	if !told {
		fn = uint32(len(fns))
		fns[key] = fn
		texts := []string{task.Name}
		for _, t := range takes {
			texts = append(texts, codecFor(t).signature())
		}
		texts = append(texts, "") // any result will do
		if task.Result != nil {
			texts[len(texts)-1] = codecFor(task.Result).signature()
		}
		box.textFrame(header{kind: define, id: fn}, texts...)
	}
	return box.frame(header{kind: request, fn: fn, id: id, flags: flags}, func() error {
		for i, arg := range args {
			if err := box.value(codecFor(takes[i]), reflect.ValueOf(arg)); err != nil {
				return err
			}
		}
		return nil
	})
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
