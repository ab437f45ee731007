package futures

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Process runs one function in a process of its own, as multiprocessing.Process
// does. It does not outlive this one.
type Process struct {
	Name string // "Process-1"; may be changed before Start

	inv    *invocation
	launch Launcher
	vars   func(task string) []Variable
	local  bool
	err    error

	mu    sync.Mutex
	child *child
	done  chan struct{} // closed when it has ended
	how   *WorkerError
}

var processes atomic.Int64

// NewProcess makes a process that will call fn with args. fn is a function that
// FreezeSupport was given, or a Task of which only the name counts.
func NewProcess(fn any, args ...any) *Process {
	p := &Process{Name: fmt.Sprintf("Process-%d", processes.Add(1)), inv: newInvocation(fn, args)}
	method := GetStartMethod()
	p.launch, p.local, p.err = startMethod(method)
	p.vars = variablesOf(method)
	return p
}

// Start starts the process. It may be called once.
func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.err != nil:
		return p.err
	case p.inv.err != nil:
		return p.inv.err
	case p.child != nil:
		return &RuntimeError{"cannot start a process twice"}
	case p.local && guarded.Load():
		if err := checkName(p.inv.task.Name); err != nil {
			return err
		}
	}
	checkGuard()
	vars, err := capture(p.vars, p.inv.task.Name)
	if err != nil {
		return err
	}
	var box outbox
	addVariables(&box, map[string]string{}, &vars)
	if err := addRequest(&box, map[fnKey]uint32{}, p.inv.task, p.inv.args, header{flags: last}); err != nil {
		return err
	}
	child, err := startChild(context.Background(), p.launch)
	if err != nil {
		return err
	}
	p.child, p.done = child, make(chan struct{})
	go func() {
		// A process that ends without having read it says why by itself.
		_ = box.flush(child.in)
	}()
	go func() {
		how := child.wait()
		p.mu.Lock()
		p.how = how
		p.mu.Unlock()
		close(p.done)
	}()
	return nil
}

// Join waits until the process has ended. It fails if it was not started.
func (p *Process) Join() error { return p.JoinContext(context.Background()) }

// JoinContext is Join with an end to the waiting: TimeoutError when the
// context's deadline passed, else the context's cause. The process goes on.
func (p *Process) JoinContext(ctx context.Context) error {
	p.mu.Lock()
	done := p.done
	p.mu.Unlock()
	if done == nil {
		return &RuntimeError{"can only join a started process"}
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return waitError(ctx)
	}
}

// ExitCode is the exit status of a process that has ended: 0 when its function
// returned, 1 when it failed or panicked, a signal's number negated when it was
// killed. ok is false before it has ended.
func (p *Process) ExitCode() (code int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.how == nil {
		return 0, false
	}
	return p.how.ExitCode, true
}

// IsAlive tells whether the process runs.
func (p *Process) IsAlive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.child != nil && p.how == nil
}

// PID is the process's id, 0 before Start.
func (p *Process) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return 0
	}
	return p.child.cmd.Process.Pid
}

// Terminate asks the process to end (SIGTERM).
func (p *Process) Terminate() error { return p.end((*child).terminate) }

// Kill ends the process (SIGKILL).
func (p *Process) Kill() error { return p.end((*child).kill) }

func (p *Process) end(how func(*child) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return &RuntimeError{"can only end a started process"}
	}
	return how(p.child)
}

// String shows the process as Python does: <Process name='Process-1' pid=… started>.
func (p *Process) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.child == nil:
		return fmt.Sprintf("<Process name='%s' initial>", p.Name)
	case p.how == nil:
		return fmt.Sprintf("<Process name='%s' pid=%d started>", p.Name, p.child.cmd.Process.Pid)
	}
	return fmt.Sprintf("<Process name='%s' pid=%d stopped exitcode=%d>", p.Name, p.how.PID, p.how.ExitCode)
}
