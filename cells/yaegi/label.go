package yaegi

import (
	"context"
	"runtime/pprof"
	"sync"
	"unsafe"
)

// Which unit a goroutine belongs to: profiler labels are passed on to the
// goroutines that a goroutine starts, so a label says it, at no cost to user
// code. Reading one's own labels back is not part of the profiler's API; the
// function below is one of those that Go keeps reachable for that purpose.

//go:linkname profilerLabels runtime/pprof.runtime_getProfLabel
func profilerLabels() unsafe.Pointer

var (
	unitsMu sync.Mutex
	units   = map[unsafe.Pointer]*unit{} // by labels; a unit stays while its goroutines may
)

// setUnit makes the calling goroutine, and those that it starts, the unit's.
func setUnit(u *unit) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("unit", u.Name)))
	unitsMu.Lock()
	defer unitsMu.Unlock()
	u.label = profilerLabels()
	units[u.label] = u
}

//go:linkname setProfilerLabels runtime/pprof.runtime_setProfLabel
func setProfilerLabels(unsafe.Pointer)

// forgetUnit makes the calling goroutine nobody's until restore is called.
func forgetUnit() (restore func()) {
	label := profilerLabels()
	setProfilerLabels(nil)
	return func() { setProfilerLabels(label) }
}

// unitHere returns the unit that the calling goroutine belongs to, or nil.
func unitHere() *unit {
	unitsMu.Lock()
	defer unitsMu.Unlock()
	return units[profilerLabels()]
}
