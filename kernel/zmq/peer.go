package zmq

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// A peer is a connection whose handshake is done, as zmq4 is given it: bytes of
// ZMTP that have been checked come out of Read, and what goes into Write is
// queued. Every way to fail ends in Close, and zmq4 sees io.EOF, the one error
// on which it forgets a connection.
type peer struct {
	net.Conn
	who   hello
	guard *guard
	in    *bufio.Reader
	out   *outbox

	// Of Read, which zmq4 calls from one goroutine.
	buf     []byte
	pending []byte // what of buf zmq4 has yet to take
	size    int    // of the message so far
	more    bool   // the message goes on
	topic   []byte // a subscription that zmq4 is about to take; nil for none
	topics  map[string]struct{}
	weight  int // of topics

	// Of Write, which zmq4 calls from one goroutine at a time.
	written messages

	ending  chan struct{} // closed when linger has begun
	ended   chan struct{} // closed when the client has hung up
	gone    chan struct{} // closed by Close
	flushed chan struct{} // closed when the outbox's writer has ended

	hangUpOnce, closeOnce sync.Once
}

func newPeer(conn net.Conn, in *bufio.Reader, who hello, g *guard) *peer {
	return &peer{
		Conn: conn, who: who, guard: g, in: in,
		out:     newOutbox(g.lim),
		pending: who.replay(),
		topics:  map[string]struct{}{},
		written: messages{skip: greetingSize},
		ending:  make(chan struct{}),
		ended:   make(chan struct{}),
		gone:    make(chan struct{}),
		flushed: make(chan struct{}),
	}
}

// write runs the outbox until it ends; the guard owns its goroutine.
func (p *peer) write() {
	err := p.out.run(p.Conn)
	close(p.flushed)
	if err != nil {
		p.Close()
	}
}

// Read gives zmq4 the next bytes. It returns no other error than io.EOF.
func (p *peer) Read(b []byte) (int, error) {
	for len(p.pending) == 0 {
		if err := p.next(); err != nil {
			p.hangUp()
			return 0, io.EOF
		}
	}
	n := copy(b, p.pending)
	p.pending = p.pending[n:]
	return n, nil
}

// hangUp keeps zmq4 from closing a peer that still has its last messages to
// get.
func (p *peer) hangUp() {
	p.hangUpOnce.Do(func() { close(p.ended) })
	select {
	case <-p.ending:
		<-p.gone
	default:
		p.Close()
	}
}

// next reads one frame and puts it into pending if it is for zmq4.
func (p *peer) next() error {
	// zmq4 asks for more only after it has taken the last subscription to heart:
	// from here on the client misses nothing.
	if topic := p.topic; topic != nil {
		p.topic = nil
		p.welcome(topic)
	}
	if cap(p.buf) > spareLimit {
		p.buf = nil
	}
	h, frame, body, err := readFrame(p.in, p.buf[:0], p.room)
	if err != nil {
		return err
	}
	p.buf = frame
	if h.is(flagCommand) {
		return p.command(frame[body:])
	}
	first := !p.more
	p.size += int(h.size) + frameCost
	if p.more = h.is(flagMore); !p.more {
		p.size = 0
	}
	if p.guard.socketType == zmq4.XPub {
		if first && !p.more && h.size > 0 {
			return p.subscription(frame[body], frame[body+1:])
		}
		return nil // a SUB has nothing else to say
	}
	p.pending = frame
	return nil
}

// room is how large the next frame may be.
func (p *peer) room(h frameHeader) int {
	if h.is(flagCommand) {
		return p.guard.lim.command
	}
	return p.guard.lim.message - p.size - frameCost
}

func (p *peer) command(body []byte) error {
	name, data, err := splitCommand(body)
	if err != nil {
		return err
	}
	switch name {
	case zmq4.CmdPing:
		const ttl, context = 2, 16
		if len(data) < ttl || len(data) > ttl+context {
			return fmt.Errorf("PING of %d bytes", len(data))
		}
		return p.send(appendCommand(nil, zmq4.CmdPong, data[ttl:]))
	case zmq4.CmdPong:
		return nil
	case zmq4.CmdSubscribe, zmq4.CmdCancel:
		if p.guard.socketType == zmq4.XPub {
			kind := byte(0)
			if name == zmq4.CmdSubscribe {
				kind = 1
			}
			return p.subscription(kind, data)
		}
	}
	return fmt.Errorf("unexpected command %q", name)
}

// subscription passes 1 and a topic on as a subscription, 0 as the end of one.
func (p *peer) subscription(kind byte, topic []byte) error {
	_, known := p.topics[string(topic)]
	switch kind {
	case 1:
		if !known {
			p.topics[string(topic)] = struct{}{}
			p.weight += len(topic) + topicCost
		}
		if p.weight > p.guard.lim.topics {
			return fmt.Errorf("%d subscriptions are too many", len(p.topics))
		}
		p.topic = append([]byte{}, topic...)
	case 0:
		if known {
			delete(p.topics, string(topic))
			p.weight -= len(topic) + topicCost
		}
	default:
		return nil
	}
	p.pending = appendFrame(nil, 0, append([]byte{kind}, topic...))
	return nil
}

func (p *peer) welcome(topic []byte) {
	if p.guard.welcome == nil {
		return
	}
	if frames := p.guard.welcome(topic); len(frames) > 0 {
		p.send(appendMessage(nil, frames))
	}
}

// Write takes what zmq4 writes and never fails: whether the client is still
// there, Read tells.
func (p *peer) Write(b []byte) (int, error) {
	broadcast := p.guard.socketType == zmq4.XPub
	p.written.add(b, func(message []byte) {
		if broadcast && isMark(message) {
			return
		}
		if p.send(message); broadcast {
			p.out.keepPace()
		}
	})
	return len(b), nil
}

func (p *peer) send(message []byte) error {
	if p.out.put(message) {
		return nil
	}
	p.Close()
	return io.EOF
}

// Close drops the connection at once.
func (p *peer) Close() error {
	p.closeOnce.Do(func() {
		close(p.gone)
		p.out.close()
		p.Conn.Close()
		p.guard.forget(p)
	})
	return nil
}

// linger closes the connection after the client has got everything that is
// queued and has hung up in turn, or when ctx ends. Closing sooner could make
// the network take back what the client hasn't read.
func (p *peer) linger(ctx context.Context) {
	defer p.Close()
	close(p.ending)
	p.out.finish()
	select {
	case <-p.flushed:
	case <-p.gone:
		return
	case <-ctx.Done():
		return
	}
	half, ok := p.Conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	select {
	case <-p.ended:
	case <-p.gone:
	case <-ctx.Done():
	}
}
