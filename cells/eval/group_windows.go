package eval

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attach gives the command handles beyond the standard ones. It returns their
// values.
func attach(cmd *exec.Cmd, files []*os.File) (string, error) {
	var names []string
	attr := &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	for _, f := range files {
		h := syscall.Handle(f.Fd())
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return "", os.NewSyscallError("SetHandleInformation", err)
		}
		attr.AdditionalInheritedHandles = append(attr.AdditionalInheritedHandles, h)
		names = append(names, strconv.FormatUint(uint64(h), 10))
	}
	cmd.SysProcAttr = attr
	return strings.Join(names, " "), nil
}

// killGroup ends the process alone: processes that it started live on.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func signalOf(*os.ProcessState) int { return 0 }
