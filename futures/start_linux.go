package futures

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// start starts the command so that the kernel kills it when this process dies,
// however it dies. The kernel ties that to the thread that started the child:
// so one thread, which lives as long as the process, starts them all.
func start(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	starter := startingThread()
	err := make(chan error)
	starter <- func() { err <- cmd.Start() }
	return <-err
}

var startingThread = sync.OnceValue(func() chan func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread() // never unlocked
		for job := range jobs {
			job()
		}
	}()
	return jobs
})
