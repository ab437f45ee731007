package futures

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// TerminalProgress writes progress to w: on a terminal one line that is written
// over, below those of others that are under way, anywhere else a line at the end.
func TerminalProgress(w io.Writer) func(Progress) {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return terminalOf(f).open()
		}
	}
	return func(p Progress) {
		if p.Finished {
			_, _ = io.WriteString(w, p.String()+"\n") // who doesn't see it loses nothing
		}
	}
}

var terminals struct {
	sync.Mutex
	of map[*os.File]*terminal
}

func terminalOf(f *os.File) *terminal {
	terminals.Lock()
	defer terminals.Unlock()
	t := terminals.of[f]
	if t == nil {
		if terminals.of == nil {
			terminals.of = make(map[*os.File]*terminal)
		}
		t = &terminal{w: f}
		terminals.of[f] = t
	}
	return t
}

// A terminal has a line for each progress that is under way. The cursor is in the
// last one.
type terminal struct {
	w     io.Writer
	mu    sync.Mutex
	lines []*string
}

// open returns what shows progress in a line of its own, from the first time on.
func (t *terminal) open() func(Progress) {
	line := new(string)
	return func(p Progress) {
		t.mu.Lock()
		defer t.mu.Unlock()
		_, _ = io.WriteString(t.w, t.write(line, p))
	}
}

// write is what shows progress in a line. t.mu is held.
func (t *terminal) write(line *string, p Progress) string {
	var b strings.Builder
	i := slices.Index(t.lines, line)
	if i < 0 {
		if i = len(t.lines); i > 0 {
			b.WriteString("\n")
		}
		t.lines = append(t.lines, line)
	}
	before := *line
	*line = p.String()
	last := len(t.lines) - 1
	switch {
	case p.Finished && last > 0: // above those that go on
		t.lines = slices.Insert(slices.Delete(t.lines, i, i+1), 0, line)
		fmt.Fprintf(&b, "\x1b[%dA", last)
		for i, l := range t.lines {
			b.WriteString("\r" + *l + "\x1b[K")
			if i < last {
				b.WriteString("\n")
			}
		}
		t.lines = t.lines[1:]
		return b.String()
	case i < last:
		fmt.Fprintf(&b, "\x1b[%dA", last-i)
	}
	b.WriteString("\r" + *line + strings.Repeat(" ", max(utf8.RuneCountInString(before)-utf8.RuneCountInString(*line), 0)))
	if i < last {
		fmt.Fprintf(&b, "\x1b[%dB", last-i)
	}
	if p.Finished {
		b.WriteString("\n")
		t.lines = nil
	}
	return b.String()
}
