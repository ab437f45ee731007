package kernel

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/paracell/paracell/cells"
)

// iopub is the one ordered line of everything broadcast. Printed text waits a
// moment for more of the same kind, so that a loop of prints becomes a few
// messages; whatever else is broadcast pushes it out first.
type iopub struct {
	send   func(parent json.RawMessage, kind string, content any)
	window time.Duration

	mu      sync.Mutex
	pending struct {
		parent json.RawMessage
		name   string
		text   strings.Builder
	}
	timer *time.Timer
	cell  *request // the cell that is busy now
}

// streamLimit is the most text that one stream message carries.
const streamLimit = 256 << 10

type status struct {
	State string `json:"execution_state"`
}

type streamContent struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (p *iopub) publish(parent json.RawMessage, kind string, content any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushLocked()
	p.send(parent, kind, content)
}

func (p *iopub) stream(parent json.RawMessage, name, text string) {
	if text == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q := &p.pending
	if q.text.Len() > 0 && (q.name != name || string(q.parent) != string(parent)) {
		p.flushLocked()
	}
	if q.text.Len() == 0 {
		q.parent, q.name = parent, name
		if p.timer == nil {
			p.timer = time.AfterFunc(p.window, p.flush)
		} else {
			p.timer.Reset(p.window)
		}
	}
	q.text.WriteString(text)
	if q.text.Len() >= streamLimit {
		p.flushLocked()
	}
}

// flush sends the text that waits.
func (p *iopub) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushLocked()
}

func (p *iopub) flushLocked() {
	q := &p.pending
	if q.text.Len() == 0 {
		return
	}
	p.timer.Stop()
	text := q.text.String()
	q.text.Reset()
	for _, piece := range split(text, streamLimit) {
		p.send(q.parent, "stream", streamContent{q.name, piece})
	}
}

// split cuts text into pieces of at most limit bytes, between characters.
func split(text string, limit int) []string {
	var pieces []string
	for len(text) > limit {
		cut := limit
		for cut > limit-4 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		pieces, text = append(pieces, text[:cut]), text[cut:]
	}
	return append(pieces, text)
}

func (p *iopub) busy(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushLocked()
	if r.Header.Type == "execute_request" {
		p.cell = r
	}
	p.send(r.RawHeader, "status", status{"busy"})
}

// idle ends a request. Front ends show the latest status whatever it belongs
// to, so when a question was answered beside a running cell, the cell's busy
// is said again.
func (p *iopub) idle(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushLocked()
	if p.cell == r {
		p.cell = nil
	}
	p.send(r.RawHeader, "status", status{"idle"})
	if p.cell != nil {
		p.send(p.cell.RawHeader, "status", status{"busy"})
	}
}

// sendIOPub is called with the lock of iopub held, which keeps the order.
func (k *Kernel) sendIOPub(parent json.RawMessage, kind string, content any) {
	topic := [][]byte{[]byte("kernel." + k.session + "." + kind)}
	err := k.send(IOPub, topic, parent, kind, content, nil)
	if err == nil {
		return
	}
	// A bundle that JSON can't hold, such as a NaN. Say so where it would stand.
	k.cfg.Log(fmt.Sprintf("%s: %v", kind, err))
	note := streamContent{"stderr", fmt.Sprintf("paracell: this %s cannot be sent: %v\n", kind, err)}
	if err := k.send(IOPub, topic, parent, "stream", note, nil); err != nil {
		k.cfg.Log(err.Error())
	}
}

// display is the content of display_data and update_display_data.
type display struct {
	Data      cells.MIMEBundle `json:"data"`
	Metadata  map[string]any   `json:"metadata"`
	Transient map[string]any   `json:"transient"`
}

type executeResult struct {
	Count    int              `json:"execution_count"`
	Data     cells.MIMEBundle `json:"data"`
	Metadata map[string]any   `json:"metadata"`
}

type clearOutput struct {
	Wait bool `json:"wait"`
}

// show broadcasts a cell's event.
func (k *Kernel) show(parent json.RawMessage, count int, e cells.Event) {
	switch e := e.(type) {
	case cells.Stream:
		k.iopub.stream(parent, e.Name, e.Text)
	case cells.Display:
		kind, transient := "display_data", map[string]any{}
		if e.Update {
			kind = "update_display_data"
		}
		if e.ID != "" {
			transient["display_id"] = e.ID
		}
		k.iopub.publish(parent, kind, display{bundle(e.Data), orEmpty(e.Metadata), transient})
	case cells.Result:
		k.iopub.publish(parent, "execute_result", executeResult{count, bundle(e.Data), orEmpty(e.Metadata)})
	case cells.ClearOutput:
		k.iopub.publish(parent, "clear_output", clearOutput{e.Wait})
	}
}

// background shows what was printed after its cell ended. The latest cell takes
// it, as in ipykernel: a front end has no other place for it.
func (k *Kernel) background(e cells.Event) {
	k.mu.Lock()
	r, count := k.latest, k.count
	k.mu.Unlock()
	if r == nil {
		k.show(nil, count, e)
		return
	}
	k.show(r.RawHeader, count, e)
}

// JSON has neither nil maps nor nil slices where a client expects {} and [].

func bundle(m cells.MIMEBundle) cells.MIMEBundle {
	if m == nil {
		return cells.MIMEBundle{}
	}
	return m
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
