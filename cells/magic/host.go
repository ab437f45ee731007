package magic

import (
	"context"
	"errors"
	"time"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
)

// A Host is the session in which a magic runs, for the duration of one cell.
// Its methods are called from one goroutine at a time, but for Input: that may
// be called while Emit is.
type Host interface {
	// RunGo runs Go as part of this cell, as if written in it: it shows the value
	// of the last expression, and definitions stay.
	RunGo(ctx context.Context, code Code) *Error
	// RunGoN runs statements n times inside the evaluator and returns how long
	// that took, compiling aside. Nothing is shown but what they print.
	RunGoN(ctx context.Context, code Code, n int) (time.Duration, *Error)
	// CPU is the time that the evaluator has used of all cores; false where that
	// can't be known.
	CPU() (user, system time.Duration, ok bool)

	// Emit shows something in the cell's output.
	Emit(eval.Event)
	// Input asks the user for a line. The error is io.EOF when the user closed the
	// input and ErrNoInput when the front end has none.
	Input(ctx context.Context, prompt string, password bool) (string, error)
	// SetNextInput makes text a new cell, or with replace this cell's content.
	SetNextInput(text string, replace bool)
	// Page shows text apart from the output, as help is.
	Page(eval.MIMEBundle)

	// Inspect describes a name of the session or of a package: "x", "fmt.Println".
	// Detail 1 asks for source too.
	Inspect(name string, detail int) (eval.MIMEBundle, bool)
	// Variables lists the session's variables by name.
	Variables(ctx context.Context) ([]Variable, error)
	// Pools shows the pools of the session, or the one of a number.
	Pools(ctx context.Context, number int) error
	// History lists this session's cells so far, oldest first, this one last.
	History() []Entry
	// Reset forgets every definition.
	Reset(ctx context.Context) error

	// Set changes a setting, and an error says what is wrong with value.
	// Setting tells its value. Settings are named by the Setting constants.
	Set(ctx context.Context, setting, value string) error
	Setting(setting string) string
	// Native compiles functions of the session, and what uses them follows.
	Native(ctx context.Context, names []string) *Error
	// Dir is the session's folder: where programs run and relative paths begin.
	Dir() string
	// Env is the session's environment.
	Env() []string

	// CellName is how positions name this cell: "Cell[3]".
	CellName() string
	Build() *build.Engine
}

// Settings of a Host.
const (
	SettingGIL         = "gil"          // "on" or "off"
	SettingStartMethod = "start_method" // "spawn", "session", "session interpreted" or "session compiled"
	SettingEngine      = "engine"       // an Engine constant
	SettingDir         = "chdir"        // an absolute path
	SettingEnv         = "setenv"       // "NAME=value"
	SettingNoEnv       = "unsetenv"     // "NAME"
)

// What runs cells.
const (
	EngineAuto        = "auto"
	EngineInterpreted = "interpreted"
	EngineCompiled    = "compiled"
)

// Code is a piece of Go and where it stands.
type Code struct {
	Text string
	Line int // number of its first line
	// Name is what positions in it are reported under; "" for the running cell.
	Name string
}

// A Variable is one of the session's, as %whos shows it.
type Variable struct{ Name, Type, Value string }

// An Entry is a cell that ran.
type Entry struct {
	Count int
	Code  string
}

// ErrNoInput says that the front end lets nobody answer.
var ErrNoInput = errors.New("the front end takes no input")
