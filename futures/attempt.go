package futures

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
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
	return &PanicError{Value: r, Type: fmt.Sprintf("%T", r), Message: fmt.Sprint(r), Stack: panicStack()}
}

// panicStack is the stack from the panic on, without those who look at it.
func panicStack() string {
	goroutine, frames, _ := strings.Cut(string(debug.Stack()), "\n")
	if i := strings.Index(frames, "\npanic("); i >= 0 {
		frames = frames[i+1:]
	}
	return goroutine + "\n" + frames
}
