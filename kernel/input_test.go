package kernel_test

import (
	"encoding/json"
	"testing"

	"github.com/paracell/paracell/kernel"
)

func (c *client) question() received {
	c.t.Helper()
	return c.wait("input_request", func(m received) bool { return m.channel == kernel.Stdin })
}

func (c *client) answer(line any, parent json.RawMessage) {
	c.t.Helper()
	_, frames := c.encode("input_reply", map[string]any{"status": "ok", "value": line}, parent)
	c.deliver(kernel.Stdin, frames)
}

func TestInput(t *testing.T) {
	c := newServed(t)
	id := c.start("print before\nsecret name")
	q := c.question()
	equal(t, q.content, map[string]any{"prompt": "name", "password": true})
	equal(t, q.parent, id)
	equal(t, string(q.Identities[0]), "client")
	equal(t, names(c.of(id)), []string{"iopub status busy", "iopub execute_input", "iopub stream", "stdin input_request"})
	c.answer("Ann", nil)
	c.idle(id)
	equal(t, c.of(id)[4].content["text"], "got Ann\n")
}

func TestInputClosed(t *testing.T) {
	c := newServed(t)
	id := c.start("ask name")
	c.question()
	c.answer("\x04", nil)
	equal(t, c.reply(id).content["ename"], "EOFError")
}

func TestInputNotAllowed(t *testing.T) {
	c := newServed(t)
	reply, _ := c.execute("ask name", map[string]any{"allow_stdin": false})
	equal(t, reply.content["ename"], "StdinNotImplementedError")
}

// Answers to nobody, to an earlier question, from somebody else, or without a
// text don't reach the cell.
func TestStrayAnswers(t *testing.T) {
	c := newServed(t)
	c.answer("too early", nil)
	first := c.start("ask one")
	earlier := c.question()
	c.send(kernel.Control, "interrupt_request", map[string]any{})
	c.idle(first)

	second := c.start("ask two")
	q := c.wait("second input_request", func(m received) bool { return m.parent == second && m.channel == kernel.Stdin })
	c.answer("late", earlier.RawHeader)
	c.answer(5, nil)
	_, frames := c.encode("input_reply", map[string]any{"value": "stranger"}, nil)
	frames[0] = []byte("stranger")
	c.deliver(kernel.Stdin, frames)
	_, frames = c.encode("execute_request", cell("print x"), nil)
	c.deliver(kernel.Stdin, frames)
	c.answer("right", q.RawHeader)
	c.answer("twice", q.RawHeader)
	c.idle(second)
	var text any
	for _, m := range c.of(second) {
		if m.Header.Type == "stream" {
			text = m.content["text"]
		}
	}
	equal(t, text, "got right\n")
}
