package magic

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Match is one way to complete a word.
type Match struct{ Text, Type string } // Type is "magic", "path", "keyword" or "instance", in Jupyter's words

// Complete completes the word before the cursor, a byte offset into code, where
// that is the business of magics: their names, and arguments such as files. The
// matches replace the text from start on. It returns false where Go stands:
// there, Blank gives the code to complete in. Dir and env are the session's.
func Complete(code string, cursor int, dir string, env []string) (matches []Match, start int, ok bool) {
	// A letter in the cursor's place makes a magic of "%" alone.
	const letter = "x"
	code = code[:cursor]
	segments, err := Split(code + letter)
	if err != nil || len(segments) == 0 {
		return nil, cursor, false
	}
	s := segments[len(segments)-1]
	m, known := Lookup(s.Name)
	if s.Kind == Go || s.Body == "" && s.Name != "" && s.Name[0] == '?' {
		return nil, cursor, false
	}
	if s.Body != "" {
		return nil, cursor, !m.takesGo()
	}
	line := code[lineStart(code, cursor):]
	if s.Args == "" && s.Name != "!" {
		prefix := strings.TrimSuffix(s.Name, letter)
		percents := "%"
		if s.Kind == Cell {
			percents = "%%"
		}
		start = cursor - len(prefix) - len(percents)
		for _, m := range table {
			if strings.HasPrefix(m.Name, prefix) && m.Name[0] >= 'a' && (s.Kind == Cell && m.Cell || s.Kind == Line && m.Line) {
				matches = append(matches, Match{percents + m.Name, "magic"})
			}
		}
		if s.Kind == Line && prefix == "" && len(segments) == 1 { // "%" may become "%%"
			for _, m := range table {
				if m.Cell {
					matches = append(matches, Match{"%%" + m.Name, "magic"})
				}
			}
		}
		return matches, start, true
	}
	if !known || m.takesGo() && m.Name != "run" {
		return nil, cursor, !known
	}
	word := line[wordStart(line):]
	if s.Name == "!" {
		word = strings.TrimLeft(word, "!")
	}
	start = cursor - len(word)
	keywords := func(words ...string) {
		for _, w := range words {
			if strings.HasPrefix(w, word) {
				matches = append(matches, Match{w, "keyword"})
			}
		}
	}
	switch first := len(strings.Fields(line)) <= 2; s.Name {
	case "gil":
		keywords("on", "off")
	case "start_method":
		keywords("spawn", "session", "interpreted", "compiled")
	case "env", "unset_env":
		for _, kv := range env {
			if name, _, _ := strings.Cut(kv, "="); name != "" && strings.HasPrefix(name, word) {
				matches = append(matches, Match{name, "instance"})
			}
		}
	case "cd":
		matches = paths(dir, word, func(e os.DirEntry) bool { return e.IsDir() })
	case "run":
		matches = paths(dir, word, func(e os.DirEntry) bool {
			ext := filepath.Ext(e.Name())
			return !first || e.IsDir() || ext == ".go" || ext == ".ipynb"
		})
	default:
		matches = paths(dir, word, func(os.DirEntry) bool { return true })
	}
	return matches, start, true
}

// takesGo reports whether what follows the magic is Go of the session, or a
// program in Go.
func (m Magic) takesGo() bool { return m.Name == "time" || m.Name == "timeit" || m.Name == "run" }

// wordStart is where the last word of a line begins; a space behind a backslash
// is part of the word.
func wordStart(line string) int {
	for i := len(line) - 1; i >= 0; i-- {
		if (line[i] == ' ' || line[i] == '\t') && (i == 0 || line[i-1] != '\\') {
			return i + 1
		}
	}
	return 0
}

// paths are the files in the folder that word names which begin as it ends.
func paths(dir, word string, fits func(os.DirEntry) bool) (matches []Match) {
	at := strings.LastIndexByte(word, '/') + 1
	folder, prefix := word[:at], unescape(word[at:])
	where := dir
	if folder != "" {
		where = absolute(dir, unescape(folder))
	}
	entries, _ := os.ReadDir(where)
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, ".") && !strings.HasPrefix(prefix, ".") || !fits(e) {
			continue
		}
		text := folder + escape.Replace(name)
		if e.IsDir() {
			text += "/"
		}
		matches = append(matches, Match{text, "path"})
	}
	return matches
}

var escape = strings.NewReplacer(" ", `\ `, `\`, `\\`, "'", `\'`, `"`, `\"`)

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Blank is a cell's Go alone: magics become spaces, so that every offset and
// line stays what it was. The statements of %time and %timeit are Go; a %%run
// cell is not, since it is a program of its own. A cell that can't be split is
// returned as it is.
func Blank(code string) string {
	segments, err := Split(code)
	if err != nil {
		return code
	}
	blank := []byte(code)
	for i, b := range blank {
		if b != '\n' && b != '\r' {
			blank[i] = ' '
		}
	}
	lines := slices.Collect(strings.Lines(code))
	offset := make([]int, len(lines)+1)
	for i, l := range lines {
		offset[i+1] = offset[i] + len(l)
	}
	for _, s := range segments {
		at := offset[s.Line-1]
		timed := s.Name == "time" || s.Name == "timeit"
		switch {
		case s.Kind == Go:
			copy(blank[at:], s.Text)
		case s.Kind == Line && timed && !strings.Contains(s.Text, "\n"):
			rest := s.Args
			if s.Name == "timeit" {
				if _, statement, err := (&call{Segment: s}).options(rest, timeitOptions); err == nil {
					rest = statement
				}
			}
			if from := at + s.Column - 1 + len(s.Args) - len(rest); magicAt(rest) == "" {
				copy(blank[from:], rest)
			}
		case s.Kind == Cell && timed:
			copy(blank[len(code)-len(s.Body):], Blank(s.Body))
		}
	}
	return string(blank)
}
