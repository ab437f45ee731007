package zmq

import (
	"io"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A tap is a subscriber inside the process. zmq4's XPUB socket queues messages
// without a bound and doesn't say when they have gone out; but it hands them to
// its subscribers in order, one message after the other. So when the tap gets a
// mark, all messages before it are in the outboxes of all peers.
type tap struct {
	pending []byte
	reading sync.Once
	live    chan struct{} // closed when zmq4 has taken the subscription
	marks   chan struct{}
	gone    chan struct{}
	close   sync.Once
	written messages
}

// mark is a message of one frame. Jupyter's have more, so a mark that reaches
// somebody who subscribed to everything is easily told and dropped.
var mark = []byte("\x00mark")

func isMark(message []byte) bool { return message[0]&flagMore == 0 }

func newTap() *tap {
	subscriber := hello{socketType: string(zmq4.Sub)}
	return &tap{
		pending: appendFrame(subscriber.replay(), 0, append([]byte{1}, mark...)),
		live:    make(chan struct{}),
		marks:   make(chan struct{}, 1),
		gone:    make(chan struct{}),
		written: messages{skip: greetingSize},
	}
}

func (t *tap) Read(b []byte) (int, error) {
	if len(t.pending) == 0 {
		t.reading.Do(func() { close(t.live) })
		<-t.gone
		return 0, io.EOF
	}
	n := copy(b, t.pending)
	t.pending = t.pending[n:]
	return n, nil
}

func (t *tap) Write(b []byte) (int, error) {
	t.written.add(b, func([]byte) {
		select {
		case t.marks <- struct{}{}:
		case <-t.gone:
		}
	})
	return len(b), nil
}

func (t *tap) Close() error {
	t.close.Do(func() { close(t.gone) })
	return nil
}

func (*tap) LocalAddr() net.Addr              { return nil }
func (*tap) RemoteAddr() net.Addr             { return nil }
func (*tap) SetDeadline(time.Time) error      { return nil }
func (*tap) SetReadDeadline(time.Time) error  { return nil }
func (*tap) SetWriteDeadline(time.Time) error { return nil }
