package kernel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Entry is one stored cell. Sessions and lines count from 1; a line is the
// cell's execution_count.
type Entry struct {
	Session, Line int
	Input         string
	Output        *string // the result as text; nil when the cell had none
}

// History holds the cells of this session and, in a folder, those of earlier
// ones. It may be used by several goroutines.
type History struct {
	dir string // "" keeps everything in memory

	mu      sync.Mutex
	session int // 0 until the first cell is stored
	own     []Entry
	file    *os.File
	broken  bool // writing failed once; it isn't tried again
}

// A history folder holds a file of JSON lines for each session, named by the
// session's number. The oldest go when there are more than this.
const (
	historySessions = 500
	historyBytes    = 16 << 20
	outputLimit     = 64 << 10 // of a result's text that is kept
)

// record is a line of a session's file. A cell is written before it runs, so
// that it's there even if the machine stops; its output follows as a record of
// its own.
type record struct {
	Line   int       `json:"line"`
	Time   time.Time `json:"time,omitzero"`
	Input  *string   `json:"input,omitempty"`
	Output *string   `json:"output,omitempty"`
}

// NewHistory keeps this session alone, in memory.
func NewHistory() *History { return &History{} }

// OpenHistory keeps sessions in dir, which is made when the first cell is
// stored. Several kernels may share a folder.
func OpenHistory(dir string) *History { return &History{dir: dir} }

// Input stores a cell. After an error, which is returned once, the session is
// kept in memory only.
func (h *History) Input(line int, code string, when time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var err error
	if h.session == 0 {
		err = h.start()
	}
	h.own = append(h.own, Entry{Session: h.session, Line: line, Input: code})
	return errors.Join(err, h.write(record{Line: line, Time: when, Input: &code}))
}

// Output adds a result to the cell stored last under line.
func (h *History) Output(line int, text string) error {
	if len(text) > outputLimit {
		text = strings.ToValidUTF8(text[:outputLimit], "") + "…"
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := len(h.own) - 1; i >= 0; i-- {
		if h.own[i].Line == line {
			h.own[i].Output = &text
			return h.write(record{Line: line, Output: &text})
		}
	}
	return nil
}

// Close closes this session's file.
func (h *History) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.file == nil {
		return nil
	}
	f := h.file
	h.file, h.broken = nil, true
	return f.Close()
}

// start takes a session number. Creating its file is what makes the number
// ours, also when two kernels start at once.
func (h *History) start() error {
	h.session = 1
	if h.dir == "" {
		return nil
	}
	err := os.MkdirAll(h.dir, 0o700)
	for err == nil {
		var sessions []int
		if sessions, err = h.sessions(); err != nil {
			break
		}
		if len(sessions) > 0 {
			h.session = sessions[len(sessions)-1] + 1
		}
		h.trim(sessions)
		h.file, err = os.OpenFile(h.path(h.session), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
		err = nil
	}
	h.broken = err != nil
	return err
}

func (h *History) write(r record) error {
	if h.broken || h.file == nil {
		return nil
	}
	text, err := marshal(r)
	if err == nil {
		_, err = h.file.Write(append(text, '\n'))
	}
	h.broken = err != nil
	return err
}

func (h *History) path(session int) string {
	return filepath.Join(h.dir, fmt.Sprintf("%08d.jsonl", session))
}

// sessions lists the sessions of the folder, oldest first.
func (h *History) sessions() ([]int, error) {
	if h.dir == "" {
		return nil, nil
	}
	files, err := os.ReadDir(h.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var sessions []int
	for _, f := range files {
		var n int
		if _, err := fmt.Sscanf(f.Name(), "%d.jsonl", &n); err == nil && n > 0 && h.path(n) == filepath.Join(h.dir, f.Name()) {
			sessions = append(sessions, n)
		}
	}
	slices.Sort(sessions)
	return sessions, nil
}

// trim removes the oldest sessions that are too many or too large. A file that
// can't be removed stays.
func (h *History) trim(sessions []int) {
	var size int64
	for kept, n := range slices.Backward(sessions) {
		if info, err := os.Stat(h.path(n)); err == nil {
			size += info.Size()
		}
		if len(sessions)-kept >= historySessions || size > historyBytes {
			os.Remove(h.path(n))
		}
	}
}

// load reads a session of the folder. Lines that aren't records, such as one
// cut short by a full disk, are skipped.
func (h *History) load(session int) []Entry {
	text, err := os.ReadFile(h.path(session))
	if err != nil {
		return nil // trimmed by another kernel
	}
	var entries []Entry
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		var r record
		switch {
		case json.Unmarshal(lines.Bytes(), &r) != nil:
		case r.Input != nil:
			entries = append(entries, Entry{Session: session, Line: r.Line, Input: *r.Input})
		case len(entries) > 0 && entries[len(entries)-1].Line == r.Line:
			entries[len(entries)-1].Output = r.Output
		}
	}
	return entries
}

// newestFirst visits all entries, this session's first, until visit returns
// false.
func (h *History) newestFirst(visit func(Entry) bool) error {
	h.mu.Lock()
	own, current := slices.Clone(h.own), h.session
	h.mu.Unlock()
	for _, e := range slices.Backward(own) {
		if !visit(e) {
			return nil
		}
	}
	sessions, err := h.sessions()
	if err != nil {
		return err
	}
	for _, n := range slices.Backward(sessions) {
		if n == current {
			continue
		}
		for _, e := range slices.Backward(h.load(n)) {
			if !visit(e) {
				return nil
			}
		}
	}
	return nil
}

// Tail returns the latest n entries of all sessions, oldest first.
func (h *History) Tail(n int) ([]Entry, error) {
	return h.Search("*", max(n, 0), false)
}

// Search returns the latest n entries whose whole input matches the glob
// pattern, oldest first; all of them when n is negative. "*" stands for any
// text, "?" for a character and "[a-z]" for one of a class. With unique, only
// the latest of equal inputs counts.
func (h *History) Search(pattern string, n int, unique bool) ([]Entry, error) {
	match, err := glob(pattern)
	if err != nil {
		return nil, err
	}
	var found []Entry
	seen := map[string]bool{}
	err = h.newestFirst(func(e Entry) bool {
		if n >= 0 && len(found) == n {
			return false
		}
		if match.MatchString(e.Input) && !(unique && seen[e.Input]) {
			seen[e.Input] = true
			found = append(found, e)
		}
		return true
	})
	slices.Reverse(found)
	return found, err
}

// Range returns the lines from start up to, but without, stop of a session; to
// the end when stop is nil. Session 0 is this one and a negative one counts
// back from it; so do negative lines from the session's end.
func (h *History) Range(session, start int, stop *int) ([]Entry, error) {
	h.mu.Lock()
	entries, current := slices.Clone(h.own), h.session
	h.mu.Unlock()
	if session < 0 {
		if current == 0 { // no cell yet, so no number either
			sessions, err := h.sessions()
			if err != nil {
				return nil, err
			}
			current = 1
			if len(sessions) > 0 {
				current = sessions[len(sessions)-1] + 1
			}
		}
		if session += current; session <= 0 {
			return nil, nil
		}
	}
	if session != 0 && session != current {
		entries = h.load(session)
	}
	if len(entries) == 0 {
		return nil, nil
	}
	end := entries[len(entries)-1].Line + 1
	if start < 0 {
		start += end
	}
	limit := end
	if stop != nil {
		if limit = *stop; limit < 0 {
			limit += end
		}
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return e.Line < start || e.Line >= limit }), nil
}

// glob compiles a pattern as SQLite's GLOB understands it, which is what
// clients write for IPython. An empty pattern matches all.
func glob(pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		pattern = "*"
	}
	var re strings.Builder
	re.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			re.WriteString(`.*`)
		case '?':
			re.WriteString(`.`)
		case '[':
			class, length := globClass(pattern[i:])
			re.WriteString(class)
			i += length - 1
		default:
			// Bytes of one character stay beside each other.
			j := i + 1
			for j < len(pattern) && !strings.ContainsRune(`*?[`, rune(pattern[j])) {
				j++
			}
			re.WriteString(regexp.QuoteMeta(pattern[i:j]))
			i = j - 1
		}
	}
	re.WriteString(`\z`)
	match, err := regexp.Compile(re.String())
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	return match, nil
}

// globClass translates the class that text begins with and says how long it is.
// A bracket that is never closed stands for itself.
func globClass(text string) (re string, length int) {
	open := "["
	if strings.HasPrefix(text, "[^") {
		open = "[^"
	}
	body := text[len(open):]
	if body == "" {
		return `\[`, 1
	}
	end := strings.IndexByte(body[1:], ']') + 1 // a first ] belongs to the class
	if end == 0 {
		return `\[`, 1
	}
	escaped := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&`, `\&`).Replace(body[:end])
	return open + escaped + "]", len(open) + end + 1
}
