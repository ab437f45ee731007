package yaegi

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/paracell/paracell/cells/pattern"
)

// A runtimeError is what Go's runtime would have said where yaegi says it in
// package reflect's words.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error.
func (runtimeError) RuntimeError() {}

// The runtime's own errors, of each kind one.
var runtimeErrors = sync.OnceValue(func() (kinds struct{ plain, errorString, bounds reflect.Type }) {
	caught := func(f func()) (t reflect.Type) {
		defer func() { t = reflect.TypeOf(recover()) }()
		f()
		return nil
	}
	var c chan int
	var p *int
	var list []int
	kinds.plain = caught(func() { close(c) })
	kinds.errorString = caught(func() { *p = 0 })
	kinds.bounds = caught(func() { list[len(list)] = 0 })
	return kinds
})

// boundsForms are the texts of runtime.boundsError by its code, and those with a
// negative number, which leave the other one out.
var boundsForms = [...][2]string{
	{"index out of range [%d] with length %d", "index out of range [%d]"},
	{"slice bounds out of range [:%d] with length %d", "slice bounds out of range [:%d]"},
	{"slice bounds out of range [:%d] with capacity %d"},
	{"slice bounds out of range [%d:%d]", "slice bounds out of range [%d:]"},
	{"slice bounds out of range [::%d] with length %d", "slice bounds out of range [::%d]"},
	{"slice bounds out of range [::%d] with capacity %d"},
	{"slice bounds out of range [:%d:%d]", "slice bounds out of range [:%d:]"},
	{"slice bounds out of range [%d:%d:]", "slice bounds out of range [%d::]"},
	{"cannot convert slice with length %[2]d to array or pointer to array with length %[1]d"},
}

var number = pattern.New(`-?\d+`)

// real returns the runtime's own error that says the same, for user code that
// recovers it and looks at its type.
func (e runtimeError) real() any {
	text, prefixed := strings.CutPrefix(string(e), "runtime error: ")
	kinds := runtimeErrors()
	if !prefixed {
		return reflect.ValueOf(text).Convert(kinds.plain).Interface()
	}
	var n []any
	for _, digits := range number().FindAllString(text, -1) {
		i, _ := strconv.ParseInt(digits, 10, 64)
		n = append(n, i)
	}
	for code, forms := range boundsForms {
		x, y := int64(0), int64(0)
		switch {
		case len(n) == 1 && text == fmt.Sprintf(forms[1], n...):
			x = n[0].(int64)
		case len(n) == 2 && text == fmt.Sprintf(forms[0], n...):
			x, y = n[0].(int64), n[1].(int64)
		case len(n) == 2 && text == fmt.Sprintf(forms[0], n[1], n[0]):
			x, y = n[1].(int64), n[0].(int64)
		default:
			continue
		}
		err := reflect.New(kinds.bounds).Elem()
		settable(err, "x").SetInt(x)
		settable(err, "y").SetInt(y)
		settable(err, "signed").SetBool(true)
		settable(err, "code").SetUint(uint64(code))
		return err.Interface()
	}
	return reflect.ValueOf(text).Convert(kinds.errorString).Interface()
}

// A failedAssertion is a runtime.TypeAssertionError, as package runtime has it.
type failedAssertion struct {
	inter, concrete, asserted unsafe.Pointer // nil for none
	missing                   string         // a method
}

func (a failedAssertion) real() error {
	err := new(runtime.TypeAssertionError)
	*(*failedAssertion)(unsafe.Pointer(err)) = a
	return err
}

// description is the runtime's of a type; nil for none.
func description(t reflect.Type) unsafe.Pointer {
	if t == nil {
		return nil
	}
	return reflect.ValueOf(t).UnsafePointer()
}
