package display

import (
	"fmt"
	"image"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxText     = 10_000 // bytes of a text form
	maxElements = 1000   // of one slice or map
	maxDepth    = 50
)

// Sprint is v's text form: as fmt.Sprint writes it, but a pointer to a value of
// the notebook's own types shows the value wherever it stands, and a function
// its type. What is long is cut, and says how much is left out: of slices and
// maps the elements behind the first 1000, of the whole what is behind some
// 10 000 bytes.
func Sprint(v any) string {
	if img, ok := v.(image.Image); ok { // pixels say nothing
		b := img.Bounds()
		return fmt.Sprintf("%T, %d×%d", v, b.Dx(), b.Dy())
	}
	w := textWriter{limit: maxText}
	w.value(reflect.ValueOf(v), 0)
	return w.String()
}

// textWriter writes values as fmt's %v does.
type textWriter struct {
	strings.Builder
	limit int
	above []reflect.Value // the pointers that lead to what is written
}

// full reports whether nothing more should be written.
func (w *textWriter) full() bool { return w.Len() >= w.limit }

// text writes s up to the limit.
func (w *textWriter) text(s string) {
	room := max(w.limit-w.Len(), 0)
	if len(s) <= room {
		w.WriteString(s)
		return
	}
	for room > 0 && !utf8.RuneStart(s[room]) {
		room--
	}
	fmt.Fprintf(w, "%s… (%d more characters)", s[:room], utf8.RuneCountInString(s[room:]))
}

func (w *textWriter) value(v reflect.Value, depth int) {
	if !v.IsValid() {
		w.WriteString("<nil>")
		return
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case reflect.Value:
			w.value(x, depth)
			return
		case fmt.Formatter, error, fmt.Stringer:
			w.text(fmt.Sprint(x)) // also when the method panics
			return
		}
	}
	if depth > maxDepth {
		w.WriteString("…")
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		w.value(v.Elem(), depth)
	case reflect.String:
		w.text(v.String())
	case reflect.Struct:
		w.WriteByte('{')
		for i := range v.NumField() {
			if i > 0 {
				w.WriteByte(' ')
			}
			if w.full() {
				fmt.Fprintf(w, "… (%d more fields)", v.NumField()-i)
				break
			}
			w.value(v.Field(i), depth+1)
		}
		w.WriteByte('}')
	case reflect.Slice, reflect.Array:
		w.WriteByte('[')
		w.elements(v.Len(), func(i int) { w.value(v.Index(i), depth+1) })
		w.WriteByte(']')
	case reflect.Map:
		keys := sortedKeys(v)
		w.WriteString("map[")
		w.elements(len(keys), func(i int) {
			w.value(keys[i], depth+1)
			w.WriteByte(':')
			w.value(v.MapIndex(keys[i]), depth+1)
		})
		w.WriteByte(']')
	case reflect.Pointer:
		w.pointer(v, depth)
	case reflect.Func:
		if v.IsNil() {
			w.WriteString("<nil>")
		} else {
			w.WriteString(v.Type().String())
		}
	default:
		fmt.Fprint(w, v) // what v holds
	}
}

// elements writes n elements with spaces between them.
func (w *textWriter) elements(n int, write func(int)) {
	for i := range n {
		if i > 0 {
			w.WriteByte(' ')
		}
		if i == maxElements || w.full() {
			fmt.Fprintf(w, "… (%d more)", n-i)
			return
		}
		write(i)
	}
}

func (w *textWriter) pointer(v reflect.Value, depth int) {
	elem := v.Type().Elem()
	composite := slices.Contains([]reflect.Kind{reflect.Struct, reflect.Slice, reflect.Array, reflect.Map}, elem.Kind())
	switch {
	case v.IsNil():
		w.WriteString("<nil>")
	case !own(elem) && (depth > 0 || !composite):
		fmt.Fprintf(w, "0x%x", v.Pointer()) // such as what a mutex points to
	case slices.ContainsFunc(w.above, func(a reflect.Value) bool { return a.Pointer() == v.Pointer() && a.Type() == v.Type() }):
		w.WriteString("&…") // it leads back to itself
	default:
		w.above = append(w.above, v)
		w.WriteByte('&')
		w.value(v.Elem(), depth+1)
		w.above = w.above[:len(w.above)-1]
	}
}

// own reports whether a type is the notebook's: not declared by a package that
// it imports.
func own(t reflect.Type) bool {
	p := t.PkgPath()
	return p == "" || p == "main" || strings.HasPrefix(p, "cell/")
}
