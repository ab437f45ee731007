package futures

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unsafe"
)

// A pickler appends a value to an outbox, with all that it points to. What is
// pointed to several times, or points to itself, is written once, as Python's
// pickle does.
type pickler struct {
	*outbox
	depth int
	seen  map[pointee]uint64
	order []pointee // what was seen, in that order
	types []reflect.Type
}

// A pointee is what a pointer of a type points to.
type pointee struct {
	at unsafe.Pointer
	s  *shape
}

// maxNesting is how deep values may be nested in each other.
const maxNesting = 1 << 18

// A refusal is why something in a value can't be pickled.
type refusal struct {
	path  []string // to it, innermost first
	text  string   // "cannot pickle 'chan int' object: %s can't cross": %s is where it is
	cause error
}

func (r *refusal) in(place string) *refusal {
	r.path = append(r.path, place)
	return r
}

// of is the refusal as an error about a value of a type.
func (r *refusal) of(typ reflect.Type) error {
	var at strings.Builder
	at.WriteString(typ.String())
	for i := len(r.path) - 1; i >= 0; i-- {
		at.WriteString(r.path[i])
	}
	name := at.String()
	return &PicklingError{Name: name, Message: strings.ReplaceAll(r.text, "%s", name), Cause: r.cause}
}

func refuse(text string, args ...any) *refusal { return &refusal{text: fmt.Sprintf(text, args...)} }

// pickle appends the value of a shape that lies at p.
func (o *outbox) pickle(s *shape, p unsafe.Pointer) (err error) {
	defer func() {
		if r := recover(); r != nil { // a MarshalBinary method did
			err = cannotPickle(s.typ, newPanicError(r))
		}
	}()
	k := pickler{outbox: o}
	if r := k.put(s, p); r != nil {
		return r.of(s.typ)
	}
	return nil
}

func cannotPickle(t reflect.Type, cause error) error {
	return &PicklingError{Name: t.String(), Message: fmt.Sprintf("cannot pickle '%s' object: %v", t, cause), Cause: cause}
}

func (k *pickler) number(n uint64) { k.buf = binary.AppendUvarint(k.buf, n) }

func (k *pickler) text(s string) {
	k.number(uint64(len(s)))
	k.bytes(unsafe.Slice(unsafe.StringData(s), len(s)))
}

func (k *pickler) put(s *shape, p unsafe.Pointer) (r *refusal) {
	switch s.kind { // those that have no end to their depth come below
	case plainShape:
		k.bytes(memory(p, s.typ.Size()))
		return nil
	case stringShape:
		k.text(*(*string)(p))
		return nil
	case ownShape:
		return k.putOwn(s, p)
	case neverShape:
		if !reflect.NewAt(s.typ, p).Elem().IsZero() {
			return refuse("cannot pickle '%s' object: %%s can't cross to another process", s.typ)
		}
		return nil
	case sealedShape:
		return refuse("cannot pickle '%s' object: its field %s is unexported, and only package %s knows what it means: hand over what is in it instead", s.typ, s.hidden, s.typ.PkgPath()).in("." + s.hidden)
	case structShape:
		for i := range s.fields {
			f := &s.fields[i]
			if r := k.put(f.shape, unsafe.Add(p, f.offset)); r != nil {
				return r.in("." + f.name)
			}
		}
		return nil
	}
	if k.depth++; k.depth > maxNesting {
		return refuse("cannot pickle '%s' object: it is nested more than %d deep; does it hold itself?", s.typ, maxNesting)
	}
	defer func() { k.depth-- }()
	switch s.kind {
	case arrayShape:
		return k.putList(s.elem, p, s.typ.Len())
	case sliceShape:
		v := reflect.NewAt(s.typ, p).Elem()
		if v.IsNil() {
			k.number(0)
			return nil
		}
		k.number(uint64(v.Len()) + 1)
		return k.putList(s.elem, v.UnsafePointer(), v.Len())
	case pointerShape:
		to := *(*unsafe.Pointer)(p)
		if k.putPointer(to, s) {
			return k.put(s.elem, to)
		}
		return nil
	case mapShape:
		return k.putMap(s, p)
	default:
		return k.putBox(s, p)
	}
}

func (k *pickler) putList(elem *shape, p unsafe.Pointer, n int) *refusal {
	size := elem.typ.Size()
	if elem.kind == plainShape {
		k.bytes(memory(p, uintptr(n)*size))
		return nil
	}
	for i := range n {
		if r := k.put(elem, unsafe.Add(p, uintptr(i)*size)); r != nil {
			return r.in(fmt.Sprintf("[%d]", i))
		}
	}
	return nil
}

// putPointer writes a pointer, or a map, and tells whether what it points to
// follows.
func (k *pickler) putPointer(to unsafe.Pointer, s *shape) bool {
	if to == nil {
		k.number(0)
		return false
	}
	at := pointee{to, s}
	if n, ok := k.seen[at]; ok {
		k.number(n + 2)
		return false
	}
	if k.seen == nil {
		k.seen = make(map[pointee]uint64)
	}
	k.seen[at] = uint64(len(k.order))
	k.order = append(k.order, at)
	k.number(1)
	return true
}

func (k *pickler) putMap(s *shape, p unsafe.Pointer) *refusal {
	m := reflect.NewAt(s.typ, p).Elem()
	if !k.putPointer(m.UnsafePointer(), s) {
		return nil
	}
	k.number(uint64(m.Len()))
	var key, elem reflect.Value
	for it := m.MapRange(); it.Next(); {
		if !key.IsValid() || s.key.typ.Size()+s.elem.typ.Size() >= bigCut { // else it is written from where it lies
			key, elem = reflect.New(s.key.typ), reflect.New(s.elem.typ)
		}
		key.Elem().SetIterKey(it)
		elem.Elem().SetIterValue(it)
		if r := k.put(s.key, key.UnsafePointer()); r != nil {
			return r.in(" (a key)")
		}
		if r := k.put(s.elem, elem.UnsafePointer()); r != nil {
			return r.in(fmt.Sprintf("[%v]", key.Elem()))
		}
	}
	return nil
}

func (k *pickler) putOwn(s *shape, p unsafe.Pointer) *refusal {
	var b []byte
	var err error
	switch v := reflect.NewAt(s.typ, p).Interface().(type) {
	case gobCoder:
		b, err = v.GobEncode()
	case binaryCoder:
		b, err = v.MarshalBinary()
	case textCoder:
		b, err = v.MarshalText()
	}
	if err != nil {
		return &refusal{text: fmt.Sprintf("cannot pickle '%s' object: ", s.typ) + strings.ReplaceAll(err.Error(), "%", "%%"), cause: err}
	}
	k.number(uint64(len(b)))
	k.bytes(b)
	return nil
}

// putBox writes what an interface holds. An error of a type that can't cross
// becomes a RemoteError, as a task's own error does.
func (k *pickler) putBox(s *shape, p unsafe.Pointer) *refusal {
	v := reflect.NewAt(s.typ, p).Elem().Elem()
	if !v.IsValid() {
		k.number(0)
		return nil
	}
	before, seen, types := k.here(), len(k.order), len(k.types)
	r := k.putBoxed(v)
	if r == nil {
		return nil
	}
	err, ok := v.Interface().(error)
	if _, remote := err.(*RemoteError); !ok || remote || !remoteErrorType.AssignableTo(s.typ) {
		return r
	}
	k.back(before)
	for _, at := range k.order[seen:] {
		delete(k.seen, at)
	}
	k.order, k.types = k.order[:seen], k.types[:types]
	e, _ := remoteError(appendError(nil, err))
	return k.putBoxed(reflect.ValueOf(e))
}

var remoteErrorType = reflect.TypeFor[*RemoteError]()

func (k *pickler) putBoxed(v reflect.Value) *refusal {
	if r := k.putType(v.Type()); r != nil {
		return r
	}
	box := reflect.New(v.Type())
	box.Elem().Set(v)
	return k.put(shapeOf(v.Type()), box.UnsafePointer())
}

// A type is written as 0 for none, as 1 and what it is, or as where that stands
// already, from 2 on.
func (k *pickler) putType(t reflect.Type) *refusal {
	for i, known := range k.types {
		if known == t {
			k.number(uint64(i) + 2)
			return nil
		}
	}
	k.number(1)
	name := t.PkgPath() != "" && t.Name() != ""
	switch {
	case name && knownType(typeName(t)) != t:
		return refuse("cannot pickle '%%s' object: %%s holds a %s: declare it as that type, or name a value of it in futures.FreezeSupport", t)
	case name:
		k.buf = append(k.buf, byte(reflect.Invalid))
		k.text(typeName(t))
		k.text(shapeOf(t).signature())
	default:
		if r := k.putUnnamed(t); r != nil {
			return r
		}
	}
	k.types = append(k.types, t)
	return nil
}

func (k *pickler) putUnnamed(t reflect.Type) (r *refusal) {
	k.buf = append(k.buf, byte(t.Kind()))
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return k.putType(t.Elem())
	case reflect.Array:
		k.number(uint64(t.Len()))
		return k.putType(t.Elem())
	case reflect.Map:
		if r = k.putType(t.Key()); r == nil {
			r = k.putType(t.Elem())
		}
		return r
	case reflect.Struct:
		k.number(uint64(t.NumField()))
		for i := range t.NumField() {
			f := t.Field(i)
			k.text(f.Name)
			k.text(f.PkgPath)
			k.text(string(f.Tag))
			if f.Anonymous {
				k.number(1)
			} else {
				k.number(0)
			}
			if r = k.putType(f.Type); r != nil {
				return r.in("." + f.Name)
			}
		}
	case reflect.Interface:
		if t != anyType && t != errorType {
			return refuse("cannot pickle '%%s' object: %%s holds a %s, which has no name: declare the type", t)
		}
		k.number(uint64(t.NumMethod()))
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return refuse("cannot pickle '%s' object: %%s can't cross to another process", t)
	}
	return nil
}

var anyType = reflect.TypeFor[any]()

// An unpickler reads what a pickler has written. After the first error it reads
// nothing more.
type unpickler struct {
	*inbox
	err   error
	seen  []pointee
	types []reflect.Type
}

var errGarbled = errors.New("it is garbled")

// unpickle reads a value of a shape into zeroed memory at p.
func (in *inbox) unpickle(s *shape, p unsafe.Pointer) error {
	k := unpickler{inbox: in}
	k.get(s, p)
	return k.err
}

func (k *unpickler) fail(err error) {
	if k.err == nil {
		k.err = err
	}
}

func (k *unpickler) number() (n uint64) {
	if k.err == nil {
		n, k.err = binary.ReadUvarint(&k.r)
	}
	return n
}

// length is a number of things of which each takes some bytes: no more of them can
// follow than there are.
func (k *unpickler) length(n, size uint64) int {
	if size > 0 && n > k.r.left/size {
		k.fail(io.ErrUnexpectedEOF)
	}
	if k.err != nil {
		return 0
	}
	return int(n)
}

func (k *unpickler) read(b []byte) {
	if k.err == nil {
		k.err = k.fill(b)
	}
}

func (k *unpickler) text() []byte {
	b := make([]byte, k.length(k.number(), 1))
	k.read(b)
	return b
}

func (k *unpickler) get(s *shape, p unsafe.Pointer) {
	if k.err != nil {
		return
	}
	switch s.kind {
	case plainShape:
		k.read(memory(p, s.typ.Size()))
	case stringShape:
		b := k.text()
		*(*string)(p) = unsafe.String(unsafe.SliceData(b), len(b))
	case sliceShape:
		if n := k.number(); n > 0 {
			size := k.length(n-1, s.elem.least())
			v := reflect.MakeSlice(s.typ, size, size)
			reflect.NewAt(s.typ, p).Elem().Set(v)
			k.getList(s.elem, v.UnsafePointer(), size)
		}
	case arrayShape:
		k.getList(s.elem, p, s.typ.Len())
	case pointerShape, mapShape:
		k.getPointer(s, p)
	case boxShape:
		k.getBox(s, p)
	case structShape:
		for i := range s.fields {
			f := &s.fields[i]
			k.get(f.shape, unsafe.Add(p, f.offset))
		}
	case ownShape:
		b := k.text()
		if k.err != nil {
			return
		}
		switch v := reflect.NewAt(s.typ, p).Interface().(type) {
		case gobCoder:
			k.err = v.GobDecode(b)
		case binaryCoder:
			k.err = v.UnmarshalBinary(b)
		case textCoder:
			k.err = v.UnmarshalText(b)
		}
	}
}

func (k *unpickler) getList(elem *shape, p unsafe.Pointer, n int) {
	size := elem.typ.Size()
	if elem.kind == plainShape {
		k.read(memory(p, uintptr(n)*size))
		return
	}
	for i := 0; i < n && k.err == nil; i++ {
		k.get(elem, unsafe.Add(p, uintptr(i)*size))
	}
}

// least is how many bytes a value takes at least.
func (s *shape) least() uint64 {
	switch s.kind {
	case plainShape:
		return uint64(s.typ.Size())
	case structShape, arrayShape, neverShape:
		return 0
	}
	return 1
}

func (k *unpickler) getPointer(s *shape, p unsafe.Pointer) {
	switch n := k.number(); {
	case k.err != nil || n == 0:
	case n >= 2:
		if n -= 2; n >= uint64(len(k.seen)) || k.seen[n].s != s {
			k.fail(errGarbled)
			return
		}
		*(*unsafe.Pointer)(p) = k.seen[n].at
	case s.kind == pointerShape:
		to := reflect.New(s.elem.typ).UnsafePointer()
		*(*unsafe.Pointer)(p) = to
		k.seen = append(k.seen, pointee{to, s})
		k.get(s.elem, to)
	default:
		k.getMap(s, p)
	}
}

func (k *unpickler) getMap(s *shape, p unsafe.Pointer) {
	n := k.length(k.number(), s.key.least()+s.elem.least())
	m := reflect.MakeMapWithSize(s.typ, n)
	reflect.NewAt(s.typ, p).Elem().Set(m)
	k.seen = append(k.seen, pointee{m.UnsafePointer(), s})
	for range n {
		key, elem := reflect.New(s.key.typ), reflect.New(s.elem.typ)
		k.get(s.key, key.UnsafePointer())
		k.get(s.elem, elem.UnsafePointer())
		if k.err != nil {
			return
		}
		m.SetMapIndex(key.Elem(), elem.Elem())
	}
}

func (k *unpickler) getBox(s *shape, p unsafe.Pointer) {
	t := k.getType()
	if t == nil {
		return
	}
	box := reflect.New(t)
	k.get(shapeOf(t), box.UnsafePointer())
	if !t.AssignableTo(s.typ) {
		k.fail(fmt.Errorf("a %s is no %s", t, s.typ))
	}
	if k.err == nil {
		reflect.NewAt(s.typ, p).Elem().Set(box.Elem())
	}
}

// getType reads a type; it is nil for none, and after an error.
func (k *unpickler) getType() (t reflect.Type) {
	switch n := k.number(); {
	case k.err != nil || n == 0:
		return nil
	case n-2 < uint64(len(k.types)):
		return k.types[n-2]
	case n > 1:
		k.fail(errGarbled)
		return nil
	}
	kind, err := k.r.ReadByte()
	if err != nil {
		k.fail(err)
		return nil
	}
	if reflect.Kind(kind) == reflect.Invalid {
		t = k.getNamed()
	} else {
		t = k.getUnnamed(reflect.Kind(kind))
	}
	if k.err != nil {
		return nil
	}
	k.types = append(k.types, t)
	return t
}

func (k *unpickler) getNamed() reflect.Type {
	name, signature := string(k.text()), string(k.text())
	t := knownType(name)
	switch {
	case t == nil:
		k.fail(fmt.Errorf("type %s is not known there: name a value of it in futures.FreezeSupport", name))
	case shapeOf(t).signature() != signature:
		k.fail(fmt.Errorf("type %s is another one there", name))
	}
	return t
}

// predeclared are the types that have a name and no package.
var predeclared = map[reflect.Kind]reflect.Type{}

func init() {
	for _, v := range []any{false, 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
		uintptr(0), float32(0), float64(0), complex64(0), complex128(0), ""} {
		predeclared[reflect.TypeOf(v).Kind()] = reflect.TypeOf(v)
	}
}

// getUnnamed reads a type that has no name. What can't be one panics, in reflect:
// inbox.value recovers.
func (k *unpickler) getUnnamed(kind reflect.Kind) reflect.Type {
	switch kind {
	case reflect.Pointer:
		return reflect.PointerTo(k.getType())
	case reflect.Slice:
		return reflect.SliceOf(k.getType())
	case reflect.Array:
		n := k.number()
		return reflect.ArrayOf(int(n), k.getType())
	case reflect.Map:
		key := k.getType()
		return reflect.MapOf(key, k.getType())
	case reflect.Struct:
		fields := make([]reflect.StructField, k.length(k.number(), 5))
		for i := range fields {
			f := &fields[i]
			f.Name, f.PkgPath, f.Tag = string(k.text()), string(k.text()), reflect.StructTag(k.text())
			f.Anonymous = k.number() == 1
			f.Type = k.getType()
		}
		return reflect.StructOf(fields)
	case reflect.Interface:
		if k.number() == 0 {
			return anyType
		}
		return errorType
	}
	return predeclared[kind]
}
