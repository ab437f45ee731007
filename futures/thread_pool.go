package futures

import (
	"context"
	"log"
	"sync"
)

// ThreadPoolExecutor runs tasks in goroutines of this process, at most
// maxWorkers at a time. They are started on demand, and an idle one is used
// before a new one is started.
type ThreadPoolExecutor struct {
	self interrupter // this pool, as futures know it
	max  int
	init *invocation
	stop func() bool

	mu      sync.Mutex
	wake    sync.Cond
	queue   line[goCall]
	idle    int
	workers int
	closed  bool
	broken  error
	ended   sync.WaitGroup
	running map[*AnyFuture]context.CancelFunc // tasks that look at their context

	recorder *recorder
}

// A call is a task with its argument and its future.
type call struct {
	due
	task Task
}

// due is what a call is but for its task.
type due struct {
	ctx context.Context
	arg any
	f   *AnyFuture
}

// A goCall is a call as goroutines need it. There may be very many.
type goCall struct {
	due
	fn      func(context.Context, any) (any, error)
	context bool  // the function looks at it
	name    int32 // the recorder's
}

// NewThreadPoolExecutor makes a pool; 0 workers stands for min(32, CPUCount+4).
// Every task of a pool that can't be, such as one of -1 workers, fails with the
// reason.
func NewThreadPoolExecutor(maxWorkers int, opts ...Option) *ThreadPoolExecutor {
	o := options{ctx: context.Background()}
	for _, opt := range opts {
		opt(&o)
	}
	if maxWorkers == 0 {
		maxWorkers = min(32, CPUCount()+4)
	}
	p := &ThreadPoolExecutor{max: maxWorkers, init: o.initializer}
	p.self = p
	p.wake.L = &p.mu
	p.recorder = newRecorder(p, o)
	if maxWorkers < 0 {
		p.broken = &ValueError{"max_workers must be greater than 0"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop = context.AfterFunc(o.ctx, func() { p.Shutdown(false, true) })
	return p
}

// SubmitTask implements Executor.
func (p *ThreadPoolExecutor) SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture {
	f := &AnyFuture{owner: &p.self}
	p.mu.Lock()
	if err := p.refusal(); err != nil {
		p.mu.Unlock()
		return failed(err)
	}
	p.queue.push(goCall{due{ctx, arg, f}, task.Func, task.TakesContext, p.recorder.number(task.Name)})
	switch {
	case p.idle >= p.queue.len():
		p.wake.Signal()
	case p.workers < p.max:
		p.workers++
		p.ended.Go(p.start)
	}
	p.mu.Unlock()
	f.cancelWith(ctx)
	return f
}

// accepts tells why tasks can't be run.
func (p *ThreadPoolExecutor) accepts(Task) error {
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
	var pending []goCall
	for p.queue.len() > 0 {
		pending = append(pending, p.queue.pop())
	}
	p.mu.Unlock()
	for _, c := range pending {
		c.fail(&BrokenThreadPool{Cause: cause})
	}
}

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
		for p.queue.len() == 0 {
			if p.closed {
				p.mu.Unlock()
				l.ended("")
				returned = true
				return
			}
			waited = true
			l.waits()
			p.idle++
			p.wake.Wait()
			p.idle--
		}
		c := p.queue.pop()
		p.mu.Unlock()
		if waited {
			waited = false
			l.begun()
		}
		if !c.begin() {
			continue
		}
		if c.context {
			p.runContext(c, l)
		} else {
			c.run(l)
		}
	}
}

// runContext runs a task whose context CancelRunning may end.
func (p *ThreadPoolExecutor) runContext(c goCall, l *lane) {
	ctx, cancel := context.WithCancel(c.ctx)
	c.ctx = ctx
	p.mu.Lock()
	if p.running == nil {
		p.running = make(map[*AnyFuture]context.CancelFunc)
	}
	p.running[c.f] = cancel
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.running, c.f)
		p.mu.Unlock()
		cancel()
	}()
	if c.f.Done() { // it was stopped before it could be told
		return
	}
	c.run(l)
}

// interrupt ends the context of a task.
func (p *ThreadPoolExecutor) interrupt(f *AnyFuture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel := p.running[f]; cancel != nil {
		cancel()
	}
}

// begin tells whether the call is to be run: not when it was cancelled, or its
// context has ended.
func (c due) begin() bool {
	if c.ctx.Err() != nil {
		c.f.Cancel()
	}
	return c.f.SetRunningOrNotifyCancel()
}

// run gives the future its outcome, whatever the task does.
func (c goCall) run(l *lane) {
	attempt(func() (any, error) { return c.fn(c.ctx, c.arg) }, func(value any, err error) {
		l.ran(c.name, failures(err))
		c.settle(value, err)
	})
}

func (c due) settle(value any, err error) {
	if err != nil {
		_ = c.f.SetException(err) // who settled it otherwise has spoken
		return
	}
	_ = c.f.SetResult(value)
}

// Shutdown implements Executor.
func (p *ThreadPoolExecutor) Shutdown(wait, cancelFutures bool) {
	p.mu.Lock()
	p.stop()
	p.closed = true
	var dropped []goCall
	if cancelFutures {
		for p.queue.len() > 0 {
			dropped = append(dropped, p.queue.pop())
		}
	}
	p.wake.Broadcast()
	p.mu.Unlock()
	for _, c := range dropped {
		c.f.Cancel()
		c.f.SetRunningOrNotifyCancel()
	}
	if wait {
		p.ended.Wait()
	}
}
