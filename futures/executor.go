package futures

import (
	"context"
	"runtime"
	"time"
)

// Executor runs tasks. ThreadPoolExecutor and ProcessPoolExecutor are two.
type Executor interface {
	// SubmitTask schedules task(arg) and returns at once. Whatever is wrong is
	// the future's error. A context that ends while the task is pending cancels
	// the future; a running task sees it end.
	SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture

	// Shutdown takes no more tasks. With cancelFutures the pending ones are
	// cancelled; with wait it returns when all others are done and the workers
	// are gone. It may be called again.
	Shutdown(wait, cancelFutures bool)
}

// CPUCount is the number of CPUs that this process may use.
func CPUCount() int { return runtime.NumCPU() }

// An Option is one of the optional arguments of an executor.
type Option interface{ setPool(*options) }

type option func(*options)

func (f option) setPool(o *options) { f(o) }

type options struct {
	ctx         context.Context
	method      string
	launcher    Launcher
	initializer *invocation
	maxTasks    int
	maxTasksSet bool
	restarts    int
	killAfter   time.Duration
	kill        bool
	recorded    bool
	progress    func(Progress)
}

// Within ends the executor with a context: pending futures are cancelled and
// workers are stopped when it is done.
func Within(ctx context.Context) Option { return option(func(o *options) { o.ctx = ctx }) }

// StartMethod picks, by name, how this pool starts its worker processes.
func StartMethod(name string) Option { return option(func(o *options) { o.method = name }) }

// WithLauncher starts this pool's worker processes with a launcher of its own.
func WithLauncher(l Launcher) Option { return option(func(o *options) { o.launcher = l }) }

// MaxTasksPerChild replaces a worker process once it has run n tasks. By default
// workers live as long as the pool.
func MaxTasksPerChild(n int) Option {
	return option(func(o *options) { o.maxTasks = n; o.maxTasksSet = true })
}

// Restart replaces a worker process that dies, rather than breaking the pool, and
// runs the task that it ran again, up to n times. Then that task alone fails, with
// a *WorkerError. A task may so have run more than once. By default, as in Python,
// a death breaks the pool. A worker that dies before its first task, or whose
// initializer fails, breaks it in any case.
func Restart(n int) Option { return option(func(o *options) { o.restarts = max(n, 0) + 1 }) }

// KillAfter kills and replaces a worker process whose task still runs that long
// after the task's context has ended. The task's future fails with TimeoutError,
// if it was the context's deadline that passed, or is cancelled. By default a task
// that does not look at its context runs on.
func KillAfter(grace time.Duration) Option {
	return option(func(o *options) { o.kill, o.killAfter = true, grace })
}

// Initializer makes each worker call fn with args before its first task. When
// that fails the pool is broken. fn is a function, for processes a registered
// one, or a Task; nil stands for none.
func Initializer(fn any, args ...any) Option {
	return option(func(o *options) {
		if o.initializer = nil; fn != nil {
			o.initializer = newInvocation(fn, args)
		}
	})
}

// wrong tells why there can't be a pool of these options.
func (o options) wrong(maxWorkers int) error {
	switch {
	case maxWorkers < 0:
		return &ValueError{"max_workers must be greater than 0"}
	case o.maxTasksSet && o.maxTasks < 1:
		return &ValueError{"max_tasks_per_child must be >= 1"}
	case o.initializer != nil && o.initializer.err != nil:
		return &ValueError{"initializer must be a callable: " + o.initializer.err.Error()}
	}
	return nil
}

// A MapOption is one of the optional arguments of Map.
type MapOption interface{ setMap(*mapOptions) }

type mapOption func(*mapOptions)

func (f mapOption) setMap(o *mapOptions) { f(o) }

type mapOptions struct {
	chunk, buffer int
	chunked       bool
	buffered      bool
	timed         bool
	timeout       time.Duration
	ctx           context.Context
	progress      func(Progress)
}

// ChunkSize is how many arguments go to a worker process at a time; n is at
// least 1. By default a process pool measures the tasks and settles it as it
// goes: many at a time while much is left, single ones at the end. Threads take
// one at a time whatever it is.
func ChunkSize(n int) MapOption {
	return mapOption(func(o *mapOptions) { o.chunk, o.chunked = n, true })
}

// BufferSize submits at most n arguments ahead of the results taken, so that
// endless arguments can be mapped. By default all are submitted at once.
func BufferSize(n int) MapOption {
	return mapOption(func(o *mapOptions) { o.buffer, o.buffered = n, true })
}

// Timeout ends the iteration with TimeoutError when a result is not there by
// then, counted from the call of Map.
func Timeout(d time.Duration) MapOption {
	return mapOption(func(o *mapOptions) { o.timeout, o.timed = d, true })
}

// MapWithin ends the iteration when a context ends, and cancels what is left.
func MapWithin(ctx context.Context) MapOption { return mapOption(func(o *mapOptions) { o.ctx = ctx }) }
