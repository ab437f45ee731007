package yaegi

import (
	"reflect"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Package reflect lets nobody change a field that is not exported. The user's
// code may, in the package that declares the struct, and that is all that is
// interpreted.

// A value is a reflect.Value as it lies in memory.
type value struct {
	typ, ptr unsafe.Pointer
	flag     uintptr
}

// readOnly are the flags of a value that was reached through unexported fields.
var readOnly = func() uintptr {
	type inner struct{ A int }
	v := reflect.ValueOf(struct {
		A int
		_ int
		inner
	}{})
	flags := func(v reflect.Value) uintptr { return (*value)(unsafe.Pointer(&v)).flag }
	ro := (flags(v.Field(1)) | flags(v.Field(2))) &^ flags(v.Field(0)) &^ flags(reflect.ValueOf(inner{}))
	if size := unsafe.Sizeof(reflect.Value{}); size != unsafe.Sizeof(value{}) || ro == 0 {
		panic("yaegi: reflect.Value is not what it was; see fields.go")
	}
	return ro
}()

// ofUser reports whether a selector may select a field that is not exported.
func ofUser(n node) bool {
	c := n.children()
	if len(c) != 2 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(c[1].ident())
	return !unicode.IsUpper(first)
}

// wrapField has what a selector selected be like any other value.
func (t *tracer) wrapField(n node) {
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		inner := *n.step()
		if inner == nil {
			return
		}
		at, level := n.findex(), n.level()
		*n.step() = func(f unsafe.Pointer) step {
			next := inner(f)
			data := *field[[]reflect.Value](frame{f}.up(level).p, frameAtOffset.data)
			if at >= 0 && at < len(data) {
				(*value)(unsafe.Pointer(&data[at])).flag &^= readOnly
			}
			return next
		}
	}
}

// kind is the value's reflect.Kind.
func (v *value) kind() reflect.Kind { return reflect.Kind(v.flag & (1<<5 - 1)) }
