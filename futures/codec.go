package futures

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"sync"
	"unsafe"
)

// How a value crosses is settled by its type, which both sides know from the
// function's signature:
//
//	plain   numbers, booleans, arrays and structs of them: as they lie in memory
//	bulk    a slice of plain elements, or a string: a length, then the memory
//	pickled everything else, as its shape says, after its length
//
// Both ends run on one machine, so memory means the same to both.
type codec struct {
	kind   codecKind
	size   uintptr      // plain: bytes of a value; bulk: of an element
	typ    reflect.Type // nil for no value at all
	*shape              // pickled
}

type codecKind byte

const (
	plain codecKind = iota
	bulk
	pickled
)

// absent is the length of a nil slice.
const absent = math.MaxUint64

// A cut of this many bytes is written from where it lies.
const bigCut = 32 << 10

// large is from how many bytes on the way of a value is prepared, and the memory
// that it took is collected.
const large = 4 << 20

// unlimited is no limit to the size of a frame.
const unlimited = math.MaxInt64

var codecs sync.Map // reflect.Type → *codec

func codecFor(t reflect.Type) *codec {
	if t == nil {
		return &codec{}
	}
	if c, ok := codecs.Load(t); ok {
		return c.(*codec)
	}
	c := &codec{typ: t, kind: pickled}
	switch {
	case isPlain(t):
		c.kind, c.size = plain, t.Size()
	case t.Kind() == reflect.String:
		c.kind, c.size = bulk, 1
	case t.Kind() == reflect.Slice && isPlain(t.Elem()) && t.Elem().Size() > 0:
		c.kind, c.size = bulk, t.Elem().Size()
	default:
		c.shape = shapeOf(t)
	}
	codecs.Store(t, c)
	return c
}

// signature is what both ends must agree on.
func (c *codec) signature() string {
	if c.kind == pickled {
		return c.shape.signature()
	}
	return fmt.Sprintf("%d/%d", c.kind, c.size)
}

func isPlain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return isPlain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isPlain(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return false
}

// An outbox gathers frames that leave in one go. Big pieces are not copied:
// they are written from where they lie, between two parts of buf.
type outbox struct {
	buf  []byte
	cuts []cut

	plain   reflect.Value // where a plain value lies as it is appended
	plainOf reflect.Type
}

type cut struct {
	at   int // offset in buf
	data []byte
}

func (o *outbox) bytes(b []byte) {
	if len(b) < bigCut {
		o.buf = append(o.buf, b...)
		return
	}
	o.cuts = append(o.cuts, cut{len(o.buf), b})
}

// flush writes what was gathered.
func (o *outbox) flush(w io.Writer) error {
	from := 0
	for _, c := range o.cuts {
		if _, err := w.Write(o.buf[from:c.at]); err != nil {
			return err
		}
		if f, ok := w.(*os.File); ok && len(c.data) >= large {
			widen(f)
		}
		if _, err := w.Write(c.data); err != nil {
			return err
		}
		from = c.at
	}
	_, err := w.Write(o.buf[from:])
	clear(o.cuts)
	o.buf, o.cuts = o.buf[:0], o.cuts[:0]
	if cap(o.buf) > 1<<20 {
		o.buf = nil
	}
	return err
}

// value appends a value of the codec's type. After an error the caller drops
// what the frame holds so far.
func (o *outbox) value(c *codec, v reflect.Value) error {
	if c.typ == nil {
		return nil
	}
	if !v.IsValid() {
		v = reflect.Zero(c.typ)
	}
	if v.Type() != c.typ && !v.Type().AssignableTo(c.typ) {
		return &PicklingError{Name: v.Type().String(), Message: fmt.Sprintf("cannot pickle '%s' object: a %s is asked for", v.Type(), c.typ)}
	}
	switch c.kind {
	case plain:
		if o.plainOf != c.typ { // mostly one type follows another of its kind
			o.plainOf, o.plain = c.typ, reflect.New(c.typ).Elem()
		}
		o.plain.Set(v)
		o.buf = append(o.buf, memory(o.plain.Addr().UnsafePointer(), c.size)...)
	case bulk:
		n, data := uint64(absent), []byte(nil)
		switch {
		case v.Kind() == reflect.String:
			s := v.String()
			n, data = uint64(len(s)), unsafe.Slice(unsafe.StringData(s), len(s))
		case !v.IsNil():
			n, data = uint64(v.Len()), memory(v.UnsafePointer(), uintptr(v.Len())*c.size)
		}
		o.buf = binary.LittleEndian.AppendUint64(o.buf, n)
		o.bytes(data)
	case pickled:
		if !v.CanAddr() || v.Type() != c.typ {
			box := reflect.New(c.typ).Elem()
			box.Set(v)
			v = box
		}
		start := o.here()
		o.buf = append(o.buf, make([]byte, 8)...)
		err := o.pickle(c.shape, v.Addr().UnsafePointer())
		binary.LittleEndian.PutUint64(o.buf[start.buf:], o.size(start)-8)
		return err
	}
	return nil
}

// values appends those of a slice from the i-th on, at most limit bytes of them
// unless a single one is more, and returns the index of the first that it left
// out, and why when that one can't cross.
func (o *outbox) values(c *codec, s reflect.Value, i int, limit uint64) (next int, err error) {
	start := o.here()
	n := s.Len()
	if c.kind == plain {
		if c.size > 0 {
			n = i + min(n-i, max(1, int(limit/uint64(c.size))))
		}
		o.bytes(memory(s.Slice(i, n).UnsafePointer(), uintptr(n-i)*c.size))
		return n, nil
	}
	for ; i < n && o.size(start) < limit; i++ {
		before := o.here()
		if err := o.value(c, s.Index(i)); err != nil {
			o.back(before)
			return i, err
		}
	}
	return i, nil
}

func memory(p unsafe.Pointer, n uintptr) []byte {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(p), n)
}

// An inbox reads values out of frames.
type inbox struct {
	r byteReader // the frame at hand
}

// byteReader reads no further than the frame.
type byteReader struct {
	src interface {
		io.Reader
		io.ByteReader
	}
	left uint64
}

func (r *byteReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n, err := r.src.Read(p[:min(uint64(len(p)), r.left)])
	r.left -= uint64(n)
	return n, err
}

func (r *byteReader) ReadByte() (byte, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	b, err := r.src.ReadByte()
	if err == nil {
		r.left--
	}
	return b, err
}

// value reads a value of the codec's type; invalid when there is none.
func (in *inbox) value(c *codec) (v reflect.Value, err error) {
	if c.typ == nil {
		return v, nil
	}
	defer func() {
		if r := recover(); r != nil { // a GobDecode or UnmarshalBinary method did
			err = newPanicError(r)
		}
		if err != nil {
			err = &PicklingError{Name: c.typ.String(), Message: fmt.Sprintf("cannot unpickle '%s' object: %v", c.typ, err), Cause: err}
		}
	}()
	switch c.kind {
	case plain:
		p := reflect.New(c.typ)
		_, err := io.ReadFull(&in.r, memory(p.UnsafePointer(), c.size))
		return p.Elem(), err
	case bulk:
		return in.bulk(c)
	default:
		var head [8]byte
		if _, err := io.ReadFull(&in.r, head[:]); err != nil {
			return reflect.Value{}, err
		}
		whole := in.r
		in.r.left = min(binary.LittleEndian.Uint64(head[:]), whole.left)
		whole.left -= in.r.left
		defer func() { // others come after one that can't be read
			_, skipped := io.Copy(io.Discard, &in.r)
			in.r = whole
			err = cmp.Or(err, skipped)
		}()
		p := reflect.New(c.typ)
		err := in.unpickle(c.shape, p.UnsafePointer())
		return p.Elem(), err
	}
}

// values reads values into a slice, from its i-th on, and returns the errors of
// those that can't be read, by index.
func (in *inbox) values(c *codec, s reflect.Value, i int) (errs map[int]error) {
	n := s.Len()
	if c.kind == plain {
		if err := in.fill(memory(s.Slice(i, n).UnsafePointer(), uintptr(n-i)*c.size)); err != nil {
			errs = make(map[int]error)
			for ; i < n; i++ {
				errs[i] = err
			}
		}
		return errs
	}
	for ; i < n; i++ {
		v, err := in.value(c)
		switch {
		case err != nil:
			if errs == nil {
				errs = make(map[int]error)
			}
			errs[i] = err
		case v.IsValid():
			s.Index(i).Set(v)
		}
	}
	return errs
}

func (in *inbox) bulk(c *codec) (reflect.Value, error) {
	var head [8]byte
	if _, err := io.ReadFull(&in.r, head[:]); err != nil {
		return reflect.Value{}, err
	}
	n := binary.LittleEndian.Uint64(head[:])
	if n == absent {
		return reflect.Zero(c.typ), nil
	}
	if n > in.r.left/uint64(c.size) {
		return reflect.Value{}, io.ErrUnexpectedEOF
	}
	if c.typ.Kind() == reflect.String {
		b := make([]byte, n)
		err := in.fill(b)
		return reflect.ValueOf(unsafe.String(unsafe.SliceData(b), len(b))).Convert(c.typ), err
	}
	s := reflect.MakeSlice(c.typ, int(n), int(n))
	return s, in.fill(memory(s.UnsafePointer(), uintptr(n)*c.size))
}

func (in *inbox) fill(b []byte) error {
	_, err := io.ReadFull(&in.r, b)
	return err
}
