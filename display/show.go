package display

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

// A Message is what a notebook is told to do.
type Message struct {
	Op   Op
	Data Data   // OpDisplay, OpUpdate
	ID   string // the display's id: OpUpdate, and OpDisplay when it may be updated
	Wait bool   // OpClear: only when the next output arrives
}

// Op is a kind of Message.
type Op string

const (
	OpDisplay Op = "display"
	OpUpdate  Op = "update"
	OpClear   Op = "clear"
)

var sink struct {
	sync.Mutex
	send func(Message)
}

// SetSink hands everything that is shown from now on to send, one message at a
// time. With nil, text forms go to standard output again: the default. It is
// for what hosts a program; cells have no need of it.
func SetSink(send func(Message)) {
	sink.Lock()
	defer sink.Unlock()
	sink.send = send
}

func hosted() bool {
	sink.Lock()
	defer sink.Unlock()
	return sink.send != nil
}

func send(m Message) {
	sink.Lock()
	defer sink.Unlock()
	switch {
	case sink.send != nil:
		sink.send(m)
	case m.Op != OpClear:
		fmt.Fprintln(os.Stdout, m.Data)
	}
}

// Show shows v at once, in the formats that [Of] finds.
func Show(v any) {
	d, _ := Of(v)
	send(Message{Op: OpDisplay, Data: d})
}

// ShowID is Show under an id, for [Update] to replace it later, also from
// another cell.
func ShowID(id string, v any) {
	d, _ := Of(v)
	send(Message{Op: OpDisplay, Data: d, ID: id})
}

// Update replaces everything that is shown under the id.
func Update(id string, v any) {
	d, _ := Of(v)
	send(Message{Op: OpUpdate, Data: d, ID: id})
}

// Clear empties the output of the running cell; with wait, not before the next
// output arrives, so that nothing flickers.
func Clear(wait bool) { send(Message{Op: OpClear, Wait: wait}) }

// A Handle is something shown that can be replaced.
type Handle struct{ id string }

// Live shows v and returns the handle that replaces it.
func Live(v any) *Handle {
	h := &Handle{id: newID()}
	ShowID(h.id, v)
	return h
}

// ID returns the id for [Update].
func (h *Handle) ID() string { return h.id }

// Update shows v in place of what was shown before.
func (h *Handle) Update(v any) { Update(h.id, v) }

var ids struct {
	sync.Mutex
	last int
}

// newID is unlike the ids of earlier processes too: a notebook keeps their
// displays.
func newID() string {
	ids.Lock()
	defer ids.Unlock()
	ids.last++
	return "d" + strconv.FormatInt(started.UnixNano(), 36) + "-" + strconv.Itoa(ids.last)
}

var started = time.Now()
