package cells

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestEqual runs programs as a cell and as compiled Go: they must print the
// same, and fail or not alike.
func TestEqual(t *testing.T) {
	files, err := filepath.Glob("testdata/equal/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".go")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := compiled(t, file)
			got := interpreted(t, file, time.Minute)
			switch {
			case got.stdout != want.stdout:
				t.Errorf("%s\n%s", difference(got.stdout, want.stdout), got.failure)
			case got.failed() != want.failed():
				t.Errorf("the cell ended with %q, the compiled program with %q", got.failure, want.failure)
			}
		})
	}
}

// outcome is what a program wrote and how it failed, "" when it did not.
type outcome struct {
	stdout, failure string
	all             string // with standard error, of interpreted programs
}

func (o outcome) failed() bool { return o.failure != "" }

func compiled(t *testing.T, file string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "run", file)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := outcome{stdout: stdout.String()}
	if err != nil {
		o.failure = err.Error() + "\n" + stderr.String()
		if strings.HasPrefix(stderr.String(), "# command-line-arguments") {
			t.Fatalf("%s does not compile:\n%s", file, stderr.String())
		}
	}
	return o
}

// interpreted runs a program's text as a cell, and its main in the next one.
func interpreted(t *testing.T, file string, limit time.Duration) outcome {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	nb := open(t)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var o outcome
	for i, code := range []string{string(text), "main()"} {
		r := nb.s.Execute(ctx, Request{Code: code, Count: i + 1, Emit: func(e Event) {
			if s, ok := e.(Stream); ok {
				o.all += s.Text
				if s.Name == "stdout" {
					o.stdout += s.Text
				}
			}
		}})
		if r.Err != nil {
			o.failure = r.Err.Error() + "\n" + strings.Join(r.Err.Traceback, "\n")
			break
		}
	}
	return o
}

// difference shows the first line in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "(nothing)", "(nothing)"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return "the cell printed   " + a + "\ncompiled Go prints " + b
		}
	}
	return ""
}
