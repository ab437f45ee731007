// Package echo is a toy interpreter for tests of the protocol. A cell is a list
// of commands, one a line; see Execute.
package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/paracell/paracell/cells"
)

// Interpreter implements kernel.Interpreter. The zero value is ready.
type Interpreter struct {
	// OnInterrupt is called when a running cell is interrupted; may be nil.
	OnInterrupt func()

	mu         sync.Mutex
	background func(cells.Event)
	closed     bool
	gates      map[string]chan struct{}
}

// SetBackground is where the command "later" prints.
func (i *Interpreter) SetBackground(emit func(cells.Event)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.background = emit
}

// Later shows an event that belongs to no running cell.
func (i *Interpreter) Later(e cells.Event) {
	i.mu.Lock()
	emit := i.background
	i.mu.Unlock()
	emit(e)
}

// Gate is closed by Open and waited for by the command "gate NAME".
func (i *Interpreter) gate(name string) chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.gates == nil {
		i.gates = map[string]chan struct{}{}
	}
	if i.gates[name] == nil {
		i.gates[name] = make(chan struct{})
	}
	return i.gates[name]
}

// Open lets cells pass the gate.
func (i *Interpreter) Open(name string) { close(i.gate(name)) }

// Closed reports whether Close was called.
func (i *Interpreter) Closed() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.closed
}

// Close implements kernel.Interpreter.
func (i *Interpreter) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	return nil
}

// Execute runs commands:
//
//	print TEXT      stdout, with a newline
//	write TEXT      stdout, as it is; \n, \r and \b are escapes
//	warn TEXT       stderr, with a newline
//	show TEXT       display_data
//	show# ID TEXT   display_data with a display_id
//	update ID TEXT  update_display_data
//	image DATA      display_data with an image
//	clear, clear!   clear_output, waiting or at once
//	ask PROMPT      input_request; prints the answer
//	secret PROMPT   the same for a password
//	page TEXT       payload
//	nan, nanpage    display_data and payload that JSON can't hold
//	flood N         N lines
//	gate NAME       waits until the test opens the gate
//	wait            waits for an interrupt
//	fail NAME TEXT  an error
//	bug             panics
//	TEXT            anything else is the result
func (i *Interpreter) Execute(ctx context.Context, r cells.Request) cells.Reply {
	if i.OnInterrupt != nil {
		defer context.AfterFunc(ctx, i.OnInterrupt)()
	}
	var reply cells.Reply
	for line := range strings.SplitSeq(r.Code, "\n") {
		command, rest, _ := strings.Cut(line, " ")
		switch command {
		case "":
		case "print":
			r.Emit(cells.Stream{Name: "stdout", Text: rest + "\n"})
		case "write":
			text := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\b`, "\b").Replace(rest)
			r.Emit(cells.Stream{Name: "stdout", Text: text})
		case "warn":
			r.Emit(cells.Stream{Name: "stderr", Text: rest + "\n"})
		case "show":
			r.Emit(cells.Display{Data: text(rest)})
		case "show#":
			id, rest, _ := strings.Cut(rest, " ")
			r.Emit(cells.Display{Data: text(rest), ID: id})
		case "update":
			id, rest, _ := strings.Cut(rest, " ")
			r.Emit(cells.Display{Data: text(rest), ID: id, Update: true})
		case "image":
			r.Emit(cells.Display{Data: cells.MIMEBundle{"image/png": rest, "text/plain": "<picture>"}})
		case "clear", "clear!":
			r.Emit(cells.ClearOutput{Wait: command == "clear"})
		case "ask", "secret":
			if r.Input == nil {
				return failed("StdinNotImplementedError", "this front end cannot ask for input")
			}
			switch line, err := r.Input(ctx, rest, command == "secret"); {
			case errors.Is(err, io.EOF):
				return failed("EOFError", "the input was closed")
			case err != nil:
				return failed("KeyboardInterrupt", "")
			default:
				r.Emit(cells.Stream{Name: "stdout", Text: "got " + line + "\n"})
			}
		case "page":
			reply.Payload = append(reply.Payload, map[string]any{"source": "page", "data": text(rest), "start": 0})
		case "flood":
			var n int
			fmt.Sscan(rest, &n)
			for l := range n {
				r.Emit(cells.Stream{Name: "stdout", Text: fmt.Sprintf("line %d\n", l)})
			}
		case "gate":
			select {
			case <-i.gate(rest):
			case <-ctx.Done():
				return failed("KeyboardInterrupt", "")
			}
		case "wait":
			<-ctx.Done()
			return failed("KeyboardInterrupt", "")
		case "fail":
			name, value, _ := strings.Cut(rest, " ")
			return failed(name, value)
		case "bug":
			panic("a bug in the interpreter")
		case "nanpage":
			reply.Payload = append(reply.Payload, map[string]any{"source": make(chan int)})
		case "nan":
			r.Emit(cells.Display{Data: cells.MIMEBundle{"application/json": make(chan int)}})
		default:
			r.Emit(cells.Result{Data: text(line)})
		}
	}
	for name, expression := range r.UserExpressions {
		if reply.UserExpressions == nil {
			reply.UserExpressions = map[string]any{}
		}
		reply.UserExpressions[name] = map[string]any{"status": "ok", "data": text(expression), "metadata": map[string]any{}}
	}
	return reply
}

func text(s string) cells.MIMEBundle { return cells.MIMEBundle{"text/plain": s} }

func failed(name, value string) cells.Reply {
	return cells.Reply{Err: &cells.Error{Name: name, Value: value, Traceback: []string{name + ": " + value}}}
}

// Complete completes the word before the cursor with itself, doubled.
func (i *Interpreter) Complete(_ context.Context, code string, cursor int) cells.Completions {
	start := strings.LastIndexAny(code[:cursor], " \n") + 1
	word := code[start:cursor]
	if word == "" {
		return cells.Completions{}
	}
	return cells.Completions{Matches: []string{word, word + word}, Types: []string{"word", "words"}, Start: start, End: cursor}
}

// Inspect knows the word "print" and where the cursor is.
func (i *Interpreter) Inspect(_ context.Context, code string, cursor, detail int) (cells.MIMEBundle, bool) {
	if !strings.HasPrefix(code, "print") {
		return nil, false
	}
	return text(fmt.Sprintf("byte %d detail %d", cursor, detail)), true
}

// IsComplete understands code that ends in "{" as incomplete and in "}" as
// invalid.
func (i *Interpreter) IsComplete(code string) cells.Completeness {
	switch {
	case strings.HasSuffix(code, "{"):
		return cells.Completeness{Status: "incomplete", Indent: "\t"}
	case strings.HasSuffix(code, "}"):
		return cells.Completeness{Status: "invalid"}
	}
	return cells.Completeness{Status: "complete"}
}
