package eval

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

var (
	recovered  = regexp.MustCompile(` \[recovered(, repanicked)?\]$`)
	goexitLine = "fatal error: all goroutines are asleep - deadlock!"
)

// diagnose says in one line why the process ended, from its state, our own
// reason to end it, and the Go runtime's last words.
func diagnose(s *os.ProcessState, err error, killed, words string) (cause, detail string) {
	detail = strings.TrimRight(words, "\n")
	if cause := crashCause(words); cause != "" {
		return cause, detail
	}
	switch {
	case killed != "":
		return killed, detail
	case s == nil:
		return fmt.Sprintf("the evaluator could not be waited for: %v", err), detail
	}
	if sig := signalOf(s); sig != 0 {
		if sig == 9 {
			return "the evaluator was killed (signal 9; out of memory?)", detail
		}
		return fmt.Sprintf("the evaluator was ended by signal %d", sig), detail
	}
	return fmt.Sprintf("the evaluator exited with status %d (os.Exit or log.Fatal)", s.ExitCode()), detail
}

// crashCause finds the cause in what Go's runtime writes before it ends a process.
func crashCause(words string) string {
	for line := range strings.Lines(words) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "runtime: goroutine stack exceeds"):
			limit := strings.TrimSuffix(strings.TrimPrefix(line, "runtime: goroutine stack exceeds "), "-byte limit")
			return "endless recursion: the stack grew beyond " + limit + " bytes"
		case strings.HasPrefix(line, "panic: "):
			return "panic in a goroutine: " + recovered.ReplaceAllString(strings.TrimPrefix(line, "panic: "), "")
		case line == goexitLine:
			return line
		case strings.HasPrefix(line, "fatal error: runtime: out of memory"),
			strings.HasPrefix(line, "fatal error: runtime: cannot allocate memory"):
			return "out of memory"
		case strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "SIG"):
			return line
		}
	}
	return ""
}

// withoutCrash removes the runtime's last words from the end of standard error:
// they are told apart.
func withoutCrash(items []item, words string) []item {
	if words == "" {
		return items
	}
	first, _, _ := strings.Cut(words, "\n")
	// The words' own lines, from the first on, until what is left is not theirs.
	for i := range items {
		it := &items[i]
		if it.report != nil || it.stream != stderr {
			continue
		}
		if at := strings.Index(it.text, first); at >= 0 {
			rest := it.text[at:]
			n := min(len(rest), len(words))
			for n > 0 && !strings.HasPrefix(words, rest[:n]) {
				n--
			}
			it.text = it.text[:at] + rest[n:]
			words = words[n:]
			if words == "" {
				break
			}
			first, _, _ = strings.Cut(words, "\n")
		}
	}
	kept := items[:0]
	for _, it := range items {
		if it.report != nil || it.text != "" {
			kept = append(kept, it)
		}
	}
	return kept
}
