package yaegi

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// offerFirst has Linux, when it runs out of memory, end this process sooner
// than the session's or the client's.
func offerFirst() { _ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0) }

// A memoryLimit keeps user code from taking all memory: a machine without any
// stands still for minutes before it ends somebody.
type memoryLimit struct{ set time.Time }

// renew lets the process grow by nine tenths of what is free now; beyond that
// Go's runtime finds no memory and says so. Reading what is free takes some
// 20 µs, so that is done once a second at most.
func (l *memoryLimit) renew() {
	if time.Since(l.set) < time.Second {
		return
	}
	l.set = time.Now()
	free := kilobytes("/proc/meminfo", "MemAvailable:") << 10
	mine := kilobytes("/proc/self/status", "VmData:") << 10
	var r syscall.Rlimit
	if free == 0 || mine == 0 || syscall.Getrlimit(syscall.RLIMIT_DATA, &r) != nil {
		return
	}
	r.Cur = min(r.Max, mine+free/10*9)
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &r)
}

// kilobytes returns the number behind the label in a file of /proc, or 0.
func kilobytes(file, label string) uint64 {
	text, _ := os.ReadFile(file)
	_, rest, found := bytes.Cut(text, []byte(label))
	rest, _, _ = bytes.Cut(rest, []byte(" kB"))
	n, err := strconv.ParseUint(string(bytes.TrimSpace(rest)), 10, 64)
	if !found || err != nil {
		return 0
	}
	return n
}
