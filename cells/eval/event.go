package eval

// MIMEBundle maps a MIME type to its data: a string for text and base64 for
// binary types, any JSON value for application/json.
type MIMEBundle map[string]any

// An Event is something a running cell shows, in the order in which the cell
// made it.
type Event interface{ event() }

// Stream is text that a cell wrote; Name is "stdout" or "stderr". A character
// is never cut between two events. What is not UTF-8 stays as it was written;
// JSON has U+FFFD for it.
type Stream struct{ Name, Text string }

// Display is rich output (display_data); with Update it replaces what was shown
// under the same ID (update_display_data).
type Display struct {
	Data     MIMEBundle
	Metadata map[string]any
	ID       string // display_id; "" for none
	Update   bool
}

// Result is the value of the cell's last expression (execute_result).
type Result struct {
	Data     MIMEBundle
	Metadata map[string]any
}

// ClearOutput asks the front end to empty the cell's output; with Wait, only
// when the next output arrives.
type ClearOutput struct{ Wait bool }

// Value answers a unit that reports the session's variables (%whos, inspect):
// the value of Name as Go prints it, cut when long.
type Value struct{ Name, Text string }

// GoroutinePanic tells of a goroutine that ended in a panic, after its unit or
// beside it. The evaluator lives.
type GoroutinePanic struct{ Outcome Outcome }

func (Stream) event()         {}
func (Display) event()        {}
func (Result) event()         {}
func (ClearOutput) event()    {}
func (Value) event()          {}
func (GoroutinePanic) event() {}
