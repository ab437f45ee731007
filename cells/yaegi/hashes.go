package yaegi

import (
	"reflect"
	"sync"
	"unsafe"
)

// A map that interpreted code makes is used by compiled code, too, so both must
// hash its keys in the same way. Package reflect and the compiler differ for
// structs and arrays of them whose fields are not all plain memory: the compiler
// hashes what lies together at once.

// A hasher is what the runtime has for a type of keys.
type hasher = func(key unsafe.Pointer, seed uintptr) uintptr

// A mapType is the runtime's description of a map type, as internal/abi has it.
type mapType struct {
	_                [4*unsafe.Sizeof(uintptr(0)) + 16]byte // of any type
	key, elem, group unsafe.Pointer
	hash             hasher
}

func mapTypeOf(t reflect.Type) *mapType { return (*mapType)(description(t)) }

// code is where a function begins.
func code(f hasher) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// aligned has the types that were looked at.
var aligned sync.Map

// hashing tells which hashers are package reflect's own; not ok in a runtime that
// is not the one known.
var hashing = sync.OnceValue(func() (made struct {
	code uintptr
	ok   bool
}) {
	type key struct {
		a    int32
		b    string
		c    int64
		d    any
		e, f int8
	}
	type once [1]key
	own := mapTypeOf(reflect.MapOf(reflect.TypeFor[once](), reflect.TypeFor[key]()))
	if own.key != description(reflect.TypeFor[once]()) {
		return made
	}
	made.code = code(own.hash)
	compiled := mapTypeOf(reflect.TypeFor[map[key]bool]()).hash
	k := key{1, "b", 2, 3.5, 4, 5}
	p := unsafe.Pointer(&k)
	made.ok = code(compiled) != made.code && hasherOf(reflect.TypeFor[key]())(p, 42) == compiled(p, 42)
	return made
})

// alignHashes has the maps of a type, which package reflect may have made, hash as
// the compiler would have them. No such map exists yet.
func alignHashes(t reflect.Type) {
	if t == nil || t.Name() != "" {
		return
	}
	if _, seen := aligned.LoadOrStore(t, true); seen {
		return
	}
	switch t.Kind() {
	case reflect.Map:
		m := mapTypeOf(t)
		if made := hashing(); made.ok && code(m.hash) == made.code && mixed(t.Key()) {
			m.hash = hasherOf(t.Key())
		}
		alignHashes(t.Key())
		alignHashes(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		alignHashes(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			alignHashes(t.Field(i).Type)
		}
	case reflect.Func:
		for i := range t.NumIn() {
			alignHashes(t.In(i))
		}
		for i := range t.NumOut() {
			alignHashes(t.Out(i))
		}
	}
}

// mixed reports whether the two hash a type of keys differently.
func mixed(t reflect.Type) bool {
	return (t.Kind() == reflect.Struct || t.Kind() == reflect.Array) && !plainMemory(t)
}

// plainMemory reports whether values that are equal are the same bytes.
func plainMemory(t reflect.Type) bool {
	const regular = 1 << 3 // internal/abi.TFlagRegularMemory
	flags := *(*uint8)(unsafe.Add(description(t), 2*unsafe.Sizeof(uintptr(0))+4))
	return flags&regular != 0
}

// hasherOf returns the compiler's hasher of a type of keys.
func hasherOf(t reflect.Type) hasher {
	if !mixed(t) {
		return mapTypeOf(reflect.MapOf(t, reflect.TypeFor[struct{}]())).hash
	}
	if t.Kind() == reflect.Array {
		n, size, hash := t.Len(), t.Elem().Size(), hasherOf(t.Elem())
		return func(p unsafe.Pointer, h uintptr) uintptr {
			for i := range n {
				h = hash(unsafe.Add(p, uintptr(i)*size), h)
			}
			return h
		}
	}
	type part struct {
		at   uintptr
		size int    // of plain memory
		hash hasher // of something else
	}
	var parts []part
	memory := hasherOf(reflect.TypeFor[string]()) // of what it points to
	for i := 0; i < t.NumField(); {
		f := t.Field(i)
		i++
		switch {
		case f.Name == "_":
		case !plainMemory(f.Type):
			parts = append(parts, part{at: f.Offset, hash: hasherOf(f.Type)})
		default:
			end := f.Offset + f.Type.Size()
			for ; i < t.NumField(); i++ {
				next := t.Field(i)
				if next.Offset != end || next.Name == "_" || !plainMemory(next.Type) {
					break
				}
				end += next.Type.Size()
			}
			parts = append(parts, part{at: f.Offset, size: int(end - f.Offset)})
		}
	}
	return func(p unsafe.Pointer, h uintptr) uintptr {
		for _, part := range parts {
			at := unsafe.Add(p, part.at)
			if part.hash == nil {
				run := unsafe.String((*byte)(at), part.size)
				h = memory(unsafe.Pointer(&run), h)
			} else {
				h = part.hash(at, h)
			}
		}
		return h
	}
}
