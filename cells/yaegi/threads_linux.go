package yaegi

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// timersPending watches the process' threads until none runs, and reports whether
// one waits for the clock then; known is false where the system doesn't show it, or
// where they don't come to rest.
//
// Go's scheduler leaves no timer to itself: as long as one is set, a thread that
// waits for files waits until it is due. The caller must be the only one of ours
// that uses the clock, so it sleeps in a call of the system.
func timersPending(commands int) (pending, known bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, pause := range []time.Duration{still, 2 * still, 4 * still} {
		left := syscall.NsecToTimespec(pause.Nanoseconds())
		for syscall.Nanosleep(&left, &left) == syscall.EINTR {
		}
		switch seen := lookAtThreads(commands); {
		case seen.hidden:
			return false, false
		case !seen.busy:
			return seen.timed, true
		}
	}
	return false, false
}

// shows reports whether the system shows what threads wait for.
func threadsShown() bool {
	_, err := os.ReadFile("/proc/thread-self/syscall")
	return err == nil
}

// cpuTime is how long the process' threads have run.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// caretaker is the thread that looks after the others by the clock, and runs no
// goroutine: the runtime starts it first of all. A busy machine may keep it from
// going to sleep for long.
var caretaker = func() string {
	all, _ := filepath.Glob("/proc/self/task/*")
	first := 0
	for _, t := range all {
		if n, _ := strconv.Atoi(filepath.Base(t)); n > os.Getpid() && (first == 0 || n < first) {
			first = n
		}
	}
	return strconv.Itoa(first)
}()

type threads struct {
	busy   bool // one runs, or is in a call of the system that nobody knows
	timed  bool // one waits for a file until a timer is due
	hidden bool // the system doesn't show it
}

// lookAtThreads looks at all threads but the calling one. Commands is the file
// that the session's commands come from.
func lookAtThreads(commands int) (seen threads) {
	own := strconv.Itoa(syscall.Gettid())
	all, _ := filepath.Glob("/proc/self/task/*")
	clocks := 0
	for _, t := range all {
		if filepath.Base(t) == own {
			continue
		}
		text, err := os.ReadFile(t + "/syscall")
		if os.IsNotExist(err) {
			if _, gone := os.Stat(t); gone != nil {
				continue
			}
		}
		if err != nil {
			return threads{hidden: true}
		}
		var call, a, b, c, d int64
		if n, _ := fmt.Sscanf(string(text), "%d 0x%x 0x%x 0x%x 0x%x", &call, &a, &b, &c, &d); n < 5 { // "running"
			seen.busy = seen.busy || filepath.Base(t) != caretaker
			continue
		}
		switch call {
		case syscall.SYS_EPOLL_PWAIT:
			seen.timed = seen.timed || int32(d) >= 0
		case syscall.SYS_FUTEX:
			if d != 0 {
				clocks++
			}
		case syscall.SYS_NANOSLEEP:
			clocks++
		case syscall.SYS_READ:
			seen.busy = seen.busy || int(a) != commands
		default:
			seen.busy = true
		}
	}
	seen.busy = seen.busy || clocks > 1 // the caretaker's
	seen.hidden = len(all) == 0
	return seen
}
