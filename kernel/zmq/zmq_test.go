package zmq

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/paracell/paracell/kernel"
)

// soon is how long anything may take before a test gives up.
const soon = 30 * time.Second

func anyPorts() kernel.Connection {
	return kernel.Connection{Transport: "tcp", IP: "127.0.0.1", Ports: map[kernel.Channel]int{}}
}

func (s *Sockets) address(ch kernel.Channel) string { return s.sockets[ch].guard.Addr().String() }

// serveEcho serves sockets that send every message back on its own channel.
func serveEcho(t *testing.T, lim limits, welcome func([]byte) [][]byte) *Sockets {
	t.Helper()
	s, err := listen(anyPorts(), lim)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s, Handler{
		Message: func(ch kernel.Channel, frames [][]byte) {
			if err := s.Send(ch, frames); err != nil && !errors.Is(err, errClosed) {
				t.Errorf("Send: %v", err)
			}
		},
		Welcome: welcome,
	})
	return s
}

func serve(t *testing.T, s *Sockets, h Handler) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Serve(context.Background(), h)
	}()
	t.Cleanup(func() {
		s.Close()
		<-done
	})
}

func client(t *testing.T, make func(context.Context, ...zmq4.Option) zmq4.Socket, address, identity string) zmq4.Socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	c := make(ctx, zmq4.WithID(zmq4.SocketIdentity(identity)))
	t.Cleanup(func() { c.Close(); cancel() })
	if err := c.Dial("tcp://" + address); err != nil {
		t.Fatal(err)
	}
	return c
}

func exchange(t *testing.T, c zmq4.Socket, frames ...[]byte) {
	t.Helper()
	if err := c.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		t.Fatal(err)
	}
	got, err := c.Recv()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got.Frames, frames, bytes.Equal) {
		t.Fatalf("got %d frames %.200q, want %d frames %.200q", len(got.Frames), got.Frames, len(frames), frames)
	}
}

// stranger is a client made of bytes.
type stranger struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func dial(t *testing.T, address string) *stranger {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(soon))
	return &stranger{t, conn, bufio.NewReader(conn)}
}

// meet is dial and a proper handshake.
func meet(t *testing.T, address, socketType, identity string) *stranger {
	t.Helper()
	c := dial(t, address)
	c.Write(hello{socketType, identity}.replay())
	theirs := make([]byte, greetingSize)
	if _, err := io.ReadFull(c.in, theirs); err != nil {
		t.Fatal(err)
	}
	if h, body := c.frame(); !h.is(flagCommand) || !bytes.HasPrefix(body, []byte("\x05READY")) {
		t.Fatalf("%q instead of READY", body)
	}
	return c
}

func (c *stranger) frame() (frameHeader, []byte) {
	c.t.Helper()
	h, frame, body, err := readFrame(c.in, nil, func(frameHeader) int { return 1 << 30 })
	if err != nil {
		c.t.Fatal(err)
	}
	return h, frame[body:]
}

func (c *stranger) message() [][]byte {
	c.t.Helper()
	var frames [][]byte
	for {
		h, body := c.frame()
		frames = append(frames, body)
		if !h.is(flagMore) {
			return frames
		}
	}
}

// mustBeClosed waits for the other side to hang up.
func (c *stranger) mustBeClosed() {
	c.t.Helper()
	if _, err := io.Copy(io.Discard, c.in); errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Fatal("the connection is still open")
	}
}

func TestEcho(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin} {
		t.Run(string(ch), func(t *testing.T) {
			c := client(t, zmq4.NewDealer, s.address(ch), "me")
			exchange(t, c, []byte("one"))
			exchange(t, c, []byte{}, []byte("two"), []byte{}, bytes.Repeat([]byte("x"), 255), bytes.Repeat([]byte("y"), 256))
			exchange(t, c, bytes.Repeat([]byte("z"), 5<<20), []byte{})
		})
	}
}

func TestClientsWithoutIdentityGetTheirOwnReplies(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	a, b := meet(t, s.address(kernel.Shell), "DEALER", ""), meet(t, s.address(kernel.Shell), "DEALER", "")
	a.Write(appendMessage(nil, [][]byte{[]byte("a")}))
	b.Write(appendMessage(nil, [][]byte{[]byte("b")}))
	if got := a.message(); string(got[0]) != "a" {
		t.Errorf("a got %q", got)
	}
	if got := b.message(); string(got[0]) != "b" {
		t.Errorf("b got %q", got)
	}
}

func TestHeartbeatEchoesExactly(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	c := meet(t, s.address(kernel.Heartbeat), "REQ", "")
	for _, frames := range [][][]byte{
		{{}, []byte("ping")},
		{{}, {}},
		{{}, {}, []byte("after an empty one")},
		{{}, []byte("two"), []byte("frames")},
		{{}, bytes.Repeat([]byte{0}, 1000)},
	} {
		c.Write(appendMessage(nil, frames))
		if got := c.message(); !slices.EqualFunc(got, frames, bytes.Equal) {
			t.Errorf("got %q, want %q", got, frames)
		}
	}
}

func TestPublish(t *testing.T) {
	s := serveEcho(t, defaultLimits, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	all := subscribe(t, s, "")
	some := subscribe(t, s, "stream")
	for i := range 3000 {
		topic := "status"
		if i%2 == 0 {
			topic = "stream.x"
		}
		if err := s.Send(kernel.IOPub, [][]byte{[]byte(topic), fmt.Append(nil, i), make([]byte, 2000)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3000 {
		if got := all.message(); string(got[1]) != fmt.Sprint(i) {
			t.Fatalf("message %d is %.60q", i, got)
		}
		if i%2 == 0 {
			if got := some.message(); string(got[1]) != fmt.Sprint(i) {
				t.Fatalf("message %d is %.60q", i, got)
			}
		}
	}
}

// subscribe returns a client whose subscription has taken effect. The sockets
// must say welcome.
func subscribe(t *testing.T, s *Sockets, topic string) *stranger {
	t.Helper()
	c := meet(t, s.address(kernel.IOPub), "SUB", "")
	c.Write(appendFrame(nil, 0, append([]byte{1}, topic...)))
	if got := c.message(); string(got[0]) != topic || string(got[1]) != "welcome" {
		t.Fatalf("%q instead of a welcome", got)
	}
	return c
}

func TestWelcomeGoesToTheSubscriberAlone(t *testing.T) {
	s := serveEcho(t, defaultLimits, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	first := subscribe(t, s, "")
	subscribe(t, s, "")
	s.Send(kernel.IOPub, [][]byte{[]byte("status"), []byte("busy")})
	if got := first.message(); string(got[0]) != "status" {
		t.Errorf("the first subscriber got %q", got)
	}
}

func TestSubscribeCommands(t *testing.T) {
	s := serveEcho(t, defaultLimits, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	c := meet(t, s.address(kernel.IOPub), "SUB", "")
	c.Write(appendCommand(nil, "SUBSCRIBE", []byte("a")))
	c.message()
	c.Write(appendCommand(nil, "CANCEL", []byte("a")))
	c.Write(appendCommand(nil, "SUBSCRIBE", []byte("b")))
	c.message()
	s.Send(kernel.IOPub, [][]byte{[]byte("a"), {}})
	s.Send(kernel.IOPub, [][]byte{[]byte("b"), {}})
	if got := c.message(); string(got[0]) != "b" {
		t.Errorf("got %q after the end of its subscription", got)
	}
}

func TestManySubscriptions(t *testing.T) {
	s := serveEcho(t, defaultLimits, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	c := meet(t, s.address(kernel.IOPub), "SUB", "")
	topic := func(i int) []byte { return append(bytes.Repeat([]byte("t"), 10_000), fmt.Sprint(i)...) }
	go func() {
		for i := range 2000 {
			c.Write(appendFrame(nil, 0, append([]byte{1}, topic(i)...)))
		}
	}()
	for i := range 2000 {
		if got := c.message(); !bytes.Equal(got[0], topic(i)) {
			t.Fatalf("welcome %d is for another topic", i)
		}
	}
	s.Send(kernel.IOPub, [][]byte{topic(1999), []byte("news")})
	if got := c.message(); string(got[1]) != "news" {
		t.Errorf("got %.60q", got)
	}

	lim := defaultLimits
	lim.topics = 100 << 10
	s = serveEcho(t, lim, nil)
	c = meet(t, s.address(kernel.IOPub), "SUB", "")
	for i := range 20 {
		c.Write(appendFrame(nil, 0, append([]byte{1}, topic(i)...)))
	}
	c.mustBeClosed()
}

// Whatever a stranger sends, his connection ends and the others' go on.
func TestHostileBytes(t *testing.T) {
	greet := greeting()
	old := greeting()
	old[10] = 1
	curve := greeting()
	copy(curve[12:], "CURVE")
	shake := hello{"DEALER", "x"}.replay()
	long := func(flags byte, size uint64) []byte {
		return appendUint64([]byte{flags | flagLong}, size)
	}
	attacks := map[string][]byte{
		"not ZMTP":             bytes.Repeat([]byte("GET / HTTP/1.1\r\n"), 8),
		"zeros":                make([]byte, 200),
		"old version":          old,
		"another mechanism":    curve,
		"READY as a message":   join(greet, appendFrame(nil, 0, ready("DEALER", "x")[2:])),
		"READY cut in a name":  join(greet, appendCommand(nil, "READY", []byte("\x0bSocket"))),
		"READY cut in a size":  join(greet, appendCommand(nil, "READY", []byte("\x0bSocket-Type\x00\x00"))),
		"READY cut in a value": join(greet, appendCommand(nil, "READY", []byte("\x0bSocket-Type\x00\x00\x00\x06DEAL"))),
		"READY value 4 GiB":    join(greet, appendCommand(nil, "READY", []byte("\x0bSocket-Type\xff\xff\xff\xffDEALER"))),
		"READY nameless":       join(greet, appendCommand(nil, "READY", []byte("\x00\x00\x00\x00\x01x"))),
		"READY twice the same": join(greet, appendCommand(nil, "READY", append(appendProperty(nil, "Socket-Type", "DEALER"), appendProperty(nil, "socket-type", "DEALER")...))),
		"READY empty":          join(greet, appendFrame(nil, flagCommand, nil)),
		"READY without type":   join(greet, appendCommand(nil, "READY", nil)),
		"READY huge":           join(greet, long(flagCommand, 1<<40)),
		"command name too long": join(greet,
			appendFrame(nil, flagCommand, []byte("\xffREADY"))),
		"wrong type":        join(greet, ready("PUSH", "")),
		"unknown type":      join(greet, ready("NOSUCH", "")),
		"long identity":     join(greet, ready("DEALER", strings.Repeat("i", 256))),
		"frame 2^62":        join(shake, long(0, 1<<62)),
		"frame 2^63":        join(shake, long(0, 1<<63)),
		"frame 2^64-1":      join(shake, long(0, 1<<64-1)),
		"frame 2^40":        join(shake, long(0, 1<<40)),
		"frame 2^36":        join(shake, long(0, 1<<36)),
		"second frame 2^36": join(shake, appendFrame(nil, flagMore, []byte("id")), long(0, 1<<36)),
		"command 2^36":      join(shake, long(flagCommand, 1<<36)),
		"reserved flags":    join(shake, []byte{0xf8, 0}),
		"command with more": join(shake, []byte{flagCommand | flagMore, 5}, []byte("\x04PING")),
		"empty command":     join(shake, appendFrame(nil, flagCommand, nil)),
		"malformed command": join(shake, appendFrame(nil, flagCommand, []byte("\x09PING"))),
		"unknown command":   join(shake, appendCommand(nil, "NOSUCH", nil)),
		"PING too short":    join(shake, appendCommand(nil, "PING", []byte{0})),
		"PING too long":     join(shake, appendCommand(nil, "PING", make([]byte, 40))),
		"second READY":      join(shake, ready("DEALER", "y")),
		"SUBSCRIBE":         join(shake, appendCommand(nil, "SUBSCRIBE", []byte("x"))),
	}
	s := serveEcho(t, defaultLimits, nil)
	honest := client(t, zmq4.NewDealer, s.address(kernel.Shell), "honest")
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			c := dial(t, s.address(kernel.Shell))
			c.Write(attack)
			c.mustBeClosed()
			exchange(t, honest, []byte("still there?"))
		})
	}
}

func appendUint64(to []byte, v uint64) []byte {
	for shift := 56; shift >= 0; shift -= 8 {
		to = append(to, byte(v>>shift))
	}
	return to
}

func join(parts ...[]byte) []byte { return slices.Concat(parts...) }

func TestEndlessMessage(t *testing.T) {
	lim := defaultLimits
	lim.message = 1 << 20
	s := serveEcho(t, lim, nil)
	for _, piece := range [][]byte{nil, make([]byte, 1000)} {
		c := meet(t, s.address(kernel.Shell), "DEALER", "")
		more := bytes.Repeat(appendFrame(nil, flagMore, piece), 1000)
		for {
			if _, err := c.Write(more); err != nil {
				break
			}
		}
		c.mustBeClosed()
	}
}

func TestSilentPeersHoldNobodyUp(t *testing.T) {
	lim := defaultLimits
	lim.handshake = 200 * time.Millisecond
	s := serveEcho(t, lim, nil)
	var silent []*stranger
	for range 20 {
		silent = append(silent, dial(t, s.address(kernel.Shell)))
	}
	half := dial(t, s.address(kernel.Shell))
	half.Write(greeting()[:11])
	exchange(t, client(t, zmq4.NewDealer, s.address(kernel.Shell), "honest"), []byte("hi"))
	for _, c := range append(silent, half) {
		c.mustBeClosed()
	}
}

func TestConnectionsAreCapped(t *testing.T) {
	lim := defaultLimits
	lim.peers = 3
	s := serveEcho(t, lim, nil)
	var in []*stranger
	for range 3 {
		in = append(in, meet(t, s.address(kernel.Shell), "DEALER", ""))
	}
	dial(t, s.address(kernel.Shell)).mustBeClosed()
	in[0].Close()
	eventually(t, "a place becomes free", func() bool { return len(s.sockets[kernel.Shell].guard.slots) == 2 })
	meet(t, s.address(kernel.Shell), "DEALER", "")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(soon); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not yet: %s", what)
		}
	}
}

func TestNoDescriptorsLeak(t *testing.T) {
	open := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("needs /proc to count descriptors")
		}
		return len(fds)
	}
	s := serveEcho(t, defaultLimits, nil)
	exchange(t, client(t, zmq4.NewDealer, s.address(kernel.Shell), "honest"), []byte("hi"))
	before, routines := open(), runtime.NumGoroutine()
	for i := range 200 {
		c := dial(t, s.address(kernel.Shell))
		c.Write(bytes.Repeat([]byte("bad greeting "), 10))
		c.mustBeClosed()
		c.Close()
		if i%4 == 0 { // and good ones that leave at once
			meet(t, s.address(kernel.Shell), "DEALER", "same").Close()
			meet(t, s.address(kernel.IOPub), "SUB", "").Close()
		}
	}
	eventually(t, "descriptors are back", func() bool { return open() <= before })
	eventually(t, "goroutines are back", func() bool { return runtime.NumGoroutine() <= routines })
	exchange(t, client(t, zmq4.NewDealer, s.address(kernel.Shell), "honest"), []byte("hi"))
}

func TestPing(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	c := meet(t, s.address(kernel.Shell), "DEALER", "")
	c.Write(appendCommand(nil, "PING", []byte("\x00\x0acontext")))
	if h, body := c.frame(); !h.is(flagCommand) || string(body) != "\x04PONGcontext" {
		t.Errorf("%q instead of PONG", body)
	}
	// libzmq may ping in the middle of a message.
	c.Write(join(appendFrame(nil, flagMore, []byte("a")), appendCommand(nil, "PING", []byte{0, 10}), appendFrame(nil, 0, []byte("b"))))
	if h, body := c.frame(); !h.is(flagCommand) || string(body) != "\x04PONG" {
		t.Errorf("%q instead of PONG", body)
	}
	if got := c.message(); len(got) != 2 || string(got[0]) != "a" || string(got[1]) != "b" {
		t.Errorf("got %q", got)
	}
}

func TestSameIdentityTakesOver(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	old := meet(t, s.address(kernel.Shell), "DEALER", "same")
	old.Write(appendMessage(nil, [][]byte{[]byte("first")}))
	old.message()
	newer := meet(t, s.address(kernel.Shell), "DEALER", "same")
	newer.Write(appendMessage(nil, [][]byte{[]byte("second")}))
	if got := newer.message(); string(got[0]) != "second" {
		t.Errorf("got %q", got)
	}
	if rest, _ := io.ReadAll(old.in); len(rest) > 0 {
		t.Errorf("the older connection got %q", rest)
	}
	// The identity stays the newer one's after the older has gone.
	newer.Write(appendMessage(nil, [][]byte{[]byte("third")}))
	if got := newer.message(); string(got[0]) != "third" {
		t.Errorf("got %q", got)
	}
	// Nor is a message lost, or sending it an error, while the older one goes.
	for i := range 500 {
		newer := meet(t, s.address(kernel.Shell), "DEALER", "same")
		newer.Write(appendMessage(nil, [][]byte{fmt.Append(nil, i)}))
		if got := newer.message(); string(got[0]) != fmt.Sprint(i) {
			t.Errorf("got %q, want %d", got, i)
		}
		newer.Close()
	}
}

func TestStalledClientOfShell(t *testing.T) {
	lim := defaultLimits
	lim.outbox = 16 << 20
	s := serveEcho(t, lim, nil)
	stalled := meet(t, s.address(kernel.Shell), "DEALER", "stalled")
	honest := client(t, zmq4.NewDealer, s.address(kernel.Shell), "honest")
	big := appendMessage(nil, [][]byte{make([]byte, 1<<20)})
	for range 200 {
		if _, err := stalled.Write(big); err != nil {
			break // cut off
		}
		exchange(t, honest, []byte("still there?"))
	}
	stalled.mustBeClosed()
}

func TestStalledSubscriber(t *testing.T) {
	lim := defaultLimits
	lim.outbox, lim.pace, lim.patience = 24<<20, 4<<20, 50*time.Millisecond
	s := serveEcho(t, lim, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	stalled, healthy := subscribe(t, s, ""), subscribe(t, s, "")
	const count = 100
	go func() {
		for i := range count {
			s.Send(kernel.IOPub, [][]byte{[]byte("stream"), fmt.Append(nil, i), make([]byte, 1<<20)})
		}
	}()
	for i := range count {
		if got := healthy.message(); string(got[1]) != fmt.Sprint(i) {
			t.Fatalf("message %d is %.60q", i, got)
		}
	}
	stalled.mustBeClosed()
}

// A reader that is slower than the kernel sets the pace, and misses nothing.
func TestSlowSubscriberGetsEverything(t *testing.T) {
	lim := defaultLimits
	lim.outbox, lim.pace, lim.progress = 8<<20, 2<<20, 1
	lim.patience = soon
	s := serveEcho(t, lim, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	slow := subscribe(t, s, "")
	const count = 64
	sent := make(chan error, 1)
	go func() {
		for i := range count {
			if err := s.Send(kernel.IOPub, [][]byte{[]byte("stream"), fmt.Append(nil, i), make([]byte, 1<<20)}); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range count {
		time.Sleep(time.Millisecond) // what makes it slow; nothing depends on how slow
		if got := slow.message(); string(got[1]) != fmt.Sprint(i) {
			t.Fatalf("message %d is %.60q", i, got)
		}
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

func TestCloseLetsTheLastMessagesOut(t *testing.T) {
	s := serveEcho(t, defaultLimits, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	sub := subscribe(t, s, "")
	shell := meet(t, s.address(kernel.Shell), "DEALER", "me")
	shell.Write(appendMessage(nil, [][]byte{[]byte("hi")}))
	shell.message()
	for i := range 500 {
		s.Send(kernel.IOPub, [][]byte{[]byte("status"), fmt.Append(nil, i), make([]byte, 10_000)})
	}
	s.Send(kernel.Shell, [][]byte{[]byte("me"), []byte("shutdown_reply"), make([]byte, 4<<20)})
	go s.Close()
	for i := range 500 {
		if got := sub.message(); string(got[1]) != fmt.Sprint(i) {
			t.Fatalf("message %d is %.60q", i, got)
		}
	}
	if got := shell.message(); string(got[0]) != "shutdown_reply" {
		t.Errorf("got %.60q", got)
	}
	sub.mustBeClosed()
	shell.mustBeClosed()
}

func TestCloseDoesNotWaitForTheStalled(t *testing.T) {
	lim := defaultLimits
	lim.linger = 50 * time.Millisecond
	s := serveEcho(t, lim, nil)
	stalled := meet(t, s.address(kernel.Shell), "DEALER", "me")
	stalled.Write(appendMessage(nil, [][]byte{make([]byte, 64<<20)}))
	eventually(t, "the reply is queued", func() bool {
		g := s.sockets[kernel.Shell].guard
		g.mu.Lock()
		defer g.mu.Unlock()
		p := g.identities["me"]
		p.out.mu.Lock()
		defer p.out.mu.Unlock()
		return p.out.queued > 0
	})
	closed := make(chan struct{})
	go func() { s.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(soon):
		t.Fatal("Close waits for a client that doesn't read")
	}
	if err := s.Send(kernel.Shell, [][]byte{[]byte("me"), {}}); !errors.Is(err, errClosed) {
		t.Errorf("Send after Close: %v", err)
	}
}

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, ch := range kernel.Channels {
		c := anyPorts()
		c.Ports[ch] = l.Addr().(*net.TCPAddr).Port
		_, err = Listen(c)
		var listening *ListenError
		if !errors.As(err, &listening) || listening.Channel != ch {
			t.Fatalf("%s: %v", ch, err)
		}
		for _, part := range []string{string(ch), l.Addr().String(), "another program"} {
			if runtime.GOOS != "windows" && !strings.Contains(err.Error(), part) {
				t.Errorf("%q doesn't name %s", err, part)
			}
		}
	}
	c := anyPorts()
	c.IP = "203.0.113.7" // an address for documentation: nobody's
	if _, err = Listen(c); err == nil {
		t.Error("listens on an address that this machine doesn't have")
	}
}

func TestIPC(t *testing.T) {
	c := kernel.Connection{Transport: "ipc", IP: filepath.Join(t.TempDir(), "k"), Ports: map[kernel.Channel]int{}}
	for i, ch := range kernel.Channels {
		c.Ports[ch] = i + 1
	}
	path := c.IP + "-1"
	// A dead kernel's file is no obstacle.
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()

	s, err := Listen(c)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, s, Handler{Message: func(ch kernel.Channel, frames [][]byte) { s.Send(ch, frames) }})
	if _, err := Listen(c); err == nil {
		t.Fatal("two kernels listen on the same files")
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	dealer := zmq4.NewDealer(ctx)
	defer dealer.Close()
	if err := dealer.Dial("ipc://" + path); err != nil {
		t.Fatal(err)
	}
	exchange(t, dealer, []byte("hi"))
	s.Close()
	if left, _ := filepath.Glob(c.IP + "-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSendRefusesWhatWouldCrash(t *testing.T) {
	s := serveEcho(t, defaultLimits, nil)
	for _, ch := range append(kernel.Channels, "nosuch") {
		for _, frames := range [][][]byte{nil, {}, {[]byte("one")}} {
			if err := s.Send(ch, frames); err == nil {
				t.Errorf("Send(%s, %q) went through", ch, frames)
			}
		}
	}
	// To nobody is fine.
	if err := s.Send(kernel.IOPub, [][]byte{[]byte("t"), {}}); err != nil {
		t.Error(err)
	}
}

func FuzzHandshake(f *testing.F) {
	f.Add(hello{"DEALER", "me"}.replay())
	f.Add(greeting())
	f.Add(join(greeting(), appendCommand(nil, "READY", []byte("\x0bSocket"))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < greetingSize {
			return
		}
		in := bufio.NewReader(bytes.NewReader(b[greetingSize:]))
		if checkGreeting(b[:greetingSize]) == nil {
			who, err := readReady(in, zmq4.Router, defaultLimits)
			if err == nil && (len(who.identity) > 255 || !slices.Contains(partners[zmq4.Router], who.socketType)) {
				t.Errorf("let through %+v", who)
			}
		}
	})
}

// What comes out of a peer's Read is whole frames of bounded messages,
// whatever the connection says.
func FuzzPeer(f *testing.F) {
	f.Add(appendMessage(nil, [][]byte{[]byte("a"), {}, make([]byte, 300)}), true)
	f.Add(appendFrame(nil, 0, []byte("\x01topic")), false)
	f.Add(appendCommand(nil, "PING", []byte{0, 1, 2}), true)
	f.Fuzz(func(t *testing.T, b []byte, router bool) {
		lim := defaultLimits
		lim.message = 1000
		g := newGuard(nil, lim)
		if g.socketType = zmq4.XPub; router {
			g.socketType = zmq4.Router
		}
		a, z := net.Pipe()
		defer z.Close()
		p := newPeer(a, bufio.NewReader(bytes.NewReader(b)), hello{}, g)
		g.slots <- struct{}{}
		p.pending = nil
		out, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for in := bufio.NewReader(bytes.NewReader(out)); ; {
			h, _, _, err := readFrame(in, nil, func(frameHeader) int { return lim.message })
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if size += int(h.size); size > lim.message || h.is(flagCommand) {
				t.Fatalf("%d bytes, flags %x", size, h.flags)
			}
			if !h.is(flagMore) {
				size = 0
			}
		}
	})
}

func BenchmarkRoundTrip(b *testing.B) {
	s, err := Listen(anyPorts())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	go s.Serve(context.Background(), Handler{Message: func(ch kernel.Channel, frames [][]byte) { s.Send(ch, frames) }})
	conn, err := net.Dial("tcp", s.address(kernel.Shell))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	conn.Write(hello{"DEALER", "b"}.replay())
	io.ReadFull(in, make([]byte, greetingSize))
	any := func(frameHeader) int { return 1 << 20 }
	readFrame(in, nil, any)
	message := appendMessage(nil, [][]byte{[]byte("<IDS|MSG>"), make([]byte, 64), make([]byte, 200), []byte("{}"), []byte("{}"), make([]byte, 100)})
	for b.Loop() {
		conn.Write(message)
		for h := (frameHeader{flags: flagMore}); h.is(flagMore); {
			if h, _, _, err = readFrame(in, nil, any); err != nil {
				b.Fatal(err)
			}
		}
	}
}
