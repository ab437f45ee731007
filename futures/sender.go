package futures

import (
	"context"
	"errors"
	"reflect"
	"time"
)

// hand hands tasks to the worker as it can take them.
func (w *worker) hand() {
	select {
	case <-w.ready:
	case <-w.gone:
		return
	}
	if init := w.pool.init; init != nil {
		if err := w.addInitializer(init); err != nil {
			w.pool.breakDown(BrokenProcessPool{Message: "The initializer of the process pool could not be called: " + err.Error(), Cause: err})
			return
		}
	}
	for {
		more, quit := w.handOnce()
		switch {
		case quit:
			_ = w.child.in.Close()
			return
		case more:
			continue
		}
		select {
		case <-w.wake:
		case <-w.gone:
			return
		}
	}
}

// handOnce hands the worker what it can have now. more tells that there was
// something, quit that there will be nothing more.
func (w *worker) handOnce() (more, quit bool) {
	w.sending.Lock()
	defer w.sending.Unlock()
	// A worker that can't be written to is dead: run notices.
	_ = w.box.flush(w.child.in) // the initializer, or what handAtOnce has left
	units, notices, quit := w.next()
	for _, n := range notices {
		w.box.textFrame(n.header, n.texts...)
	}
	w.add(units)
	_ = w.box.flush(w.child.in)
	return units != nil || notices != nil, quit
}

// handAtOnce hands an idle worker what was submitted, which spares a switch to
// hand's goroutine. What is big is left to that one: to submit must not take long.
// It is called with sending held and releases it.
func (w *worker) handAtOnce(u unit) {
	defer w.sending.Unlock()
	w.add([]unit{u})
	if w.box.size(place{}) <= bigCut {
		_ = w.box.flush(w.child.in) // it reads, as it has nothing to do
	} else {
		w.nudge()
	}
}

func (w *worker) addInitializer(init *invocation) error {
	returned := false
	defer func() {
		if !returned {
			w.exited()
		}
	}()
	addVariables(&w.box, w.vars, init.task.vars)
	err := w.request(init.task, init.args, header{flags: initial})
	returned = true
	return err
}

// add adds the frames of units and notes them as sent.
func (w *worker) add(units []unit) {
	i := 0
	defer func() {
		if i < len(units) {
			w.exited(units[i:]...)
		}
	}()
	for ; i < len(units); i++ {
		u := units[i]
		if u.part != nil {
			w.addPart(u)
		} else {
			w.addCall(u)
		}
	}
}

// next takes from the pool what the worker can have now. When there is nothing
// it marks the worker as waiting; quit means there will be nothing more.
func (w *worker) next() (units []unit, notices []notice, quit bool) {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	notices, w.notices = w.notices, nil
	if w.dropped {
		return nil, nil, true
	}
	for p.allowance(w) > 0 {
		units = append(units, p.take(w))
	}
	spent := p.maxTasks > 0 && w.taken >= p.maxTasks
	if units == nil && notices == nil {
		if w.held() == 0 && (spent || w.outdated || p.closed && p.pending == 0) {
			w.retiring = true
			return nil, nil, true
		}
		w.waiting = true
	}
	return units, notices, false
}

// addCall adds a call's frame and notes it as sent. One that can't be encoded fails
// alone.
func (w *worker) addCall(u unit) {
	added := false
	if u.f.Running() || u.begin() { // it runs already when a worker gave it back
		w.began = w.lane.now()
		w.nextID++
		u.id = w.nextID
		addVariables(&w.box, w.vars, u.task.vars)
		w.addLimit(u.ctx, u.id)
		err := w.request(u.task, []any{u.arg}, header{id: u.id, nanos: u.nanos})
		if added = err == nil; !added {
			u.fail(err)
		}
	}
	p := w.pool
	p.mu.Lock()
	w.taking--
	switch {
	case !added:
		w.freed()
	case !w.dropped:
		w.push(u)
		w.watch(u.ctx, u.id)
	case p.broken == nil: // another one takes over
		p.requeue(u)
	default:
		own := *p.broken
		defer u.fail(&own) // once unlocked
	}
	p.mu.Unlock()
}

// addPart adds the frame of a part and notes it as sent. A task whose argument
// can't be encoded fails alone; what is too much for one frame goes back.
func (w *worker) addPart(u unit) {
	p, pt, task := w.pool, u.part, u.part.job.task
	w.began = w.lane.now()
	limit := uint64(chunkBytes)
	if pt.job.chunk > 0 {
		limit = unlimited
	}
	fn := announce(&w.box, w.fns, fnKey{task.Name, task.Arg, task.Result}, []reflect.Type{task.Arg})
	w.nextID++
	u.id = w.nextID
	addVariables(&w.box, w.vars, task.vars)
	w.addLimit(pt.job.ctx, u.id)
	start := w.box.begin()
	next, err := w.box.values(codecFor(task.Arg), pt.args.Slice(0, pt.n), pt.filled, limit)
	count := next - pt.filled
	w.box.end(start, header{kind: request, fn: fn, id: u.id, count: uint32(count), nanos: u.nanos})
	if count == 0 {
		w.box.back(start)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	w.taking--
	if w.dropped && p.broken == nil { // another one takes over
		pt.job.giveBack(pt)
		return
	}
	if w.dropped {
		pt.fail(p.broken)
		return
	}
	if next < pt.n {
		if pt.job.chunk == 0 {
			w.taken -= pt.n - next
		}
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
		w.push(u)
		w.watch(pt.job.ctx, u.id)
	}
}

// addLimit adds the frame that tells of the deadline of a request's context, if there
// is one.
func (w *worker) addLimit(ctx context.Context, id uint32) {
	if at, ok := ctx.Deadline(); ok {
		w.box.textFrame(header{kind: limit, id: id, nanos: at.UnixNano()})
	}
}

// push notes a unit as sent. The pool's mu is held.
func (w *worker) push(u unit) {
	if w.held() == 0 {
		w.lane.handed(w.began)
	}
	w.sent.push(u)
}

// watch tells the worker when a request's context ends. The pool's mu is held.
func (w *worker) watch(ctx context.Context, id uint32) {
	if ctx.Done() == nil {
		return
	}
	p := w.pool
	stop := context.AfterFunc(ctx, func() {
		texts := endTexts(ctx)
		p.mu.Lock()
		defer p.mu.Unlock()
		w.withdraw(id, revoke, texts...)
		switch {
		case context.Cause(ctx) == ErrInterrupted:
			time.AfterFunc(interruptGrace, func() { w.end(ctx, id) })
		case p.options.kill:
			time.AfterFunc(p.options.killAfter, func() { w.end(ctx, id) })
		}
	})
	for i := range w.sent.items[w.sent.head:] {
		if u := &w.sent.items[w.sent.head+i]; u.id == id {
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
func (w *worker) request(task Task, args []any, h header) error {
	return addRequest(&w.box, w.fns, task, args, h)
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
