package build

import (
	"os"
	"syscall"
)

func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// BUG(paracell): on Windows an interrupt ends the program at once, and its own
// children live on: a job object would hold them together.
func interrupt(p *os.Process) { p.Kill() }

func kill(p *os.Process) { p.Kill() }

func signalName(*os.ProcessState) string { return "" }

func guard(*os.Process) (dismiss func()) { return func() {} }
