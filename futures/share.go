package futures

import (
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"unsafe"
)

// Shared is memory that this process and its workers have in common: as an
// argument or a result it crosses by its name, whatever its size. What one
// process writes the others read, so tasks that write to the same part must
// agree. It ends when no process uses it anymore.
//
// On Linux it is a memfd. Elsewhere it is ordinary memory, which is copied when
// it crosses.
type Shared struct {
	memory *mapping // nil after Close
}

// A mapping is memory and what must be let go of with it.
type mapping struct {
	bytes []byte
	file  *os.File // nil where memory can't be shared
}

// NewShared makes size bytes of shared memory, all zero.
func NewShared(size int) (*Shared, error) {
	if size < 0 {
		return nil, &ValueError{fmt.Sprintf("shared memory of %d bytes", size)}
	}
	m, err := newMemory(size)
	if err != nil {
		return nil, fmt.Errorf("shared memory of %d bytes: %w", size, err)
	}
	return m.shared(), nil
}

// Share makes shared memory with a copy of b.
func Share(b []byte) (*Shared, error) {
	s, err := NewShared(len(b))
	if err == nil {
		copy(s.Bytes(), b)
	}
	return s, err
}

// ShareAny is Share for a slice of numbers, or of arrays or structs of them.
func ShareAny(slice any) (*Shared, error) {
	v := reflect.ValueOf(slice)
	if v.Kind() != reflect.Slice || !isPlain(v.Type().Elem()) {
		return nil, &PicklingError{Name: fmt.Sprintf("%T", slice), Message: fmt.Sprintf("cannot share '%T' object: only slices of numbers, and of arrays and structs of them, mean the same in another process", slice)}
	}
	return Share(memory(v.UnsafePointer(), uintptr(v.Len())*v.Type().Elem().Size()))
}

// Slice is the memory itself, seen as a slice of elements of a type. It panics
// when ShareAny would refuse them.
func (s *Shared) Slice(elem reflect.Type) any {
	if !isPlain(elem) || elem.Size() == 0 {
		panic(fmt.Sprintf("futures: shared memory can't be seen as a []%s", elem))
	}
	b := s.Bytes()
	return reflect.SliceAt(elem, unsafe.Pointer(unsafe.SliceData(b)), len(b)/int(elem.Size())).Interface()
}

func (m *mapping) shared() *Shared {
	s := &Shared{m}
	runtime.AddCleanup(s, func(m *mapping) { m.free() }, m)
	return s
}

// Bytes is the memory itself. It may be used as long as the Shared is.
func (s *Shared) Bytes() []byte {
	if s == nil || s.memory == nil {
		return nil
	}
	return s.memory.bytes
}

// Close lets this process's hold on the memory go, before the garbage collector
// does. Its bytes must not be used afterwards.
func (s *Shared) Close() error {
	if s == nil || s.memory == nil {
		return nil
	}
	m := s.memory
	s.memory = nil
	return m.free()
}

// MarshalBinary names the memory for another process on this machine.
func (s *Shared) MarshalBinary() ([]byte, error) {
	if s.memory == nil {
		return nil, &ValueError{"shared memory was closed"}
	}
	if s.memory.file == nil {
		return append([]byte{0}, s.memory.bytes...), nil
	}
	name := binary.AppendUvarint([]byte{1}, uint64(os.Getpid()))
	name = binary.AppendUvarint(name, uint64(s.memory.file.Fd()))
	return binary.AppendUvarint(name, uint64(len(s.memory.bytes))), nil
}

// UnmarshalBinary takes hold of the memory that MarshalBinary named.
func (s *Shared) UnmarshalBinary(b []byte) error {
	if len(b) > 0 && b[0] == 0 {
		*s = Shared{&mapping{bytes: append([]byte(nil), b[1:]...)}}
		return nil
	}
	var n [3]uint64
	for i, rest := 0, b[min(1, len(b)):]; i < len(n); i++ {
		v, k := binary.Uvarint(rest)
		if k <= 0 {
			return &ValueError{"this is not the name of shared memory"}
		}
		n[i], rest = v, rest[k:]
	}
	m, err := openMemory(int(n[0]), int(n[1]), int(n[2]))
	if err != nil {
		return fmt.Errorf("shared memory of process %d: %w", n[0], err)
	}
	s.memory = m
	runtime.AddCleanup(s, func(m *mapping) { m.free() }, m)
	return nil
}
