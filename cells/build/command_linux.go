package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

const canSeeReads = true

// waitForRead returns true once a thread of the program or of its children
// blocks reading the pipe whose other end is input; false when ctx ends.
func waitForRead(ctx context.Context, pid int, input *os.File) bool {
	name := pipeName(input)
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
		if reads(pid, name) {
			return true
		}
	}
}

func pipeName(f *os.File) (name string) {
	raw, err := f.SyscallConn()
	if err != nil {
		return ""
	}
	raw.Control(func(fd uintptr) {
		name, _ = os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	})
	return name
}

// reads looks at each thread: /proc tells the system call in which it waits,
// its number and arguments, the descriptor first.
func reads(pid int, pipe string) bool {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	for _, task := range tasks {
		call, _ := os.ReadFile(task + "/syscall")
		var number int
		var fd uint
		if n, _ := fmt.Sscanf(string(call), "%d %v", &number, &fd); n == 2 && number == syscall.SYS_READ {
			if target, _ := os.Readlink(fmt.Sprintf("%s/fd/%d", task, fd)); target == pipe {
				return true
			}
		}
		children, _ := os.ReadFile(task + "/children")
		for _, child := range strings.Fields(string(children)) {
			var id int
			if _, err := fmt.Sscan(child, &id); err == nil && reads(id, pipe) {
				return true
			}
		}
	}
	return false
}
