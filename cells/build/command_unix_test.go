//go:build unix

package build

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

func TestMain(m *testing.M) {
	if os.Getenv("BUILD_TEST_KERNEL") != "" { // see TestKernelDies
		(&Command{Path: "/bin/sh", Args: []string{"-c", "sleep 1000 & echo $! $$; wait"}, Stdout: func(s string) { os.Stdout.WriteString(s) }}).Run(context.Background())
		return
	}
	os.Exit(m.Run())
}

func sh(script string) *Command { return &Command{Path: "/bin/sh", Args: []string{"-c", script}} }

func TestCommandOutput(t *testing.T) {
	c := sh(`printf out; printf err >&2; exit 3`)
	var out, err string
	c.Stdout = func(s string) { out += s }
	c.Stderr = func(s string) { err += s }
	_, failed := c.Run(t.Context())
	var ee *ExitError
	if out != "out" || err != "err" || !errors.As(failed, &ee) || ee.Code != 3 || ee.Signal != "" {
		t.Errorf("%q %q %v", out, err, failed)
	}
	if _, failed = sh("kill -TERM $$").Run(t.Context()); !errors.As(failed, &ee) || ee.Signal != "terminated" || ee.Code != -1 {
		t.Errorf("%v", failed)
	}
	times, failed := sh("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done").Run(t.Context())
	if failed != nil || times.Wall <= 0 || times.User+times.System <= 0 {
		t.Errorf("%v %v", times, failed)
	}
	if _, failed = (&Command{Path: "no-such-program"}).Run(t.Context()); failed == nil || failed.Error() != "cannot start no-such-program: executable file not found in $PATH" {
		t.Errorf("%v", failed)
	}
	gone := sh("true")
	gone.Dir = filepath.Join(t.TempDir(), "gone")
	if _, failed = gone.Run(t.Context()); failed == nil || !strings.Contains(failed.Error(), "the folder "+gone.Dir+" is not there") {
		t.Errorf("%v", failed)
	}
}

// A character's bytes arrive one by one, and none of it is cut or lost.
func TestCommandUTF8(t *testing.T) {
	const text = "a한글 ☃ 𝄞\n"
	var bytes strings.Builder
	for _, b := range []byte(text) {
		bytes.WriteString("printf '\\" + strconv.FormatInt(int64(b), 8) + "'; sleep 0.001; ")
	}
	var parts []string
	c := sh(bytes.String() + `printf 'x\377y\355'`)
	c.Stdout = func(s string) { parts = append(parts, s) }
	if _, err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if !utf8.ValidString(p) {
			t.Errorf("%q is not UTF-8", p)
		}
	}
	if got := strings.Join(parts, ""); got != text+"x\uFFFDy\uFFFD" {
		t.Errorf("%q", got)
	}
}

func TestCommandMuchOutput(t *testing.T) {
	c := sh(`i=0; while [ $i -lt 20000 ]; do echo 한국어 $i; i=$((i+1)); done`)
	var out strings.Builder
	c.Stdout = func(s string) { out.WriteString(s) }
	if _, err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, "\n") != 20000 || !strings.HasSuffix(got, "한국어 19999\n") || strings.Contains(got, "\uFFFD") {
		t.Errorf("%d lines, ends in %q", strings.Count(got, "\n"), got[max(0, len(got)-40):])
	}
}

func TestCommandStdin(t *testing.T) {
	if !canSeeReads {
		t.Skip("a program that waits for input is recognised on Linux alone")
	}
	asked := 0
	c := sh(`read a; sleep 0.05; (read b; echo "$a+$b"); cat; echo end`)
	c.Stdin = func(context.Context) (string, error) {
		if asked++; asked <= 3 {
			return []string{"한", "two", "three"}[asked-1], nil
		}
		return "", io.EOF
	}
	out := ""
	c.Stdout = func(s string) { out += s }
	if _, err := c.Run(t.Context()); err != nil || out != "한+two\nthree\nend\n" || asked != 4 {
		t.Errorf("%q %v, asked %d times", out, err, asked)
	}

	c = sh("sleep 0.1; echo done")
	c.Stdin = func(context.Context) (string, error) {
		t.Error("asked a program that reads nothing")
		return "", io.EOF
	}
	if _, err := c.Run(t.Context()); err != nil {
		t.Error(err)
	}
	c = sh("cat; echo end") // without a user, the input is empty
	out = ""
	c.Stdout = func(s string) { out += s }
	if _, err := c.Run(t.Context()); err != nil || out != "end\n" {
		t.Errorf("%q %v", out, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	c = sh("read a")
	c.Stdin = func(ctx context.Context) (string, error) { cancel(); <-ctx.Done(); return "", ctx.Err() }
	if _, err := c.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted prompt: %v", err)
	}
}

// The interrupt reaches the whole group, and what ignores it is killed.
func TestCommandInterrupt(t *testing.T) {
	for name, script := range map[string]string{
		"listens":  `trap 'echo caught; exit 0' INT; sleep 1000 & echo $!; wait`,
		"ignores":  `trap '' INT; sleep 1000 & echo $!; wait`,
		"children": `sh -c 'trap "" INT; sleep 1000' & sh -c 'echo $$; exec sleep 1000' ; wait`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c := sh(script)
			c.Grace = 200e6
			out := ""
			c.Stdout = func(s string) {
				if out += s; strings.Contains(out, "\n") {
					cancel()
				}
			}
			if _, err := c.Run(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
			if name == "listens" && !strings.Contains(out, "caught") {
				t.Errorf("the program never saw the interrupt: %q", out)
			}
			gone(t, out)
		})
	}
}

// What a program leaves in the background ends with it, and its hold on the
// output doesn't keep Run waiting.
func TestCommandNoOrphans(t *testing.T) {
	c := sh("sleep 1000 & echo $!")
	out := ""
	c.Stdout = func(s string) { out += s }
	if _, err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone(t, out)
}

// A killed kernel can't clean up: what it started must end all the same, the
// program's own children too.
func TestKernelDies(t *testing.T) {
	kernel := exec.Command(os.Args[0])
	kernel.Env = append(os.Environ(), "BUILD_TEST_KERNEL=1")
	stdout, err := kernel.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := kernel.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	kernel.Process.Kill()
	kernel.Wait()
	for _, pid := range strings.Fields(line) {
		gone(t, pid)
	}
}

// gone waits for the end of the process whose id is the first line of out.
func gone(t *testing.T, out string) {
	t.Helper()
	line, _, _ := strings.Cut(out, "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatalf("no process id in %q", out)
	}
	poll(t, func() bool {
		if stat, err := os.ReadFile("/proc/" + line + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
			return true // dead, though nobody has collected it
		}
		return syscall.Kill(pid, 0) == syscall.ESRCH
	})
}
