package yaegi

import (
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// defers are a function's deferred calls. They take the place of yaegi's own
// list, which looks at a call's arguments when the function returns, leaves out
// what comes behind a call that panics, and keeps the frame locked meanwhile.
type defers struct {
	t     *tracer
	frame frame
	calls []deferredCall

	running unsafe.Pointer // the frame of the call that is made by a step of ours
}

// A deferredCall calls a function of ours in a frame, or does what yaegi would.
type deferredCall struct {
	*callee
	frame *frameMemory
	call  func()
}

// A panicking goroutine's innermost function whose deferred calls run, and the
// one around it.
type unwinding struct {
	frame  frame
	defers *defers
	outer  *unwinding
}

var runDefers = reflect.ValueOf((*defers).run)

// take moves the newest deferred call of a frame to the frame's defers.
func (t *tracer) take(f frame) {
	list := f.deferred()
	if len(*list) == 0 || len((*list)[0]) == 0 {
		return
	}
	newest := (*list)[0]
	*list = (*list)[1:]
	d := t.defersOf(f)
	for i, v := range newest {
		newest[i] = copyOf(v)
	}
	fn, args := newest[0], newest[1:]
	d.calls = append(d.calls, deferredCall{call: func() {
		if ft := fn.Type(); ft.IsVariadic() && len(args) == ft.NumIn() && args[len(args)-1].Type() == ft.In(len(args)-1) {
			fn.CallSlice(args)
			return
		}
		fn.Call(args)
	}})
}

// defersOf returns a frame's defers, which are all that yaegi's list has.
func (t *tracer) defersOf(f frame) *defers {
	if d := f.defers(); d != nil {
		return d
	}
	d := &defers{t: t, frame: f}
	if m := f.own(); m != nil && !m.listed {
		m.defers = d
		return d
	}
	*f.deferred() = [][]reflect.Value{{runDefers, reflect.ValueOf(d)}}
	return d
}

// defers returns the frame's, nil when it has none.
func (f frame) defers() *defers {
	if m := f.own(); m != nil && !m.listed {
		return m.defers
	}
	list := *f.deferred()
	if len(list) == 0 || len(list[0]) != 2 {
		return nil
	}
	d, _ := list[0][1].Interface().(*defers)
	return d
}

// run makes the calls, the last one first. yaegi calls it with the frame locked.
func (d *defers) run() {
	mutex := d.frame.mutex()
	mutex.Unlock()
	defer mutex.Lock()
	d.runFrom(len(d.calls) - 1)
}

// runFrom goes on with the next call whatever becomes of this one: a panic
// takes the place of the one before.
func (d *defers) runFrom(i int) {
	if i < 0 {
		return
	}
	defer d.runFrom(i - 1)
	defer func() {
		if r := recover(); r != nil {
			*d.frame.recovered() = panicValue(r, nil, frame{})
		}
	}()
	d.running = nil
	if *d.frame.recovered() != nil {
		defer d.t.unwind(d)()
	}
	d.t.cleanUp(func() {
		if c := &d.calls[i]; c.callee != nil {
			d.runDeferred(c.callee, c.frame)
		} else {
			c.call()
		}
	})
}

// unwind notes that the goroutine panics in a frame; what it returns takes the
// note back.
func (t *tracer) unwind(d *defers) func() {
	id := goroutine()
	t.mu.Lock()
	defer t.mu.Unlock()
	outer := t.unwindings[id]
	t.unwindings[id] = &unwinding{d.frame, d, outer}
	t.panicking.Add(1)
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.panicking.Add(-1)
		if outer == nil {
			delete(t.unwindings, id)
		} else {
			t.unwindings[id] = outer
		}
	}
}

func isRecover(n node, kind string) bool {
	c := n.children()
	return kind == "callExpr" && len(c) == 1 && c[0].ident() == "recover" && *n.gen() != nil && n.parent().kind() != "deferStmt"
}

func (t *tracer) wrapRecover(n node) {
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		if inner := *n.step(); inner != nil {
			*n.step() = t.aroundRecover(inner)
		}
	}
}

// aroundRecover lets the function that a defer calls recover, and no other:
// yaegi lets literals in the function that panics.
func (t *tracer) aroundRecover(inner step) step {
	return func(p unsafe.Pointer) step {
		up := frame{p}.up(1)
		if up.p == nil {
			return inner(p)
		}
		was := *up.recovered()
		*up.recovered() = nil
		var u *unwinding
		if t.panicking.Load() > 0 {
			t.mu.Lock()
			u = t.unwindings[goroutine()]
			t.mu.Unlock()
		}
		if u != nil && u.defers.running != p && (u.defers.running != nil || !deferredDirectly()) {
			u = nil
		}
		if u == nil {
			next := inner(p)
			*up.recovered() = was
			return next
		}
		if u.frame != up {
			*up.recovered() = *u.frame.recovered()
			*u.frame.recovered() = nil
			next := inner(p)
			*up.recovered() = was
			t.forget()
			return next
		}
		*up.recovered() = was
		if was != nil {
			t.forget()
		}
		return inner(p)
	}
}

// deferredDirectly reports whether the interpreted function that runs was called
// by defers, not by another interpreted function.
func deferredDirectly() bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for functions := 0; ; {
		f, more := frames.Next()
		switch {
		case f.Function == interpreted, strings.HasSuffix(f.Function, "/cells/yaegi.(*callee).steps"):
			functions++
		case strings.HasSuffix(f.Function, ".(*defers).runFrom"):
			return functions == 1
		}
		if !more || functions > 1 {
			return false
		}
	}
}

// aroundDefer makes the deferred call one of the frame's defers.
func (t *tracer) aroundDefer(s *site, inner step) step {
	return func(f unsafe.Pointer) step {
		defer t.caught(s, f)
		next := inner(f)
		t.take(frame{f})
		return next
	}
}

// deferred are the calls that the frame's function makes when it returns, the
// last one first: a function and its arguments.
func (f frame) deferred() *[][]reflect.Value {
	return field[[][]reflect.Value](f.p, frameAtOffset.deferred)
}

// recovered is what the frame's function panics with.
func (f frame) recovered() *any { return field[any](f.p, frameAtOffset.recovered) }

// copyOf returns v's value apart from the variable that holds it.
func copyOf(v reflect.Value) reflect.Value {
	if !v.IsValid() || !v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}
