package yaegi

import (
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/eval"
)

// goroutines returns all goroutines with their stacks and labels.
func (t *tracer) goroutines() []eval.Goroutine {
	// What shows labels is a setting of Go's runtime, which has no other door.
	const shown = "tracebacklabels=1"
	before, set := os.LookupEnv("GODEBUG")
	os.Setenv("GODEBUG", strings.TrimPrefix(before+","+shown, ","))
	text := stacks(true)
	if set {
		os.Setenv("GODEBUG", before)
	} else {
		os.Unsetenv("GODEBUG")
	}
	return t.read(text)
}

// read finds goroutines and the units' places in what the runtime wrote.
func (t *tracer) read(stacks string) []eval.Goroutine {
	t.mu.Lock()
	defer t.mu.Unlock()
	return eval.Goroutines(stacks, t.units)
}

// stacks returns what the runtime writes of the calling goroutine's stack, or of
// all goroutines'.
func stacks(all bool) string {
	for size := 64 << 10; ; size *= 2 {
		b := make([]byte, size)
		if n := runtime.Stack(b, all); n < size {
			return string(b[:n])
		}
	}
}

// own returns those of the goroutines that run the unit's code.
func (u *unit) own(all []eval.Goroutine) (own []eval.Goroutine) {
	label := labelText(u.Name)
	for _, g := range all {
		if g.Label == label && !in(g, "(*server).start.func") {
			own = append(own, g)
		}
	}
	return own
}

// in reports whether a goroutine is in a function of this package.
func in(g eval.Goroutine, function string) bool {
	return strings.Contains(g.Stack, "/cells/yaegi."+function)
}

// computes reports whether one of the goroutines is not blocked.
func computes(all []eval.Goroutine) bool {
	return slices.ContainsFunc(all, func(g eval.Goroutine) bool { return g.State == "running" || g.State == "runnable" })
}
