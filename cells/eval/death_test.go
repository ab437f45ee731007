//go:build unix

package eval_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paracell/paracell/cells/eval"
)

// started begins a goroutine that is a package's: its panic ends the process.
const (
	started = "ctx, cancel := context.WithCancel(context.Background()); c := exec.CommandContext(ctx, \"sleep\", \"60\"); c.Cancel = func() error { "
	begin   = "c.Start(); cancel(); select {}"
)

func TestDeaths(t *testing.T) {
	for _, c := range []struct {
		name, decls, body, cause, shown string
		imports                         []string
	}{
		{"exit", "", `fmt.Println("bye"); os.Exit(3)`, "the evaluator exited with status 3 (os.Exit or log.Fatal)", "bye\n", []string{"fmt", "os"}},
		{"fatal", "", `log.SetFlags(0); log.Fatal("bye")`, "the evaluator exited with status 1 (os.Exit or log.Fatal)", "[bye\n]", []string{"log"}},
		{"goroutine", "", "fmt.Println(1)\n" + started + "\nfmt.Fprintln(os.Stderr, 2)\npanic(\"boom\") //1\n}\n" + begin, "panic in a goroutine: boom", "1\n[2\n]", []string{"context", "fmt", "os", "os/exec"}},
		{"goroutine error", "", started + "panic(errors.New(\"bad\")) }\n" + begin, "panic in a goroutine: bad", "", []string{"context", "errors", "os/exec"}},
		{"goroutine index", "", started + "a := []int{1}; i := 1; a[i]++; return nil }\n" + begin, "panic in a goroutine: runtime error: index out of range [1] with length 1", "", []string{"context", "os/exec"}},
		{"maps", "", `
		m := map[int]int{}
		f := func() { for i := 0; ; i++ { m[i%10] = i } }
		go f()
		go f()
		f()`, "fatal error: concurrent map writes", "", nil},
		{"kill", "", `syscall.Kill(syscall.Getpid(), syscall.SIGKILL); select {}`, "the evaluator was killed (signal 9; out of memory?)", "", []string{"syscall"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// One case is a data race, which takes two processors to be seen.
			s := start(t, "GORACE=report_bugs=0", "GOMAXPROCS=2")
			o, got := s.run(s.unit(c.decls, c.body, c.imports...))
			if o.Kind != eval.Died || o.Message != c.cause {
				t.Fatalf("%s %q\n%.2000s", o.Kind, o.Message, o.Detail)
			}
			if got != c.shown {
				t.Errorf("showed %.500q, want %q", got, c.shown)
			}
			<-s.Done()
			if cause := s.Death().Message; cause != c.cause {
				t.Errorf("Death says %q", cause)
			}
			if o, _ := s.run(s.unit("", "")); o.Kind != eval.Died {
				t.Errorf("a dead evaluator ran a unit: %+v", o)
			}
			if err := s.Set("gil", "on"); err == nil {
				t.Error("a dead evaluator took a setting")
			}
		})
	}
}

func TestPanicElsewhereHasFrames(t *testing.T) {
	s := start(t)
	o, _ := s.run(s.unit("", "go func() {\nx := 1\nx++\npanic(x)\n}()\nselect {}"))
	if o.Kind != eval.Panicked || len(o.Frames) == 0 || o.Frames[0].Line != 5 {
		t.Errorf("%+v", o)
	}
	o, _ = s.run(s.unit("", started+"\nx := 1\nx++\npanic(x) }\n"+begin, "context", "os/exec"))
	if o.Kind != eval.Died || len(o.Frames) == 0 || o.Frames[0].Line != 5 {
		t.Errorf("%+v", o)
	}
}

func TestStartFails(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for _, command := range [][]string{nil, {missing}, {"/bin/sh", "-c", "exit 4"}} {
		p, err := eval.Start(t.Context(), eval.Config{Command: command})
		if err == nil {
			p.Close()
			t.Errorf("%q started", command)
		} else {
			t.Log(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := eval.Start(ctx, eval.Config{Command: []string{"/bin/sleep", "100"}}); err == nil {
		t.Error("sleep is ready")
	}
}

// Close takes along what user code started, and so does the end of whoever
// started the evaluator.
func TestNoOrphans(t *testing.T) {
	s := start(t)
	o, got := s.run(s.unit("", `c := exec.Command("sleep", "1000"); c.Start(); fmt.Print(c.Process.Pid)`, "fmt", "os/exec"))
	if o.Kind != eval.Done {
		t.Fatal(o)
	}
	child, err := strconv.Atoi(got)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	gone(t, child)
	gone(t, s.PID())
}

func TestKernelGone(t *testing.T) {
	cmd := exec.Command(os.Args[0], "kernel")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var evaluator, child int
	if _, err := fmt.Fscan(out, &evaluator, &child); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	gone(t, evaluator)
	gone(t, child)
}

// gone waits for the end of a process.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if syscall.Kill(pid, 0) != nil {
			return
		}
		// Nobody may reap it here: an ended process is as good as none.
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, after, ok := strings.Cut(string(stat), ") "); ok && strings.HasPrefix(after, "Z") {
			return
		}
	}
	t.Errorf("process %d lives on", pid)
}
