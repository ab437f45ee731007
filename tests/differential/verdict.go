package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A verdict says how a program went, the worst first.
type verdict string

const (
	wrong    verdict = "wrong"    // another output, or no failure where Go's program fails, with exit status 0
	crashed  verdict = "crashed"  // the evaluator died or Paracell calls it a fault of its own
	timedOut verdict = "timeout"  // not over in time
	failed   verdict = "failed"   // ended otherwise than Go's program
	refused  verdict = "refused"  // not run, with an error
	passed   verdict = "passed"   // as Go's program
	unusable verdict = "unusable" // Go's program is no reference
)

var verdicts = []verdict{passed, wrong, refused, failed, crashed, timedOut}

// A result is a program's line of the report.
type result struct {
	program
	Verdict  verdict
	Cause    string  `json:",omitempty"`
	Detail   string  `json:",omitempty"`
	Engine   string  `json:",omitempty"` // what ran main
	Stderr   bool    `json:",omitempty"` // what it wrote to standard error differs
	Seconds  float64 // in Paracell
	Compiled float64 // in the program that Go built
}

func judge(p program, want, got outcome) (result, error) {
	r := result{program: p, Verdict: passed, Seconds: got.Seconds, Compiled: want.Seconds}
	r.Stderr = !sameErrors(want, got)
	if !got.TimedOut && got.Stdout == want.Stdout && got.Exit == want.Exit {
		return r, nil
	}
	text, err := os.ReadFile(p.file)
	if err != nil {
		return r, err
	}
	switch complaint := got.complaint(); {
	case got.TimedOut:
		r.Verdict, r.Detail = timedOut, "not over in time"
	case fault.MatchString(got.Stderr) && got.Exit != 0:
		r.Verdict, r.Detail = refused, complaint
		if !refusal.MatchString(got.Stderr) {
			r.Verdict = crashed
		}
	case got.Exit == 0:
		r.Verdict, r.Detail = wrong, difference(want.Stdout, got.Stdout)
		if r.Detail == "" {
			r.Detail = fmt.Sprintf("ends with 0, want %d: %s", want.Exit, want.complaint())
		}
	case compileError.MatchString(complaint) && got.Exit == 1:
		r.Verdict, r.Detail = refused, complaint
	case got.Exit == want.Exit:
		r.Verdict, r.Detail = failed, difference(want.Stdout, got.Stdout)
	default:
		r.Verdict, r.Detail = failed, fmt.Sprintf("ends with %d, want %d: %s", got.Exit, want.Exit, complaint)
	}
	r.Cause = cause(r, string(text))
	return r, nil
}

var (
	fault        = regexp.MustCompile(`InternalError|^fatal error:|evaluator`)
	refusal      = regexp.MustCompile(`refused a cell`)
	compileError = regexp.MustCompile(`^([^ ]+\.go:\d+|-: )`)
)

// complaint is the first line of standard error that says something.
func (o outcome) complaint() string {
	for line := range strings.Lines(o.Stderr) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

// sameErrors compares what was written to standard error: all of it, or of a
// program that failed the first line, for no two engines trace alike.
func sameErrors(want, got outcome) bool {
	if want.Exit == 0 {
		return want.Stderr == got.Stderr
	}
	return want.complaint() == got.complaint()
}

// difference shows the first line in which two outputs differ.
func difference(want, got string) string {
	w, g := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d: %.100q, want %.100q", i+1, b, a)
		}
	}
	return ""
}
