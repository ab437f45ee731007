//go:build unix

package build

import (
	"os"
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
