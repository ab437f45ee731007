package futures

import (
	"os"
	"syscall"
)

// widen lets a pipe hold more at a time, so that reader and writer wait for each
// other less often. That may be refused: then it takes longer.
func widen(pipe *os.File) {
	const setPipeSize, most = 1031, 1 << 20 // F_SETPIPE_SZ, and what anyone may ask for
	if c, err := pipe.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, most) })
	}
}
