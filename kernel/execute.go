package kernel

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/paracell/paracell/cells"
)

type executeRequest struct {
	Code            *string           `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      *bool             `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error"`
}

type executeInput struct {
	Code  string `json:"code"`
	Count int    `json:"execution_count"`
}

// executeReply carries the count whatever the status.
type executeReply struct {
	ok
	Count           int              `json:"execution_count"`
	Payload         []map[string]any `json:"payload"`
	UserExpressions map[string]any   `json:"user_expressions"`
}

type executeFailure struct {
	failure
	Count           int              `json:"execution_count"`
	Payload         []map[string]any `json:"payload"`
	UserExpressions map[string]any   `json:"user_expressions"`
}

type errorContent struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

var aborted = &cells.Error{
	Name:      "Aborted",
	Value:     "not run, because a cell before it failed",
	Traceback: []string{"Aborted: not run, because a cell before it failed"},
}

// execute runs a cell. A silent cell shows nothing and is not counted; a cell
// that isn't stored shows the number it would have had and is not counted.
func (k *Kernel) execute(r *request) any {
	req, bad := decode[executeRequest](r)
	if bad == nil && req.Code == nil {
		f := fail("MessageError", "execute_request: code is missing")
		bad = &f
	}
	if bad != nil {
		return k.executeError(r, &cells.Error{Name: bad.Name, Value: bad.Value, Traceback: bad.Traceback})
	}
	code := *req.Code
	store := orTrue(req.StoreHistory) && !req.Silent
	ctx, number, done := k.begin(r, store, req.Silent)
	defer done()

	r.metadata = map[string]any{"started": k.date()}
	if !req.Silent {
		k.iopub.publish(r.RawHeader, "execute_input", executeInput{code, number})
	}
	if store {
		k.remember(k.cfg.History.Input(number, code, k.cfg.Now()))
	}
	reply := k.run(ctx, cells.Request{
		Code:  code,
		Count: number,
		Store: store,
		Emit: func(e cells.Event) {
			if req.Silent {
				return
			}
			k.show(r.RawHeader, number, e)
			if result, ok := e.(cells.Result); ok && store {
				if text, ok := result.Data["text/plain"].(string); ok {
					k.remember(k.cfg.History.Output(number, text))
				}
			}
		},
		Input:           k.inputFor(r, orTrue(req.AllowStdin)),
		UserExpressions: req.UserExpressions,
	})
	for name, value := range reply.Metadata {
		r.metadata[name] = value
	}
	if reply.Err != nil {
		if orTrue(req.StopOnError) && r.failing != nil {
			r.failing()
		}
		if !req.Silent {
			e := reply.Err
			k.iopub.publish(r.RawHeader, "error", errorContent{e.Name, e.Value, lines(e.Traceback)})
		}
		return k.executeError(r, reply.Err)
	}
	return executeReply{isOK, k.executionCount(), payload(reply.Payload), orEmpty(reply.UserExpressions)}
}

// begin numbers a cell and makes it the one that an interrupt stops.
func (k *Kernel) begin(r *request, store, silent bool) (ctx context.Context, number int, done func()) {
	ctx, stop := context.WithCancel(k.ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	number = k.count + 1
	if store {
		k.count = number
	}
	if !silent {
		k.latest = r
	}
	k.stop = stop
	return ctx, number, func() {
		k.mu.Lock()
		k.stop = nil
		k.mu.Unlock()
		stop()
	}
}

// run keeps an interpreter's panic from taking the kernel down.
func (k *Kernel) run(ctx context.Context, r cells.Request) (reply cells.Reply) {
	defer func() {
		if p := recover(); p != nil {
			k.cfg.Log(fmt.Sprintf("panic while executing a cell: %v\n%s", p, debug.Stack()))
			f := internalError(p)
			reply = cells.Reply{Err: &cells.Error{Name: f.Name, Value: f.Value, Traceback: f.Traceback}}
		}
	}()
	if ctx.Err() != nil {
		interrupted := &cells.Error{Name: "KeyboardInterrupt", Value: "the cell was interrupted"}
		if k.ctx.Err() != nil {
			interrupted.Value = "the kernel is shutting down"
		}
		return cells.Reply{Err: interrupted}
	}
	return k.cfg.Interpreter.Execute(ctx, r)
}

func (k *Kernel) executeError(r *request, e *cells.Error) executeFailure {
	if r.metadata == nil {
		r.metadata = map[string]any{"started": k.date()}
	}
	return executeFailure{
		failure:         failure{"error", e.Name, e.Value, lines(e.Traceback)},
		Count:           k.executionCount(),
		Payload:         []map[string]any{},
		UserExpressions: map[string]any{},
	}
}

func (k *Kernel) executionCount() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.count
}

// remember logs a history that can't be written; the cell runs all the same.
func (k *Kernel) remember(err error) {
	if err != nil {
		k.cfg.Log(fmt.Sprintf("history is kept in memory only: %v", err))
	}
}

func orTrue(b *bool) bool { return b == nil || *b }

func lines(traceback []string) []string {
	if traceback == nil {
		return []string{}
	}
	return traceback
}

func payload(p []map[string]any) []map[string]any {
	if p == nil {
		return []map[string]any{}
	}
	return p
}
