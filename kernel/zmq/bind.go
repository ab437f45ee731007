package zmq

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"

	"github.com/paracell/paracell/kernel"
)

// ListenError says why a channel cannot listen.
type ListenError struct {
	Channel  kernel.Channel
	Endpoint string // tcp://127.0.0.1:53794
	Err      error
}

func (e *ListenError) Error() string {
	if errors.Is(e.Err, syscall.EADDRINUSE) {
		return fmt.Sprintf("%s cannot listen on %s: another program already does; end it or name another port in the connection file", e.Channel, e.Endpoint)
	}
	return fmt.Sprintf("%s cannot listen on %s: %v", e.Channel, e.Endpoint, e.Err)
}

func (e *ListenError) Unwrap() error { return e.Err }

// bind listens where the connection file says. The error is a *ListenError.
func bind(c kernel.Connection, ch kernel.Channel) (net.Listener, error) {
	var l net.Listener
	var err error
	if c.Transport == "ipc" {
		l, err = bindIPC(c.IP + "-" + strconv.Itoa(c.Ports[ch]))
	} else {
		host := c.IP
		if host == "*" { // ZeroMQ's name for every interface
			host = ""
		}
		l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(c.Ports[ch])))
	}
	if err != nil {
		if op, ok := errors.AsType[*net.OpError](err); ok {
			err = op.Err // the sentence names operation and address already
		}
		return nil, &ListenError{ch, c.Endpoint(ch), err}
	}
	return l, nil
}

// bindIPC makes a socket file that only its owner may use. Close removes it.
// A file that a dead kernel left behind is replaced.
func bindIPC(path string) (net.Listener, error) {
	config := net.ListenConfig{Control: ownerOnly}
	l, err := config.Listen(context.Background(), "unix", path)
	if errors.Is(err, syscall.EADDRINUSE) && abandoned(path) {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		l, err = config.Listen(context.Background(), "unix", path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// abandoned reports whether path is a socket that nobody listens on.
func abandoned(path string) bool {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSocket {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
