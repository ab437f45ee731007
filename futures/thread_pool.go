package futures

import (
	"context"
	"fmt"
	"log"
	"runtime"
	"sync"
	"sync/atomic"
)

// ThreadPoolExecutor runs tasks in goroutines of this process, at most
// maxWorkers at a time. They are started on demand, and an idle one is used
// before a new one is started.
type ThreadPoolExecutor struct {
	self interrupter // this pool, as futures know it
	max  int
	init *invocation
	stop func() bool

	queue    queue
	refuses  atomic.Bool  // it is closed or broken
	grows    atomic.Bool  // another worker may be started
	looking  atomic.Bool  // a worker is about to look into the queue
	idle     atomic.Int32 // workers that wait and that no one has called; changed under mu
	mu       sync.Mutex
	wake     sync.Cond
	calls    int // to workers that wait
	workers  int
	closed   bool
	broken   error // it was made with what can't be, or a worker's initializer failed
	ended    sync.WaitGroup
	running  map[*AnyFuture]context.CancelFunc // tasks that look at their context
	recorder *recorder
	meter    *meter
}

// A goCall is a call as goroutines need it, and its future, whose outcome is the
// argument until the call is run. There may be very many.
type goCall struct {
	AnyFuture
	next    atomic.Pointer[goCall] // in the queue
	fn      func(context.Context, any) (any, error)
	details *details // nil when they are the usual ones
}

// details are what few calls have.
type details struct {
	ctx  context.Context
	asks bool  // the function looks at it
	name int32 // the recorder's
}

// NewThreadPoolExecutor makes a pool; 0 workers stands for min(32, CPUCount+4).
// Every task of a pool that can't be, such as one of -1 workers, fails with the
// reason.
func NewThreadPoolExecutor(maxWorkers int, opts ...Option) *ThreadPoolExecutor {
	o := options{ctx: context.Background()}
	for _, opt := range opts {
		opt.setPool(&o)
	}
	if maxWorkers == 0 {
		maxWorkers = min(32, CPUCount()+4)
	}
	p := &ThreadPoolExecutor{max: maxWorkers, init: o.initializer}
	p.self = p
	p.wake.L = &p.mu
	p.queue.init()
	p.recorder = newRecorder(p, o)
	p.meter = newMeter(context.Background(), o.progress, "ThreadPoolExecutor", 0)
	if p.broken = o.wrong(maxWorkers); p.broken != nil {
		p.refuses.Store(true)
	}
	p.grows.Store(p.max > 0)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop = context.AfterFunc(o.ctx, func() { p.Shutdown(false, true) })
	return p
}

// SubmitTask implements Executor.
func (p *ThreadPoolExecutor) SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture {
	if err := p.accepts(task); err != nil {
		return failed(err)
	}
	ctx = adopted(ctx)
	c := &goCall{AnyFuture: AnyFuture{outcome: arg, owner: &p.self}, fn: task.Func}
	if task.TakesContext || ctx.Done() != nil || p.recorder != nil {
		c.details = &details{ctx, task.TakesContext, p.recorder.number(task.Name)}
	}
	if p.meter != nil {
		p.meter.expect(1)
		p.meter.watch(&c.AnyFuture)
	}
	p.queue.push(c)
	// Who looks for work finds it. If it gives up, it is idle before it looks for
	// the last time.
	if !p.looking.Load() && (p.idle.Load() > 0 || p.grows.Load()) {
		p.mu.Lock()
		p.engage()
		p.mu.Unlock()
	}
	if p.refuses.Load() {
		p.late()
	}
	c.cancelWith(ctx)
	return &c.AnyFuture
}

// engage calls an idle worker, or starts one. p.mu is held.
func (p *ThreadPoolExecutor) engage() {
	switch {
	case p.idle.Load() > 0:
		p.idle.Add(-1)
		p.calls++
		p.wake.Signal()
	case p.workers < p.max:
		p.workers++
		p.grows.Store(p.workers < p.max)
		p.ended.Go(p.start)
	}
}

// late looks after calls that were submitted just when the pool was shut down or
// broke: no worker may be left to run them.
func (p *ThreadPoolExecutor) late() {
	p.mu.Lock()
	err := p.refusal()
	var lost []*goCall
	if p.workers == 0 || p.broken != nil {
		lost = p.clear()
	}
	p.mu.Unlock()
	for _, c := range lost {
		c.fail(err)
	}
}

// clear empties the queue. p.mu is held.
func (p *ThreadPoolExecutor) clear() (calls []*goCall) {
	for c := p.queue.pop(); c != nil; c = p.queue.pop() {
		calls = append(calls, c)
	}
	return calls
}

// accepts tells why tasks can't be run.
func (p *ThreadPoolExecutor) accepts(Task) error {
	switch {
	case p.max == 0:
		return &RuntimeError{"this ThreadPoolExecutor was not made by NewThreadPoolExecutor"}
	case !p.refuses.Load():
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal()
}

func (p *ThreadPoolExecutor) refusal() error {
	switch {
	case p.broken != nil:
		return p.broken
	case p.closed:
		return &RuntimeError{"cannot schedule new futures after shutdown"}
	}
	return nil
}

// start calls the initializer, if there is one, and takes to work.
func (p *ThreadPoolExecutor) start() {
	var l *lane
	if p.init == nil {
		l = p.recorder.lane(laneIdle)
	} else {
		l = p.recorder.lane(laneStarting)
		var failure error
		attempt(func() (any, error) { return p.init.call(context.Background()) }, func(_ any, err error) { failure = err })
		if failure != nil {
			l.ended("")
			p.breakDown(failure)
			return
		}
		l.started(0, false)
	}
	p.work(l)
}

// breakDown fails every pending future: a worker could not be initialized.
func (p *ThreadPoolExecutor) breakDown(cause error) {
	log.Printf("Exception in initializer:\n%s", trace(cause))
	p.mu.Lock()
	p.broken = &BrokenThreadPool{Cause: cause}
	p.refuses.Store(true)
	pending := p.clear()
	p.mu.Unlock()
	for _, c := range pending {
		c.fail(&BrokenThreadPool{Cause: cause})
	}
}

// work runs calls until the pool is shut down and has none.
func (p *ThreadPoolExecutor) work(l *lane) {
	// A task may end its goroutine (runtime.Goexit, testing's FailNow).
	returned := false
	defer func() {
		if !returned {
			p.ended.Go(func() { p.work(l) })
		}
	}()
	waited := true
	for {
		p.mu.Lock()
		c := p.queue.pop()
		if c == nil {
			waited = true
			l.waits()
			c = p.await()
		}
		if c == nil {
			p.workers--
			p.mu.Unlock()
			l.ended("")
			returned = true
			return
		}
		if waited && p.queue.some() { // who submits leaves it to those who look
			p.engage()
		}
		p.mu.Unlock()
		if waited {
			waited = false
			l.begun()
		}
		p.run(c, l)
	}
}

// glances is how often a worker looks for work before it goes to sleep, which costs
// it and who wakes it more.
const glances = 20

// await returns the next call, or nil when the pool is closed and there is none.
// p.mu is held.
func (p *ThreadPoolExecutor) await() *goCall {
	for !p.closed {
		if p.looking.CompareAndSwap(false, true) {
			p.mu.Unlock()
			for range glances {
				if runtime.Gosched(); p.queue.pushed() || p.refuses.Load() {
					break
				}
			}
			p.looking.Store(false)
			p.mu.Lock()
			if c := p.queue.pop(); c != nil {
				return c
			}
		}
		p.idle.Add(1)
		if c := p.queue.pop(); c != nil {
			p.idle.Add(-1)
			return c
		}
		for p.calls == 0 && !p.closed {
			p.wake.Wait()
		}
		if p.calls > 0 {
			p.calls--
		} else {
			p.idle.Add(-1)
		}
		if c := p.queue.pop(); c != nil {
			return c
		}
	}
	return p.queue.pop()
}

// run runs a call unless it was cancelled, or its context has ended.
func (p *ThreadPoolExecutor) run(c *goCall, l *lane) {
	fn, arg, d := c.fn, c.outcome, c.details
	c.fn, c.outcome, c.details = nil, nil, nil // the future may live long
	if d == nil {
		d = &usual
	}
	if d.ctx.Err() != nil {
		c.Cancel()
	}
	if !c.SetRunningOrNotifyCancel() {
		return
	}
	ctx := d.ctx
	if d.asks {
		var end func()
		ctx, end = p.stoppable(ctx, &c.AnyFuture)
		defer end()
		if c.Done() { // it was stopped before it could be told
			return
		}
	}
	l.runs(d.name)
	enter(d.ctx)
	attempt(func() (any, error) { return fn(ctx, arg) }, func(value any, err error) {
		if err == errGoexit && context.Cause(d.ctx) == ErrInterrupted {
			err = CancelledError{}
		}
		l.ran(d.name, failures(err))
		_ = c.finish(value, err) // it may have been stopped
	})
}

var usual = details{ctx: context.Background()}

// stoppable is a context that CancelRunning ends.
func (p *ThreadPoolExecutor) stoppable(ctx context.Context, f *AnyFuture) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		p.running = make(map[*AnyFuture]context.CancelFunc)
	}
	p.running[f] = cancel
	return ctx, func() {
		p.mu.Lock()
		delete(p.running, f)
		p.mu.Unlock()
		cancel()
	}
}

// interrupt ends the context of a task.
func (p *ThreadPoolExecutor) interrupt(f *AnyFuture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel := p.running[f]; cancel != nil {
		cancel()
	}
}

// Shutdown implements Executor.
func (p *ThreadPoolExecutor) Shutdown(wait, cancelFutures bool) {
	if p.max == 0 { // it was never made
		return
	}
	p.mu.Lock()
	p.stop()
	p.closed = true
	p.refuses.Store(true)
	var dropped []*goCall
	if cancelFutures {
		dropped = p.clear()
	}
	p.wake.Broadcast()
	p.mu.Unlock()
	for _, c := range dropped {
		c.Cancel()
		c.SetRunningOrNotifyCancel()
	}
	switch {
	case wait:
		p.ended.Wait()
		p.meter.end()
	case p.meter != nil:
		go func() {
			p.ended.Wait()
			p.meter.end()
		}()
	}
}

func (p *ThreadPoolExecutor) String() string {
	return fmt.Sprintf("<ThreadPoolExecutor max_workers=%d>", p.max)
}
