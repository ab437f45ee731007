package futures

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
)

// attempt calls fn and hands its outcome to settle, whatever fn does: a panic
// is its error, and so is the end of its goroutine.
func attempt(fn func() (any, error), settle func(any, error)) {
	var value any
	err := errGoexit
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, newPanicError(r)
		}
		settle(value, err)
	}()
	value, err = fn()
}

var errGoexit = errors.New("the task ended its goroutine (runtime.Goexit)")

func newPanicError(r any) *PanicError {
	e := &PanicError{Value: r, Type: typeText(r), Message: fmt.Sprint(r)}
	if stack := hostStack.Load(); stack != nil {
		e.Stack = (*stack)()
	}
	if e.Stack == "" {
		e.Stack = panicStack()
	}
	return e
}

// typeText names the type of an error or of what a task panicked with. An interpreter
// has runtime errors of its own.
func typeText(v any) string {
	t := reflect.TypeOf(v)
	if _, ok := v.(runtime.Error); ok && t.Kind() != reflect.Pointer && t.PkgPath() != "runtime" {
		return "runtime.Error"
	}
	return fmt.Sprintf("%T", v)
}

var hostStack atomic.Pointer[func() string]

// SetStack has stack tell where a task has panicked. It is called in the task's
// goroutine, where the panic is recovered; "" leaves it to Go. It is for what
// hosts a program that it interprets.
func SetStack(stack func() string) { hostStack.Store(&stack) }

// panicStack is the stack from the panic on, without those who look at it and
// those who called the task.
func panicStack() string {
	goroutine, frames, _ := strings.Cut(string(debug.Stack()), "\n")
	if i := strings.Index(frames, "\npanic("); i >= 0 {
		frames = frames[i+1:]
	}
	lines := strings.SplitAfter(frames, "\n") // two for each frame
	for i := len(lines)/2*2 - 2; i >= 0; i -= 2 {
		if !slices.ContainsFunc(callers, func(f string) bool { return strings.HasPrefix(lines[i], here+f) }) {
			continue
		}
		for i >= 2 && (strings.HasPrefix(lines[i-2], here) || strings.HasPrefix(lines[i-2], "reflect.Value.")) {
			i -= 2
		}
		lines = lines[:i]
		break
	}
	return goroutine + "\n" + strings.Join(lines, "")
}

// callers are the functions of this package that call what users hand over.
var callers = []string{"attempt(", "(*server).calls(", "(*AnyFuture).call(", "(*meter).report("}

// here is how the functions of this package begin in a stack.
var here = reflect.TypeFor[PanicError]().PkgPath() + "."
