// Package magic finds the magics in a cell and runs them: %run, %time, !ls, x?
// and their like, as IPython has them.
package magic

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/shlex"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/spelling"
)

// Error is why a magic failed, in the shape that Jupyter shows; it has the
// fields of cells.Error and converts to it.
type Error struct {
	Name      string // UsageError, ExitStatus, CompileError, KeyboardInterrupt, …
	Value     string
	Traceback []string
}

func (e *Error) Error() string { return e.Name + ": " + e.Value }

// A Magic is one entry of the table.
type Magic struct {
	Name  string
	Usage string // as typed: "%time STATEMENT"
	Help  string // one line
	Doc   string // further lines; may be empty
	Line  bool   // works as %name
	Cell  bool   // works as %%name

	run func(context.Context, *call) *Error
}

// call is one use of a magic.
type call struct {
	Host
	Segment
	unit  string // Code.Name of the Go in it
	first bool   // nothing of the cell ran before it
}

// Table lists all magics in order of name. "!" and "?" are in it too.
func Table() []Magic { return slices.Clone(table) }

var table []Magic

// The magics' functions read the table, so it can't be an initial value.
func init() {
	table = slices.Concat(commandMagics, helpMagics, notebookMagics, runMagics, sessionMagics, settingMagics, showMagics, timeMagics)
	slices.SortFunc(table, func(a, b Magic) int { return strings.Compare(a.Name, b.Name) })
}

// Lookup finds a magic by its name, without percent signs.
func Lookup(name string) (Magic, bool) {
	for _, m := range table {
		if m.Name == name {
			return m, true
		}
	}
	return Magic{}, false
}

// Cells runs the segments of a cell, its Go through the host, and stops at the
// first error.
func Cells(ctx context.Context, h Host, segments []Segment) *Error {
	return run(ctx, h, segments, "", true)
}

func run(ctx context.Context, h Host, segments []Segment, unit string, first bool) *Error {
	for i, s := range segments {
		var err *Error
		if s.Kind == Go {
			err = h.RunGo(ctx, Code{Text: s.Text, Line: s.Line, Name: unit})
		} else {
			err = runMagic(ctx, &call{Host: h, Segment: s, unit: unit, first: first && i == 0})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Ahead tells what of a line magic can be checked before anything runs: the Go
// in it, at its own column. Unknown means that the magic changes what is
// defined, so that what follows can't be checked yet.
func Ahead(h Host, s Segment) (text string, unknown bool) {
	if s.Kind != Line {
		return "", false
	}
	c := &call{Host: h, Segment: s}
	switch s.Name {
	case "reset":
		return "", true
	case "time":
		code := c.code(c.Args)
		segments, err := splitAt(code.Text, code.Line)
		if err != nil || len(segments) != 1 {
			return "", false
		}
		if segments[0].Kind == Go {
			return code.Text, false
		}
		return Ahead(h, segments[0])
	case "run":
		_, rest, err := c.options(c.Args, runOptions)
		if err != nil {
			return "", false
		}
		words, err := c.split(rest)
		if err != nil || len(words) == 0 {
			return "", false
		}
		path, err := c.resolve(words[0])
		return "", err == nil && filepath.Ext(path) == ".ipynb"
	}
	return "", false
}

// Run runs one magic.
func Run(ctx context.Context, h Host, s Segment) *Error {
	return runMagic(ctx, &call{Host: h, Segment: s})
}

func runMagic(ctx context.Context, c *call) *Error {
	m, ok := Lookup(c.Name)
	switch {
	case !ok:
		if _, isCommand := c.find(c.Name); isCommand && c.Kind == Line {
			return usageError("there is no magic %%%s; the command is !%s", c.Name, c.Name)
		}
		return unknown(c.Segment)
	case c.Kind == Line && !m.Line:
		return usageError("%%%s works on a whole cell: write %%%%%s on its first line", m.Name, m.Name)
	case c.Kind == Cell && !m.Cell:
		return usageError("%%%%%s does not work on a whole cell: write %%%s", m.Name, m.Name)
	}
	return m.run(ctx, c)
}

func unknown(s Segment) *Error {
	prefix := "%"
	if s.Kind == Cell {
		prefix = "%%"
	}
	var names []string
	for _, m := range table {
		if s.Kind == Cell && m.Cell || s.Kind == Line && m.Line {
			names = append(names, m.Name)
		}
	}
	hint := "%lsmagic lists the magics"
	if near := spelling.Nearest(s.Name, names); len(near) > 0 {
		hint = "did you mean " + prefix + strings.Join(near, " or "+prefix) + "?"
	}
	return usageError("there is no magic %s%s; %s", prefix, s.Name, hint)
}

// usage says how the magic is used.
func (c *call) usage(problem string) *Error {
	m, _ := Lookup(c.Name)
	return usageError("%s; usage: %s", problem, m.Usage)
}

func (c *call) print(text string) { c.Emit(eval.Stream{Name: "stdout", Text: text}) }

// words splits Args as a shell does.
func (c *call) words() ([]string, *Error) { return c.split(c.Args) }

func (c *call) split(args string) ([]string, *Error) {
	words, err := shlex.Split(args)
	if err != nil {
		return nil, c.usage("a quote is not closed")
	}
	return words, nil
}

// options takes leading options such as "-n 10 -q" from args. Spec holds the
// letters, each with a colon behind it when it takes a value.
func (c *call) options(args, spec string) (values map[byte]string, rest string, err *Error) {
	values = map[byte]string{}
	for {
		args = strings.TrimLeft(args, " \t")
		if len(args) < 2 || args[0] != '-' || args[1] == ' ' {
			return values, args, nil
		}
		word, after, _ := strings.Cut(args, " ")
		if word == "--" {
			return values, after, nil
		}
		letter := word[1]
		i := strings.IndexByte(spec, letter)
		switch {
		case i < 0 || letter == ':':
			return nil, "", c.usage("there is no option " + word)
		case i+1 == len(spec) || spec[i+1] != ':':
			if len(word) > 2 {
				return nil, "", c.usage("there is no option " + word)
			}
			values[letter], args = "", after
		case len(word) > 2:
			values[letter], args = word[2:], after
		default:
			value, next, _ := strings.Cut(strings.TrimLeft(after, " \t"), " ")
			if value == "" {
				return nil, "", c.usage("the option " + word + " lacks its value")
			}
			values[letter], args = value, next
		}
	}
}

// code is the end of Args as Go, on the magic's own line and at its own column.
func (c *call) code(text string) Code {
	column := c.Column + len(c.Args) - len(text)
	return Code{Text: strings.Repeat(" ", column-1) + text, Line: c.Line, Name: c.unit}
}

// failed turns what building or running a program returned into the cell's
// error. Who names the program.
func failed(who string, err error) *Error {
	var exit *build.ExitError
	var compile *build.CompileError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Error{Name: "KeyboardInterrupt", Value: who + " was interrupted"}
	case errors.As(err, &exit):
		return &Error{Name: "ExitStatus", Value: who + ": " + exit.Error()}
	case errors.As(err, &compile):
		e := &Error{Name: "CompileError", Value: compile.Error()}
		for _, line := range compile.Errors {
			e.Traceback = append(e.Traceback, line.Error())
		}
		return e
	}
	return &Error{Name: "RuntimeError", Value: err.Error()}
}
