package futures

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// ProcessPoolExecutor runs tasks in worker processes, at most maxWorkers of
// them. They are started on demand, and an idle one is used before a new one is
// started. When one dies the pool is broken: every future that is pending fails
// with BrokenProcessPool.
//
// A worker is handed a task when it is free. When tasks are short and many
// wait, it is handed some beforehand; those count as running. Map hands out its
// tasks in chunks.
type ProcessPoolExecutor struct {
	self      interrupter // this pool, as futures know it
	max       int
	launch    Launcher
	local     bool // workers have the functions that this process has registered
	maxTasks  int
	options   options
	method    string                       // the start method
	version   func(task string) int        // nil when what workers run does not change
	variables func(task string) []Variable // nil when tasks use none
	recorder  *recorder
	meter     *meter
	init      *invocation

	ctx  context.Context // ends when the pool is torn down
	tear context.CancelCauseFunc
	stop func() bool

	mu       sync.Mutex
	queue    line[queued]
	tasks    map[fnKey]*Task      // as they were submitted first: all in the queue share them
	captured map[string]*captured // by task: the newest
	pending  int                  // tasks in the queue
	workers  []*worker
	closed   bool
	broken   *BrokenProcessPool
	wrong    error          // why there can't be a pool as it was asked for
	mean     time.Duration  // of a submitted task, lately
	ended    sync.WaitGroup // the workers' goroutines
}

// queued is a submitted call or a Map's job. There may be very many.
type queued struct {
	due
	task  *Task
	job   *job
	tries int // workers that died of the call
}

func (q queued) call() call { return call{q.due, *q.task} }

// requeue puts a call before all others. p.mu is held.
func (p *ProcessPoolExecutor) requeue(u unit) {
	p.pending++
	p.queue.unpop(queued{due: u.due, task: p.shared(u.task), tries: u.tries})
	p.engage()
}

// shared is the one copy of a task. p.mu is held.
func (p *ProcessPoolExecutor) shared(task Task) *Task {
	key := fnKey{task.Name, task.Arg, task.Result}
	if t := p.tasks[key]; t != nil && t.vars == task.vars {
		return t
	}
	if p.tasks == nil {
		p.tasks = make(map[fnKey]*Task)
	}
	task.Func = nil // workers have their own
	p.tasks[key] = &task
	return &task
}

// maxWindow is how many requests a worker holds at most besides the one it runs;
// ahead is how much work, in time, that should be.
const (
	maxWindow = 64
	ahead     = 20 * time.Millisecond
)

// maxWindowsWorkers is Python's limit there, kept so that programs behave alike.
const maxWindowsWorkers = 61

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
		opt.setPool(&o)
	}
	if maxWorkers == 0 {
		maxWorkers = CPUCount()
		if runtime.GOOS == "windows" {
			maxWorkers = min(maxWorkers, maxWindowsWorkers)
		}
	}
	p := &ProcessPoolExecutor{max: maxWorkers, launch: o.launcher, maxTasks: o.maxTasks, init: o.initializer, options: o}
	p.self = p
	p.ctx, p.tear = context.WithCancelCause(context.Background())
	var err error
	if p.launch == nil {
		if p.method = o.method; p.method == "" {
			p.method = GetStartMethod()
		}
		p.launch, p.local, err = startMethod(p.method)
		p.version, p.variables = versionsOf(p.method), variablesOf(p.method)
	}
	p.recorder = newRecorder(p, o)
	p.meter = newMeter(context.Background(), o.progress, "ProcessPoolExecutor", 0)
	if p.wrong = o.wrong(maxWorkers); p.wrong == nil {
		p.wrong = err
	}
	if p.wrong == nil && p.init != nil {
		p.init.task.vars, p.wrong = p.capture(p.init.task.Name)
	}
	if maxWorkers > maxWindowsWorkers && runtime.GOOS == "windows" {
		p.wrong = &ValueError{fmt.Sprintf("max_workers must be <= %d", maxWindowsWorkers)}
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
	ctx = adopted(ctx)
	err := p.check(task)
	if err == nil {
		task.vars, err = p.capture(task.Name)
	}
	if err != nil {
		return failed(err)
	}
	p.mu.Lock()
	if err := p.refusal(); err != nil {
		p.mu.Unlock()
		return failed(err)
	}
	f := NewFuture()
	f.owner = &p.self
	if p.meter != nil {
		p.meter.expect(1)
		p.meter.watch(f)
	}
	p.queue.push(queued{due: due{ctx, arg, f}, task: p.shared(task)})
	p.pending++
	p.outdate(task.Name)
	w, u := p.atOnce()
	if w == nil {
		p.engage()
	}
	p.mu.Unlock()
	f.cancelWith(ctx)
	if w != nil {
		w.handAtOnce(u)
	}
	return f
}

// atOnce takes the task just queued off again when no other waits and a worker has
// nothing to do: who submits it then calls handAtOnce. p.mu is held.
func (p *ProcessPoolExecutor) atOnce() (*worker, unit) {
	if p.pending > 1 {
		return nil, unit{}
	}
	for _, w := range p.workers {
		if w.waiting && w.load() == 0 && p.allowance(w) > 0 && w.sending.TryLock() {
			return w, p.take(w)
		}
	}
	return nil, unit{}
}

// accepts tells why tasks of this kind can't be run.
func (p *ProcessPoolExecutor) accepts(task Task) error {
	if err := p.check(task); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal()
}

// enqueue puts a job into the queue unless it is there. p.mu is held.
func (p *ProcessPoolExecutor) enqueue(j *job) {
	if !j.queued {
		j.queued = true
		p.queue.push(queued{job: j})
	}
}

// clear empties the queue and gives every task in it an error, by way of calls
// for those that were submitted. p.mu is held.
func (p *ProcessPoolExecutor) clear(err error) (calls []call) {
	for p.queue.len() > 0 {
		q := p.queue.pop()
		if q.job != nil {
			q.job.queued = false
			q.job.abandon(err)
			continue
		}
		p.pending--
		calls = append(calls, q.call())
	}
	return calls
}

// check tells why no worker can know the task's function. Without a guard in
// the program that is for the worker to find out: it stops at its own first
// process.
func (p *ProcessPoolExecutor) check(task Task) error {
	switch {
	case strings.HasPrefix(task.Name, "func("): // its type is all that is known
		return &ValueError{"a task can't be a nil " + task.Name}
	case p.max == 0:
		return nil // refusal tells
	case !p.local && strings.HasSuffix(task.Name, "-value"): // a host's name
		name := strings.TrimSuffix(task.Name, "-value")
		return &PicklingError{Name: name, Message: "Can't pickle the function that " + name + " holds: workers find a function by the name that it is declared with; hand it over by that"}
	case !p.local && isMethodValue(task.Name):
		return methodValueError(task.Name)
	case strings.HasPrefix(p.method, Session) && !strings.HasPrefix(task.Name, "main.") && (p.version == nil || p.version(task.Name) == 0):
		return &PicklingError{Name: task.Name, Message: "Can't pickle function " + task.Name + ": workers know the functions of the notebook; call it in one of those"}
	case !p.local && isLiteral(task.Name):
		return &PicklingError{Name: task.Name, Message: "Can't pickle function literal " + task.Name + ": it has no name that another process could know; declare it as a function"}
	case !p.local, !guarded.Load():
		return nil
	}
	return checkName(task.Name)
}

func (p *ProcessPoolExecutor) refusal() error {
	switch {
	case p.max == 0:
		return &RuntimeError{"this ProcessPoolExecutor was not made by NewProcessPoolExecutor"}
	case p.wrong != nil:
		return p.wrong
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

// engage wakes workers for the tasks just queued, and starts some when all have
// work. p.mu is held.
func (p *ProcessPoolExecutor) engage() {
	free := 0
	for _, w := range p.workers {
		if w.load() == 0 && !w.outdated {
			free++
		}
	}
	for ; free < p.pending && len(p.workers) < p.max; free++ {
		p.startWorker()
	}
	for left := p.pending; left > 0; left-- {
		var least *worker
		for _, w := range p.workers {
			if w.waiting && !w.outdated && (least == nil || w.load() < least.load()) {
				least = w
			}
		}
		if least == nil || p.allowance(least) <= 0 {
			return
		}
		least.rouse()
	}
}

// startWorker begins a worker process. p.mu is held.
func (p *ProcessPoolExecutor) startWorker() {
	checkGuard()
	w := newWorker(p)
	if p.version != nil {
		w.version = p.version("")
	}
	p.workers = append(p.workers, w)
	p.ended.Go(w.run)
}

// outdate lets workers go that were started before a task became what it is now.
// p.mu is held.
func (p *ProcessPoolExecutor) outdate(task string) {
	if p.version == nil {
		return
	}
	v := p.version(task)
	for _, w := range p.workers {
		if w.version < v && !w.outdated {
			w.outdated = true
			w.rouse()
		}
	}
}

// allowance is how many requests more w may take now. p.mu is held.
func (p *ProcessPoolExecutor) allowance(w *worker) int {
	for p.queue.len() > 0 { // a job of which nothing waits anymore
		q := p.queue.first()
		if q.job != nil && q.job.ctx.Err() != nil {
			q.job.abandon(CancelledError{})
		}
		if q.job == nil || q.job.left() > 0 {
			break
		}
		q.job.queued = false
		p.queue.pop()
	}
	if p.queue.len() == 0 || w.outdated || w.late && w.load() > 0 {
		return 0
	}
	size, mean := 1, p.mean
	if j := p.queue.first().job; j != nil {
		size, mean = j.size(), j.mean*time.Duration(j.size())
	}
	window := 1
	if mean > 0 {
		// No more than what leaves enough for the others: at the end of the
		// queue, tasks go to whoever is free. And no more than a quarter of
		// what it has done: tasks before tell little about tasks to come.
		share := p.pending / (2 * len(p.workers) * size)
		window += min(share, w.finished/4, int(ahead/mean), maxWindow)
	}
	n := min(window-w.load(), p.pending)
	if p.maxTasks > 0 {
		n = min(n, p.maxTasks-w.taken)
	}
	return n
}

// take takes one request off the queue for w, which is allowed one. p.mu is held.
func (p *ProcessPoolExecutor) take(w *worker) unit {
	w.taking++
	j := p.queue.first().job
	if j == nil {
		p.pending--
		w.taken++
		q := p.queue.pop()
		u := unit{call: q.call(), tries: q.tries}
		if p.mean > 0 {
			u.nanos = int64(2*p.mean + time.Millisecond)
		}
		return u
	}
	n := j.size()
	if j.chunk == 0 && p.maxTasks > 0 {
		n = min(n, p.maxTasks-w.taken)
	}
	u := unit{part: j.cut(n)}
	if j.chunk > 0 { // counts as one, as Python's chunks do
		w.taken++
	} else {
		w.taken += u.part.n - u.part.filled
	}
	if j.chunk == 0 && j.mean > 0 {
		u.nanos = int64(2*j.mean*time.Duration(u.part.n-u.part.filled) + time.Millisecond)
	}
	return u
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
	if p.pending > 0 && p.broken == nil { // it had run its max_tasks_per_child, or was outdated
		p.startWorker()
	}
}

// interrupt kills the worker that runs a future's task. The future has its
// outcome.
func (p *ProcessPoolExecutor) interrupt(f *AnyFuture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.workers {
		if w.held() > 0 && w.sent.items[w.sent.head].f == f {
			w.doom()
		}
	}
}

// interruptedCode is the exit code of what an interrupt (SIGINT) has ended.
const interruptedCode = -2

// replace takes a dead worker off the pool and queues anew what it held. It fails
// when the pool is to break.
func (p *ProcessPoolExecutor) replace(w *worker, how *WorkerError, hint string) bool {
	var lost []call
	defer func() {
		for _, c := range lost {
			c.fail(how)
		}
	}()
	p.mu.Lock()
	defer p.mu.Unlock()
	greeted := false
	select {
	case <-w.ready:
		greeted = true
	default:
	}
	early := !greeted && how.ExitCode == interruptedCode // as it began: the next one need not be
	if p.broken != nil || w.dropped || !w.doomed && !early && (p.options.restarts == 0 || !greeted || hint != "") {
		return false
	}
	var units []unit
	for w.sent.len() > 0 {
		u := w.sent.pop()
		if u.stop != nil {
			u.stop()
		}
		units = append(units, u)
	}
	w.dropped = true
	for i, u := range slices.Backward(units) {
		blame := i == 0 && !w.doomed
		if u.part != nil {
			u.part.again(blame, p.options.restarts, how)
			continue
		}
		if blame {
			u.tries++
		}
		switch {
		case u.f.Done():
		case u.tries >= p.options.restarts && blame:
			lost = append(lost, u.call)
		default:
			p.requeue(u)
		}
	}
	if i := slices.Index(p.workers, w); i >= 0 {
		p.workers = slices.Delete(p.workers, i, i+1)
	}
	p.engage()
	return true
}

// breakDown fails every future and ends every worker. The first cause counts.
func (p *ProcessPoolExecutor) breakDown(b BrokenProcessPool) {
	p.mu.Lock()
	if p.broken == nil {
		p.broken = &b
	}
	b = *p.broken
	pending := p.clear(&b)
	for _, w := range p.workers {
		pending = append(pending, w.drop(&b)...)
	}
	p.mu.Unlock()
	p.tear(&b)
	for _, c := range pending {
		own := b
		c.fail(&own)
	}
}

// Shutdown implements Executor.
func (p *ProcessPoolExecutor) Shutdown(wait, cancelFutures bool) {
	if p.max == 0 { // it was never made
		return
	}
	p.mu.Lock()
	p.stop()
	p.closed = true
	var dropped []call
	if cancelFutures {
		dropped = p.clear(CancelledError{})
	}
	for _, w := range p.workers {
		w.rouse()
	}
	p.mu.Unlock()
	for _, c := range dropped {
		if !c.f.Cancel() { // a worker gave it back
			_ = c.f.SetException(CancelledError{})
		}
		c.f.SetRunningOrNotifyCancel()
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
