package futures

import (
	"runtime"
	"sync"
)

var gil struct {
	sync.Mutex
	on    bool
	procs int // GOMAXPROCS to go back to
}

// SetGIL emulates, while on, Python's global interpreter lock in this process:
// one goroutine computes at a time and gives way every 10 ms, while blocking
// calls (sleep, files, sockets) still overlap. It is GOMAXPROCS(1), which costs
// a goroutine nothing. Worker processes are not under it.
func SetGIL(on bool) {
	gil.Lock()
	defer gil.Unlock()
	switch {
	case on && !gil.on:
		gil.procs = runtime.GOMAXPROCS(1)
	case !on && gil.on:
		runtime.GOMAXPROCS(gil.procs)
	}
	gil.on = on
}

// GIL tells whether the emulated lock is on.
func GIL() bool {
	gil.Lock()
	defer gil.Unlock()
	return gil.on
}
