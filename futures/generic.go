package futures

// This file is the typed layer. A notebook's interpreter can't call compiled
// generic functions, so it interprets this file's source for the types at hand:
// therefore nothing here but exported names of this package, the standard
// library and simple Go.

import (
	"context"
	"iter"
	"reflect"
	"time"
)

// Future is the outcome, some day, of a task that results in an R.
type Future[R any] struct{ Any *AnyFuture }

// Result waits for the outcome. The error is the task's own, or CancelledError,
// or tells why the task could not be run.
func (f *Future[R]) Result() (R, error) { return f.ResultContext(context.Background()) }

// ResultContext is Result with an end to the waiting: TimeoutError when the
// context's deadline passed, else the context's cause. The task goes on.
func (f *Future[R]) ResultContext(ctx context.Context) (R, error) {
	v, err := f.Any.ResultContext(ctx)
	r, _ := v.(R)
	return r, err
}

// ResultTimeout is Result that waits no longer than d: then it is TimeoutError.
func (f *Future[R]) ResultTimeout(d time.Duration) (R, error) {
	v, err := f.Any.ResultTimeout(d)
	r, _ := v.(R)
	return r, err
}

// Exception waits for the outcome and returns the task's error, nil when it
// succeeded.
func (f *Future[R]) Exception() error { return f.Any.Exception() }

// Cancel drops the task if it has not started, and tells whether the future is
// cancelled now.
func (f *Future[R]) Cancel() bool { return f.Any.Cancel() }

// ExceptionTimeout is Exception that waits no longer than d: then it is
// TimeoutError.
func (f *Future[R]) ExceptionTimeout(d time.Duration) error { return f.Any.ExceptionTimeout(d) }

// CancelRunning cancels the future even when its task runs, which Python can't,
// and tells whether it is cancelled now. The context of a task in a goroutine
// ends; a worker process that runs the task is killed and replaced.
func (f *Future[R]) CancelRunning() bool { return f.Any.CancelRunning() }

// Cancelled tells whether the future was cancelled.
func (f *Future[R]) Cancelled() bool { return f.Any.Cancelled() }

// Running tells whether the task is being executed and can't be cancelled.
func (f *Future[R]) Running() bool { return f.Any.Running() }

// Done tells whether there is an outcome: finished or cancelled.
func (f *Future[R]) Done() bool { return f.Any.Done() }

// C is closed when there is an outcome: for select.
func (f *Future[R]) C() <-chan struct{} { return f.Any.C() }

// AddDoneCallback calls fn with the future once there is an outcome: at once,
// in this goroutine, if there is one already. Callbacks run in the order they
// were added; one that panics is logged.
func (f *Future[R]) AddDoneCallback(fn func(*Future[R])) {
	f.Any.AddDoneCallback(func(*AnyFuture) { fn(f) })
}

// String shows the future as Python does: <Future at 0x… state=finished returned int>.
func (f *Future[R]) String() string { return f.Any.String() }

// NewTask makes a task of a function: the name is what worker processes know it
// by. A function that results in an error alone fails with it.
func NewTask[A, R any](name string, fn func(A) R) Task {
	task := Task{
		Name: name,
		Func: func(_ context.Context, arg any) (any, error) {
			a, _ := arg.(A)
			return fn(a), nil
		},
		Arg:    reflect.TypeOf((*A)(nil)).Elem(),
		Result: reflect.TypeOf((*R)(nil)).Elem(),
	}
	if task.Result == reflect.TypeOf((*error)(nil)).Elem() {
		task.Result = nil
		task.Func = func(_ context.Context, arg any) (any, error) {
			a, _ := arg.(A)
			var r any = fn(a)
			err, _ := r.(error)
			return nil, err
		}
	}
	return task
}

// NewTaskErr is NewTask for a function that may fail.
func NewTaskErr[A, R any](name string, fn func(A) (R, error)) Task {
	return Task{
		Name: name,
		Func: func(_ context.Context, arg any) (any, error) {
			a, _ := arg.(A)
			r, err := fn(a) // the interpreter loses the error of return fn(a)
			return r, err
		},
		Arg:    reflect.TypeOf((*A)(nil)).Elem(),
		Result: reflect.TypeOf((*R)(nil)).Elem(),
	}
}

// NewTaskContext is NewTask for a function that takes a context and may fail.
func NewTaskContext[A, R any](name string, fn func(context.Context, A) (R, error)) Task {
	return Task{
		Name: name,
		Func: func(ctx context.Context, arg any) (any, error) {
			a, _ := arg.(A)
			r, err := fn(ctx, a) // the interpreter loses the error of return fn(ctx, a)
			return r, err
		},
		Arg:          reflect.TypeOf((*A)(nil)).Elem(),
		Result:       reflect.TypeOf((*R)(nil)).Elem(),
		TakesContext: true,
	}
}

// Submit schedules fn(arg) and returns at once. Whatever is wrong is the
// future's error.
func Submit[A, R any](e Executor, fn func(A) R, arg A) *Future[R] {
	_, threads := e.(*ThreadPoolExecutor)
	if threads && reflect.TypeOf((*R)(nil)) != reflect.TypeOf((*error)(nil)) { // the argument need not be boxed
		bound := func(context.Context, any) (any, error) { return fn(arg), nil }
		return &Future[R]{Any: e.SubmitTask(context.Background(), Task{Name: NameOf(fn), Func: bound}, nil)}
	}
	return SubmitTask[A, R](context.Background(), e, NewTask(NameOf(fn), fn), arg)
}

// SubmitErr is Submit for a function that may fail.
func SubmitErr[A, R any](e Executor, fn func(A) (R, error), arg A) *Future[R] {
	if _, threads := e.(*ThreadPoolExecutor); threads {
		bound := func(context.Context, any) (any, error) {
			r, err := fn(arg) // the interpreter loses the error of return fn(arg)
			return r, err
		}
		return &Future[R]{Any: e.SubmitTask(context.Background(), Task{Name: NameOf(fn), Func: bound}, nil)}
	}
	return SubmitTask[A, R](context.Background(), e, NewTaskErr(NameOf(fn), fn), arg)
}

// SubmitContext is Submit for a function that takes a context and may fail. A
// context that ends while the task is pending cancels the future; a running
// task sees it end.
func SubmitContext[A, R any](ctx context.Context, e Executor, fn func(context.Context, A) (R, error), arg A) *Future[R] {
	return SubmitTask[A, R](ctx, e, NewTaskContext(NameOf(fn), fn), arg)
}

// SubmitTask is Submit for a task made beforehand.
func SubmitTask[A, R any](ctx context.Context, e Executor, task Task, arg A) *Future[R] {
	return &Future[R]{Any: e.SubmitTask(ctx, task, arg)}
}

// Map calls fn with each argument, in parallel, and hands out the results in
// the order of the arguments. All are submitted at once unless BufferSize says
// otherwise. A failed one yields its error and the iteration goes on; leaving
// it cancels what has not started. The sequence can be used once.
func Map[A, R any](e Executor, fn func(A) R, args []A, opts ...MapOption) iter.Seq2[R, error] {
	return MapTask[A, R](e, NewTask(NameOf(fn), fn), args, opts...)
}

// MapErr is Map for a function that may fail.
func MapErr[A, R any](e Executor, fn func(A) (R, error), args []A, opts ...MapOption) iter.Seq2[R, error] {
	return MapTask[A, R](e, NewTaskErr(NameOf(fn), fn), args, opts...)
}

// MapContext is Map for a function that takes a context and may fail. The
// context is MapWithin's.
func MapContext[A, R any](e Executor, fn func(context.Context, A) (R, error), args []A, opts ...MapOption) iter.Seq2[R, error] {
	return MapTask[A, R](e, NewTaskContext(NameOf(fn), fn), args, opts...)
}

// MapTask is Map for a task made beforehand.
func MapTask[A, R any](e Executor, task Task, args []A, opts ...MapOption) iter.Seq2[R, error] {
	m := NewMapping(e, task, args, opts...)
	return func(yield func(R, error) bool) {
		defer m.Close()
		for {
			v, err, ok := m.Next()
			if !ok {
				return
			}
			var r R
			if v != nil { // else the interpreter keeps the one before
				r, _ = v.(R)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// MapSeq is Map for arguments that come from a sequence, which may be endless:
// they are pulled as results are taken, so many ahead as keep the workers busy,
// or as BufferSize says. The results must be iterated over; leaving that ends
// the sequence too.
func MapSeq[A, R any](e Executor, fn func(A) R, args iter.Seq[A], opts ...MapOption) iter.Seq2[R, error] {
	return MapSeqTask[A, R](e, NewTask(NameOf(fn), fn), args, opts...)
}

// MapSeqErr is MapSeq for a function that may fail.
func MapSeqErr[A, R any](e Executor, fn func(A) (R, error), args iter.Seq[A], opts ...MapOption) iter.Seq2[R, error] {
	return MapSeqTask[A, R](e, NewTaskErr(NameOf(fn), fn), args, opts...)
}

// MapSeqContext is MapSeq for a function that takes a context and may fail. The
// context is MapWithin's.
func MapSeqContext[A, R any](e Executor, fn func(context.Context, A) (R, error), args iter.Seq[A], opts ...MapOption) iter.Seq2[R, error] {
	return MapSeqTask[A, R](e, NewTaskContext(NameOf(fn), fn), args, opts...)
}

// MapSeqTask is MapSeq for a task made beforehand.
func MapSeqTask[A, R any](e Executor, task Task, args iter.Seq[A], opts ...MapOption) iter.Seq2[R, error] {
	m := NewMappingSeq(e, task, func(yield func(any) bool) {
		for a := range args {
			if !yield(a) {
				return
			}
		}
	}, opts...)
	return func(yield func(R, error) bool) {
		defer m.Close()
		for {
			v, err, ok := m.Next()
			if !ok {
				return
			}
			var r R
			if v != nil { // else the interpreter keeps the one before
				r, _ = v.(R)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// ShareSlice is Share for a slice of numbers, or of arrays or structs of them.
func ShareSlice[T any](s []T) (*Shared, error) { return ShareAny(s) }

// SharedSlice is the memory of s, seen as a slice. It panics for a T that
// ShareSlice refuses.
func SharedSlice[T any](s *Shared) []T {
	v, _ := s.Slice(reflect.TypeOf((*T)(nil)).Elem()).([]T)
	return v
}

// Wait waits until the futures are done as far as when asks, or until the
// context ends, and returns those that are done and those that are not.
func Wait[R any](ctx context.Context, fs []*Future[R], when ReturnWhen, opts ...ProgressOption) (done, notDone []*Future[R], err error) {
	typed := make(map[*AnyFuture]*Future[R])
	var untyped []*AnyFuture
	for _, f := range fs {
		typed[f.Any] = f
		untyped = append(untyped, f.Any)
	}
	d, n, err := WaitAny(ctx, untyped, when, opts...)
	for _, f := range d {
		done = append(done, typed[f])
	}
	for _, f := range n {
		notDone = append(notDone, typed[f])
	}
	return done, notDone, err
}

// AsCompleted hands out futures as they are done, each once. When the context
// ends first the last pair is nil and why: TimeoutError for a deadline.
func AsCompleted[R any](ctx context.Context, fs []*Future[R], opts ...ProgressOption) iter.Seq2[*Future[R], error] {
	return func(yield func(*Future[R], error) bool) {
		typed := make(map[*AnyFuture]*Future[R])
		var untyped []*AnyFuture
		for _, f := range fs {
			typed[f.Any] = f
			untyped = append(untyped, f.Any)
		}
		c := AsCompletedAny(ctx, untyped, opts...)
		defer c.Close()
		for {
			f, err := c.Next()
			if err != nil {
				yield(nil, err)
				return
			}
			if f == nil || !yield(typed[f], nil) {
				return
			}
		}
	}
}
