package zmq

import (
	"net"
	"sync"
	"time"
)

// An outbox holds what one peer has yet to be sent. Its run method is the only
// writer of the connection.
type outbox struct {
	lim limits

	mu       sync.Mutex
	wake     *sync.Cond // run waits for something to write
	buf      []byte
	queued   int           // buf and what run is writing
	taken    int           // all that was ever written
	moved    chan struct{} // keepPace waits for taken to change
	vain     int           // what taken was when keepPace last waited in vain
	stalled  bool          // and whether that still holds
	finished bool          // nothing more will be put
	closed   bool
}

func newOutbox(lim limits) *outbox {
	o := &outbox{lim: lim, moved: make(chan struct{}, 1)}
	o.wake = sync.NewCond(&o.mu)
	return o
}

// put queues one message, of which it keeps a copy. False means that the peer
// is too far behind and must be cut off.
func (o *outbox) put(message []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.finished {
		return true
	}
	if o.queued > 0 && o.queued+len(message) > o.lim.outbox {
		return false
	}
	o.buf = append(o.buf, message...)
	o.queued += len(message)
	o.wake.Signal()
	return true
}

// keepPace holds the sender back while the reader is far behind yet reads on.
// A reader that has stalled isn't waited for again before it moves.
func (o *outbox) keepPace() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.behind() {
		if o.stalled && o.taken-o.vain < o.lim.progress {
			return
		}
		before := o.taken
		o.stalled = !o.sawProgress(before)
		o.vain = o.taken
	}
	o.stalled = false
}

func (o *outbox) behind() bool { return o.queued > o.lim.pace && !o.closed }

// sawProgress waits until the reader has taken enough, or for as long as
// patience goes. It lets go of the lock while it waits.
func (o *outbox) sawProgress(before int) bool {
	enough := time.NewTimer(o.lim.patience)
	defer enough.Stop()
	for o.behind() && o.taken-before < o.lim.progress {
		o.mu.Unlock()
		select {
		case <-o.moved:
			o.mu.Lock()
		case <-enough.C:
			o.mu.Lock()
			return false
		}
	}
	return true
}

// run writes until the outbox is finished and empty, or closed, or the
// connection fails.
func (o *outbox) run(conn net.Conn) error {
	var spare []byte
	for {
		o.mu.Lock()
		for len(o.buf) == 0 && !o.finished && !o.closed {
			o.wake.Wait()
		}
		if o.closed || len(o.buf) == 0 {
			o.mu.Unlock()
			return nil
		}
		batch := o.buf
		o.buf = spare[:0]
		o.mu.Unlock()

		// In steps, so that keepPace sees a slow reader move.
		for left := batch; len(left) > 0; {
			n, err := conn.Write(left[:min(len(left), 256<<10)])
			left = left[n:]
			o.wrote(n)
			if err != nil {
				return err
			}
		}
		if spare = batch; cap(spare) > spareLimit {
			spare = nil
		}
	}
}

func (o *outbox) wrote(n int) {
	o.mu.Lock()
	o.queued -= n
	o.taken += n
	o.mu.Unlock()
	select {
	case o.moved <- struct{}{}:
	default:
	}
}

// finish lets run end once everything is written.
func (o *outbox) finish() {
	o.mu.Lock()
	o.finished = true
	o.mu.Unlock()
	o.wake.Signal()
}

// close drops what is queued.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.wake.Signal()
	select {
	case o.moved <- struct{}{}:
	default:
	}
}
