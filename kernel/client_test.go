package kernel_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/kernel"
	"github.com/paracell/paracell/kernel/internal/echo"
)

const testKey = "secret"

// client is a front end in memory: it signs requests, and checks the signature
// and the shape of everything that the kernel sends.
type client struct {
	t      *testing.T
	echo   *echo.Interpreter
	kernel *kernel.Kernel
	server *kernel.Server // nil when messages are handled one by one
	wire   *kernel.Wire
	ids    int

	mu      sync.Mutex
	arrived chan struct{} // closed and replaced at each message
	got     []received
	log     []string
}

// received is a message of the kernel as a client sees it.
type received struct {
	channel kernel.Channel
	*kernel.Message
	parent  string // msg_id of the parent; "" for none
	content map[string]any
}

func (m received) String() string {
	s := fmt.Sprintf("%s %s", m.channel, m.Header.Type)
	if m.Header.Type == "status" {
		s += fmt.Sprintf(" %v", m.content["execution_state"])
	}
	return s
}

// deadline is generous: it is only reached when a test fails.
const deadline = 30 * time.Second

// newClient starts a kernel that handles one message at a time.
func newClient(t *testing.T, change ...func(*kernel.Config)) *client {
	t.Helper()
	c := &client{t: t, echo: &echo.Interpreter{}, arrived: make(chan struct{}), wire: newWire(t)}
	cfg := kernel.Config{Interpreter: c.echo, Wire: newWire(t), Send: c.receive, Log: c.logged, StreamWindow: time.Hour}
	for _, f := range change {
		f(&cfg)
	}
	c.kernel = kernel.New(cfg)
	t.Cleanup(c.kernel.Close)
	return c
}

// newServed starts a kernel with its server.
func newServed(t *testing.T, change ...func(*kernel.Config)) *client {
	t.Helper()
	c := newClient(t, change...)
	c.server = kernel.Serve(c.kernel)
	t.Cleanup(c.server.Shutdown)
	return c
}

func newWire(t *testing.T) *kernel.Wire {
	t.Helper()
	w, err := kernel.NewWire("hmac-sha256", testKey)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (c *client) logged(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, line)
}

func (c *client) logs() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.log...)
}

func (c *client) receive(ch kernel.Channel, frames [][]byte) {
	m, err := c.wire.Decode(frames)
	if err != nil {
		c.t.Errorf("the kernel sent a message that doesn't decode: %v", err)
		return
	}
	r := received{channel: ch, Message: m}
	var parent kernel.Header
	json.Unmarshal(m.Parent, &parent)
	r.parent = parent.ID
	if err := json.Unmarshal(m.Content, &r.content); err != nil {
		c.t.Errorf("%s: %v", r, err)
	}
	checkShape(c.t, r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, r)
	close(c.arrived)
	c.arrived = make(chan struct{})
}

// send delivers a request and returns its msg_id.
func (c *client) send(ch kernel.Channel, kind string, content any) string {
	c.t.Helper()
	id, frames := c.encode(kind, content, nil)
	c.deliver(ch, frames)
	return id
}

func (c *client) deliver(ch kernel.Channel, frames [][]byte) {
	if c.server != nil {
		c.server.Deliver(ch, frames)
	} else {
		c.kernel.Handle(ch, frames)
	}
}

func (c *client) encode(kind string, content any, parent json.RawMessage) (string, [][]byte) {
	c.t.Helper()
	c.ids++
	id := fmt.Sprintf("request-%d", c.ids)
	body, err := json.Marshal(content)
	if err != nil {
		c.t.Fatal(err)
	}
	frames, err := c.wire.Encode(&kernel.Message{
		Identities: [][]byte{[]byte("client")},
		Header:     kernel.Header{ID: id, Session: "test", Username: "tester", Date: "2026-01-01T00:00:00Z", Type: kind, Version: "5.3"},
		Parent:     parent,
		Content:    body,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return id, frames
}

// wait returns the first message that wanted accepts.
func (c *client) wait(what string, wanted func(received) bool) received {
	c.t.Helper()
	timeout := time.After(deadline)
	seen := 0
	for {
		c.mu.Lock()
		got, arrived := c.got, c.arrived
		c.mu.Unlock()
		for _, m := range got[seen:] {
			if wanted(m) {
				return m
			}
		}
		seen = len(got)
		select {
		case <-arrived:
		case <-timeout:
			c.t.Fatalf("no %s; got %v", what, got)
		}
	}
}

// ask sends a request, waits for its idle and returns its reply.
func (c *client) ask(ch kernel.Channel, kind string, content any) received {
	c.t.Helper()
	id := c.send(ch, kind, content)
	c.idle(id)
	return c.reply(id)
}

func (c *client) idle(id string) {
	c.t.Helper()
	c.wait("idle of "+id, func(m received) bool {
		return m.parent == id && m.content["execution_state"] == "idle"
	})
}

func (c *client) reply(id string) received {
	c.t.Helper()
	return c.wait("reply to "+id, func(m received) bool {
		return m.parent == id && (m.channel == kernel.Shell || m.channel == kernel.Control)
	})
}

// of lists the messages that a request caused, in order.
func (c *client) of(id string) []received {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []received
	for _, m := range c.got {
		if m.parent == id {
			list = append(list, m)
		}
	}
	return list
}

func (c *client) all() []received {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]received(nil), c.got...)
}

// execute runs a cell and returns what it caused.
func (c *client) execute(code string, more ...map[string]any) (reply received, caused []received) {
	c.t.Helper()
	content := map[string]any{"code": code, "silent": false, "allow_stdin": true}
	for _, m := range more {
		for k, v := range m {
			content[k] = v
		}
	}
	id := c.send(kernel.Shell, "execute_request", content)
	c.idle(id)
	return c.reply(id), c.of(id)
}
