package futures

import (
	"context"
	"fmt"
)

// CancelledError is the outcome of a future that was cancelled.
type CancelledError struct{}

func (CancelledError) Error() string { return "the future was cancelled" }

// Is makes errors.Is(err, context.Canceled) hold too.
func (CancelledError) Is(target error) bool { return target == context.Canceled }

// TimeoutError says that time ran out while waiting. The futures live on.
type TimeoutError struct {
	Unfinished, Total int // set by AsCompleted and Wait only
}

func (e TimeoutError) Error() string {
	if e.Total == 0 {
		return "the future did not finish in time"
	}
	return fmt.Sprintf("%d (of %d) futures unfinished", e.Unfinished, e.Total)
}

// Is makes errors.Is(err, context.DeadlineExceeded) hold too.
func (TimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// InvalidStateError refuses to give a future a second outcome.
type InvalidStateError struct {
	State  State
	Future string // as Future.String shows it
}

func (e *InvalidStateError) Error() string { return string(e.State) + ": " + e.Future }

// ValueError names an argument that can't be used.
type ValueError struct{ Message string }

func (e *ValueError) Error() string { return e.Message }

// RuntimeError refuses a call that comes at the wrong time, such as a submit
// after Shutdown.
type RuntimeError struct{ Message string }

func (e *RuntimeError) Error() string { return e.Message }

// PicklingError says that a function, an argument or a result can't cross to
// another process. It is the outcome of that one future; the pool goes on.
type PicklingError struct {
	Name    string // the function or type that can't cross
	Message string
	Cause   error
}

func (e *PicklingError) Error() string { return e.Message }
func (e *PicklingError) Unwrap() error { return e.Cause }

// BrokenThreadPool is the outcome of every future of a pool whose initializer
// failed.
type BrokenThreadPool struct{ Cause error }

func (e *BrokenThreadPool) Error() string {
	return "A thread initializer failed, the thread pool is not usable anymore"
}
func (e *BrokenThreadPool) Unwrap() error { return e.Cause }

// BrokenProcessPool is the outcome of every future that was pending when a
// worker process died, and of every later submit.
type BrokenProcessPool struct {
	Message string
	Cause   error  // a *WorkerError, or why no worker could be started
	Hint    string // what to do about it, where that is known
}

func (e *BrokenProcessPool) Error() string { return e.Message }
func (e *BrokenProcessPool) Unwrap() error { return e.Cause }

// WorkerError tells how a worker process ended.
type WorkerError struct {
	PID      int
	ExitCode int    // the exit status; a signal's number negated
	Status   string // "exit status 1", "signal: killed"
	Stderr   string // the last lines that the worker wrote to stderr
}

func (e *WorkerError) Error() string {
	return fmt.Sprintf("worker process %d terminated abruptly with %s", e.PID, e.Status)
}

// RemoteError is an error that a task returned in a worker process.
type RemoteError struct {
	Type    string // the error's type in the worker, as %T
	Message string
	Cause   *RemoteError // what it wraps
}

func (e *RemoteError) Error() string { return e.Message }

// Unwrap gives what the error wrapped in the worker.
func (e *RemoteError) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// Is holds for an error of the same type and text, such as io.EOF: identity
// can't cross.
func (e *RemoteError) Is(target error) bool {
	return target.Error() == e.Message && fmt.Sprintf("%T", target) == e.Type
}

// PanicError is the outcome of a task that panicked.
type PanicError struct {
	Value   any    // what the task panicked with; nil when it did so in a worker process
	Type    string // its type, as %T
	Message string // as Go prints it: "runtime error: index out of range [5] with length 3"
	Stack   string // of the goroutine that ran the task
}

func (e *PanicError) Error() string { return "panic: " + e.Message }

// Unwrap gives the panic value when it is an error.
func (e *PanicError) Unwrap() error { err, _ := e.Value.(error); return err }
