package futures

import (
	"bufio"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
)

// Parent and worker exchange frames over two pipes. The parent sends define,
// call and cancel; the worker hello, then for each call, in order, result,
// failure, crash or unpickled; or, before it dies, what it dies of.
type frameKind byte

const (
	define  frameKind = iota + 1 // id: a function's number; name and signatures
	request                      // fn: the function's number; its arguments
	revoke                       // id: the call whose context has ended
	hello                        // the worker is ready
	result                       // nanos: time computed; the value
	failure                      // the error that the task returned, as a chain of type and text
	crash                        // the panic: type, text, stack
	refused                      // what could not be unpickled or pickled: name and text

	unknown       // name: the function that the worker doesn't know
	unclaimed     // the program has no main guard
	uninitialized // the initializer failed: text
)

// Flags of a frame.
const (
	freshGob = 1 << iota // a new gob stream starts in it
	last                 // the worker exits after this call: it is a Process, whose exit status tells
	initial              // the call is the pool's initializer
)

// A header comes before each frame's payload.
type header struct {
	kind   frameKind
	flags  byte
	fn     uint32
	id     uint32
	nanos  int64
	length uint64 // of the payload
}

const headerSize = 28

func (h header) put(b []byte) {
	b[0], b[1], b[2], b[3] = byte(h.kind), h.flags, 0, 0
	binary.LittleEndian.PutUint32(b[4:], h.fn)
	binary.LittleEndian.PutUint32(b[8:], h.id)
	binary.LittleEndian.PutUint64(b[12:], uint64(h.nanos))
	binary.LittleEndian.PutUint64(b[20:], h.length)
}

// frame appends a frame whose payload fill appends. When fill fails nothing of
// it is left.
func (o *outbox) frame(h header, fill func() error) error {
	start, cuts := len(o.buf), len(o.cuts)
	o.buf = append(o.buf, make([]byte, headerSize)...)
	o.fresh = false
	if fill != nil {
		if err := fill(); err != nil {
			o.buf, o.cuts = o.buf[:start], o.cuts[:cuts]
			return err
		}
	}
	h.length = uint64(len(o.buf) - start - headerSize)
	for _, c := range o.cuts[cuts:] {
		h.length += uint64(len(c.data))
	}
	if o.fresh {
		h.flags |= freshGob
	}
	h.put(o.buf[start:])
	return nil
}

// texts appends strings, each with its length.
func (o *outbox) texts(texts ...string) {
	for _, s := range texts {
		o.buf = binary.AppendUvarint(o.buf, uint64(len(s)))
		o.buf = append(o.buf, s...)
	}
}

// textFrame appends a frame of strings.
func (o *outbox) textFrame(h header, texts ...string) {
	o.frame(h, func() error { o.texts(texts...); return nil })
}

// A frameReader reads frames one by one.
type frameReader struct {
	src *bufio.Reader
	inbox
}

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{src: bufio.NewReaderSize(r, 64<<10)}
}

// next skips what is left of the frame before and reads the next header.
func (r *frameReader) next() (header, error) {
	if r.r.left > 0 {
		if _, err := io.CopyN(io.Discard, r.src, int64(r.r.left)); err != nil {
			return header{}, err
		}
	}
	var b [headerSize]byte
	if _, err := io.ReadFull(r.src, b[:]); err != nil {
		return header{}, err
	}
	h := header{
		kind: frameKind(b[0]), flags: b[1],
		fn:     binary.LittleEndian.Uint32(b[4:]),
		id:     binary.LittleEndian.Uint32(b[8:]),
		nanos:  int64(binary.LittleEndian.Uint64(b[12:])),
		length: binary.LittleEndian.Uint64(b[20:]),
	}
	r.r = byteReader{src: r.src, left: h.length}
	if h.flags&freshGob != 0 || r.gobDec == nil {
		r.gobDec = gob.NewDecoder(&r.r)
	}
	return h, nil
}

// readTexts reads the strings of a frame.
func (r *frameReader) readTexts() ([]string, error) {
	var texts []string
	for r.r.left > 0 {
		n, err := binary.ReadUvarint(&r.r)
		if err != nil || n > r.r.left {
			return nil, io.ErrUnexpectedEOF
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(&r.r, b); err != nil {
			return nil, err
		}
		texts = append(texts, string(b))
	}
	return texts, nil
}

// errorTexts takes a task's error apart for a failure frame: type and text of
// each error in its chain.
func errorTexts(err error) []string {
	var texts []string
	for ; err != nil; err = errors.Unwrap(err) {
		if r, ok := err.(*RemoteError); ok { // of a nested pool
			texts = append(texts, r.Type, r.Message)
			continue
		}
		texts = append(texts, fmt.Sprintf("%T", err), err.Error())
	}
	return texts
}

func remoteError(texts []string) *RemoteError {
	var err *RemoteError
	for i := len(texts) - 2; i >= 0; i -= 2 {
		err = &RemoteError{Type: texts[i], Message: texts[i+1], Cause: err}
	}
	return err
}

// at is texts[i], or nothing where a frame is shorter.
func at(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}
