package yaegi

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/traefik/yaegi/interp"

	"github.com/paracell/paracell/cells/eval"
)

// A tracer finds out where a panic came from.
type tracer struct {
	mu     sync.Mutex
	frames []eval.Frame
}

func newTracer() *tracer { return &tracer{} }

func (t *tracer) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frames = nil
}

func (t *tracer) attach(p *interp.Program) {}

// Write takes yaegi's own lines: "unit/_:line:column: panic: main.f(...)".
func (t *tracer) Write(b []byte) (int, error) {
	if m := position.FindStringSubmatch(string(b)); m != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.frames = append(t.frames, frameAt(m))
	}
	return len(b), nil
}

// outcome is that of a unit whose entry panicked with the value.
func (t *tracer) outcome(v any) eval.Outcome {
	v = plain(v)
	t.mu.Lock()
	defer t.mu.Unlock()
	return eval.Outcome{Kind: eval.Panicked, Message: panicText(v), Type: fmt.Sprintf("%T", v), Frames: t.frames}
}

func panicText(v any) string { return text(v) }

// unwrap returns what yaegi's valueInterface holds.
func unwrap(v any) (any, bool) {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Struct || t.Name() != "valueInterface" {
		return nil, false
	}
	return nil, false
}
