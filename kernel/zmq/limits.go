package zmq

import "time"

// limits bound what connected strangers can use up. Sizes are in bytes.
type limits struct {
	peers     int           // connections to one socket, those still shaking hands included
	handshake time.Duration // from accept to a valid READY
	ready     int           // a READY command
	command   int           // any later command
	message   int           // one message, all its frames together
	topics    int           // subscriptions of one peer, each with topicCost beside its bytes

	outbox   int           // queued for one peer; one that is further behind is cut
	pace     int           // iopub waits for a reader that is this far behind …
	patience time.Duration // … unless it takes less than progress in this time
	progress int

	linger time.Duration // Close waits this long for clients to take what is queued
}

// frameCost and topicCost are what a frame or topic costs beside its bytes, so
// that millions of empty ones meet the same bound.
const (
	frameCost = 64
	topicCost = 64
)

var defaultLimits = limits{
	peers:     512,
	handshake: 10 * time.Second,
	ready:     8 << 10,
	command:   64 << 10,
	message:   256 << 20,
	topics:    64 << 20,
	outbox:    256 << 20,
	pace:      32 << 20,
	patience:  time.Second,
	progress:  1 << 20,
	linger:    time.Second,
}
