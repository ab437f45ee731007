package kernel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
)

type inputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// stdin is the one line that a cell may be waiting for.
type stdin struct {
	ask sync.Mutex // one question at a time

	mu      sync.Mutex
	waiting *question
}

type question struct {
	id     string   // msg_id of the input_request
	from   [][]byte // whom we asked
	answer chan string
}

// endOfInput is what front ends send when the user closes the input.
const endOfInput = "\x04"

// inputFor is how the cell of r asks its user; nil where the front end doesn't
// allow it.
func (k *Kernel) inputFor(r *request, allowed bool) func(context.Context, string, bool) (string, error) {
	if !allowed {
		return nil
	}
	return func(ctx context.Context, prompt string, password bool) (string, error) {
		return k.input(ctx, r, prompt, password)
	}
}

func (k *Kernel) input(ctx context.Context, r *request, prompt string, password bool) (string, error) {
	k.stdin.ask.Lock()
	defer k.stdin.ask.Unlock()

	k.iopub.flush()
	content, err := marshal(inputRequest{prompt, password})
	if err != nil {
		return "", err
	}
	m := &Message{Identities: r.Identities, Header: k.header("input_request"), Parent: r.RawHeader, Content: content}
	frames, err := k.cfg.Wire.Encode(m)
	if err != nil {
		return "", err
	}
	// Replies that come while nobody waits are dropped, so that an old one can't
	// answer this question.
	q := &question{id: m.Header.ID, from: r.Identities, answer: make(chan string, 1)}
	k.stdin.wait(q)
	defer k.stdin.wait(nil)
	k.cfg.Send(Stdin, frames)

	select {
	case line := <-q.answer:
		if line == endOfInput {
			return "", io.EOF
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *stdin) wait(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = q
}

// reply takes a message of the stdin channel.
func (s *stdin) reply(k *Kernel, m *Message) {
	if m.Header.Type != "input_reply" {
		k.log.drop(Stdin, errors.New("not an input_reply"))
		return
	}
	var content struct {
		Value *string `json:"value"`
	}
	if err := json.Unmarshal(m.Content, &content); err != nil || content.Value == nil {
		k.log.drop(Stdin, errors.New("an input_reply without a text value"))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.waiting
	if q == nil || !slices.EqualFunc(q.from, m.Identities, bytes.Equal) || k.answersOther(m, q) {
		k.log.drop(Stdin, errors.New("an input_reply that nobody waits for"))
		return
	}
	s.waiting = nil
	q.answer <- *content.Value
}

// answersOther reports whether a reply names an earlier question of ours. Many
// clients name none.
func (k *Kernel) answersOther(m *Message, q *question) bool {
	var parent Header
	if json.Unmarshal(m.Parent, &parent) != nil {
		return false
	}
	return parent.Session == k.session && parent.ID != q.id
}
