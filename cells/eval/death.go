package eval

import (
	"fmt"
	"os"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
)

var recovered = pattern.New(` \[recovered(, repanicked)?\]$`)

// diagnose says why the process ended, from its state, our own reason to end
// it, the Go runtime's last words, and what is known of the last panic in a
// goroutine.
func diagnose(s *os.ProcessState, err error, killed, words string, units Units, elsewhere *Outcome) Outcome {
	o := Outcome{Kind: Died, Detail: strings.Trim(words, "\n")}
	panicked := false
	o.Message, panicked = crashCause(words)
	switch {
	case o.Message != "":
		o.Frames = crashFrames(words, units)
		// What was noted last may have been recovered long ago.
		if panicked && elsewhere != nil && (len(o.Frames) == 0 || o.Message == panicPrefix+elsewhere.Message) {
			o.Message, o.Type, o.Frames = panicPrefix+elsewhere.Message, elsewhere.Type, elsewhere.Frames
		}
	case killed != "":
		o.Message = killed
	case s == nil:
		o.Message = fmt.Sprintf("the evaluator could not be waited for: %v", err)
	case signalOf(s) == 9:
		o.Message = "the evaluator was killed (signal 9; out of memory?)"
	case signalOf(s) != 0:
		o.Message = fmt.Sprintf("the evaluator was ended by signal %d", signalOf(s))
	default:
		o.Message = fmt.Sprintf("the evaluator exited with status %d (os.Exit or log.Fatal)", s.ExitCode())
	}
	return o
}

const panicPrefix = "panic in a goroutine: "

// crashCause finds the cause in what Go's runtime writes before it ends a
// process, and whether it is a panic.
func crashCause(words string) (cause string, panicked bool) {
	for line := range strings.Lines(words) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "\tpanic: ") && panicked:
			// A panic that was recovered and made anew has a line for each time.
			_, value, _ := strings.Cut(line, "panic: ")
			cause, panicked = panicPrefix+recovered().ReplaceAllString(value, ""), true
		case panicked && strings.HasPrefix(line, "goroutine "):
			return cause, true
		case panicked:
		case strings.HasPrefix(line, "fatal error: out of memory"), strings.HasPrefix(line, "fatal error: runtime: out of memory"),
			strings.HasPrefix(line, "fatal error: runtime: cannot allocate memory"):
			return "out of memory", false
		case strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "SIG"):
			return line, false
		}
	}
	return cause, panicked
}

// crashFrames finds the places that the goroutine came through which ended the
// process, innermost first.
func crashFrames(words string, units Units) []Frame {
	if all := Goroutines(words, units); len(all) > 0 {
		return all[0].Frames
	}
	return nil
}

// withoutCrash takes the runtime's last words out of standard error: they are
// told apart. It returns them with their first lines, which the runtime writes
// to standard error alone.
func withoutCrash(items []item, words string) ([]item, string) {
	if words == "" {
		return items, ""
	}
	var kept []item
	rest := words
	for _, it := range items {
		if it.report == nil && it.stream == stderr {
			if at := crashAt(it.text, rest); at >= 0 && rest == words {
				head := fatalLines(it.text[:at])
				words = it.text[head:at] + words
				tail := it.text[at:]
				n := commonPrefix(tail, rest)
				rest = rest[n:]
				it.text = it.text[:head] + tail[n:]
			} else if rest != words {
				n := commonPrefix(it.text, rest)
				rest = rest[n:]
				it.text = it.text[n:]
			}
			if it.text == "" {
				continue
			}
		}
		kept = append(kept, it)
	}
	return kept, words
}

// crashAt returns where in text the words begin: the place from which on the
// text is the words, or as much of them as it holds.
func crashAt(text, words string) int {
	first := words[:min(len(words), 32)]
	for from := 0; ; {
		at := strings.Index(text[from:], first)
		if at < 0 {
			return -1
		}
		at += from
		if n := commonPrefix(text[at:], words); n == len(words) || at+n == len(text) || n > 200 {
			return at
		}
		from = at + 1
	}
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

var crashLine = pattern.New(`(^|\n)(panic|fatal error|runtime): [^\n]*\n?$`)

// beginsCrash reports whether text ends like the beginning of a crash's text.
func beginsCrash(text []byte) bool { return crashLine().Match(text) }

// fatalLines returns where the lines begin that the runtime writes at the end
// of text before its last words.
func fatalLines(text string) int {
	at := len(text)
	for at > 0 {
		start := strings.LastIndexByte(text[:at-1], '\n') + 1
		line := text[start:at]
		if !strings.HasPrefix(line, "fatal error: ") && !strings.HasPrefix(line, "runtime: ") {
			break
		}
		at = start
	}
	return at
}
