package cells

import (
	"context"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/syntax"
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

// place is a message at a position of a cell.
type place struct {
	pos token.Position
	msg string
}

// compileError shows what is wrong with a cell's Go, each mistake with the
// line that it is in.
func (s *Session) compileError(err error) *Error {
	var places []place
	var parse *syntax.Error
	var types *diagnosis
	var unsupported *lower.UnsupportedError
	var list scanner.ErrorList
	switch {
	case errors.As(err, &parse):
		for _, e := range parse.List {
			places = append(places, place{e.Pos, e.Msg})
		}
	case errors.As(err, &list):
		for _, e := range list {
			places = append(places, place{e.Pos, e.Msg})
		}
	case errors.As(err, &types):
		for _, e := range types.errs {
			// A line that begins with a tab belongs to the mistake before it.
			if strings.HasPrefix(e.Msg, "\t") && len(places) > 0 {
				places[len(places)-1].msg += "\n" + e.Msg
				continue
			}
			places = append(places, place{s.fset.Position(e.Pos), e.Msg})
		}
	case errors.As(err, &unsupported):
		places = append(places, place{s.fset.Position(unsupported.Pos), unsupported.Error()})
	default:
		return plainError("CompileError", err.Error())
	}
	places = slices.CompactFunc(places, func(a, b place) bool { return a.pos.Line == b.pos.Line && a.pos.Filename == b.pos.Filename })
	const most = 10
	first := places[0]
	e := &Error{Name: "CompileError", Value: fmt.Sprintf("%s: %s", first.pos, first.msg)}
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
	}
	return e
}

// excerpt shows the line of a position with a caret below its column.
func (s *Session) excerpt(pos token.Position) []string {
	s.mu.RLock()
	src, ok := s.sources[pos.Filename]
	s.mu.RUnlock()
	if !ok || pos.Line < 1 {
		return nil
	}
	lines := strings.Split(src, "\n")
	if pos.Line > len(lines) {
		return nil
	}
	line := strings.TrimRight(lines[pos.Line-1], "\r")
	at := min(max(pos.Column-1, 0), len(line))
	var pad strings.Builder
	for _, c := range line[:at] {
		if c == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
	}
	number := fmt.Sprintf("%4d | ", pos.Line)
	return []string{
		dim + number + reset + line,
		strings.Repeat(" ", len(number)) + pad.String() + red + "^" + reset,
	}
}

// describe says a type checker's error with its place.
func describe(e types.Error) string {
	return fmt.Sprintf("%s: %s", e.Fset.Position(e.Pos), e.Msg)
}

// failure turns the end of a unit into the cell's error.
func (r *running) failure(ctx context.Context, p *plan, out eval.Outcome) *Error {
	switch out.Kind {
	case eval.Interrupted:
		return interruptError()
	case eval.Panicked:
		return r.panicError(out)
	case eval.Died:
		return r.death(ctx, out.Message, out.Detail)
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
	e.Traceback = []string{red + "panic: " + out.Message + reset}
	var last token.Position
	for _, f := range out.Frames {
		pos := r.position(f)
		if !pos.IsValid() || pos == last {
			continue
		}
		at := bold + pos.String() + reset
		if name := userName(f.Func); name != "" {
			at += " in " + name
		}
		e.Traceback = append(e.Traceback, at)
		e.Traceback = append(e.Traceback, r.excerpt(pos)...)
		last = pos
	}
	return e
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
func (r *running) position(f eval.Frame) token.Position {
	text := r.texts[f.Unit]
	if text == nil {
		return token.Position{}
	}
	pos := text.Pos(f.Line, f.Column)
	if !pos.IsValid() {
		return token.Position{}
	}
	return r.fset.Position(pos)
}

func (r *running) framePosition(frames []eval.Frame) token.Position {
	for _, f := range frames {
		if p := r.position(f); p.IsValid() {
			return p
		}
	}
	return token.Position{}
}
