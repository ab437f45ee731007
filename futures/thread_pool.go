package futures

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// ThreadPoolExecutor runs tasks in goroutines of this process, at most
// maxWorkers at a time. They are started on demand, and an idle one is used
// before a new one is started.
type ThreadPoolExecutor struct {
	max    int
	cancel func() bool

	mu      sync.Mutex
	wake    sync.Cond
	queue   fifo[call]
	idle    int
	workers int
	closed  bool
	broken  error
	ended   sync.WaitGroup
}

// A call is a task with its argument and its future.
type call struct {
	ctx  context.Context
	task Task
	arg  any
	f    *AnyFuture
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
	p := &ThreadPoolExecutor{max: maxWorkers}
	p.wake.L = &p.mu
	if maxWorkers < 0 {
		p.broken = &ValueError{"max_workers must be greater than 0"}
	}
	p.cancel = context.AfterFunc(o.ctx, func() { p.Shutdown(false, true) })
	return p
}

// SubmitTask implements Executor.
func (p *ThreadPoolExecutor) SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture {
	p.mu.Lock()
	if err := p.refusal(); err != nil {
		p.mu.Unlock()
		return failed(err)
	}
	f := NewFuture()
	p.queue.push(call{ctx, task, arg, f})
	switch {
	case p.idle >= p.queue.len():
		p.wake.Signal()
	case p.workers < p.max:
		p.workers++
		p.ended.Go(p.work)
	}
	p.mu.Unlock()
	f.cancelWith(ctx)
	return f
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

func (p *ThreadPoolExecutor) work() {
	defer func() {
		p.mu.Lock()
		p.workers--
		p.mu.Unlock()
	}()
	for {
		p.mu.Lock()
		for p.queue.len() == 0 {
			if p.closed {
				p.mu.Unlock()
				return
			}
			p.idle++
			p.wake.Wait()
			p.idle--
		}
		c := p.queue.pop()
		p.mu.Unlock()
		if c.f.SetRunningOrNotifyCancel() {
			c.run()
		}
	}
}

// run gives the future its outcome, whatever the task does.
func (c call) run() {
	value, err := protect(func() (any, error) { return c.task.Func(c.ctx, c.arg) })
	if err != nil {
		c.f.SetException(err)
		return
	}
	c.f.SetResult(value)
}

// protect calls fn, and turns a panic into its error.
func protect(fn func() (any, error)) (value any, err error) {
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, newPanicError(r)
		}
	}()
	return fn()
}

func newPanicError(r any) *PanicError {
	e := &PanicError{Value: r, Type: fmt.Sprintf("%T", r), Message: fmt.Sprint(r), Stack: string(debug.Stack())}
	if err, ok := r.(runtime.Error); ok {
		e.Message = err.Error()
	}
	return e
}

// Shutdown implements Executor.
func (p *ThreadPoolExecutor) Shutdown(wait, cancelFutures bool) {
	p.cancel()
	p.mu.Lock()
	p.closed = true
	var dropped []call
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
