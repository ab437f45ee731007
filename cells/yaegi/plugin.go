package yaegi

import (
	"fmt"
	"path/filepath"
	"plugin"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/futures"
)

// loadPlugin loads compiled Go and makes what it exports importable.
func (i *interpreter) loadPlugin(im eval.Import) error {
	if i.bound[im.Path] {
		return nil
	}
	p, err := plugin.Open(im.File)
	if err != nil {
		return fmt.Errorf("%s: %w", eval.NotLoaded, err)
	}
	exported, err := p.Lookup("Symbols" + compile.Dot)
	if err != nil {
		return fmt.Errorf("%s: %w", eval.NotLoaded, err)
	}
	if err := shareItabs(im.File, im.Path+".Symbols"+compile.Dot, reflect.ValueOf(exported).Pointer()); err != nil {
		return fmt.Errorf("%s: %w", eval.NotLoaded, err)
	}
	hooks, err := p.Lookup("Hooks" + compile.Dot)
	if err != nil {
		return fmt.Errorf("%s: %w", eval.NotLoaded, err)
	}
	stop, leave, panicked := hooks.(func() (*atomic.Uint32, *func(), *func()))()
	*leave, *panicked = i.trace.leave, i.trace.caughtCompiled
	i.mu.Lock()
	i.compiled = append(i.compiled, stop)
	i.mu.Unlock()
	i.bound[im.Path] = true
	list := exported.(func() []reflect.Value)()
	symbols := make(map[string]reflect.Value, len(list)/2)
	for n := 0; n+1 < len(list); n += 2 {
		symbols[list[n].String()] = list[n+1]
		if v := list[n+1]; v.Kind() == reflect.Pointer && v.IsNil() { // a type
			futures.RegisterType(v.Type())
		}
	}
	i.links.addCompiled(im.Path, symbols)
	return i.use(im.Path, "main", symbols)
}

// compiledFrames are the places in compiled code that a panic came through,
// innermost first. Called by a function that the panic has deferred calls of.
func compiledFrames() (places []eval.Frame) {
	var pcs [256]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") && !filepath.IsAbs(f.File) && f.File != compile.Generated {
			places = append(places, eval.Frame{File: f.File, Line: f.Line, Func: f.Function})
		}
		if f.Function == "reflect.Value.call" || strings.HasSuffix(f.Function, "/cells/yaegi.callRegisters") || !more {
			return places // what called it is interpreted
		}
	}
}

// stopCompiled has compiled loops ask whether their unit was interrupted.
func (i *interpreter) stopCompiled(stop bool) {
	v := uint32(0)
	if stop {
		v = 1
	}
	for _, flag := range i.compiled {
		flag.Store(v)
	}
}
