//go:build unix

package yaegi

import (
	"os"
	"os/signal"
	"sync/atomic"
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

// interrupts takes the signals that are meant for our children; nobody reads it.
var interrupts = make(chan os.Signal, 1)

// surviving is set when interrupts are survived.
var surviving atomic.Bool

// surviveInterrupts keeps SIGINT from ending this process. It is caught, not
// ignored: children would inherit that.
func surviveInterrupts() {
	surviving.Store(true)
	signal.Notify(interrupts, os.Interrupt)
}

// interruptGroup interrupts every process of our group, if we lead it, as a
// terminal's Ctrl-C does.
func interruptGroup() {
	if pid := os.Getpid(); syscall.Getpgrp() == pid {
		surviveInterrupts() // user code may have seen to that signal itself
		_ = syscall.Kill(-pid, syscall.SIGINT)
	}
}
