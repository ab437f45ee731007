package futures

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrInterrupted is the cause with which a host ends the context of tasks that are to
// end at once: those that have not started are cancelled, and a worker process that
// runs one is killed and replaced.
var ErrInterrupted = errors.New("interrupted")

// interruptGrace is how long a task may still look at its context then.
const interruptGrace = 50 * time.Millisecond

type scope struct {
	adopt func(context.Context) context.Context
	enter func(context.Context)
}

var host atomic.Pointer[scope]

// SetScope is for what hosts programs that it can interrupt. adopt makes of the
// context that a task is submitted with the one that it gets; enter is called in a
// goroutine of a pool before it runs a task with such a context, and at its start with
// context.Background.
func SetScope(adopt func(context.Context) context.Context, enter func(context.Context)) {
	host.Store(&scope{adopt, enter})
}

func adopted(ctx context.Context) context.Context {
	if h := host.Load(); h != nil {
		return h.adopt(ctx)
	}
	return ctx
}

func enter(ctx context.Context) {
	if h := host.Load(); h != nil {
		h.enter(ctx)
	}
}
