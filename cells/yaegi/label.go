package yaegi

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
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
	units   = map[uintptr]*unit{} // by the address of their labels
)

// setUnit makes the calling goroutine, and those that it starts, the unit's. They
// keep the labels alive, and so the unit is known as long as one of them lives.
func setUnit(u *unit) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("unit", u.Name)))
	label := profilerLabels()
	u.label = label
	unitsMu.Lock()
	defer unitsMu.Unlock()
	units[uintptr(label)] = u
	runtime.AddCleanup((*byte)(label), forgetLabel, labelled{uintptr(label), u.Name})
}

// labelText is how the runtime writes the labels of a unit's goroutines.
func labelText(unit string) string {
	return strconv.QuoteToASCII("unit") + ": " + strconv.QuoteToASCII(unit)
}

type labelled struct {
	label uintptr
	name  string
}

// forgetLabel is called when the labels are gone. Another unit's may be in their
// place already.
func forgetLabel(l labelled) {
	unitsMu.Lock()
	defer unitsMu.Unlock()
	if u := units[l.label]; u != nil && u.Name == l.name {
		delete(units, l.label)
	}
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
	return units[uintptr(profilerLabels())]
}
