package futures

import (
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// wakeful reads a worker's tasks. When there are none it stays awake for a
// little while, though others may have the CPU: to be woken takes longer than a
// short task takes with all that is around it.
type wakeful struct{ *os.File }

// awake is how long that is. It outlasts what a submitter does between a result
// and its next task.
const awake = 50 * time.Microsecond

func (w wakeful) Read(b []byte) (int, error) {
	if fd := w.Fd(); runtime.NumCPU() > 1 {
		for began := time.Now(); !readable(fd) && time.Since(began) < awake; {
			_, _, _ = syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
		}
	}
	return w.File.Read(b)
}

// readable tells whether a read would return at once.
func readable(fd uintptr) bool {
	poll := struct {
		fd              int32
		events, revents int16
	}{fd: int32(fd), events: 1} // POLLIN
	var none syscall.Timespec
	n, _, errno := syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1, uintptr(unsafe.Pointer(&none)), 0, 0, 0)
	return n != 0 || errno != 0
}
