package cells

import (
	"context"
	"errors"
	"go/ast"
	"strings"
	"sync/atomic"
	"time"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/magic"
)

// running is the cell that runs. It is the magic.Host of its magics.
type running struct {
	*Session
	request       Request
	name          string // "Cell[3]"
	payload       []map[string]any
	reset         bool
	emitted       atomic.Bool
	engineName    string          // what ran the statements
	compiledNames []string        // what of the cell was compiled
	undo          []undo          // what gives redefined variables their old values back
	saved         map[string]bool // variables whose old values are kept, by the evaluator's names
}

// execute runs the cell's segments. When one fails the session is what it was
// before the cell.
func (r *running) execute(ctx context.Context) Reply {
	r.revive(ctx)
	segments, merr := magic.Split(r.request.Code)
	if merr != nil {
		return r.reply(ctx, fromMagic(merr, r))
	}
	if len(segments) > 1 {
		if err := r.checkAll(ctx, segments); err != nil {
			return r.reply(ctx, err)
		}
	}
	// Go alone commits when it has run; what magics run commits piece by piece.
	var before *scope
	if len(segments) > 1 || len(segments) == 1 && segments[0].Kind != magic.Go {
		before = r.scope.clone()
	}
	err := magic.Cells(ctx, r, segments)
	if err != nil && before != nil && !r.reset {
		r.undoAll(ctx)
		r.mu.Lock()
		r.scope = before
		r.mu.Unlock()
	}
	return r.reply(ctx, fromMagic(err, r))
}

func (r *running) reply(ctx context.Context, err *Error) Reply {
	reply := Reply{Err: err, Payload: r.payload, Metadata: map[string]any{}}
	if r.engineName != "" {
		reply.Metadata["engine"] = r.engineName
	}
	if len(r.compiledNames) > 0 {
		reply.Metadata["compiled"] = r.compiledNames
	}
	if err == nil && len(r.request.UserExpressions) > 0 {
		reply.UserExpressions = map[string]any{}
		for name, x := range r.request.UserExpressions {
			reply.UserExpressions[name] = r.userExpression(ctx, x)
		}
	}
	return reply
}

// checkAll checks the Go of a cell that holds magics as well, before any of it
// runs, down to a magic that changes what is defined.
func (r *running) checkAll(ctx context.Context, segments []magic.Segment) *Error {
	var lines []string
	n := strings.Count(r.request.Code, "\n") + 1
	lines = make([]string, n+1)
	parts := 0
	for _, s := range segments {
		text := s.Text
		if s.Kind != magic.Go {
			var unknown bool
			if text, unknown = magic.Ahead(r, s); unknown {
				break
			}
		}
		if text == "" {
			continue
		}
		parts++
		for i, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if at := s.Line - 1 + i; at < len(lines) {
				lines[at] = l
			}
		}
	}
	if parts == 0 {
		return nil
	}
	cell, err := r.parse(ctx, r.name, 1, strings.Join(lines, "\n"))
	if err != nil {
		return r.compileError(err)
	}
	// Values in the middle, before a magic, are shown: here they are allowed.
	cell.Body.List = keepEffects(cell.Body.List)
	if _, err := r.check(cell, r.name); err != nil {
		return r.compileError(err)
	}
	return nil
}

// keepEffects leaves out expressions that have no effect.
func keepEffects(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for i, s := range stmts {
		if e, ok := s.(*ast.ExprStmt); ok && i < len(stmts)-1 {
			if _, call := ast.Unparen(e.X).(*ast.CallExpr); !call {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// userExpression evaluates one of the request's user_expressions.
func (r *running) userExpression(ctx context.Context, x string) any {
	var result *Result
	quiet := &running{Session: r.Session, name: r.name, request: Request{
		Code: x, Count: r.request.Count,
		Emit: func(e Event) {
			if v, ok := e.(Result); ok {
				result = &v
			}
		},
	}}
	quiet.mu.Lock()
	code := quiet.sources[r.name]
	quiet.sources[r.name] = x
	quiet.mu.Unlock()
	defer func() {
		quiet.mu.Lock()
		quiet.sources[r.name] = code
		quiet.mu.Unlock()
	}()
	before := r.scope.clone()
	err := quiet.RunGo(ctx, magic.Code{Text: x, Line: 1})
	quiet.undoAll(ctx)
	quiet.mu.Lock()
	quiet.scope = before
	quiet.mu.Unlock()
	switch {
	case err != nil:
		return map[string]any{"status": "error", "ename": err.Name, "evalue": err.Value, "traceback": err.Traceback}
	case result == nil:
		return map[string]any{"status": "ok", "data": MIMEBundle{}, "metadata": map[string]any{}}
	}
	return map[string]any{"status": "ok", "data": result.Data, "metadata": map[string]any{}}
}

// The methods of magic.Host.

func (r *running) RunGo(ctx context.Context, code magic.Code) *magic.Error {
	return toMagic(r.runGo(ctx, code, 0, nil))
}

func (r *running) RunGoN(ctx context.Context, code magic.Code, n int) (time.Duration, *magic.Error) {
	var took time.Duration
	err := r.runGo(ctx, code, n, &took)
	return took, toMagic(err)
}

func (r *running) Emit(e eval.Event) { r.request.Emit(e) }

func (r *running) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if r.request.Input == nil {
		return "", magic.ErrNoInput
	}
	return r.request.Input(ctx, prompt, password)
}

func (r *running) SetNextInput(text string, replace bool) {
	r.payload = append(r.payload, map[string]any{"source": "set_next_input", "text": text, "replace": replace})
}

func (r *running) Page(data eval.MIMEBundle) {
	r.payload = append(r.payload, map[string]any{"source": "page", "data": data, "start": 0})
}

func (r *running) Inspect(name string, detail int) (eval.MIMEBundle, bool) {
	return r.Session.Inspect(context.Background(), name, len(name), detail)
}

func (r *running) History() []magic.Entry { return r.history }

func (r *running) Reset(ctx context.Context) error {
	r.mu.Lock()
	r.scope = newScope()
	r.mu.Unlock()
	r.reset = true
	return r.restart(ctx, true)
}

func (r *running) CellName() string { return r.name }

func (r *running) Build() *build.Engine { return r.engine }

// handler serves the evaluator on behalf of the cell.
func (r *running) handler() eval.Handler {
	emit := func(e Event) {
		if p, ok := e.(eval.GoroutinePanic); ok {
			e = r.told(p) // of an earlier cell
		}
		r.request.Emit(e)
	}
	return eval.Handler{Emit: emit, Input: r.request.Input}
}

// toMagic and fromMagic convert between the two errors of one shape.
func toMagic(e *Error) *magic.Error {
	if e == nil {
		return nil
	}
	return (*magic.Error)(e)
}

func fromMagic(e *magic.Error, r *running) *Error {
	if e == nil {
		return nil
	}
	out := (*Error)(e)
	if out.Traceback == nil {
		out.Traceback = []string{out.Name + ": " + out.Value}
	}
	return out
}

var _ magic.Host = (*running)(nil)

// interrupted reports whether err only says that the user had enough.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
