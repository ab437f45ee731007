package futures

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ProcessPoolExecutor runs tasks in worker processes, at most maxWorkers of
// them. They are started on demand, and an idle one is used before a new one is
// started. When one dies the pool is broken: every future that is pending fails
// with BrokenProcessPool.
//
// A worker is handed a task when it is free. When tasks are short and many
// wait, it is handed some beforehand; those count as running.
type ProcessPoolExecutor struct {
	max      int
	launch   Launcher
	local    bool // workers have the functions that this process has registered
	maxTasks int
	init     *invocation

	ctx  context.Context // ends when the pool is torn down
	tear context.CancelCauseFunc
	stop func() bool

	mu      sync.Mutex
	queue   fifo[call]
	workers []*worker
	closed  bool
	broken  *BrokenProcessPool
	mean    time.Duration  // of a task, lately
	ended   sync.WaitGroup // the workers' goroutines
}

// maxWindow is how many tasks a worker holds at most besides the one it runs;
// ahead is how much work, in time, that should be.
const (
	maxWindow = 64
	ahead     = 10 * time.Millisecond
)

const (
	abruptly = "A process in the process pool was terminated abruptly while the future was running or pending."
	unusable = "A child process terminated abruptly, the process pool is not usable anymore"
)

// NewProcessPoolExecutor makes a pool; 0 workers stands for CPUCount. Every
// task of a pool that can't be, such as one of -1 workers, fails with the
// reason.
func NewProcessPoolExecutor(maxWorkers int, opts ...Option) *ProcessPoolExecutor {
	o := options{ctx: context.Background()}
	for _, opt := range opts {
		opt(&o)
	}
	if maxWorkers == 0 {
		maxWorkers = CPUCount()
	}
	p := &ProcessPoolExecutor{max: maxWorkers, launch: o.launcher, maxTasks: o.maxTasks, init: o.initializer}
	p.ctx, p.tear = context.WithCancelCause(context.Background())
	var err error
	if p.launch == nil {
		p.launch, p.local, err = startMethod(o.method)
	}
	switch {
	case maxWorkers < 0:
		err = &ValueError{"max_workers must be greater than 0"}
	case o.maxTasks < 0:
		err = &ValueError{"max_tasks_per_child must be >= 1"}
	}
	if err != nil {
		p.broken = &BrokenProcessPool{Message: err.Error(), Cause: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop = context.AfterFunc(o.ctx, func() {
		p.Shutdown(false, true)
		p.tear(context.Cause(o.ctx))
	})
	return p
}

// Start starts all workers now rather than on demand, and waits until they are
// ready.
func (p *ProcessPoolExecutor) Start(ctx context.Context) error {
	p.mu.Lock()
	if err := p.refusal(); err != nil {
		p.mu.Unlock()
		return err
	}
	for len(p.workers) < p.max {
		p.startWorker()
	}
	workers := slices.Clone(p.workers)
	p.mu.Unlock()
	for _, w := range workers {
		select {
		case <-w.ready:
		case <-w.gone:
		case <-ctx.Done():
			return waitError(ctx)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal()
}

// SubmitTask implements Executor.
func (p *ProcessPoolExecutor) SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture {
	if err := p.check(task); err != nil {
		return failed(err)
	}
	p.mu.Lock()
	if err := p.refusal(); err != nil {
		p.mu.Unlock()
		return failed(err)
	}
	f := NewFuture()
	p.queue.push(call{ctx, task, arg, f})
	p.engage()
	p.mu.Unlock()
	f.cancelWith(ctx)
	return f
}

// check tells why no worker can know the task's function. Without a guard in
// the program that is for the worker to find out: it stops at its own first
// process.
func (p *ProcessPoolExecutor) check(task Task) error {
	switch {
	case !p.local && isLiteral(task.Name):
		return &PicklingError{Name: task.Name, Message: "Can't pickle function literal " + task.Name + ": it has no name that another process could know; declare it as a function"}
	case !p.local, !guarded.Load():
		return nil
	}
	return checkName(task.Name)
}

func (p *ProcessPoolExecutor) refusal() error {
	switch {
	case p.broken != nil:
		b := *p.broken
		if b.Message == abruptly {
			b.Message = unusable
		}
		return &b
	case p.closed:
		return &RuntimeError{"cannot schedule new futures after shutdown"}
	}
	return nil
}

// engage wakes a worker for the task just queued, or starts one when all have
// work. p.mu is held.
func (p *ProcessPoolExecutor) engage() {
	free := 0
	var least *worker
	for _, w := range p.workers {
		if w.held() == 0 {
			free++
		}
		if w.waiting && (least == nil || w.held() < least.held()) {
			least = w
		}
	}
	if free < p.queue.len() && len(p.workers) < p.max {
		p.startWorker()
	}
	if least != nil && p.allowance(least) > 0 {
		least.rouse()
	}
}

// startWorker begins a worker process. p.mu is held.
func (p *ProcessPoolExecutor) startWorker() {
	checkGuard()
	w := newWorker(p)
	p.workers = append(p.workers, w)
	p.ended.Go(w.run)
}

// allowance is how many tasks more w may take now. p.mu is held.
func (p *ProcessPoolExecutor) allowance(w *worker) int {
	window := 1
	if p.mean > 0 {
		// No more than what leaves enough for the others: at the end of the
		// queue, tasks go to whoever is free. And no more than a quarter of
		// what it has done: tasks before tell little about tasks to come.
		share := p.queue.len() / (2 * len(p.workers))
		window += min(share, w.finished/4, max(1, int(ahead/p.mean)), maxWindow)
	}
	n := min(window-w.held(), p.queue.len())
	if p.maxTasks > 0 {
		n = min(n, p.maxTasks-w.taken)
	}
	return n
}

// observe counts a task's time into the mean. p.mu is held.
func (p *ProcessPoolExecutor) observe(d time.Duration) {
	d = max(d, time.Microsecond)
	if p.mean == 0 {
		p.mean = d
		return
	}
	p.mean += (d - p.mean) / 8
}

// leave takes a worker off the pool: it ended as it should.
func (p *ProcessPoolExecutor) leave(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.workers, w); i >= 0 {
		p.workers = slices.Delete(p.workers, i, i+1)
	}
	if p.queue.len() > 0 && p.broken == nil { // it had run its max_tasks_per_child
		p.startWorker()
	}
}

// breakDown fails every future and ends every worker. The first cause counts.
func (p *ProcessPoolExecutor) breakDown(b BrokenProcessPool) {
	p.mu.Lock()
	var pending []call
	if p.broken == nil {
		p.broken = &b
	}
	b = *p.broken
	for p.queue.len() > 0 {
		pending = append(pending, p.queue.pop())
	}
	for _, w := range p.workers {
		pending = append(pending, w.drop()...)
	}
	p.mu.Unlock()
	p.tear(&b)
	for _, c := range pending {
		own := b
		c.fail(&own)
	}
}

// fail gives a future an error unless it was cancelled.
func (c call) fail(err error) {
	if c.f.Running() || c.f.SetRunningOrNotifyCancel() {
		_ = c.f.SetException(err) // lost a race with whoever settled it
	}
}

// Shutdown implements Executor.
func (p *ProcessPoolExecutor) Shutdown(wait, cancelFutures bool) {
	p.mu.Lock()
	p.stop()
	p.closed = true
	var dropped []call
	if cancelFutures {
		for p.queue.len() > 0 {
			dropped = append(dropped, p.queue.pop())
		}
	}
	for _, w := range p.workers {
		w.rouse()
	}
	p.mu.Unlock()
	for _, c := range dropped {
		c.f.Cancel()
		c.f.SetRunningOrNotifyCancel()
	}
	if wait {
		p.ended.Wait()
	}
}

// TerminateWorkers ends the pool and its workers at once (SIGTERM). Pending
// futures are cancelled; running ones fail with BrokenProcessPool.
func (p *ProcessPoolExecutor) TerminateWorkers() {
	p.Shutdown(false, true)
	p.each(func(c *child) { _ = c.terminate() })
}

// KillWorkers is TerminateWorkers with SIGKILL.
func (p *ProcessPoolExecutor) KillWorkers() {
	p.Shutdown(false, true)
	p.each(func(c *child) { _ = c.kill() })
}

func (p *ProcessPoolExecutor) each(do func(*child)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.workers {
		if w.child != nil {
			do(w.child)
		}
	}
}

// PIDs are the process ids of the workers that run.
func (p *ProcessPoolExecutor) PIDs() []int {
	var pids []int
	p.each(func(c *child) { pids = append(pids, c.cmd.Process.Pid) })
	return pids
}

func (p *ProcessPoolExecutor) String() string {
	return fmt.Sprintf("<ProcessPoolExecutor max_workers=%d>", p.max)
}
