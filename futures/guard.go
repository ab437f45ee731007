package futures

import (
	"fmt"
	"os"
	"reflect"
	"sync/atomic"
)

// mark is what the parent left in the environment of a worker process, "" in
// any other. It is taken out at once, so that programs which a worker starts
// are not taken for workers.
var mark = takeMark()

func takeMark() string {
	m := os.Getenv(workerEnv)
	os.Unsetenv(workerEnv)
	if m != "" {
		workerIn, workerOut = inherited(m)
	}
	return m
}

var (
	workerIn, workerOut *os.File
	claimed             atomic.Bool // this worker process has come to its guard
	guarded             atomic.Bool // the program has a main guard
)

// FreezeSupport is the main guard: the first line of a main function that
// starts processes. In a worker process it runs tasks and never returns;
// elsewhere it only makes the functions given known, so that they can be asked
// of workers. A value that is not a function stands for its type, which may
// then travel inside an interface, and be found by errors.As in a task's error.
func FreezeSupport(fns ...any) {
	for _, fn := range fns {
		if fn != nil && reflect.TypeOf(fn).Kind() != reflect.Func {
			RegisterType(reflect.TypeOf(fn))
			continue
		}
		Register(fn)
	}
	guarded.Store(true)
	Serve()
}

// Serve is what FreezeSupport does in a worker process, for hosts that register
// functions otherwise: it runs tasks until the parent is done, and exits. In
// any other process it returns at once.
func Serve() {
	if mark == "" || claimed.Swap(true) {
		return
	}
	if workerIn == nil || workerOut == nil {
		fmt.Fprintf(os.Stderr, "futures: %s=%q is not a worker's mark: it is for futures to set\n", workerEnv, mark)
		os.Exit(2)
	}
	serve(workerIn, workerOut)
}

// IsWorker tells whether this process is a worker of another one's pool, or its
// Process.
func IsWorker() bool { return mark != "" }

// bootstrapping is Python's text, where it means the same.
const bootstrapping = `RuntimeError:
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        This probably means that you have forgotten to use the proper
        idiom in the main function:

            func main() {
                futures.FreezeSupport(gcd)
                ...
            }

        A worker process is this same program, started once more: it runs
        main from its first line, and FreezeSupport is where it turns to
        its tasks instead. Name there the functions that workers run.
`

// checkGuard stops a worker process that has not come to a guard and is about
// to start processes of its own: each of them would do the same, without end.
func checkGuard() {
	if mark == "" || claimed.Load() {
		return
	}
	fmt.Fprint(os.Stderr, bootstrapping)
	if workerOut != nil {
		var o outbox
		o.textFrame(header{kind: unclaimed})
		_ = o.flush(workerOut)
	}
	os.Exit(1)
}
