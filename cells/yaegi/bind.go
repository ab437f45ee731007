package yaegi

import (
	"encoding"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/token"
	"io"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/traefik/yaegi/interp"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/yaegi/symbols"
)

// bind makes a package and those that it needs importable.
func (i *interpreter) bind(path string) error {
	if i.bound[path] {
		return nil
	}
	t, ok := symbols.Lookup(path)
	if !ok {
		return errors.New("no such package in the evaluator")
	}
	i.bound[path] = true
	for _, p := range t.Needs {
		if err := i.bind(p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	s := t.Symbols()
	if f := overrides[path]; f != nil {
		f(i, s)
	}
	addHidden(path, s)
	if err := i.use(path, t.Name, s); err != nil {
		return err
	}
	if f := conversions[path]; f != nil {
		m := map[reflect.Value][]reflect.Type{}
		f(s, m)
		i.lend(m)
	}
	return nil
}

// addHidden adds the types that a package does not export and that variables have
// which it does (compile.Witness).
func addHidden(path string, s map[string]reflect.Value) {
	for _, v := range slices.Collect(maps.Values(s)) {
		if !v.IsValid() {
			continue
		}
		t := v.Type()
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if name := t.Name(); t.PkgPath() == path && !token.IsExported(name) && !strings.Contains(name, "[") {
			s[compile.Hidden(name)] = reflect.Zero(reflect.PointerTo(t))
		}
	}
}

// lend has interpreted values lent the methods of those interfaces when they
// are passed to those functions. The packages of the interfaces hold what is
// lent, so they are bound too.
func (i *interpreter) lend(m map[reflect.Value][]reflect.Type) {
	for _, list := range m {
		for _, t := range list {
			if _, ok := symbols.Lookup(t.PkgPath()); ok {
				if err := i.bind(t.PkgPath()); err != nil {
					panic(err) // it was just found
				}
			}
		}
	}
	if err := i.in.Use(interp.Exports{".": {"MapTypes": reflect.ValueOf(m)}}); err != nil {
		panic(err) // the key is well-formed
	}
}

// use hands symbols to yaegi. Two slashes keep it from recognising its own
// standard library's fmt by its key, and from replacing functions of several
// packages and compiling generic ones: a lowered unit has no need of that.
func (i *interpreter) use(path, name string, s map[string]reflect.Value) error {
	return i.in.Use(interp.Exports{path + "//" + name: s})
}

// overrides replace symbols that cannot do their work here as they are.
var overrides = map[string]func(i *interpreter, s map[string]reflect.Value){
	"fmt": func(i *interpreter, s map[string]reflect.Value) {
		if i.server == nil {
			return
		}
		out, in := i.server.out, i.server.stdin
		s["Print"] = reflect.ValueOf(func(a ...any) (int, error) { out.take(0); return fmt.Print(a...) })
		s["Printf"] = reflect.ValueOf(func(f string, a ...any) (int, error) { out.take(0); return fmt.Printf(f, a...) })
		s["Println"] = reflect.ValueOf(func(a ...any) (int, error) { out.take(0); return fmt.Println(a...) })
		s["Fprint"] = reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { out.takeFor(w); return fmt.Fprint(w, a...) })
		s["Fprintf"] = reflect.ValueOf(func(w io.Writer, f string, a ...any) (int, error) { out.takeFor(w); return fmt.Fprintf(w, f, a...) })
		s["Fprintln"] = reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { out.takeFor(w); return fmt.Fprintln(w, a...) })
		s["Scan"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(in, a...) })
		s["Scanf"] = reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fscanf(in, f, a...) })
		s["Scanln"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(in, a...) })
		s["Fscan"] = reflect.ValueOf(func(r io.Reader, a ...any) (int, error) { return fmt.Fscan(in.insteadOf(r), a...) })
		s["Fscanf"] = reflect.ValueOf(func(r io.Reader, f string, a ...any) (int, error) { return fmt.Fscanf(in.insteadOf(r), f, a...) })
		s["Fscanln"] = reflect.ValueOf(func(r io.Reader, a ...any) (int, error) { return fmt.Fscanln(in.insteadOf(r), a...) })
	},
	"time": func(i *interpreter, s map[string]reflect.Value) {
		s["Sleep"] = reflect.ValueOf(sleep)
		s["AfterFunc"] = reflect.ValueOf(i.afterFunc)
	},
}

// takeFor takes the turn if w is a standard stream.
func (o *output) takeFor(w io.Writer) {
	switch w {
	case os.Stdout:
		o.take(0)
	case os.Stderr:
		o.take(1)
	}
}

// sleep is time.Sleep; an interrupt of the goroutine's unit ends the goroutine.
func sleep(d time.Duration) {
	u := unitHere()
	if u == nil {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-u.cancelled:
		runtime.Goexit()
	}
}

// afterFunc is time.AfterFunc; the goroutine that calls f is one of the unit's.
func (i *interpreter) afterFunc(d time.Duration, f func()) *time.Timer {
	label := profilerLabels()
	return time.AfterFunc(d, func() {
		setProfilerLabels(label)
		defer i.trace.caughtCompiled()
		f()
	})
}

// printed are the interfaces that package fmt looks for when it prints.
var printed = []reflect.Type{typeOf[fmt.Formatter](), typeOf[error](), typeOf[fmt.Stringer]()}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// conversions tell, for functions that take any value but look at its methods,
// which interfaces an interpreted value should be lent. And for an interface
// that is often extended, the extended ones, by number of methods.
var conversions = map[string]func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type){
	"fmt": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		for _, f := range []string{
			"Errorf", "Fprint", "Fprintf", "Fprintln", "Print", "Printf", "Println",
			"Sprint", "Sprintf", "Sprintln", "Append", "Appendf", "Appendln",
		} {
			m[s[f]] = printed
		}
		for _, f := range []string{"Scan", "Scanf", "Scanln", "Sscan", "Sscanf", "Sscanln", "Fscan", "Fscanf", "Fscanln"} {
			m[s[f]] = []reflect.Type{typeOf[fmt.Scanner]()}
		}
	},
	"log": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		for _, f := range []string{
			"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Print", "Printf", "Println",
		} {
			m[s[f]] = printed
		}
	},
	"encoding/json": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		marshal := []reflect.Type{typeOf[json.Marshaler](), typeOf[encoding.TextMarshaler]()}
		m[s["Marshal"]], m[s["MarshalIndent"]] = marshal, marshal
		m[s["Unmarshal"]] = []reflect.Type{typeOf[json.Unmarshaler](), typeOf[encoding.TextUnmarshaler]()}
	},
	"encoding/xml": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		marshal := []reflect.Type{typeOf[xml.Marshaler](), typeOf[encoding.TextMarshaler]()}
		m[s["Marshal"]], m[s["MarshalIndent"]] = marshal, marshal
		m[s["Unmarshal"]] = []reflect.Type{typeOf[xml.Unmarshaler](), typeOf[encoding.TextUnmarshaler]()}
	},
	"io": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		m[s["_Reader"]] = []reflect.Type{typeOf[readerWriterTo]()}
		m[s["_Writer"]] = []reflect.Type{typeOf[writerReaderFrom]()}
	},
	"net/http": func(s map[string]reflect.Value, m map[reflect.Value][]reflect.Type) {
		m[s["_ResponseWriter"]] = []reflect.Type{typeOf[responseFlusher]()}
	},
}
