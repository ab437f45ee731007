//go:build !linux

package yaegi

import "time"

// Other systems don't show what threads wait for.

func threadsShown() bool { return false }

func timersPending(int) (pending, known bool) { return false, false }

func cpuTime() time.Duration { return 0 }
