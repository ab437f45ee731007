package headless

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/kernel/internal/echo"
)

// book makes a notebook of code cells for the echo interpreter. A cell may
// begin with its tags, as "#tag ".
func book(t *testing.T, sources ...string) *Notebook {
	t.Helper()
	var list []any
	for i, source := range sources {
		tags := []any{}
		for strings.HasPrefix(source, "#") {
			tag, rest, _ := strings.Cut(source[1:], " ")
			tags, source = append(tags, tag), rest
		}
		list = append(list, map[string]any{
			"cell_type": "code", "id": fmt.Sprint("id", i), "metadata": map[string]any{"tags": tags},
			"execution_count": nil, "outputs": []any{}, "source": splitLines(source),
		})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": list})
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text))
}

func run(t *testing.T, n *Notebook, opts Options) error {
	t.Helper()
	in := &echo.Interpreter{}
	err := Run(t.Context(), n, in, opts)
	if !in.Closed() {
		t.Error("the interpreter was left open")
	}
	return err
}

// shown is the outputs of a cell, shortly.
func shown(t *testing.T, n *Notebook, cell int) string {
	t.Helper()
	text, err := json.Marshal(n.cells[cell].raw["outputs"])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRun(t *testing.T) {
	n := book(t, "print a\nprint b\nwarn c\nresult", "", "show d", "#skip-execution print never", "print a\nshow# x old", "update x new")
	n.cells[3].raw["outputs"] = []any{}
	if err := run(t, n, Options{}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`[{"name":"stdout","output_type":"stream","text":["a\n","b\n"]},` +
			`{"name":"stderr","output_type":"stream","text":["c\n"]},` +
			`{"data":{"text/plain":["result"]},"execution_count":1,"metadata":{},"output_type":"execute_result"}]`,
		`[]`,
		`[{"data":{"text/plain":["d"]},"metadata":{},"output_type":"display_data"}]`,
		`[]`,
		`[{"name":"stdout","output_type":"stream","text":["a\n"]},{"data":{"text/plain":["new"]},"metadata":{},"output_type":"display_data"}]`,
		`[]`,
	} {
		if got := shown(t, n, i); got != want {
			t.Errorf("cell %d\ngot  %s\nwant %s", i, got, want)
		}
	}
	for i, want := range []string{"1", "<nil>", "2", "<nil>", "3", "4"} {
		if got := fmt.Sprint(n.cells[i].raw["execution_count"]); got != want {
			t.Errorf("cell %d has number %s", i, got)
		}
	}
	timing := n.cells[0].raw["metadata"].(map[string]any)["execution"].(map[string]any)
	for _, key := range []string{"iopub.status.busy", "iopub.status.idle", "iopub.execute_input", "shell.execute_reply", "shell.execute_reply.started"} {
		if _, err := time.Parse(time.RFC3339Nano, timing[key].(string)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if n.cells[0].raw["id"] != "id0" {
		t.Error("a cell lost its id")
	}
	info := n.raw["metadata"].(map[string]any)["language_info"].(map[string]any)
	if info["name"] != "go" {
		t.Errorf("language_info is %v", info)
	}
}

func TestTerminalCharacters(t *testing.T) {
	n := book(t, `write 10%\r`+"\n"+`write 100%\n`+"\n"+`write abc\b\bX\n`+"\n"+`write end\r\n`+"\n"+`write tail\r`)
	if err := run(t, n, Options{}); err != nil {
		t.Fatal(err)
	}
	want := `[{"name":"stdout","output_type":"stream","text":["100%\n","aX\n","end\r\n","tail\r"]}]`
	if got := shown(t, n, 0); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestClearOutput(t *testing.T) {
	n := book(t, "print a\nclear!", "print a\nclear", "print a\nclear\nprint b\nprint c")
	if err := run(t, n, Options{}); err != nil {
		t.Fatal(err)
	}
	stream := func(text string) string {
		return `[{"name":"stdout","output_type":"stream","text":[` + text + `]}]`
	}
	for i, want := range []string{`[]`, stream(`"a\n"`), stream(`"b\n","c\n"`)} {
		if got := shown(t, n, i); got != want {
			t.Errorf("cell %d\ngot  %s\nwant %s", i, got, want)
		}
	}
}

func TestStopAtFailure(t *testing.T) {
	n := book(t, "print a", "#raises-exception fail Expected x", "print b\nfail Boom it broke", "print never")
	err := run(t, n, Options{})
	var failed *CellError
	if !errors.As(err, &failed) || failed.Cell != 3 || failed.Name != "Boom" || err.Error() != "cell [3] failed: Boom: it broke" {
		t.Fatalf("got %v", err)
	}
	if got := shown(t, n, 2); !strings.Contains(got, `"ename":"Boom","evalue":"it broke","output_type":"error","traceback":["Boom: it broke"]`) {
		t.Errorf("the failing cell shows %s", got)
	}
	if n.cells[3].raw["execution_count"] != nil {
		t.Error("a cell ran after the failure")
	}
}

func TestKeepGoing(t *testing.T) {
	n := book(t, "fail One x", "print b", "fail Two y")
	err := run(t, n, Options{KeepGoing: true})
	if err == nil || err.Error() != "cell [1] failed: One: x\ncell [3] failed: Two: y" {
		t.Errorf("got %v", err)
	}
	if shown(t, n, 1) == "[]" {
		t.Error("the cell after the failure did not run")
	}
}

func TestNoInput(t *testing.T) {
	err := run(t, book(t, "ask name"), Options{})
	if err == nil || !strings.Contains(err.Error(), "StdinNotImplementedError") {
		t.Errorf("got %v", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := book(t, "print a", "print b\nwait", "print never")
	err := Run(ctx, n, &echo.Interpreter{}, Options{KeepGoing: true, Output: writerFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	})})
	if !errors.Is(err, context.Canceled) || err.Error() != "interrupted before cell [2]" {
		t.Errorf("got %v", err)
	}
	if n.cells[2].raw["execution_count"] != nil {
		t.Error("a cell ran after the end")
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestTimeout(t *testing.T) {
	err := run(t, book(t, "wait"), Options{Timeout: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "longer than 1ms") {
		t.Errorf("got %v", err)
	}
}

func TestProgressAndOutput(t *testing.T) {
	var progress, output bytes.Buffer
	now := time.Unix(0, 0)
	err := run(t, book(t, "print a\nresult", "show b", "fail Boom x"), Options{
		Progress: &progress, Output: &output, Now: func() time.Time { return now },
	})
	if err == nil {
		t.Error("the failure was lost")
	}
	if want := "a\nresult\nb\nBoom: x\n"; output.String() != want {
		t.Errorf("output\n%s", output.String())
	}
	for _, want := range []string{"[1/3] print a …", "[2/3] show b  (0.00 s)\n", "[3/3] fail Boom x  (0.00 s, failed)\n"} {
		if !strings.Contains(progress.String(), want) {
			t.Errorf("no %q in\n%s", want, progress.String())
		}
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		old, new string
		same     bool
	}{
		{"print a", "print a", true},
		{"print a", "print b", false},
		{"print a", "warn a", false},
		{"print a", "a", false},
		{"print a\nwarn b", "warn b\nprint a", true},
		{"print a\nshow x", "show x\nprint a", false},
		{"print Took 0.410 seconds", "print Took 12.3 seconds", true},
		{"print Took 0.410 seconds", "print Tool 0.410 seconds", false},
		{"print 3 workers", "print 4 workers", false},
		{"print 1.2ms", "print 1m2.5s", true},
		{"print 2026-01-02T03:04:05Z", "print 1999-12-31T00:00:00.5+09:00", true},
		{"print at 10:20:30", "print at 11:21:31", true},
		{"print at 0xc000012345", "print at 0xc0000abcdef", true},
		{"print mask 0xff", "print mask 0xfe", false},
		{"print pid 12", "print pid 34567", true},
		{"print 1.87x faster", "print 12.1x faster", true},
		{"show 3/3 · 3.65/s · took 1.1s", "show 3/3 · 1200/s · took 3ms", true},
		{"show 2/3 · 3.65/s", "show 3/3 · 3.65/s", false},
		{"print 2x", "print 3x", false},
		{"print |  1.5 s |", "print | 10.25 s |", true},
		{"#timings print a 0.479 0.485", "#timings print a 1.5 10.25", true},
		{"#timings print a 0.479 0.485", "#timings print a 1.5", false},
		{"#volatile print a", "#volatile print b\nprint c", true},
		{"#volatile print a", "#volatile show a", false},
		{"image AAAA", "image BBBB", true},
		{"image AAAA", "show <picture>", false},
		{"#raises-exception fail E x", "#raises-exception fail E x", true},
		{"#raises-exception fail E x", "#raises-exception fail E y", false},
		{"print a", "print a\nprint b", false},
		{"", "", true},
	} {
		old, new := book(t, "print first", test.old), book(t, "print first", test.new)
		for _, n := range []*Notebook{old, new} {
			if err := run(t, n, Options{}); err != nil {
				t.Fatal(err)
			}
		}
		differences := Compare(old, new)
		if same := len(differences) == 0; same != test.same {
			t.Errorf("%q and %q: same is %v: %v", test.old, test.new, same, differences)
		}
		for _, d := range differences {
			if d.Cell != 2 {
				t.Errorf("%q and %q: the difference is said to be in cell %d", test.old, test.new, d.Cell)
			}
		}
	}
}

func TestDiffIsReadable(t *testing.T) {
	var a, b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&a, "print line %d\n", i)
		if i != 9 {
			fmt.Fprintf(&b, "print line %d\n", i)
		} else {
			fmt.Fprintf(&b, "print changed\n")
		}
	}
	old, new := book(t, a.String()), book(t, b.String())
	run(t, old, Options{})
	run(t, new, Options{})
	got := Compare(old, new)
	want := `cell [1] print line 0 …: the output is not the stored one (- stored, + fresh)
  stdout:
  …
    line 7
    line 8
-   line 9
+   changed
    line 10
    line 11
`
	if len(got) != 1 || got[0].String() != want {
		t.Errorf("got\n%v", got)
	}
}

// nbformat, where the machine has it, takes our file for valid and writes it
// exactly as we do.
func TestNbformatAgrees(t *testing.T) {
	python, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no .venv here; tests/python/venv.sh makes it")
	}
	n := book(t, "print a\nshow <b>한국어\nresult", "image AAAA", `write x\ry\n`)
	if err := run(t, n, Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.ipynb")
	if err := n.Write(path); err != nil {
		t.Fatal(err)
	}
	script := `
import nbformat, sys
nb = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(nb)
nbformat.write(nb, sys.argv[1] + ".again")`
	if out, err := exec.Command(python, "-c", script, path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ours, _ := os.ReadFile(path)
	theirs, _ := os.ReadFile(path + ".again")
	if !bytes.Equal(ours, theirs) {
		t.Errorf("ours\n%s\ntheirs\n%s", ours, theirs)
	}
}
