package futures

import "context"

// A call is a task with its argument and its future.
type call struct {
	due
	task Task
}

// due is what a call is but for its task.
type due struct {
	ctx context.Context
	arg any
	f   *AnyFuture
}

// begin tells whether the call is to be run: not when it was cancelled, or its
// context has ended.
func (c due) begin() bool {
	if c.ctx.Err() != nil {
		c.f.Cancel()
	}
	return c.f.SetRunningOrNotifyCancel()
}

// settle gives the future its outcome, unless another one was faster.
func (c due) settle(value any, err error) { _ = c.f.finish(value, err) }

// fail gives the future an error unless it was cancelled.
func (c due) fail(err error) { c.f.fail(err) }
