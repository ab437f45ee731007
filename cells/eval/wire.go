package eval

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
)

// The wire between the two processes: one stream of JSON values each way, on
// pipes of their own, beside the child's standard input, output and error.
//
// What the child writes to its standard output and error and what it reports
// arrive on three pipes, yet must be shown in the order in which it was made.
// So before each report that has its place in that order the child writes a
// Mark to both streams; who reads them lets nothing past a mark until the other
// stream has reached it too and, for a MarkReport, the report has been shown.

// Files of the child, beyond the three standard ones, in this order.
const (
	FileCommands = iota // to the child
	FileReports         // from the child
	FileCrash           // the runtime's last words, from the child
	FileCount
)

// EnvFiles names the environment variable that tells the child the file
// descriptors (or handles) of those files, separated by spaces.
const EnvFiles = "PARACELL_EVALUATOR"

// A Command is what the session tells the evaluator.
type Command struct {
	Op      CommandOp
	Nonce   []byte `json:",omitempty"` // Hello
	Unit    *Unit  `json:",omitempty"` // Run
	Stdin   bool   `json:",omitempty"` // Run: whether input can be asked for
	ID      int    `json:",omitempty"` // Reply: of the question
	Name    string `json:",omitempty"` // Set
	Value   string `json:",omitempty"` // Set; Reply: the line that was typed
	Payload []byte `json:",omitempty"` // Reply
	Error   string `json:",omitempty"` // Reply: why there is no answer; "EOF" for the end of input
}

// CommandOp is a kind of Command.
type CommandOp string

const (
	Hello  CommandOp = "hello"  // first: the nonce of this child's marks
	Run    CommandOp = "run"    // run a unit; one at a time
	Cancel CommandOp = "cancel" // interrupt the running unit
	Set    CommandOp = "set"    // change a setting
	Reply  CommandOp = "reply"  // answer a question
)

// A Report is what the evaluator tells the session. One of the pointers after
// Op is set, by Op.
type Report struct {
	Op  ReportOp
	Seq uint64 `json:",omitempty"` // the mark that it follows; 0: out of order

	Display *Display     `json:",omitempty"`
	Result  *Result      `json:",omitempty"`
	Clear   *ClearOutput `json:",omitempty"`
	Value   *Value       `json:",omitempty"`
	Outcome *Outcome     `json:",omitempty"`
	Ask     *Ask         `json:",omitempty"`
}

// ReportOp is a kind of Report.
type ReportOp string

const (
	Shown ReportOp = "shown" // an event
	Ended ReportOp = "ended" // the unit ended: Outcome, and the Result that it ended with
	Asked ReportOp = "asked" // a question: Ask

	// Out of order:
	ReadyNow ReportOp = "ready" // the evaluator takes commands
	SetNow   ReportOp = "set"   // a Set was done: Value's Text says why not, if so
	// Outcome says where a panic outside the unit's own goroutine was, in case
	// that nothing recovers it.
	PanicElsewhere ReportOp = "panic elsewhere"
)

// AskInput is the kind of Ask that wants a line from the user. Other kinds are
// answered by Config.Answer.
const AskInput = "input"

// AskWorker is the kind of Ask that wants to know how a worker process is
// started; its payload is the start method. The answer is a Worker as JSON.
const AskWorker = "worker"

// Definitions are what an interpreted worker process knows of a notebook.
type Definitions struct {
	Units []Unit
	Unfit map[string]string // functions that no worker can run, and why
}

// Worker is the command that starts a worker process.
type Worker struct{ Command []string }

// Ask is a question; the Reply carries its ID.
type Ask struct {
	ID       int
	Kind     string
	Prompt   string `json:",omitempty"`
	Password bool   `json:",omitempty"`
	Payload  []byte `json:",omitempty"`
}

// Event returns the event that r carries, or nil.
func (r *Report) Event() Event {
	switch {
	case r.Display != nil:
		return *r.Display
	case r.Result != nil:
		return *r.Result
	case r.Clear != nil:
		return *r.Clear
	case r.Value != nil:
		return *r.Value
	case r.Op == Shown && r.Outcome != nil:
		return GoroutinePanic{*r.Outcome}
	}
	return nil
}

// NewDecoder reads values of the wire; numbers in JSON displays keep their digits.
func NewDecoder(r io.Reader) *json.Decoder {
	d := json.NewDecoder(r)
	d.UseNumber()
	return d
}

// NewEncoder writes values of the wire.
func NewEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// MarkKind says what follows a mark.
type MarkKind byte

const (
	MarkTurn   MarkKind = 't' // output of the other stream
	MarkReport MarkKind = 'r' // the report with this number
)

const markTail = 9 // kind and number

// Mark returns the bytes of a mark: few enough for a pipe to take them in one
// piece, and not to be guessed by who does not know the nonce.
func Mark(nonce []byte, kind MarkKind, seq uint64) []byte {
	b := make([]byte, 0, len(nonce)+markTail)
	b = append(b, nonce...)
	b = append(b, byte(kind))
	return binary.BigEndian.AppendUint64(b, seq)
}

// cutMark looks for the first mark in b. It returns the text before it, whether
// there is a mark, its kind and number, and what is left to look at. Without a
// mark, rest is the end of b that may be the beginning of one.
func cutMark(nonce, b []byte) (text []byte, found bool, kind MarkKind, seq uint64, rest []byte) {
	i := bytes.Index(b, nonce)
	switch {
	case i >= 0 && len(b) >= i+len(nonce)+markTail:
		tail := b[i+len(nonce):]
		return b[:i], true, MarkKind(tail[0]), binary.BigEndian.Uint64(tail[1:markTail]), tail[markTail:]
	case i >= 0:
		return b[:i], false, 0, 0, b[i:]
	}
	for n := min(len(b), len(nonce)-1); n > 0; n-- {
		if bytes.HasPrefix(nonce, b[len(b)-n:]) {
			return b[:len(b)-n], false, 0, 0, b[len(b)-n:]
		}
	}
	return b, false, 0, 0, nil
}
