package kernel

import (
	"context"

	"github.com/paracell/paracell/cells"
)

// Interpreter is what the protocol needs of a language. Execute is called for
// one cell at a time; the others may be called while a cell runs and should
// answer promptly even then. *cells.Session is one.
type Interpreter interface {
	// Execute runs a cell. A cancelled context is the user's interrupt: the
	// cell should stop and the interpreter live on.
	Execute(ctx context.Context, r cells.Request) cells.Reply

	// Complete offers what may stand at cursor, a byte offset into code.
	Complete(ctx context.Context, code string, cursor int) cells.Completions

	// Inspect explains what stands at cursor, a byte offset into code. detail is
	// 0 for a tooltip and 1 for source as well. False means nothing is known.
	Inspect(ctx context.Context, code string, cursor, detail int) (cells.MIMEBundle, bool)

	// IsComplete says whether a console should run code or ask for another line.
	IsComplete(code string) cells.Completeness

	// Close ends the interpreter and a cell that still runs.
	Close() error
}

// backgrounder is an Interpreter whose cells may show something after they
// ended, such as a goroutine that goes on printing.
type backgrounder interface {
	SetBackground(func(cells.Event))
}
