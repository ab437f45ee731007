package zmq

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

// scheme is the guarded transport's name in zmq4's endpoints.
const scheme = "guarded"

func init() {
	if err := zmq4.RegisterTransport(scheme, guarded{}); err != nil {
		panic(err)
	}
}

// guarded is the transport. The address of its endpoints is only a name: the
// guard to use comes with the context that the zmq4 socket was made with.
type guarded struct{}

type guardKey struct{}

func (guarded) Addr(endpoint string) (string, error) { return endpoint, nil }

func (guarded) Listen(ctx context.Context, _ string) (net.Listener, error) {
	return ctx.Value(guardKey{}).(*guard), nil
}

func (guarded) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errors.New("the guarded transport only listens")
}

// A guard is the listener that zmq4 accepts from: it lets through only peers
// whose handshake is done.
type guard struct {
	net.Listener
	lim        limits
	socketType zmq4.SocketType             // set before serve, as is
	welcome    func(topic []byte) [][]byte // nil for none

	admitted chan net.Conn
	slots    chan struct{} // one taken per connection
	closing  chan struct{}
	tasks    sync.WaitGroup // the goroutines of serve and of each connection

	mu         sync.Mutex
	closed     bool
	peers      map[*peer]struct{}
	identities map[string]*peer
	strangers  map[net.Conn]struct{} // still shaking hands
}

func newGuard(l net.Listener, lim limits) *guard {
	return &guard{
		Listener: l, lim: lim,
		admitted:   make(chan net.Conn, 1),
		slots:      make(chan struct{}, lim.peers),
		closing:    make(chan struct{}),
		peers:      map[*peer]struct{}{},
		identities: map[string]*peer{},
		strangers:  map[net.Conn]struct{}{},
	}
}

// Accept is zmq4's. It returns a *peer, and an error only after Close.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case c := <-g.admitted:
		return c, nil
	case <-g.closing:
		return nil, net.ErrClosed
	}
}

// serve accepts from the network until Close.
func (g *guard) serve() {
	const least, most = 5 * time.Millisecond, time.Second
	pause := least
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			// Out of file descriptors, most likely: they come back.
			select {
			case <-g.closing:
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, most)
			continue
		}
		pause = least
		select {
		case g.slots <- struct{}{}:
		default:
			conn.Close()
			continue
		}
		if !g.start(conn) {
			return
		}
	}
}

// start gives a new connection its goroutine.
func (g *guard) start(conn net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		conn.Close()
		return false
	}
	g.strangers[conn] = struct{}{}
	g.tasks.Go(func() { g.meet(conn) })
	return true
}

// meet is the goroutine of a connection: the handshake, and then its writing.
func (g *guard) meet(conn net.Conn) {
	in := bufio.NewReaderSize(conn, 16<<10)
	who, err := shakeHands(conn, in, g.socketType, g.lim)
	p := newPeer(conn, in, who, g)
	if !g.admit(p, err == nil) {
		conn.Close()
		<-g.slots
		return
	}
	select {
	case g.admitted <- p:
	case <-g.closing:
		p.Close()
	}
	p.write()
}

// admit turns a stranger into a peer. The peer that had its identity goes.
func (g *guard) admit(p *peer, ok bool) bool {
	g.mu.Lock()
	delete(g.strangers, p.Conn)
	if !ok || g.closed {
		g.mu.Unlock()
		return false
	}
	var old *peer
	if p.who.identity != "" && g.socketType == zmq4.Router {
		old = g.identities[p.who.identity]
		g.identities[p.who.identity] = p
	}
	g.peers[p] = struct{}{}
	g.mu.Unlock()
	if old != nil {
		old.Close()
	}
	return true
}

// forget is told by a peer that it has closed.
func (g *guard) forget(p *peer) {
	g.mu.Lock()
	delete(g.peers, p)
	if g.identities[p.who.identity] == p {
		delete(g.identities, p.who.identity)
	}
	g.mu.Unlock()
	<-g.slots
}

// Close stops accepting and drops whoever is still shaking hands. Peers stay.
func (g *guard) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil
	}
	g.closed = true
	close(g.closing)
	for conn := range g.strangers {
		conn.Close()
	}
	return g.Listener.Close()
}

// linger closes every peer after it has been sent what is queued, or when ctx
// ends, and waits for the guard's goroutines. Close comes first.
func (g *guard) linger(ctx context.Context) {
	g.mu.Lock()
	for p := range g.peers {
		g.tasks.Go(func() { p.linger(ctx) })
	}
	g.mu.Unlock()
	g.tasks.Wait()
}
