package futures

import (
	"errors"
	"fmt"
	"runtime/debug"
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
	return &PanicError{Value: r, Type: fmt.Sprintf("%T", r), Message: fmt.Sprint(r), Stack: string(debug.Stack())}
}
