package yaegi

import (
	"bytes"
	"runtime"
	"time"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/pattern"
)

// A goroutine of user code that panics ends alone, and not the process with all
// the session's values: its panic is the error of its unit if that still runs, and
// told beside it otherwise. What compiled packages start, such as the goroutines
// of net/http or of a timer, is theirs, and a panic there ends the process.

// A fallen goroutine's unit and panic are told to this function; nil lets the
// panic end the process.
type fallen func(*unit, eval.Outcome)

// fall ends the calling goroutine, which panics, after telling of it.
func (t *tracer) fall(o eval.Outcome) {
	t.mu.Lock()
	id := goroutine()
	delete(t.chains, id)
	if u := t.unwindings[id]; u != nil {
		delete(t.unwindings, id)
		for ; u != nil; u = u.outer {
			t.panicking.Add(-1)
		}
	}
	t.mu.Unlock()
	t.fallen(unitHere(), o)
	runtime.Goexit()
}

// settle waits for goroutines that the unit left in a panic, for a second at most:
// their deferred calls come first, and with them the unit may come to its end
// before the panic does.
func (u *unit) settle() {
	for wait := 50 * time.Microsecond; wait < time.Second/2; wait *= 2 {
		if u.isCancelled() || runtime.NumGoroutine() <= u.goroutines || !panicking() {
			return
		}
		time.Sleep(wait)
	}
}

// panicking reports whether a goroutine is, as its trace tells. Of very many
// goroutines it looks at the first ones.
func panicking() bool {
	traces := make([]byte, 1<<20)
	return bytes.Contains(traces[:runtime.Stack(traces, true)], []byte("\npanic("))
}

// caughtCompiled is deferred by the functions that compiled code starts as
// goroutines.
func (t *tracer) caughtCompiled() {
	r := recover()
	if r == nil {
		return
	}
	v := panicValue(r, nil, frame{})
	o := t.note(v, compiledFrames()...)
	if t.fallen == nil {
		panic(v)
	}
	t.fall(o)
}

// functionsHere counts the interpreted functions that the calling goroutine is in.
func functionsHere() (n int) {
	for _, f := range callers() {
		if f.Function == interpreted {
			n++
		}
	}
	return n
}

// startedHere reports whether the goroutine was started by an interpreted go
// statement, and the function that ends is the one that it was started with.
func startedHere() bool {
	functions, ended := 0, 0
	for _, f := range callers() {
		switch {
		case f.Function == interpreted:
			functions++
		case f.Function == interpreted+".func1":
			ended++
		case ended == 0 || functions < ended:
		case transparent().MatchString(f.Function):
		default:
			return false // compiled code called it, which may recover
		}
	}
	return functions == ended
}

// transparent are functions between a go statement and an interpreted function
// that do not recover.
var transparent = pattern.New(`^(runtime\.(goexit|call\d+)$|reflect\.|github\.com/traefik/yaegi/interp\.|github\.com/paracell/paracell/cells/yaegi\.\(\*closure\)\.call|sync\.\(\*WaitGroup\)\.Go)`)

// interpreted is the function that runs interpreted ones; its first literal is
// what each of them does at its end.
const interpreted = "github.com/traefik/yaegi/interp.runCfg"

func callers() (list []runtime.Frame) {
	pcs := make([]uintptr, 256)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		list = append(list, f)
		if !more {
			return list
		}
	}
}
