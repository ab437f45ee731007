//go:build !windows

package futures

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// inherit hands the command its ends of the pipes and returns the mark that
// tells it which they are.
func inherit(cmd *exec.Cmd, in, out *os.File) (mark string, err error) {
	n := 3 + len(cmd.ExtraFiles)
	cmd.ExtraFiles = append(cmd.ExtraFiles, in, out)
	return strconv.Itoa(n) + " " + strconv.Itoa(n+1), nil
}

// inherited opens what a mark names, and keeps it from the worker's own
// children: the pipe must end when the worker does.
func inherited(mark string) (in, out *os.File) {
	a, b, _ := strings.Cut(mark, " ")
	open := func(s string) *os.File {
		fd, err := strconv.Atoi(s)
		if err != nil {
			return nil
		}
		syscall.CloseOnExec(fd)
		return os.NewFile(uintptr(fd), "worker")
	}
	return open(a), open(b)
}

func exitCode(s *os.ProcessState) int {
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return -int(ws.Signal())
	}
	return s.ExitCode()
}

func (c *child) terminate() error { return ended(c.cmd.Process.Signal(syscall.SIGTERM)) }
