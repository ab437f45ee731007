package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestJudge(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		want, got outcome
		verdict   verdict
	}{
		"alike":             {outcome{Stdout: "1\n"}, outcome{Stdout: "1\n"}, passed},
		"both panic":        {outcome{Exit: 2, Stderr: "panic: x\n"}, outcome{Exit: 2, Stderr: "panic: x\n"}, passed},
		"another output":    {outcome{Stdout: "1\n"}, outcome{Stdout: "2\n"}, wrong},
		"a missing panic":   {outcome{Exit: 2}, outcome{}, wrong},
		"a panic of ours":   {outcome{}, outcome{Exit: 2, Stderr: "panic: x\n"}, failed},
		"compile error":     {outcome{}, outcome{Exit: 1, Stderr: "p.go:1:2: no\n"}, refused},
		"its own exit":      {outcome{Exit: 1}, outcome{Exit: 1, Stderr: "p.go:1: said\n"}, passed},
		"interpreter fault": {outcome{}, outcome{Exit: 2, Stderr: "InternalError: the interpreter refused a cell\n"}, refused},
		"evaluator's death": {outcome{}, outcome{Exit: 2, Stderr: "fatal error: stack overflow\n"}, crashed},
		"endless":           {outcome{}, outcome{TimedOut: true}, timedOut},
	} {
		r, err := judge(program{"set", "p.go", file}, c.want, c.got)
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != c.verdict {
			t.Errorf("%s: %s, want %s", name, r.Verdict, c.verdict)
		}
		if r.Verdict != passed && (r.Cause == "" || r.Detail == "") {
			t.Errorf("%s: no cause or detail: %+v", name, r)
		}
	}
}

// TestReference builds real programs.
func TestReference(t *testing.T) {
	dir := t.TempDir()
	r := reference{cache: filepath.Join(dir, "cache"), scratch: dir, version: "go", timeout: time.Minute}
	for text, want := range map[string]want{
		`print("e"); println(); os.Stdout.WriteString("o"); os.Exit(3)`:    {outcome: outcome{Stdout: "o", Stderr: "e\n", Exit: 3}},
		`println(os.Getpid()); os.Stdout.WriteString(time.Now().String())`: {Unusable: "prints something else each time"},
		`undefined()`: {Unusable: "does not build"},
	} {
		file := filepath.Join(dir, "p.go")
		program := "package main\n\nimport (\n\"os\"\n\"time\"\n)\n\nvar _ = time.Now\nvar _ = os.Args\n\nfunc main() { " + text + " }\n"
		if err := os.WriteFile(file, []byte(program), 0o644); err != nil {
			t.Fatal(err)
		}
		for range 2 { // fresh, and kept
			got, err := r.run(context.Background(), struct {
				Set, Name, file string
			}{"set", "p.go", file})
			if err != nil {
				t.Fatal(err)
			}
			if got.Stdout != want.Stdout || got.Stderr != want.Stderr || got.Exit != want.Exit || !strings.HasPrefix(got.Unusable, want.Unusable) || (want.Unusable == "") != (got.Unusable == "") {
				t.Errorf("%s: %+v, want %+v", text, got, want)
			}
		}
	}
}

func TestCollectTellsWhatIsMissing(t *testing.T) {
	_, err := collect([]string{filepath.Join(t.TempDir(), "no")}, 1, regexp.MustCompile(""))
	if err == nil || !strings.Contains(err.Error(), "no") {
		t.Errorf("%v", err)
	}
}

func TestChanges(t *testing.T) {
	var out bytes.Buffer
	before := []result{{program: program{Set: "s", Name: "a"}, Verdict: passed}, {program: program{Set: "s", Name: "b"}, Verdict: wrong}}
	after := []result{{program: program{Set: "s", Name: "a"}, Verdict: failed}, {program: program{Set: "s", Name: "b"}, Verdict: passed}}
	file := filepath.Join(t.TempDir(), "before")
	if err := write(file, before); err != nil {
		t.Fatal(err)
	}
	before, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	changes(&out, before, after)
	if got := out.String(); !strings.Contains(got, "s/a: failed, was passed") || !strings.Contains(got, "1 more are right, 1 no longer") {
		t.Error(got)
	}
}
