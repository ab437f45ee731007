package yaegi

import (
	"fmt"
	"runtime"

	"github.com/paracell/paracell/cells/eval"
)

// stackLimit is how much stack interpreted functions may take before their unit
// is ended for endless recursion. The runtime would end the process.
const stackLimit = 250 << 20

// overflow ends the unit that the calling goroutine belongs to. When there is none
// the goroutine goes on: the runtime has a limit as well.
func (t *tracer) overflow() {
	u := unitHere()
	if u == nil || !u.running() {
		t.leave()
		return
	}
	o := eval.Outcome{
		Kind:    eval.Fatal,
		Message: "stack overflow",
		Detail:  fmt.Sprintf("runtime: goroutine stack exceeds %d-byte limit", stackLimit),
	}
	if all := t.read(stacks(false)); len(all) > 0 {
		o.Frames = all[0].Frames
	}
	if t.fail(u, o) {
		runtime.Goexit()
	}
}
