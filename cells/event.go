package cells

import (
	"context"

	"github.com/paracell/paracell/cells/eval"
)

// The events of a running cell, as the evaluator makes them.
type (
	Event       = eval.Event
	MIMEBundle  = eval.MIMEBundle
	Stream      = eval.Stream
	Display     = eval.Display
	Result      = eval.Result
	ClearOutput = eval.ClearOutput
)

// A Request is one cell to run.
type Request struct {
	Code  string
	Count int    // execution_count: names the cell in errors, "Cell[3]"
	Name  string // names it instead; "" for by its count
	Store bool   // keep it in the session's history of cells (In/Out, %history)

	// Emit takes the cell's events, from one goroutine at a time. It may block:
	// that is how a flood of output is slowed down. Never nil.
	Emit func(Event)

	// Input asks the user for a line (input_request) and returns it without its
	// newline. io.EOF means the user closed the input. Nil when the front end
	// allows no stdin.
	Input func(ctx context.Context, prompt string, password bool) (string, error)

	// UserExpressions are evaluated after the cell succeeded.
	UserExpressions map[string]string
}

// A Reply says how a cell ended. Err is nil when it succeeded.
type Reply struct {
	Err             *Error
	Payload         []map[string]any // execute_reply's payload: page, set_next_input
	UserExpressions map[string]any   // by name: {"status":"ok","data":…,"metadata":…} or an error
	Metadata        map[string]any   // extra execute_reply metadata, such as the engine that ran the cell
}

// Error is why a cell failed, in the shape Jupyter shows: ename, evalue and the
// traceback's lines, which may hold ANSI colours.
type Error struct {
	Name      string // CompileError, Panic, KeyboardInterrupt, ExitStatus, EvaluatorDied, UsageError, …
	Value     string
	Traceback []string
}

func (e *Error) Error() string { return e.Name + ": " + e.Value }

// Completions answers complete_request. Start and End are byte offsets into
// the code: what the matches replace. Types runs parallel to Matches
// ("function", "instance", "keyword", "module", "type", "magic", "path", …).
type Completions struct {
	Matches    []string
	Types      []string
	Start, End int
}

// Completeness answers is_complete_request. Status is "complete",
// "incomplete", "invalid" or "unknown"; Indent is for "incomplete" alone.
type Completeness struct{ Status, Indent string }
