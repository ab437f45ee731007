//go:build unix

package yaegi

import (
	"os"
	"syscall"
)

// keep keeps a file that we inherited from being inherited further.
func keep(fd uintptr) uintptr {
	syscall.CloseOnExec(int(fd))
	return fd
}

// duplicate returns another descriptor of f that no other process inherits.
func duplicate(f *os.File) (*os.File, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// endGroup ends every process of our group, ourselves included, if we lead it.
func endGroup() {
	if pid := os.Getpid(); syscall.Getpgrp() == pid {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}
