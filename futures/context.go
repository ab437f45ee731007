package futures

import (
	"context"
	"errors"
	"time"
)

// A taskContext is the context of a task, in a worker process, as the submitter has
// it: with its deadline, and ending as it does.
type taskContext struct {
	context.Context // has the cause
	why             context.CancelCauseFunc
	deadline        time.Time     // zero when there is none
	done            chan struct{} // closed once err is set
	err             error
}

func newTaskContext(deadline time.Time) *taskContext {
	c := &taskContext{deadline: deadline, done: make(chan struct{})}
	c.Context, c.why = context.WithCancelCause(context.Background())
	return c
}

func (c *taskContext) Deadline() (time.Time, bool) { return c.deadline, !c.deadline.IsZero() }
func (c *taskContext) Done() <-chan struct{}       { return c.done }

func (c *taskContext) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// end ends the context, unless it has ended. Only one goroutine at a time may call it.
func (c *taskContext) end(err, cause error) {
	if c.Err() == nil {
		c.why(cause)
		c.err = err
		close(c.done)
	}
}

// endTexts are how a context has ended, for a frame: whether its deadline passed,
// and the cause where that tells more.
func endTexts(ctx context.Context) []string {
	err, cause := ctx.Err(), context.Cause(ctx)
	texts := []string{""}
	if errors.Is(err, context.DeadlineExceeded) {
		texts[0] = "deadline"
	}
	if cause != err {
		texts = appendError(texts, cause)
	}
	return texts
}

// endOf is what endTexts tells of.
func endOf(texts []string) (err, cause error) {
	if err = context.Canceled; at(texts, 0) == "deadline" {
		err = context.DeadlineExceeded
	}
	if len(texts) < 2 {
		return err, err
	}
	cause, _ = remoteError(texts[1:])
	return err, cause
}
