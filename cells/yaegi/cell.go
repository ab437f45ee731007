package yaegi

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/display"
)

// CellPath is the import path of the package that lowered code calls; its name
// is cell. It has
//
//	func Result(values ...any)                                  // of the last expression
//	func Var(name string, value any)                            // emits an eval.Value
//	func Input(prompt string, password bool) (string, error)    // asks the user
//	func Clear(v any)                                           // is the builtin clear
//	func Pools(number int)                                      // shows a pool, 0 for a list of all; emits an eval.Value when there is none
//	func Share(name string, with unsafe.Pointer)                // has a global of yaegi's be the variable there
//	func Printed(line bool, values ...any) string               // what the builtins print and println write
//	func Runes(s string) (places []int, runes []rune)           // of a range over s
//	func Capture(name string, value func() any)                 // how to read a variable that tasks use
const CellPath = "paracell/cell"

// bindOwn binds the packages that exist nowhere but here.
func (i *interpreter) bindOwn() {
	own := func(path, name string, s map[string]reflect.Value) {
		i.bound[path] = true
		if err := i.use(path, name, s); err != nil {
			panic(err) // the key is well-formed
		}
	}
	own(enterPath, "enter", map[string]reflect.Value{
		"Enter": reflect.ValueOf(i.enter),
		"Func":  reflect.ValueOf(i.function),
		"Lead":  reflect.ValueOf(i.lead),
	})
	result, value := reflect.ValueOf(i.result), reflect.ValueOf(i.value)
	own(CellPath, "cell", map[string]reflect.Value{
		"Result":  result,
		"Var":     value,
		"Input":   reflect.ValueOf(i.prompt),
		"Clear":   reflect.ValueOf(func(v any) { reflect.ValueOf(v).Clear() }),
		"Keep":    reflect.ValueOf(valueKept),
		"Iterate": reflect.ValueOf(iterate),
		"Nil":     reflect.ValueOf(func() { panic(nilDereference) }),
		"Pools":   reflect.ValueOf(i.pools),
		"Share":   reflect.ValueOf(i.inner.share),
		"Printed": reflect.ValueOf(printedText),
		"Runes":   reflect.ValueOf(runes),
		"Capture": reflect.ValueOf(i.capture),
	})
	i.lend(map[reflect.Value][]reflect.Type{result: printed, value: printed})
	i.bindUnsafe()
}

// iterate is called when the body of a loop over an iterator must not run, with the
// loop's state as package lower has it.
func iterate(state int) {
	did := "continued iteration after function for loop body returned false"
	switch state {
	case -1:
		did = "continued iteration after loop body panic"
	case -3:
		did = "continued iteration after whole loop exit"
	case -4:
		did = "recovered a loop body panic and did not resume panicking"
	}
	panic(runtimeError("runtime error: range function " + did))
}

// valueKept returns a function that gives a variable the value back that it has now.
func valueKept(variable any) func() {
	v := reflect.ValueOf(variable).Elem()
	value := copyOf(v)
	return func() { v.Set(value) }
}

// printedText is what print writes of values, and println when it is a line.
func printedText(line bool, values ...any) string {
	var b strings.Builder
	for i, v := range values {
		if line && i > 0 {
			b.WriteByte(' ')
		}
		switch v := reflect.ValueOf(plain(v)); v.Kind() {
		case reflect.Invalid:
			b.WriteString("(0x0,0x0)")
		case reflect.Pointer, reflect.Chan, reflect.Func, reflect.Map, reflect.UnsafePointer:
			fmt.Fprintf(&b, "%#x", v.Pointer())
		case reflect.Slice:
			fmt.Fprintf(&b, "[%d/%d]%#x", v.Len(), v.Cap(), v.Pointer())
		case reflect.Bool:
			fmt.Fprint(&b, v.Bool())
		case reflect.String:
			b.WriteString(v.String())
		case reflect.Float32:
			fmt.Fprint(&b, float32(v.Float()))
		case reflect.Complex64:
			fmt.Fprint(&b, complex64(v.Complex()))
		default:
			switch {
			case v.CanInt():
				fmt.Fprint(&b, v.Int())
			case v.CanUint():
				fmt.Fprint(&b, v.Uint())
			case v.CanFloat():
				fmt.Fprint(&b, v.Float())
			case v.CanComplex():
				fmt.Fprint(&b, v.Complex())
			default:
				fmt.Fprint(&b, v)
			}
		}
	}
	if line {
		b.WriteByte('\n')
	}
	return b.String()
}

// runes returns where the runes of s begin, and the runes.
func runes(s string) (places []int, runes []rune) {
	places, runes = make([]int, 0, len(s)), make([]rune, 0, len(s))
	for i, r := range s {
		places, runes = append(places, i), append(runes, r)
	}
	return places, runes
}

// result shows the values of a cell's last expression. Of several one may have a
// richer form than text, when the others say nothing, as a nil error does.
func (i *interpreter) result(values ...any) {
	if i.server == nil {
		return
	}
	text := texts(values)
	telling := values
	if len(values) > 1 {
		telling = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return plain(v) == nil })
	}
	data, metadata := eval.MIMEBundle{}, map[string]any(nil)
	if len(telling) == 1 {
		if d, rich := display.Of(plain(telling[0])); rich {
			maps.Copy(data, d.MIME)
			metadata = d.Metadata
		}
	}
	if own, ok := data["text/plain"].(string); !ok || len(values) > 1 || len(own) > textLimit {
		data["text/plain"] = text
	}
	i.server.out.event(eval.Result{Data: data, Metadata: metadata})
}

// textLimit is how many bytes of a text form that a value brings along are shown.
const textLimit = 10_000

// value reports the value of a variable.
func (i *interpreter) value(name string, v any) {
	if i.server != nil {
		i.server.out.event(eval.Value{Name: name, Text: texts([]any{v})})
	}
}

// pools shows the session's pools, or one.
func (i *interpreter) pools(number int) {
	if i.server == nil {
		return
	}
	out := i.server.out
	if !i.server.traced.show(number, func(d display.Data) { out.event(eval.Display{Data: d.MIME, Metadata: d.Metadata}) }) {
		out.event(eval.Value{Name: "pool", Text: fmt.Sprintf("the session has no pool %d; %%pool lists them", number)})
	}
}

// show has what user code displays reach the session, in order.
func (s *server) show() {
	display.SetSink(func(m display.Message) {
		switch m.Op {
		case display.OpClear:
			s.out.event(eval.ClearOutput{Wait: m.Wait})
		default:
			s.out.event(eval.Display{
				Data:     eval.MIMEBundle(m.Data.MIME),
				Metadata: m.Data.Metadata,
				ID:       m.ID,
				Update:   m.Op == display.OpUpdate,
			})
		}
	})
}
