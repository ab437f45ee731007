package futures

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
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
// failed. %+v shows why.
type BrokenThreadPool struct{ Cause error }

func (e *BrokenThreadPool) Error() string {
	return "A thread initializer failed, the thread pool is not usable anymore"
}
func (e *BrokenThreadPool) Unwrap() error { return e.Cause }

// Format implements fmt.Formatter.
func (e *BrokenThreadPool) Format(s fmt.State, verb rune) { format(s, verb, e, whole(e.Cause)) }

// BrokenProcessPool is the outcome of every future that was pending when a
// worker process died, and of every later submit. %+v shows how it died, and the
// hint.
type BrokenProcessPool struct {
	Message string
	Cause   error  // a *WorkerError, or why no worker could be started
	Hint    string // what to do about it, where that is known
}

func (e *BrokenProcessPool) Error() string { return e.Message }
func (e *BrokenProcessPool) Unwrap() error { return e.Cause }

// Format implements fmt.Formatter.
func (e *BrokenProcessPool) Format(s fmt.State, verb rune) {
	story := whole(e.Cause)
	if e.Hint != "" {
		story += "\nHint: " + e.Hint
	}
	format(s, verb, e, strings.TrimPrefix(story, "\n"))
}

// WorkerError tells how a worker process ended. %+v shows its stderr, too.
type WorkerError struct {
	PID      int
	ExitCode int    // the exit status; a signal's number negated
	Status   string // "exit status 1", "signal: killed"
	Stderr   string // the last lines that the worker wrote to stderr; from where Go said what it dies of, if it did
}

func (e *WorkerError) Error() string {
	return fmt.Sprintf("worker process %d terminated abruptly with %s", e.PID, e.Status)
}

// Format implements fmt.Formatter.
func (e *WorkerError) Format(s fmt.State, verb rune) { format(s, verb, e, indent(e.Stderr)) }

// RemoteError is an error that a task returned in a worker process. Its text is
// that error's; %+v adds where it comes from, what it wraps and the stack, of an
// error that has one.
type RemoteError struct {
	Type    string // the error's type in the worker, as %T
	Message string
	Stack   string         // what the error's own %+v tells beyond its text
	Cause   *RemoteError   // what it wraps
	Joined  []*RemoteError // what it wraps, when that is several: of errors.Join
	Task    string         // the function that returned it, "main.gcd"; "" for what another one wraps
	PID     int            // the worker's

	original error // the error itself, when its type is known here
}

func (e *RemoteError) Error() string { return e.Message }

// Unwrap gives what the error wrapped in the worker, if that is one.
func (e *RemoteError) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// Is holds for an error of the same type and text, such as io.EOF: identity
// can't cross. It looks into what was joined.
func (e *RemoteError) Is(target error) bool {
	if typeText(target) == e.Type && fmt.Sprint(target) == e.Message {
		return true
	}
	if o, ok := e.original.(interface{ Is(error) bool }); ok && o.Is(target) {
		return true
	}
	return slices.ContainsFunc(e.Joined, func(j *RemoteError) bool { return errors.Is(j, target) })
}

// As finds an error whose type was named in FreezeSupport, or is one of those that
// os and strconv return, or a notebook's. It looks into what was joined.
func (e *RemoteError) As(target any) bool {
	if e.original != nil {
		to := reflect.ValueOf(target).Elem()
		if reflect.TypeOf(e.original).AssignableTo(to.Type()) {
			to.Set(reflect.ValueOf(e.original))
			return true
		}
		if o, ok := e.original.(interface{ As(any) bool }); ok && o.As(target) {
			return true
		}
	}
	return slices.ContainsFunc(e.Joined, func(j *RemoteError) bool { return errors.As(j, target) })
}

// Format implements fmt.Formatter.
func (e *RemoteError) Format(s fmt.State, verb rune) {
	story := e.tree("")
	if e.Task != "" {
		story = fmt.Sprintf("%s, in worker process %d:\n%s", e.Task, e.PID, story)
	}
	format(s, verb, e, story)
}

// tree shows the error and what it wraps, a line each.
func (e *RemoteError) tree(margin string) string {
	t := margin + e.Type + ": " + strings.ReplaceAll(e.Message, "\n", "\n"+margin)
	margin += "    "
	if e.Stack != "" { // it tells of what the error wraps
		return t + "\n" + margin + strings.ReplaceAll(e.Stack, "\n", "\n"+margin)
	}
	if e.Cause != nil {
		t += "\n" + e.Cause.tree(margin)
	}
	for _, j := range e.Joined {
		t += "\n" + j.tree(margin)
	}
	return t
}

// PanicError is the outcome of a task that panicked. %+v adds the stack.
type PanicError struct {
	Value   any    // what the task panicked with; of a worker process a *RemoteError for an error, nil for what can't cross
	Type    string // its type, as %T; "runtime.Error" for those of an interpreter
	Message string // as Go prints it: "runtime error: index out of range [5] with length 3"
	Stack   string // of the goroutine that ran the task
	PID     int    // the worker process's; 0 for this process
}

func (e *PanicError) Error() string { return "panic: " + e.Message }

// Unwrap gives the panic value when it is an error.
func (e *PanicError) Unwrap() error { err, _ := e.Value.(error); return err }

// Format implements fmt.Formatter.
func (e *PanicError) Format(s fmt.State, verb rune) {
	story := strings.TrimRight(e.Stack, "\n")
	if e.PID != 0 {
		story = fmt.Sprintf("in worker process %d:\n%s", e.PID, story)
	}
	format(s, verb, e, story)
}

// format writes an error: %+v as its text and its story, everything else as the
// text.
func format(s fmt.State, verb rune, e error, story string) {
	if verb != 'v' || !s.Flag('+') {
		fmt.Fprintf(s, fmt.FormatString(s, verb), e.Error())
		return
	}
	_, _ = io.WriteString(s, e.Error()) // who formats has the error
	if story != "" {
		_, _ = io.WriteString(s, "\n\n"+story)
	}
}

// whole is an error's text and story.
func whole(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%+v", err)
}

// storyOf is what an error's own %+v tells beyond its text.
func storyOf(err error) string {
	if _, ok := err.(fmt.Formatter); !ok {
		return ""
	}
	return strings.Trim(strings.TrimPrefix(whole(err), fmt.Sprint(err)), "\n")
}

func indent(text string) string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}
