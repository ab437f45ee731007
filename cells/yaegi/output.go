package yaegi

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/paracell/paracell/cells/eval"
)

// output is the child's end of the wire: package eval says how marks keep
// events and the two streams in order.
type output struct {
	mu      sync.Mutex // orders marks
	nonce   []byte
	seq     uint64
	streams [2]*os.File // standard output and error, whatever user code does to them

	// A result is mostly the last thing of its unit: it waits for the report of
	// the unit's end, unless something else comes first. Every report wakes the
	// session up three times.
	result *eval.Result

	send    sync.Mutex // taken after mu
	reports *json.Encoder

	turn atomic.Int32 // the stream that was written last, as far as we saw
}

func newOutput(nonce []byte, reports *os.File) (*output, error) {
	o := &output{nonce: nonce, reports: eval.NewEncoder(reports)}
	for i, f := range []*os.File{os.Stdout, os.Stderr} {
		own, err := duplicate(f)
		if err != nil {
			return nil, fmt.Errorf("duplicate %s: %w", f.Name(), err)
		}
		o.streams[i] = own
	}
	return o, nil
}

// nobody is the stream that was written last, when the next writer shall look.
const nobody = -1

// mark writes the next mark to both streams; mu is held.
func (o *output) mark(kind eval.MarkKind) uint64 {
	o.seq++
	m := eval.Mark(o.nonce, kind, o.seq)
	for _, f := range o.streams {
		f.Write(m) // it fails only when the session is gone
	}
	return o.seq
}

// reportInOrder sends a report that comes after everything written before.
func (o *output) reportInOrder(r eval.Report) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.Op == eval.Ended {
		r.Result, o.result = o.result, nil
	}
	o.showResult()
	r.Seq = o.mark(eval.MarkReport)
	o.report(r)
}

// showResult reports the result that waits; mu is held.
func (o *output) showResult() {
	if r := o.result; r != nil {
		o.result = nil
		o.report(eval.Report{Op: eval.Shown, Seq: o.mark(eval.MarkReport), Result: r})
	}
}

// report sends a report that has no place among the output.
func (o *output) report(r eval.Report) {
	o.send.Lock()
	defer o.send.Unlock()
	o.reports.Encode(r) // it fails only when the session is gone
}

func (o *output) event(e eval.Event) {
	r := eval.Report{Op: eval.Shown}
	switch e := e.(type) {
	case eval.Display:
		r.Display = &e
	case eval.Result:
		o.mu.Lock()
		defer o.mu.Unlock()
		o.showResult()
		o.result = &e
		o.turn.Store(nobody) // whoever writes next shows it first
		return
	case eval.ClearOutput:
		r.Clear = &e
	case eval.Value:
		r.Value = &e
	default:
		return
	}
	o.reportInOrder(r)
}

// take says that the stream is about to be written. What was written to the
// other one before stays before.
func (o *output) take(stream int32) {
	if o.turn.Load() == stream {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.showResult()
	if o.turn.Swap(stream) != stream {
		o.mark(eval.MarkTurn)
	}
}

// A turnWriter writes to a standard stream, in turn.
type turnWriter struct {
	out    *output
	stream int32
	file   *os.File
}

func (w turnWriter) Write(b []byte) (int, error) {
	w.out.take(w.stream)
	return w.file.Write(b)
}
