package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// ZMTP 3.0, https://rfc.zeromq.org/spec/23/, as far as a listening peer with
// the NULL mechanism speaks it.

const greetingSize = 64

// greeting is ours. It says 3.0 so that subscriptions come as messages, the
// only form that zmq4 understands.
func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9] = 0xff, 0x7f
	g[10], g[11] = 3, 0
	copy(g[12:32], "NULL")
	return g
}

func checkGreeting(g []byte) error {
	mechanism := strings.TrimRight(string(g[12:32]), "\x00")
	switch {
	case g[0] != 0xff || g[9]&1 == 0:
		return errors.New("not a ZMTP greeting")
	case g[10] < 3:
		return fmt.Errorf("ZMTP version %d is too old", g[10])
	case mechanism != "NULL":
		return fmt.Errorf("security mechanism %q is not offered", mechanism)
	}
	return nil
}

// Flags of a frame.
const (
	flagMore    = 1 << iota // more frames of this message follow
	flagLong                // the length takes 8 bytes
	flagCommand             // not part of a message
)

type frameHeader struct {
	flags byte
	size  uint64
}

func (h frameHeader) is(flag byte) bool { return h.flags&flag != 0 }

var errFrame = errors.New("malformed frame")

// parseHeader reads a frame's header from the start of b. n is its length, or
// 0 if b doesn't hold all of it.
func parseHeader(b []byte) (h frameHeader, n int) {
	switch {
	case len(b) < 2:
		return h, 0
	case b[0]&flagLong == 0:
		return frameHeader{b[0], uint64(b[1])}, 2
	case len(b) < 9:
		return h, 0
	}
	return frameHeader{b[0], binary.BigEndian.Uint64(b[1:])}, 9
}

// appendFrame appends a frame of h's flags and body's size.
func appendFrame(to []byte, flags byte, body []byte) []byte {
	if len(body) > math.MaxUint8 {
		to = append(to, flags|flagLong)
		to = binary.BigEndian.AppendUint64(to, uint64(len(body)))
	} else {
		to = append(to, flags, byte(len(body)))
	}
	return append(to, body...)
}

func appendMessage(to []byte, frames [][]byte) []byte {
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		to = appendFrame(to, flags, f)
	}
	return to
}

func appendCommand(to []byte, name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	return appendFrame(to, flagCommand, append(body, data...))
}

// readFrame appends the next frame to into, header and all, and says where the
// body begins. A body that is larger than limit is an error before any of it
// is read; memory grows only as bytes arrive.
func readFrame(r *bufio.Reader, into []byte, limit func(frameHeader) int) (h frameHeader, frame []byte, body int, err error) {
	head, err := r.Peek(2)
	if err == nil && head[0]&flagLong != 0 {
		head, err = r.Peek(9)
	}
	if err != nil {
		return h, into, 0, err
	}
	h, body = parseHeader(head)
	if h.flags&^(flagMore|flagLong|flagCommand) != 0 || h.flags&(flagMore|flagCommand) == flagMore|flagCommand {
		return h, into, 0, errFrame
	}
	if room := limit(h); room < 0 || h.size > uint64(room) {
		return h, into, 0, fmt.Errorf("frame of %d bytes is too large", h.size)
	}
	frame = append(into, head...)
	r.Discard(body)
	body = len(frame)
	for left := int(h.size); left > 0; {
		n := min(left, max(64<<10, len(frame)))
		frame = slices.Grow(frame, n)
		at := len(frame)
		frame = frame[:at+n]
		if _, err := io.ReadFull(r, frame[at:]); err != nil {
			return h, into, 0, err
		}
		left -= n
	}
	return h, frame, body, nil
}

// splitCommand takes a command's body apart.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || int(body[0]) > len(body)-1 || body[0] == 0 {
		return "", nil, errors.New("malformed command")
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], nil
}

func appendProperty(to []byte, name, value string) []byte {
	to = append(to, byte(len(name)))
	to = append(to, name...)
	to = binary.BigEndian.AppendUint32(to, uint32(len(value)))
	return append(to, value...)
}

// parseProperties reads READY's metadata. Names come back in lower case, since
// their case doesn't count.
func parseProperties(b []byte) (map[string]string, error) {
	malformed := errors.New("malformed metadata")
	properties := map[string]string{}
	for len(b) > 0 {
		n := int(b[0])
		if n == 0 || len(b) < 1+n+4 {
			return nil, malformed
		}
		name := strings.ToLower(string(b[1 : 1+n]))
		b = b[1+n:]
		size := binary.BigEndian.Uint32(b)
		b = b[4:]
		if uint64(size) > uint64(len(b)) {
			return nil, malformed
		}
		if _, twice := properties[name]; twice {
			return nil, malformed
		}
		properties[name], b = string(b[:size]), b[size:]
	}
	return properties, nil
}

// messages puts together what zmq4 writes in pieces. It starts with a greeting
// and holds commands, neither of which is anybody's but zmq4's.
type messages struct {
	skip int    // of the greeting
	buf  []byte // the message so far
	at   int    // where in buf the next frame begins
}

// add calls whole with each message that p completes. The slice is valid
// during the call.
func (m *messages) add(p []byte, whole func([]byte)) {
	n := min(m.skip, len(p))
	m.skip -= n
	m.buf = append(m.buf, p[n:]...)
	for {
		h, n := parseHeader(m.buf[m.at:])
		if n == 0 || uint64(len(m.buf)-m.at-n) < h.size {
			return
		}
		end := m.at + n + int(h.size)
		switch {
		case h.is(flagCommand):
			m.buf = slices.Delete(m.buf, m.at, end)
		case h.is(flagMore):
			m.at = end
		default:
			whole(m.buf[:end])
			m.at, m.buf = 0, slices.Delete(m.buf, 0, end)
			if len(m.buf) == 0 && cap(m.buf) > spareLimit {
				m.buf = nil
			}
		}
	}
}

// spareLimit is how large an empty buffer may be to be kept for its next use.
const spareLimit = 1 << 20
