package yaegi

import (
	"fmt"
	"go/constant"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"unsafe"
)

// A runtimeError is what Go's runtime would have said where yaegi says it in
// package reflect's words.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error, for user code that recovers it.
func (runtimeError) RuntimeError() {}

var _ runtime.Error = runtimeError("")

var conversion = regexp.MustCompile(`^.+/_:\d+:\d+: (interface conversion: .*)`)

const nilDereference = runtimeError("runtime error: invalid memory address or nil pointer dereference")

// panicValue returns the value that the panic would have had in compiled Go.
func panicValue(r any, s *site, f frame) any {
	r = plain(r)
	switch x := r.(type) {
	case nil:
		return new(runtime.PanicNilError)
	case string:
		// A user's own panic with these words is told as the same thing: so be it.
		switch {
		case strings.HasSuffix(x, "index out of range") && strings.HasPrefix(x, "reflect: "):
			return runtimeError("runtime error: index out of range" + indexDetail(s, f))
		case strings.HasPrefix(x, "reflect.Value.Slice"):
			return runtimeError("runtime error: slice bounds out of range")
		case strings.HasPrefix(x, "reflect: ") && strings.Contains(x, "nil pointer"),
			x == "reflect.Value.Call: call of nil function":
			return nilDereference
		case x == "reflect.MakeSlice: negative len":
			return runtimeError("runtime error: makeslice: len out of range")
		case x == "reflect.MakeSlice: negative cap", x == "reflect.MakeSlice: len > cap":
			return runtimeError("runtime error: makeslice: cap out of range")
		case strings.HasPrefix(x, "reflect: negative shift"), strings.HasPrefix(x, "reflect.MakeSlice: "), strings.HasPrefix(x, "reflect.MakeChan: "):
			return runtimeError("runtime error: " + x[strings.Index(x, ": ")+2:])
		}
	case *reflect.ValueError:
		if x.Kind == reflect.Invalid {
			return nilDereference
		}
	case runtime.Error:
	case error:
		if m := conversion.FindStringSubmatch(x.Error()); m != nil {
			return runtimeError(m[1])
		}
	}
	return r
}

// indexDetail returns " [i] with length n", if it can be found out.
func indexDetail(s *site, f frame) (detail string) {
	if s == nil || !s.index || f.p == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			detail = ""
		}
	}()
	c := s.node.children()
	if len(c) != 2 {
		return ""
	}
	list := f.operand(c[0])
	for list.Kind() == reflect.Pointer || list.Kind() == reflect.Interface {
		list = list.Elem()
	}
	n := list.Len()
	var i int64
	at := f.operand(c[1])
	switch {
	case at.CanInt():
		i = at.Int()
	case at.CanUint():
		i = int64(at.Uint())
	default:
		k, ok := at.Interface().(constant.Value)
		if !ok {
			return ""
		}
		i, _ = constant.Int64Val(constant.ToInt(k))
	}
	switch {
	case i < 0:
		return fmt.Sprintf(" [%d]", i)
	case i >= int64(n):
		return fmt.Sprintf(" [%d] with length %d", i, n)
	}
	return ""
}

// panicText returns what Go's runtime prints for a panic with the value.
func panicText(v any) string {
	switch x := v.(type) {
	case error, fmt.Stringer, string:
		return text(x)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr,
		float32, float64, complex64, complex128:
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("(%s) %s", typeText(v), text(v))
}

// typeText returns the name of v's type; of those that only exist here, the one
// that they stand for.
func typeText(v any) string {
	switch v.(type) {
	case runtimeError:
		return "runtime.Error"
	}
	return fmt.Sprintf("%T", v)
}

// unwrap returns what one of yaegi's own wrappers holds: a valueInterface, or a
// struct that lends methods to an interpreted value.
func unwrap(v any) (any, bool) {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Struct || t.Name() != "valueInterface" || t.NumField() != 2 {
		return nil, false
	}
	c := reflect.New(t)
	c.Elem().Set(reflect.ValueOf(v))
	inner, ok := reflect.NewAt(t.Field(1).Type, unsafe.Add(c.UnsafePointer(), t.Field(1).Offset)).Elem().Interface().(reflect.Value)
	if !ok {
		return nil, false
	}
	return inner, true
}
