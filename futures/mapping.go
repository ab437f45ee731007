package futures

import (
	"context"
)

// Mapping is a Map under way. NewMapping starts it; Next hands out the results
// in the order of the arguments; Close cancels what is left.
type Mapping struct {
	e      Executor
	task   Task
	next   func() (any, bool)
	wait   context.Context // ends the waiting
	run    context.Context // ends the tasks
	cancel context.CancelFunc
	queue  []*AnyFuture
	more   bool
	err    error // yielded once, when the queue is empty
}

// NewMapping submits the task for each argument that next yields.
func NewMapping(e Executor, task Task, next func() (any, bool), opts ...MapOption) *Mapping {
	o := mapOptions{ctx: context.Background()}
	for _, opt := range opts {
		opt(&o)
	}
	m := &Mapping{e: e, task: task, next: next, more: true}
	m.run, m.cancel = o.ctx, func() {}
	m.wait = m.run
	if o.timeout > 0 {
		m.wait, m.cancel = context.WithTimeout(m.run, o.timeout)
	}
	switch {
	case o.chunked && o.chunk < 1:
		m.more, m.err = false, &ValueError{"chunksize must be >= 1."}
	case o.buffered && o.buffer <= 0:
		m.more, m.err = false, &ValueError{"buffersize must be > 0"}
	}
	for m.more && (!o.buffered || len(m.queue) < o.buffer) {
		m.fill()
	}
	return m
}

func (m *Mapping) fill() {
	arg, ok := m.next()
	if !ok {
		m.more = false
		return
	}
	m.queue = append(m.queue, m.e.SubmitTask(m.run, m.task, arg))
}

// Next waits for the next result: its value, its error, and whether there was
// one. The iteration ends, after an error that says so, when time ran out or
// the context of MapWithin ended.
func (m *Mapping) Next() (value any, err error, ok bool) { //nolint:revive // the order of iter.Seq2, then ok
	if len(m.queue) == 0 {
		err, m.err = m.err, nil
		return nil, err, err != nil
	}
	f := m.queue[0]
	select {
	case <-f.C():
	case <-m.wait.Done():
		if !f.Done() {
			m.Close()
			return nil, waitError(m.wait), true
		}
	}
	m.queue[0] = nil
	m.queue = m.queue[1:]
	if m.more {
		m.fill()
	}
	value, err = f.Result()
	return value, err, true
}

// Close cancels what has not started. It may be called again.
func (m *Mapping) Close() {
	for _, f := range m.queue {
		f.Cancel()
	}
	m.queue, m.more = nil, false
	m.cancel()
}
