package futures

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Parent and worker exchange frames over two pipes. The parent sends define, assign,
// limit, request, recall and revoke; the worker hello, then the outcomes of each
// request's calls, in order, as result, failure, crash, refused and rest; or,
// before it dies, what it dies of.
type frameKind byte

const (
	define  frameKind = iota + 1 // id: a function's number; name and signatures
	assign                       // of variables that the next request's function uses: names and values in turn
	limit                        // id: the next request; nanos: its context's deadline, since 1970
	request                      // fn: the function's number; nanos: when to give back the rest, 0 for never; the arguments of count calls
	recall                       // id: the request whose calls are to be given back unless they have begun
	revoke                       // id: the request whose context has ended, and how it did; a recall too
	hello                        // the worker is ready
	result                       // nanos: time computed; the values of count calls
	failure                      // a call's error: function, pid, then the error
	crash                        // a call's panic: type, text, stack, pid; then its value, if that is an error
	refused                      // what of a call could not be unpickled or pickled: name and text
	rest                         // count calls were not made

	unknown       // name: the function that the worker doesn't know
	unclaimed     // the program has no main guard
	uninitialized // the initializer failed: text
)

// Flags of a frame.
const (
	last    = 1 << iota // the worker exits after this call: it is a Process, whose exit status tells
	initial             // the call is the pool's initializer
)

// A header comes before each frame's payload.
type header struct {
	kind   frameKind
	flags  byte
	fn     uint32
	id     uint32
	count  uint32 // calls that the frame is about
	nanos  int64
	length uint64 // of the payload
}

const headerSize = 32

func (h header) put(b []byte) {
	b[0], b[1], b[2], b[3] = byte(h.kind), h.flags, 0, 0
	binary.LittleEndian.PutUint32(b[4:], h.fn)
	binary.LittleEndian.PutUint32(b[8:], h.id)
	binary.LittleEndian.PutUint32(b[12:], h.count)
	binary.LittleEndian.PutUint64(b[16:], uint64(h.nanos))
	binary.LittleEndian.PutUint64(b[24:], h.length)
}

// A place in an outbox.
type place struct{ buf, cuts int }

func (o *outbox) here() place { return place{len(o.buf), len(o.cuts)} }

// back drops what was appended since.
func (o *outbox) back(to place) { o.buf, o.cuts = o.buf[:to.buf], o.cuts[:to.cuts] }

// size is how much was appended since.
func (o *outbox) size(since place) (n uint64) {
	n = uint64(len(o.buf) - since.buf)
	for _, c := range o.cuts[since.cuts:] {
		n += uint64(len(c.data))
	}
	return n
}

// begin starts a frame: the payload follows, then end.
func (o *outbox) begin() (start place) {
	start = o.here()
	o.buf = append(o.buf, make([]byte, headerSize)...)
	return start
}

func (o *outbox) end(start place, h header) {
	h.length = o.size(start) - headerSize
	h.put(o.buf[start.buf:])
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
	start := o.begin()
	o.texts(texts...)
	o.end(start, h)
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
		count:  binary.LittleEndian.Uint32(b[12:]),
		nanos:  int64(binary.LittleEndian.Uint64(b[16:])),
		length: binary.LittleEndian.Uint64(b[24:]),
	}
	r.r = byteReader{src: r.src, left: h.length}
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

// appendError takes an error apart for a frame: its type, text and story, itself if
// it can be pickled, and how many errors it wraps; then those. A method that panics is fmt's to deal with.
func appendError(texts []string, err error) []string {
	typ := typeText(err)
	var wraps []error
	if r, ok := err.(*RemoteError); ok { // of a nested pool
		typ = r.Type
		for _, j := range r.Joined {
			wraps = append(wraps, j)
		}
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		wraps = j.Unwrap()
	} else if cause := errors.Unwrap(err); cause != nil {
		wraps = []error{cause}
	}
	texts = append(texts, typ, fmt.Sprint(err), storyOf(err), pickledError(err), strconv.Itoa(len(wraps)))
	for _, w := range wraps {
		texts = appendError(texts, w)
	}
	return texts
}

// remoteError is the error that appendError took apart, and the texts after it.
func remoteError(texts []string) (*RemoteError, []string) {
	e := &RemoteError{Type: at(texts, 0), Message: at(texts, 1), Stack: at(texts, 2)}
	e.original, _ = unpickledAny(at(texts, 3)).(error)
	n, _ := strconv.Atoi(at(texts, 4))
	texts = texts[min(5, len(texts)):]
	for i := 0; i < n && len(texts) > 0; i++ {
		var w *RemoteError
		w, texts = remoteError(texts)
		e.Joined = append(e.Joined, w)
	}
	if n == 1 && e.Joined != nil {
		e.Cause, e.Joined = e.Joined[0], nil
	}
	return e, texts
}

// at is texts[i], or nothing where a frame is shorter.
func at(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}

// pickledError is an error as pickledAny has it. Where that would be one that says
// no more than its text, it is "".
func pickledError(err error) string {
	if r, ok := err.(*RemoteError); ok {
		err = r.original
	}
	return pickledAny(err)
}

// pickledAny is a value in a text, "" when it can't be pickled.
func pickledAny(v any) string {
	if v == nil {
		return ""
	}
	text, _ := pickleText(v)
	return text
}

// pickleText is a value, which is not nil, in a text.
func pickleText(v any) (text string, err error) {
	defer func() {
		if r := recover(); r != nil { // a MarshalBinary method did
			text, err = "", cannotPickle(reflect.TypeOf(v), newPanicError(r))
		}
	}()
	var o outbox
	k := pickler{outbox: &o}
	if r := k.putBoxed(reflect.ValueOf(v)); r != nil {
		return "", r.of(reflect.TypeOf(v))
	}
	return o.drain(), nil
}

// drain is what the outbox holds, which is empty then.
func (o *outbox) drain() string {
	var b strings.Builder
	_ = o.flush(&b)
	return b.String()
}

func textInbox(text string) *inbox {
	return &inbox{r: byteReader{src: bufio.NewReader(strings.NewReader(text)), left: uint64(len(text))}}
}

// unpickledAny is the value in a text of pickledAny's, nil when there is none.
func unpickledAny(text string) any {
	if text == "" {
		return nil
	}
	v, _ := unpickleText(text)
	return v
}

// unpickleText is the value in a text of pickleText's.
func unpickleText(text string) (v any, err error) {
	defer func() {
		if r := recover(); r != nil { // an UnmarshalBinary method did
			v, err = nil, newPanicError(r)
		}
	}()
	if err := textInbox(text).unpickle(shapeOf(anyType), unsafe.Pointer(&v)); err != nil {
		return nil, err
	}
	return v, nil
}
