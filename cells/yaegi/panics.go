package yaegi

import (
	"fmt"
	"go/constant"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/pattern"
)

var conversion = pattern.New(`^.+/_:\d+:\d+: (interface conversion: .*)`)

const nilDereference = runtimeError("runtime error: invalid memory address or nil pointer dereference")

// panicValue returns the value that the panic would have had in compiled Go.
func panicValue(r any, s *site, f frame) any {
	v := goValue(plain(r), s, f)
	if e, ok := v.(runtimeError); ok {
		return e.real()
	}
	return v
}

func goValue(r any, s *site, f frame) any {
	switch x := r.(type) {
	case nil:
		return new(runtime.PanicNilError)
	case string:
		// A user's own panic with these words is told as the same thing: so be it.
		switch {
		case strings.HasSuffix(x, "index out of range") && strings.HasPrefix(x, "reflect: "):
			return runtimeError("runtime error: index out of range" + indexDetail(s, f))
		case strings.HasPrefix(x, "reflect.Value.Slice"):
			return runtimeError("runtime error: slice bounds out of range" + sliceDetail(s, f))
		case strings.HasPrefix(x, "reflect: ") && strings.Contains(x, "nil pointer"),
			x == "reflect.Value.Call: call of nil function",
			x == "reflect: Method on nil interface value",
			x == "reflect.Value.Addr of unaddressable value":
			return nilDereference
		case x == "reflect.MakeSlice: negative len":
			return runtimeError("runtime error: makeslice: len out of range")
		case x == "reflect.MakeSlice: negative cap", x == "reflect.MakeSlice: len > cap":
			return runtimeError("runtime error: makeslice: cap out of range")
		case x == "reflect.MakeChan: negative buffer size":
			return runtimeError("makechan: size out of range")
		case strings.HasPrefix(x, "reflect: cannot convert slice with length "):
			x = strings.Replace(x[len("reflect: "):], "to pointer to array", "to array", 1)
			return runtimeError("runtime error: " + strings.Replace(x, "to array", "to array or pointer to array", 1))
		case strings.HasPrefix(x, "reflect.MakeSlice: "):
			return runtimeError("runtime error: " + x[strings.Index(x, ": ")+2:])
		}
	case *reflect.ValueError:
		if err, ok := assertionError(s, f); ok {
			return err
		}
		if x.Kind == reflect.Invalid {
			return nilDereference
		}
	case runtime.Error:
		if t, ok := strings.CutPrefix(x.Error(), "hash of unhashable type: "); ok && s != nil && isAssigned(s.node) {
			return runtimeError("runtime error: hash of unhashable type " + t)
		}
		if strings.HasPrefix(x.Error(), "value method ") && s != nil && throughPointer(s.node) {
			return nilDereference
		}
	case error:
		if m := conversion().FindStringSubmatch(x.Error()); m != nil {
			if err, ok := assertionError(s, f); ok {
				return err
			}
			return runtimeError(m[1])
		}
	}
	return r
}

// throughPointer reports whether a step calls a method of what a pointer points to:
// Go follows it before the call.
func throughPointer(n node) bool {
	if n.kind() != "callExpr" {
		return false
	}
	fun := n.children()[0]
	if fun.kind() != "selectorExpr" {
		return false
	}
	t := fun.children()[0].typ()
	return t != nil && t.Kind() == reflect.Pointer
}

// isAssigned reports whether a step assigns, or belongs to what is assigned to.
func isAssigned(n node) bool {
	if assigns(n) {
		return true
	}
	up := n.parent()
	return up.p != nil && assigns(up) && up.children()[0] == n
}

// sliceDetail returns " [low:high] with capacity n" as the runtime has it, if it
// can be found out.
func sliceDetail(s *site, f frame) (detail string) {
	if s == nil || s.node.kind() != "sliceExpr" || f.p == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			detail = ""
		}
	}()
	c := s.node.children()
	list := f.operand(c[0])
	for list.Kind() == reflect.Pointer || list.Kind() == reflect.Interface {
		list = list.Elem()
	}
	bounds := make([]int64, 0, 3)
	if s.node.action() == "slice0" {
		bounds = append(bounds, 0)
	}
	for _, n := range c[1:] {
		i, ok := integer(f.operand(n))
		if !ok {
			return ""
		}
		bounds = append(bounds, i)
	}
	return " " + outOfBounds(list, bounds)
}

// outOfBounds says which of the bounds of list[low:high:max] does not fit.
func outOfBounds(list reflect.Value, bounds []int64) string {
	limit, called := int64(list.Len()), "length"
	if list.Kind() == reflect.Slice {
		limit, called = int64(list.Cap()), "capacity"
	}
	low, three := bounds[0], len(bounds) == 3
	high := int64(list.Len())
	if len(bounds) > 1 {
		high = bounds[1]
	}
	if three {
		switch end := bounds[2]; {
		case end < 0:
			return fmt.Sprintf("[::%d]", end)
		case end > limit:
			return fmt.Sprintf("[::%d] with %s %d", end, called, limit)
		case high < 0:
			return fmt.Sprintf("[:%d:]", high)
		case high > end:
			return fmt.Sprintf("[:%d:%d]", high, end)
		case low < 0:
			return fmt.Sprintf("[%d::]", low)
		}
		return fmt.Sprintf("[%d:%d:]", low, high)
	}
	switch {
	case high < 0:
		return fmt.Sprintf("[:%d]", high)
	case high > limit:
		return fmt.Sprintf("[:%d] with %s %d", high, called, limit)
	case low < 0:
		return fmt.Sprintf("[%d:]", low)
	}
	return fmt.Sprintf("[%d:%d]", low, high)
}

// integer returns the value of an index.
func integer(v reflect.Value) (int64, bool) {
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint():
		return int64(v.Uint()), true
	case !v.IsValid():
		return 0, false
	}
	k, ok := v.Interface().(constant.Value)
	if !ok {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(k))
}

// indexDetail returns " [i] with length n", if it can be found out.
func indexDetail(s *site, f frame) (detail string) {
	if s == nil || f.p == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			detail = ""
		}
	}()
	at := s.node
	if at.kind() != "indexExpr" { // it assigns to one
		at = at.children()[0]
	}
	c := at.children()
	if at.kind() != "indexExpr" || len(c) != 2 {
		return ""
	}
	list := f.operand(c[0])
	for list.Kind() == reflect.Pointer || list.Kind() == reflect.Interface {
		list = list.Elem()
	}
	n := list.Len()
	i, ok := integer(f.operand(c[1]))
	switch {
	case !ok:
		return ""
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
	case runtime.Error: // it may name a method that is missing
		return compile.Readable(text(x))
	case error, fmt.Stringer, string:
		return text(x)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr,
		float32, float64, complex64, complex128:
		return fmt.Sprint(x)
	}
	switch k := reflect.ValueOf(v).Kind(); {
	case k == reflect.String:
		return fmt.Sprintf(`%T("%s")`, v, text(v))
	case k >= reflect.Bool && k <= reflect.Complex128:
		return fmt.Sprintf("%T(%s)", v, strings.Trim(text(v), "()"))
	}
	return fmt.Sprintf("(%T) %s", v, text(v))
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
