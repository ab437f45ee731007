//go:build unix

package magic

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

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
)

func TestShell(t *testing.T) {
	n := newNotepad(t)
	n.write("a.txt", "")
	if out := n.prints("!ls | cat; printf '한\\n'; exit 3"); out != "a.txt\n한\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("!echo e >&2"); out != "<stderr>e\n" {
		t.Errorf("%q", out)
	}
	n.env = append(n.env, "GREETING=hi")
	if out := n.prints("!echo $GREETING; pwd"); out != "hi\n"+n.dir+"\n" {
		t.Errorf("%q", out)
	}
	if err := n.run("!"); err == nil || err.Name != "UsageError" {
		t.Error(err)
	}
	n.dir = filepath.Join(n.dir, "gone")
	if err := n.run("!ls"); err == nil || !strings.Contains(err.Value, "the folder "+n.dir+" is not there") {
		t.Error(err)
	}
}

func TestScripts(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%%sh a 'b c'\necho \"$0 $2\"\nexit 0\n"); out != "sh b c\n" {
		t.Errorf("%q", out)
	}
	if err := n.run("%%sh\nexit 7"); err == nil || err.Error() != "ExitStatus: %%sh: exit status 7" {
		t.Error(err)
	}
	if err := n.run("%%sh\nkill -9 $$"); err == nil || err.Error() != "ExitStatus: %%sh: ended by signal: killed" {
		t.Error(err)
	}
	n.env = []string{"PATH=" + t.TempDir()}
	if err := n.run("%%bash\nls"); err == nil || err.Value != "%%bash needs bash, and there is none on the PATH" {
		t.Error(err)
	}
	if err := n.run("%%python\nx"); err == nil || !strings.HasPrefix(err.Value, "%%python needs Python 3, and there is no python3 on the PATH") {
		t.Error(err)
	}
}

func TestPython(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3")
	}
	n := newNotepad(t)
	n.write("beside.py", "name = '한글'\n")
	n.answers = []string{"Ada"}
	out := n.prints("%%python -v2\nimport sys, beside\nprint(beside.name, sys.argv[1:])\nprint('hello', input('who? '))")
	if out != "한글 ['-v2']\nwho? hello Ada\n" {
		t.Errorf("%q", out)
	}
	n.out = ""
	err := n.run("%%python\n\nraise SystemError('x')\n")
	if err == nil || err.Error() != "ExitStatus: %%python: exit status 1" || !strings.Contains(n.out, `line 3, in <module>`) || !strings.Contains(n.out, "raise SystemError('x')") {
		t.Errorf("%v\n%s", err, n.out)
	}
}

func needGo(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go")
	}
}

func TestRunProgram(t *testing.T) {
	needGo(t)
	n := newNotepad(t)
	n.write("hello.go", `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	dir, _ := os.Getwd()
	fmt.Println(os.Args[1:], dir)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		fmt.Println("got", in.Text())
	}
	if len(os.Args) > 1 && os.Args[1] == "fail" {
		os.Exit(4)
	}
}
`)
	n.answers = []string{"one", "two"}
	if out := n.prints("%run hello 'a b' c"); out != "[a b c] "+n.dir+"\ngot one\ngot two\n" {
		t.Errorf("%q", out)
	}
	n.deaf = true
	if out := n.prints("%run -t hello.go"); !strings.HasPrefix(out, "[] "+n.dir+"\nCPU times: user ") || !strings.Contains(out, "Wall time: ") {
		t.Errorf("%q", out)
	}
	if err := n.run("%run hello fail"); err == nil || err.Error() != "ExitStatus: hello: exit status 4" {
		t.Error(err)
	}
}

func TestRunFolderAndCell(t *testing.T) {
	needGo(t)
	n := newNotepad(t)
	n.write("prog/main.go", "package main\n\nfunc main() { print(name) }\n")
	n.write("prog/name.go", "package main\n\nconst name = \"prog\"\n")
	if out := n.prints("%run prog"); out != "<stderr>prog" {
		t.Errorf("%q", out)
	}
	n.write("prog.go", "package main\n\nfunc main() { print(\"the file\") }\n")
	if out := n.prints("%run prog"); out != "<stderr>the file" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%%run x\nimport \"os\"\nfunc main() { print(os.Args[1]) }"); out != "<stderr>x" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%%run\n// a program\npackage main\nfunc main() { print(1) }"); out != "<stderr>1" {
		t.Errorf("%q", out)
	}
}

func TestRunErrors(t *testing.T) {
	needGo(t)
	n := newNotepad(t)
	n.write("better_way.go", "package main\n\nfunc main() {\n\tvar s string = 1\n\tx\n}\n")
	n.write("lib/lib.go", "package lib\n")
	n.write("notes.ipynb", "hello")
	n.write("py.ipynb", `{"cells":[],"metadata":{"kernelspec":{"language":"python"}}}`)
	for cell, want := range map[string]string{
		"%run better_wya":  "FileNotFoundError: there is no program better_wya.go, no folder better_wya and no notebook better_wya.ipynb in " + n.dir + "; did you mean better_way?",
		"%run no/where.go": "FileNotFoundError: there is no program where.go, no folder where and no notebook where.ipynb in " + filepath.Join(n.dir, "no"),
		"%run lib":         "RuntimeError: lib: the folder holds package lib; a program is package main",
		"%run notes":       "ValueError: notes.ipynb is not a notebook: it holds no cells",
		"%run py":          "ValueError: py.ipynb is a notebook in python, not in Go",
		"%run py x":        "UsageError: a notebook takes no arguments; usage: " + usageOf("run"),
	} {
		if err := n.run(cell); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", cell, err, want)
		}
	}
	err := n.run("%run better_way")
	if err == nil || err.Name != "CompileError" || !strings.HasPrefix(err.Value, "better_way.go:4:") || !strings.HasPrefix(err.Traceback[len(err.Traceback)-1], "better_way.go:5:2: undefined: x") {
		t.Errorf("%+v", err)
	}
	err = n.run("\n%%run\nfunc main() {\n\tundefined()\n}")
	if err == nil || err.Name != "CompileError" || err.Value != "Cell[3]:4:2: undefined: undefined" {
		t.Errorf("%+v", err)
	}
}

func TestRunNotebook(t *testing.T) {
	n := newNotepad(t)
	n.write("lesson.ipynb", `{"cells": [
		{"cell_type": "markdown", "source": "# text"},
		{"cell_type": "code", "source": ["x := 1\n", "%pwd"]},
		{"cell_type": "code", "source": "%time y := 2"}
	], "metadata": {"language_info": {"name": "go"}}, "nbformat": 4}`)
	if out := n.prints("%run lesson"); !strings.HasPrefix(out, n.dir+"\nCPU times") {
		t.Errorf("%q", out)
	}
	want := []Code{{"x := 1\n", 1, "lesson.ipynb[1]"}, {"      y := 2", 1, "lesson.ipynb[2]"}}
	if len(n.ran) != 2 || n.ran[0] != want[0] || n.ran[1] != want[1] {
		t.Errorf("%+v", n.ran)
	}
	n.fails = map[string]*Error{"y := 2": {Name: "Panic", Value: "no"}}
	if err := n.run("%run lesson.ipynb"); err == nil || err.Error() != "Panic: lesson.ipynb[2]: no" {
		t.Error(err)
	}
	n.write("self.ipynb", `{"cells": [{"cell_type": "code", "source": "%run self"}]}`)
	if err := n.run("%run self"); err == nil || err.Name != "RecursionError" {
		t.Error(err)
	}
}

// A build that takes its time is announced, and the note goes away with it.
func TestBuildingIsShown(t *testing.T) {
	needGo(t)
	n := newNotepad(t)
	real, _ := exec.LookPath("go")
	slow := n.write("go", fmt.Sprintf("#!/bin/sh\nsleep 0.5\nexec %q \"$@\"\n", real))
	os.Chmod(slow, 0o755)
	n.engine = build.New(build.Config{Cache: filepath.Join(n.dir, "cache"), Go: slow})
	n.write("p.go", "package main\n\nfunc main() { println(1) }\n")
	n.prints("%run p")
	if len(n.events) < 3 {
		t.Fatalf("%+v", n.events)
	}
	if d, ok := n.events[0].(eval.Display); !ok || d.Data["text/plain"] != "building p …" {
		t.Errorf("%+v", n.events[0])
	}
	if _, ok := n.events[1].(eval.ClearOutput); !ok {
		t.Errorf("%+v", n.events[1])
	}
	n.events = nil
	n.write("p.go", "package main\n\nfunc main() { println(2) }\n")
	n.prints("x()\n%run p") // what is shown before must stay
	for _, e := range n.events {
		if _, ok := e.(eval.Stream); !ok {
			t.Errorf("%+v", e)
		}
	}
}

func TestInterruptLeavesNothing(t *testing.T) {
	needGo(t)
	n := newNotepad(t)
	n.write("sleeper.go", `package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
)

func main() {
	signal.Ignore(os.Interrupt)
	child := exec.Command("sleep", "1000")
	if err := child.Start(); err != nil {
		panic(err)
	}
	fmt.Println(os.Getpid(), child.Process.Pid)
	child.Wait()
}
`)
	for _, cell := range []string{"%run sleeper", "!sleep 1000 & echo $$ $!; wait", "%%sh\nsleep 1000 & echo $$ $!; wait"} {
		n.out = ""
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan *Error, 1)
		go func() { done <- n.runIn(ctx, cell) }()
		deadline := time.Now().Add(time.Minute)
		var first, second int
		for first == 0 || second == 0 {
			n.mu.Lock()
			fmt.Sscan(n.out, &first, &second)
			n.mu.Unlock()
			if time.Now().After(deadline) {
				t.Fatal("the program never spoke")
			}
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
		if err := <-done; err == nil || err.Name != "KeyboardInterrupt" {
			t.Errorf("%s: %v", cell, err)
		}
		for _, pid := range []int{first, second} {
			for alive(pid) {
				if time.Now().After(deadline) {
					t.Fatalf("%s: process %d lives on", cell, pid)
				}
				time.Sleep(5 * time.Millisecond)
			}
		}
	}
}

func alive(pid int) bool {
	if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
		return false // dead, though nobody has collected it
	}
	return syscall.Kill(pid, 0) != syscall.ESRCH
}

func TestBashArguments(t *testing.T) {
	n := newNotepad(t)
	for _, head := range []string{"%%bash one 'two three'", "%%bash -s one 'two three'"} {
		if out := n.prints(head + "\necho $1, $2"); out != "one, two three\n" {
			t.Errorf("%s: %q", head, out)
		}
	}
}
