package magic

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
	"unicode"

	"github.com/paracell/paracell/cells/pattern"
)

// A Segment is a run of a cell's lines: Go, or one magic.
type Segment struct {
	Kind Kind
	Line int // number of its first line in the cell, from 1

	// Text is the segment as written. For Go it is what runs.
	Text string

	// Name is a magic's: "time" for %time and %%time, "!" for a command, "?" for
	// help on what Args names, "??" for more of it. "" for Go.
	Name string
	// Args is what follows the name on its line, trimmed, with lines that end in
	// a backslash joined. Column is where it begins, in bytes from 1.
	Args   string
	Column int

	// Body is the rest of the cell and BodyLine the number of its first line:
	// for a cell magic alone.
	Body     string
	BodyLine int
}

// Kind is a kind of Segment.
type Kind int

const (
	Go   Kind = iota
	Line      // %name args, !command, name?
	Cell      // %%name args and the body below
)

// Split cuts a cell into Go and magics, in order; blank Go is left out. A magic
// stands on a line of its own where a Go statement at the top level could
// begin, so never in a string, a comment, brackets, or the middle of an
// expression; a cell magic stands on the first line that isn't blank. The error
// is a UsageError for a magic in any other place where Go has none of its own.
func Split(code string) ([]Segment, *Error) { return splitAt(code, 1) }

// splitAt splits a part of a cell, whose first line is the cell's line number
// first.
func splitAt(code string, first int) ([]Segment, *Error) {
	lineOf := func(at int) int { return first + strings.Count(code[:at], "\n") }
	if s, ok := cellMagic(code, first); ok {
		return []Segment{s}, nil
	}
	var segments []Segment
	for start := 0; start < len(code); {
		at, err := nextMagic(code, start, lineOf)
		if err != nil {
			return nil, err
		}
		if text := code[start:at]; strings.TrimSpace(text) != "" {
			segments = append(segments, Segment{Kind: Go, Line: lineOf(start), Text: text})
		}
		if at == len(code) {
			break
		}
		s, size := lineMagic(code[at:], lineOf(at))
		segments = append(segments, s)
		start = at + size
	}
	return segments, nil
}

var cellHead = pattern.New(`^%%([\pL_][\pL\pN_]*)(\?{0,2})`)

func cellMagic(code string, first int) (Segment, bool) {
	start := 0
	for {
		rest := code[start:]
		line, _, more := strings.Cut(rest, "\n")
		if strings.TrimSpace(line) != "" || !more {
			break
		}
		start += len(line) + 1
	}
	m := cellHead().FindStringSubmatch(code[start:])
	if m == nil {
		return Segment{}, false
	}
	head, size := joined(code[start:])
	line := first + strings.Count(code[:start], "\n")
	if m[2] != "" {
		return Segment{Kind: Line, Line: line, Text: code[start:], Name: m[2], Args: "%%" + m[1], Column: 1}, true
	}
	s := Segment{Kind: Cell, Line: line, Text: code[start:], Name: m[1], Body: code[start+size:], BodyLine: line + strings.Count(code[start:start+size], "\n")}
	s.Args, s.Column = trimmed(head, len(m[0]))
	return s, true
}

// nextMagic is the offset of the first line from start on that is a magic, or
// the code's length. It reads Go tokens, so it knows where statements begin.
func nextMagic(code string, start int, lineOf func(at int) int) (int, *Error) {
	src := []byte(code[start:])
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, 0) // what is wrong with the Go is for its parser to say

	var open []bracket
	previous := token.SEMICOLON
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return len(code), nil
		}
		at := start + file.Offset(pos)
		if line := lineStart(code, at); at < len(code) && line >= start && strings.TrimSpace(code[line:at]) == "" {
			name := magicAt(code[at:])
			switch {
			case name == "":
			case len(open) == 0 && previous == token.SEMICOLON:
				if strings.HasPrefix(name, "%%") {
					return 0, usageError("line %d: %s must be on the first line of its cell", lineOf(at), name)
				}
				return line, nil
			case len(open) > 0 && open[len(open)-1].tok == token.LBRACE && (previous == token.SEMICOLON || previous == token.LBRACE && name[0] == '%'):
				return 0, usageError("line %d: %s is inside the block that begins on line %d; a magic stands on a line of its own, outside of any block",
					lineOf(at), name, lineOf(open[len(open)-1].at))
			}
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, bracket{tok, at})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		previous = tok
	}
}

type bracket struct {
	tok token.Token
	at  int
}

var (
	percent  = pattern.New(`^%%?[\pL_][\pL\pN_]*`)
	question = pattern.New(`^(\?{1,2})[ \t]*(%{0,2}[\pL_][\pL\pN_.]*)[ \t\r]*$`)
	asked    = pattern.New(`^(%{0,2}[\pL_][\pL\pN_.]*|!)(\?{1,2})[ \t\r]*$`)
)

// magicAt names the magic that code begins with; "" for none. Without regard to
// where a statement may begin: `!ok` is one too.
func magicAt(code string) string {
	line, _, _ := strings.Cut(code, "\n")
	switch {
	case asked().MatchString(line), question().MatchString(line):
		return strings.TrimSpace(line)
	case strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "!="):
		return "!"
	}
	return percent().FindString(line)
}

// lineMagic reads the magic on code's first line, and returns its size with the
// newline.
func lineMagic(code string, number int) (Segment, int) {
	text, size := joined(code)
	s := Segment{Kind: Line, Line: number, Text: strings.TrimRight(code[:size], "\r\n")}
	indent := len(text) - len(strings.TrimLeft(text, " \t\r\f\v"))
	line := text[indent:]
	if m := asked().FindStringSubmatch(line); m != nil {
		s.Name, s.Args, s.Column = m[2], m[1], indent+1
		return s, size
	}
	if m := question().FindStringSubmatch(line); m != nil {
		s.Name, s.Args, s.Column = m[1], m[2], indent+len(m[1])+1
		return s, size
	}
	head := len(percent().FindString(line))
	s.Name = strings.TrimPrefix(line[:head], "%")
	if line[0] == '!' {
		s.Name = "!"
		head = len(line) - len(strings.TrimLeft(line, "!"))
	}
	s.Args, s.Column = trimmed(text, indent+head)
	return s, size
}

// joined is code's first line, without newline, and with it each next line for
// as long as one ends in a backslash; and the size of all that.
func joined(code string) (line string, size int) {
	for {
		part, _, more := strings.Cut(code[size:], "\n")
		size += len(part)
		if more {
			size++
		}
		part = strings.TrimSuffix(part, "\r")
		if !more || !strings.HasSuffix(part, `\`) {
			return line + part, size
		}
		line += strings.TrimSuffix(part, `\`)
	}
}

func trimmed(line string, from int) (args string, column int) {
	rest := strings.TrimLeftFunc(line[from:], unicode.IsSpace)
	column = len(line) - len(rest) + 1
	return strings.TrimSpace(rest), column
}

func lineStart(code string, at int) int { return strings.LastIndexByte(code[:at], '\n') + 1 }

func usageError(format string, args ...any) *Error {
	return &Error{Name: "UsageError", Value: fmt.Sprintf(format, args...)}
}
