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
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	for _, f := range []*os.File{in, out} {
		h := syscall.Handle(f.Fd())
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return "", err
		}
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, h)
	}
	return strconv.FormatUint(uint64(in.Fd()), 10) + " " + strconv.FormatUint(uint64(out.Fd()), 10), nil
}

// inherited opens what a mark names, and keeps it from the worker's own
// children: the pipe must end when the worker does.
func inherited(mark string) (in, out *os.File) {
	a, b, _ := strings.Cut(mark, " ")
	open := func(s string) *os.File {
		h, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return nil
		}
		_ = syscall.SetHandleInformation(syscall.Handle(h), syscall.HANDLE_FLAG_INHERIT, 0)
		return os.NewFile(uintptr(h), "worker")
	}
	return open(a), open(b)
}

func exitCode(s *os.ProcessState) int { return s.ExitCode() }

// Windows has no SIGTERM.
func (c *child) terminate() error { return c.kill() }
