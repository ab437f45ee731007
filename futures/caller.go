package futures

import (
	"context"
	"reflect"
)

// A caller makes the calls of one request: those of one function, with the
// arguments that came.
type caller interface {
	// call makes the i-th call. The value is good until the next one.
	call(ctx context.Context, i int) (reflect.Value, error)
}

// reflected calls any function.
type reflected struct {
	*function
	args []reflect.Value // of all calls, one after the other
}

func (r *reflected) call(ctx context.Context, i int) (reflect.Value, error) {
	n := len(r.takes)
	return r.function.call(ctx, r.args[i*n:(i+1)*n:(i+1)*n])
}

// typed calls a function of a type that is known here, which takes a few
// nanoseconds instead of more than a hundred.
type typed[A, R any] struct {
	fn     func(A) (R, error)
	args   []A
	result R
}

func (t *typed[A, R]) call(_ context.Context, i int) (reflect.Value, error) {
	var err error
	t.result, err = t.fn(t.args[i])
	return reflect.ValueOf(&t.result).Elem(), err
}

// typedCaller is a caller of fn for a slice of arguments, if fn is of one of the
// types that short functions have most often; else it is nil.
func typedCaller(fn any) func(args any) caller {
	switch fn := fn.(type) {
	case func(int) int:
		return callerOf(fn)
	case func(int) float64:
		return callerOf(fn)
	case func(int) bool:
		return callerOf(fn)
	case func(int) string:
		return callerOf(fn)
	case func(float64) float64:
		return callerOf(fn)
	case func(float64) int:
		return callerOf(fn)
	case func(string) string:
		return callerOf(fn)
	case func(string) int:
		return callerOf(fn)
	case func(string) bool:
		return callerOf(fn)
	case func(int) (int, error):
		return callerOfErr(fn)
	case func(float64) (float64, error):
		return callerOfErr(fn)
	case func(string) (string, error):
		return callerOfErr(fn)
	case func(string) (int, error):
		return callerOfErr(fn)
	}
	return nil
}

func callerOf[A, R any](fn func(A) R) func(args any) caller {
	return callerOfErr(func(a A) (R, error) { return fn(a), nil })
}

func callerOfErr[A, R any](fn func(A) (R, error)) func(args any) caller {
	return func(args any) caller { return &typed[A, R]{fn: fn, args: args.([]A)} }
}
