package build

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
)

// Needs is the oldest Go that programs are built with.
const Needs = "1.26"

// NoGoError says that there is no Go to build with.
type NoGoError struct{ Command string }

func (e *NoGoError) Error() string {
	return fmt.Sprintf("building a program needs Go %s or newer, and the command %q was not found: install it from https://go.dev/dl/ and make sure that it is on the PATH", Needs, e.Command)
}

// SourceError says why something is not a program.
type SourceError struct{ Path, Problem string }

func (e *SourceError) Error() string { return e.Path + ": " + e.Problem }

// Error is one complaint of the compiler. File is an absolute path, or a
// generated source's name; Line and Col count from 1, Col in bytes. What has no
// place has no File, and no Line.
type Error struct {
	File      string
	Line, Col int
	Msg       string // further lines, if any, are the compiler's explanation
}

func (e Error) Error() string {
	switch {
	case e.File == "":
		return e.Msg
	case e.Line == 0:
		return e.File + ": " + e.Msg
	case e.Col == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg)
}

// CompileError says that a program could not be built.
type CompileError struct {
	Errors []Error // at least one
	Output string  // go's own words
}

func (e *CompileError) Error() string {
	s, _, _ := strings.Cut(e.Errors[0].Error(), "\n")
	switch n := len(e.Errors) - 1; n {
	case 0:
		return s
	case 1:
		return s + " (and 1 more error)"
	default:
		return fmt.Sprintf("%s (and %d more errors)", s, n)
	}
}

// position matches "file:line:col: message" and "file:line: message". A file's
// name may hold a colon of its own, as on Windows.
var position = pattern.New(`^(\S.*?):(\d+)(?::(\d+))?: (.*)$`)

// compileError reads what go build wrote.
func compileError(t *target, output string) *CompileError {
	e := &CompileError{Output: output}
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		last := len(e.Errors) - 1
		switch m := position().FindStringSubmatch(line); {
		case m != nil:
			at := Error{File: t.file(m[1]), Msg: m[4]}
			at.Line, _ = strconv.Atoi(m[2])
			at.Col, _ = strconv.Atoi(m[3])
			e.Errors = append(e.Errors, at)
		case line == "" || strings.HasPrefix(line, "# "):
		case last >= 0 && (line[0] == '\t' || line[0] == ' '):
			e.Errors[last].Msg += "\n" + line
		default:
			// The linker names the symbol that it misses.
			line = strings.TrimPrefix(strings.TrimSpace(line), "runtime.main_main·f: ")
			e.Errors = append(e.Errors, Error{Msg: line})
		}
	}
	if len(e.Errors) == 0 {
		e.Errors = []Error{{Msg: "go build failed without a word"}}
	}
	if t.scratch {
		for i := range e.Errors {
			msg, _, found := strings.Cut(e.Errors[i].Msg, "; to add it:")
			if found {
				e.Errors[i].Msg = msg + ": the program is outside any module; run go mod init and go get in its folder"
			}
		}
	}
	return e
}

// file gives a file named by go, relative to where it ran, its full name.
func (t *target) file(name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(t.dir, name)
	}
	if t.folder != "" {
		if rel, err := filepath.Rel(t.folder, name); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return name
}
