package cells

import (
	"context"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
)

const (
	red   = "\x1b[31m"
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	reset = "\x1b[0m"
)

// plainError is an error without a place.
func plainError(name, value string) *Error {
	return &Error{Name: name, Value: value, Traceback: []string{red + name + reset + ": " + value}}
}

func interruptError() *Error { return plainError("KeyboardInterrupt", "the cell was interrupted") }

// A bug is a broken invariant of ours, never the user's mistake.
type bug struct {
	doing string
	cause any
	stack []byte
}

func (b *bug) Error() string {
	return fmt.Sprintf("%s failed; this is a fault of Paracell, not of the cell: %v", b.doing, b.cause)
}

// ourFault, deferred, makes a panic of ours an error of the cell.
func ourFault(doing string, err *error) {
	if r := recover(); r != nil {
		*err = &bug{doing, r, debug.Stack()}
	}
}

// place is a message at a position of a cell, and what may help.
type place struct {
	pos       token.Position
	msg, hint string
}

// compileError shows what is wrong with a cell's Go, each mistake with the
// line that it is in.
func (s *Session) compileError(err error) *Error {
	var places []place
	var read *misread
	var types *diagnosis
	var unsupported *lower.UnsupportedError
	var uncompiled *compile.Error
	var list scanner.ErrorList
	var built *build.CompileError
	switch {
	case errors.As(err, &read):
		places = s.misread(read)
	case errors.As(err, &list):
		for _, e := range list {
			places = append(places, place{pos: e.Pos, msg: e.Msg})
		}
	case errors.As(err, &types):
		for _, m := range types.mistakes {
			// A line that begins with a tab belongs to the mistake before it.
			if strings.HasPrefix(m.err.Msg, "\t") && len(places) > 0 {
				places[len(places)-1].msg += "\n" + m.err.Msg
				continue
			}
			places = append(places, place{s.fset.Position(m.err.Pos), m.err.Msg, m.hint})
		}
	case errors.As(err, &unsupported):
		places = append(places, place{pos: s.fset.Position(unsupported.Pos), msg: unsupported.Error()})
	case errors.As(err, &uncompiled) && s.known(uncompiled.Pos):
		places = append(places, place{s.fset.Position(uncompiled.Pos), uncompiled.Error(), uncompiled.Hint})
	case errors.As(err, new(*bug)):
		return plainError("InternalError", err.Error())
	case errors.As(err, &built):
		e := plainError("CompileError", err.Error())
		e.Traceback = append(e.Traceback, strings.Split(strings.TrimRight(built.Output, "\n"), "\n")...)
		return e
	default:
		return plainError("CompileError", err.Error())
	}
	places = slices.CompactFunc(places, func(a, b place) bool { return a.pos.Line == b.pos.Line && a.pos.Filename == b.pos.Filename })
	const most = 10
	first := places[0]
	line, _, _ := strings.Cut(first.msg, "\n") // the rest is in the traceback
	e := &Error{Name: "CompileError", Value: fmt.Sprintf("%s: %s", first.pos, line)}
	if first.hint != "" {
		e.Value += " (" + first.hint + ")"
	}
	if n := len(places) - 1; n > 0 {
		e.Value += fmt.Sprintf(" (and %d more)", n)
	}
	for i, p := range places {
		if i == most {
			e.Traceback = append(e.Traceback, fmt.Sprintf("%stoo many errors: %d more%s", dim, len(places)-most, reset))
			break
		}
		e.Traceback = append(e.Traceback, fmt.Sprintf("%s%s%s: %s%s%s", bold, p.pos, reset, red, p.msg, reset))
		e.Traceback = append(e.Traceback, s.excerpt(p.pos)...)
		if p.hint != "" {
			e.Traceback = append(e.Traceback, dim+"hint: "+reset+p.hint)
		}
	}
	return e
}

// known reports whether a position is in a cell.
func (s *Session) known(pos token.Pos) bool {
	_, ok := s.line(s.fset.Position(pos))
	return pos.IsValid() && ok
}

// line is the text of a position's line.
func (s *Session) line(pos token.Position) (string, bool) {
	s.mu.RLock()
	src, ok := s.sources[pos.Filename]
	s.mu.RUnlock()
	lines := strings.Split(src, "\n")
	if !ok || pos.Line < 1 || pos.Line > len(lines) {
		return "", false
	}
	return strings.TrimRight(lines[pos.Line-1], "\r"), true
}

// excerpt shows the line of a position with a caret below its column.
func (s *Session) excerpt(pos token.Position) []string {
	line, ok := s.line(pos)
	if !ok {
		return nil
	}
	at := min(max(pos.Column-1, 0), len(line))
	line, at = around(line, at)
	var pad strings.Builder
	for _, c := range line[:at] {
		switch {
		case c == '\t':
			pad.WriteByte('\t')
		case unicode.In(c, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana):
			pad.WriteRune('\u3000') // a space as wide as they are
		default:
			pad.WriteByte(' ')
		}
	}
	number := fmt.Sprintf("%4d | ", pos.Line)
	if pos.Column < 1 {
		return []string{dim + number + reset + line} // compiled code knows no column
	}
	return []string{
		dim + number + reset + line,
		strings.Repeat(" ", len(number)) + pad.String() + red + "^" + reset,
	}
}

// around cuts a line that is too long to read down to what surrounds an offset.
func around(line string, at int) (string, int) {
	const most = 200
	if len(line) <= most {
		return line, at
	}
	start, end := max(0, at-most/2), min(len(line), at+most/2)
	for start > 0 && !utf8.RuneStart(line[start]) {
		start--
	}
	for end < len(line) && !utf8.RuneStart(line[end]) {
		end++
	}
	head, tail := "", ""
	if start > 0 {
		head = "…"
	}
	if end < len(line) {
		tail = "…"
	}
	return head + line[start:end] + tail, len(head) + at - start
}

// describe says a type checker's error with its place.
func (s *Session) describe(e types.Error) string {
	return fmt.Sprintf("%s: %s", s.scope.newest(s.fset, s.fset.Position(e.Pos)), e.Msg)
}

// failure turns the end of a unit into the cell's error.
func (r *running) failure(ctx context.Context, p *plan, out eval.Outcome) *Error {
	switch out.Kind {
	case eval.Interrupted:
		return interruptError()
	case eval.Panicked:
		return r.panicError(out)
	case eval.Fatal:
		return r.fatalError(out)
	case eval.Died:
		return r.death(ctx, out)
	}
	if problem, ok := strings.CutPrefix(out.Message, eval.NotLoaded); ok {
		if _, path, ok := strings.Cut(problem, "different version of package "); ok {
			if path, _, _ = strings.Cut(path, " "); r.importer.Modular(path) {
				return plainError("CompileError", build.ConflictOf(path))
			}
		}
		return plainError("CompileError", "compiled Go could not be loaded"+problem+": Paracell was built with another Go, or other settings, than the go command has now; run install.sh again")
	}
	e := &Error{Name: "InternalError", Value: "the interpreter refused a cell that type-checks; this is a fault of Paracell: " + out.Message}
	e.Traceback = []string{red + e.Name + reset + ": " + e.Value}
	if pos := r.framePosition(out.Frames); pos.IsValid() {
		e.Traceback = append(e.Traceback, bold+pos.String()+reset)
		e.Traceback = append(e.Traceback, r.excerpt(pos)...)
	}
	if out.Detail != "" {
		e.Traceback = append(e.Traceback, strings.Split(strings.TrimRight(out.Detail, "\n"), "\n")...)
	}
	return e
}

// panicError shows a panic with the user's frames.
func (r *running) panicError(out eval.Outcome) *Error {
	e := &Error{Name: "Panic", Value: out.Message}
	if strings.HasPrefix(out.Message, "runtime error: ") {
		e.Name = "RuntimeError"
		e.Value = strings.TrimPrefix(out.Message, "runtime error: ")
	}
	if name := errorName(out.Type); name != "" {
		e.Name = name
	}
	e.Traceback = []string{red + "panic: " + out.Message + reset}
	e.Traceback = append(e.Traceback, r.frames(out.Frames)...)
	if out.Detail != "" {
		e.Traceback = append(e.Traceback, out.Detail)
	}
	if hint := r.hintPanic(out.Message); hint != "" {
		e.Traceback = append(e.Traceback, dim+"hint: "+reset+hint)
	}
	return e
}

// fatalError shows what Go's runtime would have ended a program for.
func (r *running) fatalError(out eval.Outcome) *Error {
	e := plainError("RuntimeError", "fatal error: "+out.Message)
	e.Traceback = []string{red + e.Value + reset}
	if out.Detail != "" {
		e.Traceback = append(e.Traceback, out.Detail)
	}
	e.Traceback = append(e.Traceback, r.frames(out.Frames)...)
	e.Traceback = append(e.Traceback, r.goroutines(out.Waiting)...)
	return e
}

// goroutines shows where goroutines wait. Those that wait in the same place are
// shown once, and of very many only some.
func (s *Session) goroutines(all []eval.Goroutine) (lines []string) {
	const most = 20
	for i := 0; i < len(all); i++ {
		g := all[i]
		if i == most {
			return append(lines, fmt.Sprintf("%s… %d more goroutines …%s", dim, len(all)-most, reset))
		}
		alike := func(o eval.Goroutine) bool { return o.State == g.State && slices.Equal(o.Frames, g.Frames) }
		rest := slices.DeleteFunc(all[i+1:], alike)
		name := fmt.Sprintf("goroutine %d", g.ID)
		if n := len(all) - i - 1 - len(rest); n > 0 {
			name += fmt.Sprintf(" and %d more", n)
		}
		all = all[:i+1+len(rest)]
		lines = append(lines, fmt.Sprintf("%s [%s]:", name, g.State))
		lines = append(lines, s.frames(g.Frames)...)
	}
	return lines
}

// errorName returns the name of an error of futures, which users of
// concurrent.futures know it by; "" for any other type.
func errorName(typ string) string {
	name, ok := strings.CutPrefix(strings.TrimPrefix(typ, "*"), "futures.")
	if !ok {
		return ""
	}
	return name
}

// ownPackages begins the names of files of ours: generic functions of theirs are
// interpreted like the user's.
const ownPackages = "github.com/paracell/paracell/"

// frames shows the user's places among them, innermost first. One that calls
// itself is shown once, with a count; of very many the middle is left out.
func (s *Session) frames(frames []eval.Frame) (lines []string) {
	type call struct {
		pos   token.Position
		name  string
		times int
	}
	var calls []call
	elided := false
	for _, f := range frames {
		if f.Elided {
			calls, elided = append(calls, call{}), true // it has no place
			continue
		}
		pos := s.position(f)
		if !pos.IsValid() || f.File == compile.Generated || strings.HasPrefix(pos.Filename, ownPackages) {
			continue
		}
		if n := len(calls); n > 0 && calls[n-1].pos == pos {
			calls[n-1].times++
			continue
		}
		if f.Func == "" {
			f.Func = s.texts[f.Unit].function(f.Line)
		}
		name := userName(f.Func)
		if f.File != "" {
			name = compile.Function(f.Func)
		}
		calls = append(calls, call{pos, name, 1})
	}
	const ends = 10
	shown := map[token.Position]bool{}
	for i, c := range calls {
		if n := len(calls) - 2*ends; n > 1 && !elided && i >= ends && i < ends+n {
			if i == ends {
				lines = append(lines, fmt.Sprintf("%s… %d more calls …%s", dim, n, reset))
			}
			continue
		}
		if !c.pos.IsValid() {
			lines = append(lines, dim+"… more calls …"+reset)
			continue
		}
		at := bold + c.pos.String() + reset
		if c.name != "" {
			at += " in " + c.name
		}
		if c.times > 1 {
			at += fmt.Sprintf(", %d times", c.times)
		}
		lines = append(lines, at)
		if !shown[c.pos] {
			lines = append(lines, s.excerpt(c.pos)...)
		}
		shown[c.pos] = true
	}
	return lines
}

// userName returns the name that the user gave a lowered function.
func userName(lowered string) string {
	lowered = strings.TrimPrefix(lowered, "main.")
	name, _, _ := strings.Cut(lowered, lower.Dot)
	if name == "cell" || name == "init" || name == "restore" {
		return ""
	}
	return name
}

// position returns the user's position of a frame.
func (s *Session) position(f eval.Frame) token.Position {
	if f.File != "" {
		return s.scope.newest(s.fset, token.Position{Filename: f.File, Line: f.Line})
	}
	text, ok := s.texts[f.Unit]
	if !ok {
		return token.Position{}
	}
	pos := text.Pos(f.Line, f.Column)
	if !pos.IsValid() {
		return token.Position{}
	}
	return s.scope.newest(s.fset, s.fset.Position(pos))
}

// place is a position's file and line, "" when the user did not write it.
func (s *Session) place(pos token.Pos) string {
	p := s.fset.Position(pos)
	if _, ok := s.line(p); !ok {
		return ""
	}
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

func (r *running) framePosition(frames []eval.Frame) token.Position {
	for _, f := range frames {
		if p := r.position(f); p.IsValid() {
			return p
		}
	}
	return token.Position{}
}
