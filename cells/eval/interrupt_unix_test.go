//go:build unix

package eval_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// What a unit's programs started is interrupted with it, and the evaluator
// lives on, even where user code has put that signal back to its default.
func TestInterruptReachesPrograms(t *testing.T) {
	s := start(t)
	s.done(s.unit("var kept int", `kept = 1; signal.Reset()`, "os/signal"), "")
	// The last process to hold the pipe's writing end closes it by ending.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name := fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), w.Fd())
	// It is the program's alone before the interrupt, which stops the unit anywhere.
	o, got := s.interrupt(s.unit("", fmt.Sprintf(`
	pipe, err := os.OpenFile(%q, os.O_WRONLY, 0)
	if err != nil { panic(err) }
	c := exec.Command("sleep", "3600")
	c.ExtraFiles = []*os.File{pipe}
	err = c.Start()
	pipe.Close()
	if err == nil { fmt.Println("go"); err = c.Wait() }
	fmt.Println(err)`, name), "fmt", "os", "os/exec"))
	if strings.Contains(got, "no such file") {
		t.Skip("needs /proc to hand over a pipe")
	}
	if o.Kind != eval.Interrupted {
		t.Fatalf("%+v %s", o, got)
	}
	w.Close()
	if n, err := r.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("read %d, %v", n, err)
	}
	if err := syscall.Kill(s.PID(), 0); err != nil {
		t.Error(err)
	}
	s.done(s.unit("", `cell.Result(kept)`), "[result 1]")
}
