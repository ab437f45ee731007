package yaegi

import (
	"os"
	"runtime"
	"runtime/debug"
)

// enough is how much memory a worker takes before anything is collected.
const enough = 64 << 20

// collectLater puts the first collection of garbage off until there is enough of
// it. A worker's start leaves some, which is collected at the cost of the first
// tasks otherwise, on the cores that the other workers compute on. What the user
// says of collections counts.
func collectLater() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(enough)
	type first struct{ _ [64]byte }
	runtime.AddCleanup(new(first), func(struct{}) {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	}, struct{}{})
}
