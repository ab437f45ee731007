package futures_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// programEnv names one of the programs for the test binary to be.
const programEnv = "FUTURES_TEST_PROGRAM"

var programs = map[string]func(){
	"no guard": func() {
		started()
		pool := futures.NewProcessPoolExecutor(2)
		_, err := futures.Submit(pool, square, 7).Result()
		var b *futures.BrokenProcessPool
		if errors.As(err, &b) {
			fmt.Printf("BrokenProcessPool: %v\ncause: %v\nhint: %s\n", b, b.Cause, b.Hint)
		}
		pool.Shutdown(true, false)
	},
	"no guard, processes in a loop": func() {
		started()
		for range 3 {
			p := futures.NewProcess(square, 1)
			if err := p.Start(); err != nil {
				fmt.Println(err)
				return
			}
			p.Join()
			fmt.Println(p.ExitCode())
		}
	},
	"no guard, no pool in the worker": func() {
		started()
		if futures.IsWorker() {
			return
		}
		pool := futures.NewProcessPoolExecutor(1)
		_, err := futures.Submit(pool, square, 7).Result()
		fmt.Println(err)
	},
	"pool in init": func() {}, // see init below
	"prints": func() {
		guard()
		pool := futures.NewProcessPoolExecutor(1)
		futures.Submit(pool, announce, "from the worker").Result()
		pool.Shutdown(true, false)
		fmt.Println("from main")
	},
	"pool before the guard": func() {
		pool := futures.NewProcessPoolExecutor(1) // starts nothing yet
		guard()
		fmt.Println(futures.Submit(pool, square, 7).Result())
		pool.Shutdown(true, false)
	},
	"killed": func() {
		guard()
		pool := futures.NewProcessPoolExecutor(3)
		pool.Start(context.Background())
		for range 6 {
			futures.Submit(pool, gcd, [2]int{1<<62 - 1, 1 << 62}) // years
		}
		fmt.Println(pool.PIDs())
		select {}
	},
	"host": func() {
		futures.RegisterNamed("user's square", reflect.ValueOf(square))
		futures.Serve()
	},
	"forgets to shut down": func() {
		guard()
		pool := futures.NewProcessPoolExecutor(2)
		pool.Start(context.Background())
		fmt.Println(pool.PIDs())
	},
}

func init() {
	if os.Getenv(programEnv) == "pool in init" {
		started()
		pool := futures.NewProcessPoolExecutor(2)
		_, err := futures.Submit(pool, square, 7).Result()
		fmt.Println(err)
		os.Exit(3)
	}
}

// started counts how often a program was started: a file for each.
func started() {
	if f, err := os.CreateTemp(os.Getenv("FUTURES_TEST_STARTED"), "started"); err == nil {
		f.Close()
	}
}

// play runs a program to its end.
func play(t *testing.T, name string) (stdout, stderr string, starts int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	dir := t.TempDir()
	cmd.Env = append(os.Environ(), programEnv+"="+name, "FUTURES_TEST_STARTED="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s hangs:\n%s\n%s", name, &out, &errs)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "started*"))
	return out.String(), errs.String(), len(files)
}

func TestNoGuard(t *testing.T) {
	for _, c := range []struct {
		program, stdout string
		most            int // starts: the program and its workers
	}{
		{"no guard", "BrokenProcessPool: " + abruptly + "\ncause: worker process ", 3},
		{"no guard, processes in a loop", "1 true\n1 true\n1 true\n", 4},
		{"pool in init", abruptly, 3},
	} {
		t.Run(c.program, func(t *testing.T) {
			stdout, stderr, starts := play(t, c.program)
			if !strings.HasPrefix(stdout, c.stdout) {
				t.Errorf("stdout:\n%s", stdout)
			}
			if !strings.Contains(stderr, "RuntimeError:\n        An attempt has been made to start a new process before the\n        current process has finished its bootstrapping phase.") {
				t.Errorf("stderr:\n%s", stderr)
			}
			if starts < 2 || starts > c.most {
				t.Errorf("started %d times", starts)
			}
		})
	}
}

func TestNoGuardHint(t *testing.T) {
	stdout, _, _ := play(t, "no guard")
	if !strings.Contains(stdout, "terminated abruptly with exit status 1\n") || !strings.Contains(stdout, "hint: the program has no main guard") {
		t.Errorf("%s", stdout)
	}
	stdout, _, starts := play(t, "no guard, no pool in the worker")
	if stdout != abruptly+"\n" || starts != 2 {
		t.Errorf("%d starts, %s", starts, stdout)
	}
}

func TestWorkersPrint(t *testing.T) {
	if stdout, stderr, _ := play(t, "prints"); stdout != "from the worker\nfrom main\n" || stderr != "" {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
}

func TestPoolBeforeTheGuard(t *testing.T) {
	if stdout, stderr, _ := play(t, "pool before the guard"); stdout != "49 <nil>\n" {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
}

// Workers end with their parent, however it ends, even in the middle of a task.
func TestNoOrphans(t *testing.T) {
	for _, program := range []string{"killed", "forgets to shut down"} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), programEnv+"="+program)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var pids []int
		for field := range strings.FieldsSeq(strings.Trim(line, "[]\n")) {
			var pid int
			fmt.Sscan(field, &pid)
			pids = append(pids, pid)
		}
		if len(pids) < 2 {
			t.Fatalf("%s: workers %q", program, line)
		}
		if program == "killed" {
			cmd.Process.Kill()
		}
		cmd.Wait()
		for _, pid := range pids {
			eventually(t, fmt.Sprintf("%s: worker %d ends", program, pid), func() bool { return !alive(pid) })
		}
	}
}
