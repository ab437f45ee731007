package zmq

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/go-zeromq/zmq4"
)

// partners are the socket types that may connect to ours.
var partners = map[zmq4.SocketType][]string{
	zmq4.Router: {"DEALER", "REQ", "ROUTER"},
	zmq4.XPub:   {"SUB", "XSUB"},
}

// hello is what a peer told in its handshake.
type hello struct{ socketType, identity string }

// shakeHands does the listener's side of the handshake.
func shakeHands(conn net.Conn, in *bufio.Reader, ours zmq4.SocketType, lim limits) (hello, error) {
	if err := conn.SetDeadline(time.Now().Add(lim.handshake)); err != nil {
		return hello{}, err
	}
	if _, err := conn.Write(greeting()); err != nil {
		return hello{}, err
	}
	theirs := make([]byte, greetingSize)
	if _, err := io.ReadFull(in, theirs); err != nil {
		return hello{}, err
	}
	if err := checkGreeting(theirs); err != nil {
		return hello{}, err
	}
	if _, err := conn.Write(ready(string(ours), "")); err != nil {
		return hello{}, err
	}
	who, err := readReady(in, ours, lim)
	if err != nil {
		return hello{}, err
	}
	return who, conn.SetDeadline(time.Time{})
}

func readReady(in *bufio.Reader, ours zmq4.SocketType, lim limits) (hello, error) {
	h, frame, body, err := readFrame(in, nil, func(frameHeader) int { return lim.ready })
	if err != nil {
		return hello{}, err
	}
	name, data, err := splitCommand(frame[body:])
	if err != nil {
		return hello{}, err
	}
	if !h.is(flagCommand) || name != zmq4.CmdReady {
		return hello{}, fmt.Errorf("%q instead of READY", name)
	}
	properties, err := parseProperties(data)
	if err != nil {
		return hello{}, err
	}
	who := hello{properties["socket-type"], properties["identity"]}
	switch {
	case !slices.Contains(partners[ours], who.socketType):
		return hello{}, fmt.Errorf("a %q socket cannot talk to %s", who.socketType, ours)
	case len(who.identity) > 255:
		return hello{}, fmt.Errorf("an identity of %d bytes", len(who.identity))
	}
	return who, nil
}

func ready(socketType, identity string) []byte {
	data := appendProperty(nil, "Socket-Type", socketType)
	data = appendProperty(data, "Identity", identity)
	return appendCommand(nil, zmq4.CmdReady, data)
}

// replay is the same handshake as zmq4 gets to see it.
func (who hello) replay() []byte {
	return append(greeting(), ready(who.socketType, who.identity)...)
}
