package zmq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"

	"github.com/go-zeromq/zmq4"
	"github.com/paracell/paracell/kernel"
)

var socketTypes = map[kernel.Channel]func(context.Context, ...zmq4.Option) zmq4.Socket{
	kernel.Shell:     zmq4.NewRouter,
	kernel.Control:   zmq4.NewRouter,
	kernel.Stdin:     zmq4.NewRouter,
	kernel.IOPub:     zmq4.NewXPub,
	kernel.Heartbeat: zmq4.NewRouter, // and so echoes every message exactly, which zmq4's REP does not
}

// Sockets are the five sockets of a kernel.
type Sockets struct {
	lim       limits
	cancel    context.CancelFunc
	sockets   map[kernel.Channel]*socket
	receivers sync.WaitGroup

	iopub     sync.Mutex // held to send, so that order is the callers'
	tap       *tap
	marks     int // how many were sent
	heard     int // how many of them the tap got
	unflushed int // bytes sent on iopub since the last flush

	starting sync.Mutex // Serve's start and Close exclude each other
	close    sync.Once
	open     context.Context // ends when Close begins
	shut     context.CancelFunc
}

type socket struct {
	zmq4.Socket
	guard *guard
}

// A Handler is called by Serve.
type Handler struct {
	// Message takes what came in on shell, control or stdin: the sender's
	// identity first, then the frames. Calls of one channel come one after the
	// other, those of different channels at the same time. The channel isn't
	// read on before Message returns.
	Message func(ch kernel.Channel, frames [][]byte)

	// Welcome returns the frames of the iopub_welcome that is sent to a client
	// alone, once its subscription to topic has taken effect. Nil, or no
	// frames, for none. May be called by several goroutines at once.
	Welcome func(topic []byte) [][]byte
}

// Listen binds the five endpoints of c and nothing else. Clients can connect
// from here on and are served by Serve. A port that is taken is a *ListenError.
func Listen(c kernel.Connection) (*Sockets, error) { return listen(c, defaultLimits) }

func listen(c kernel.Connection, lim limits) (*Sockets, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Sockets{
		lim: lim, cancel: cancel,
		sockets: map[kernel.Channel]*socket{},
		tap:     newTap(),
	}
	s.open, s.shut = context.WithCancel(ctx)
	for _, ch := range kernel.Channels {
		if err := s.bind(ctx, c, ch); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

func (s *Sockets) bind(ctx context.Context, c kernel.Connection, ch kernel.Channel) error {
	l, err := bind(c, ch)
	if err != nil {
		return err
	}
	sock := &socket{guard: newGuard(l, s.lim)}
	sock.Socket = socketTypes[ch](
		context.WithValue(ctx, guardKey{}, sock.guard),
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
	)
	sock.guard.socketType = sock.Type()
	s.sockets[ch] = sock
	if err := sock.Listen(scheme + "://" + string(ch)); err != nil {
		return &ListenError{ch, c.Endpoint(ch), err}
	}
	if ch == kernel.IOPub {
		sock.guard.admitted <- s.tap
		<-s.tap.live
	}
	return nil
}

// Serve lets clients in and calls h until ctx ends or Close is called. After
// that nothing more is handed to h, but Send still works until Close. Serve is
// called once.
func (s *Sockets) Serve(ctx context.Context, h Handler) error {
	s.start(ctx, h)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.open.Done():
		return nil
	}
}

func (s *Sockets) start(ctx context.Context, h Handler) {
	s.starting.Lock()
	defer s.starting.Unlock()
	if s.isClosed() {
		return
	}
	for ch, sock := range s.sockets {
		switch ch {
		case kernel.IOPub:
			sock.guard.welcome = h.Welcome
		case kernel.Heartbeat:
			echo := func(_ kernel.Channel, frames [][]byte) { sock.Send(zmq4.NewMsgFrom(frames...)) }
			s.receivers.Go(func() { s.receive(context.Background(), ch, sock, echo) })
		default:
			s.receivers.Go(func() { s.receive(ctx, ch, sock, h.Message) })
		}
		sock.guard.tasks.Go(sock.guard.serve)
	}
}

func (s *Sockets) receive(ctx context.Context, ch kernel.Channel, sock *socket, handle func(kernel.Channel, [][]byte)) {
	for {
		message, err := sock.Recv()
		if s.isClosed() {
			return
		}
		if err == nil && ctx.Err() == nil {
			handle(ch, message.Frames)
		}
	}
}

func (s *Sockets) isClosed() bool { return s.open.Err() != nil }

var errClosed = errors.New("the sockets are closed")

// Send queues a message: on iopub the first frame is the topic, elsewhere the
// identity of the client. A client that has gone is no error. Frames must not
// be changed afterwards. On iopub Send waits while it is far ahead of a client
// that reads on, so nobody who reads loses anything.
func (s *Sockets) Send(ch kernel.Channel, frames [][]byte) error {
	sock := s.sockets[ch]
	if len(frames) < 2 || sock == nil || ch == kernel.Heartbeat {
		return fmt.Errorf("a message of %d frames cannot be sent on %s", len(frames), ch)
	}
	if s.isClosed() {
		return errClosed
	}
	if ch != kernel.IOPub {
		// zmq4 sends to every connection of that identity. One that is being
		// taken over may still be among them; the newer one got the message.
		err := sock.Send(zmq4.NewMsgFrom(frames...))
		if errors.Is(err, zmq4.ErrClosedConn) {
			return nil
		}
		return err
	}
	s.iopub.Lock()
	defer s.iopub.Unlock()
	if err := sock.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		return err
	}
	for _, f := range frames {
		s.unflushed += len(f) + frameCost
	}
	if s.unflushed < 1<<20 {
		return nil
	}
	return s.flush(s.open)
}

// flush waits until everything that was sent on iopub is in the clients'
// outboxes. The caller holds s.iopub.
func (s *Sockets) flush(ctx context.Context) error {
	if err := s.sockets[kernel.IOPub].Send(zmq4.NewMsg(mark)); err != nil {
		return err
	}
	// A flush that gave up leaves its mark to be heard by the next.
	for s.marks++; s.heard < s.marks; s.heard++ {
		select {
		case <-s.tap.marks:
		case <-ctx.Done():
			return errClosed
		}
	}
	s.unflushed = 0
	return nil
}

// Close lets clients have what is queued for them, for a second at most, and
// ends everything. It waits for a Message that is being handled.
func (s *Sockets) Close() error {
	s.close.Do(func() {
		s.starting.Lock()
		s.shut()
		s.starting.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), s.lim.linger)
		defer cancel()
		s.linger(ctx)

		s.cancel()
		s.tap.Close()
		for _, sock := range s.sockets {
			sock.Close()
		}
		s.receivers.Wait()
	})
	return nil
}

// linger stops accepting and says goodbye to the clients.
func (s *Sockets) linger(ctx context.Context) {
	for _, sock := range s.sockets {
		sock.guard.Close()
	}
	if s.sockets[kernel.IOPub] != nil {
		s.iopub.Lock()
		s.flush(ctx)
		s.iopub.Unlock()
	}
	var goodbyes sync.WaitGroup
	for _, sock := range s.sockets {
		goodbyes.Go(func() { sock.guard.linger(ctx) })
	}
	goodbyes.Wait()
}
