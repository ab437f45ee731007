//go:build unix

package build

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func interrupt(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGINT) }

// kill ends the whole group; it is no error when that is gone.
func kill(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

func signalName(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return ""
}

// guard starts a process that kills the group when this process dies without
// having had the time to: its input is a pipe that nobody writes to and that
// ends with us. The returned function sends it home.
func guard(p *os.Process) (dismiss func()) {
	r, w, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	defer r.Close()
	cmd := exec.Command("/bin/sh", "-c", `read line; kill -KILL "-$1"`, "sh", strconv.Itoa(p.Pid))
	cmd.Stdin = r
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		w.Close()
		return func() {}
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait()
		w.Close()
	}
}
