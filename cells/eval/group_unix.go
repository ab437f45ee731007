//go:build unix

package eval

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attach gives the command files beyond the standard ones and a process group
// of its own. It returns their names in the child.
func attach(cmd *exec.Cmd, files []*os.File) (string, error) {
	var names []string
	for i := range files {
		names = append(names, strconv.Itoa(3+i))
	}
	cmd.ExtraFiles = files
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return strings.Join(names, " "), nil
}

// killGroup ends the command's process group. The group's id stays taken as
// long as a process is in it, so this is safe after the command itself ended.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// signalOf returns the signal that ended the process, or 0.
func signalOf(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return int(w.Signal())
	}
	return 0
}
