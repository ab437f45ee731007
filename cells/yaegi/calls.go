package yaegi

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/paracell/paracell/cells/eval"
)

// A calling is a call of an interpreted function by a step of ours: yaegi makes a
// new variable for each value of the function, and copies arguments with package
// reflect.
type calling struct {
	t    *tracer
	site *site
	at   eval.Place
	node node

	typ     unsafe.Pointer // of the function
	args    []argument
	rest    reflect.Type     // the slice that takes the last arguments, nil for none
	results []unsafe.Pointer // the types
	dropped []bool           // results that nobody takes
	to      place            // of the first result

	then, otherwise *step

	// What the call does with the function and its frame; it may be to call it later.
	enter func(o *calling, fn *callee, m *frameMemory, f unsafe.Pointer) step
}

type argument struct {
	typ    unsafe.Pointer
	like   reflect.Value // of a function that it names, a function of the type
	x      place
	names  *unsafe.Pointer // the function that it names, nil when it is a value
	copies copies
	is     reflect.Type // of the parameter
	packed bool         // the parameter is an interface, which takes a value of typ
}

// calling returns the step of a call, slow when there is none of ours.
func (t *tracer) calling(n node, s *site, slow step) step {
	c := n.children()
	up := n.parent()
	if s.made != "call" {
		return slow
	}
	called := c[0].typ()
	if called == nil || called.Kind() != reflect.Func {
		return slow
	}
	fixed := called.NumIn()
	if called.IsVariadic() && n.action() != "callSlice" {
		fixed--
	}
	if len(c)-1 < fixed || len(c)-1 > fixed && fixed == called.NumIn() {
		return slow
	}
	o := &calling{
		t: t, site: s, at: s.Place(), node: n,
		typ:       rtype(called),
		to:        place{at: n.findex(), level: n.level()},
		then:      following(n.then()),
		otherwise: following(n.otherwise()),
	}
	o.enter = func(o *calling, fn *callee, m *frameMemory, f unsafe.Pointer) step { return enterAt(o.at, o, fn, m, f) }
	later := up.kind() == "goStmt" || up.kind() == "deferStmt"
	switch up.kind() {
	case "goStmt":
		o.enter = (*calling).start
	case "deferStmt":
		o.enter = (*calling).deferred
	}
	if called.NumOut() > 0 && !later && (o.to.at < 0 || o.to.level < -1) {
		return slow
	}
	for i := range c[1:] {
		p := called.In(min(i, called.NumIn()-1))
		if i >= fixed {
			p = p.Elem()
		}
		a, ok := argumentOf(c[i+1], p)
		if !ok || a.packed || severalResults(c[i+1]) {
			return slow
		}
		o.args = append(o.args, a)
	}
	if fixed < called.NumIn() {
		o.rest = called.In(fixed)
	}
	for i := range called.NumOut() {
		o.results = append(o.results, rtype(called.Out(i)))
		o.dropped = append(o.dropped, later || up.action() == "X=" && up.children()[i].ident() == "_")
	}
	if names := c[0].names(); names != nil {
		return o.ofNamed(names, slow)
	}
	if f, ok := placeOf(c[0], called); ok {
		return o.ofAny(f, slow)
	}
	return slow
}

// ofNamed returns the step that calls the function that a name stands for.
func (o *calling) ofNamed(names *unsafe.Pointer, slow step) step {
	var known atomic.Pointer[callee]
	return func(f unsafe.Pointer) step {
		fn, n := known.Load(), node{atomic.LoadPointer(names)}
		if fn == nil || fn.node != n {
			if fn = o.t.callee(n); fn == nil || !o.calls(fn) {
				return slow(f)
			}
			known.Store(fn)
		}
		if m := o.frame(fn, f, f); m != nil {
			return o.enter(o, fn, m, f)
		}
		return slow(f)
	}
}

// ofAny returns the step that calls the function value in a place.
func (o *calling) ofAny(function place, slow step) step {
	var known atomic.Pointer[callee]
	return func(f unsafe.Pointer) step {
		v := function.in(f)
		if !v.is(o.typ) {
			return slow(f)
		}
		c := closureOf(v.pointer())
		if c == nil {
			return slow(f)
		}
		fn := c.callee()
		if fn == nil || known.Load() != fn && !o.calls(fn) {
			return slow(f)
		}
		known.Store(fn)
		in := c.frame
		if in == nil {
			in = f
		}
		if m := o.frame(fn, f, in); m != nil {
			return o.enter(o, fn, m, f)
		}
		return slow(f)
	}
}

// calls reports whether a function has the parameters and results that the call
// was written for.
func (o *calling) calls(fn *callee) bool {
	fixed := fn.parameters
	if o.rest != nil {
		fixed--
		if fixed < 0 || fn.slots[fn.results+fixed].is != o.rest {
			return false
		}
	}
	if fn.results != len(o.results) || o.rest == nil && fixed != len(o.args) {
		return false
	}
	for i, t := range o.results {
		if fn.slots[i].typ != t {
			return false
		}
	}
	for i := range fixed {
		if fn.slots[fn.results+i].typ != o.args[i].typ {
			return false
		}
	}
	return true
}

// severalResults reports whether a node is a call of a function with other than one
// result.
func severalResults(n node) bool {
	if n.kind() != "callExpr" {
		return false
	}
	t := n.children()[0].typ()
	return t != nil && t.Kind() == reflect.Func && t.NumOut() != 1
}

// frame returns the frame for a call from a frame, with the arguments in it; nil
// when a value is not of the type that it should be. In is the frame that the
// function is in.
func (o *calling) frame(fn *callee, from, in unsafe.Pointer) *frameMemory {
	for i := range o.args {
		if a := &o.args[i]; a.names == nil && !a.x.in(from).is(a.typ) || a.names != nil && o.t.callee(node{atomic.LoadPointer(a.names)}) == nil {
			return nil
		}
	}
	for i, t := range o.results {
		if !o.dropped[i] && !o.result(from, i).takes(t) {
			return nil
		}
	}
	m := fn.frame(from, in)
	for i := range o.results {
		if o.dropped[i] || !fn.again { // a closure may go on to refer to it
			s := &fn.slots[i]
			m.data[i] = value{s.typ, reflect.New(s.is).UnsafePointer(), s.flags}
		} else {
			m.data[i] = *o.result(from, i)
		}
	}
	fixed := len(o.args)
	var rest value
	if o.rest != nil {
		fixed = fn.parameters - 1
		rest = o.makeRest(&m.data[fn.results+fixed], len(o.args)-fixed)
	}
	for i := range o.args {
		a, z := &o.args[i], &rest
		if i < fixed {
			z = &m.data[len(o.results)+i]
		} else if i > fixed {
			rest.ptr = unsafe.Add(rest.ptr, o.rest.Elem().Size())
		}
		if a.names != nil {
			v := o.t.named(a)
			a.copies.copy(z, &v)
		} else {
			a.copies.copy(z, a.x.in(from))
		}
	}
	return m
}

// makeRest makes the slice for the last arguments of a variadic function, nil for
// none, and returns its first element.
func (o *calling) makeRest(parameter *value, n int) (first value) {
	if n == 0 {
		return first
	}
	slice := reflect.MakeSlice(o.rest, n, n)
	copiesSlice.copy(parameter, (*value)(unsafe.Pointer(&slice)))
	e := slice.Index(0)
	return *(*value)(unsafe.Pointer(&e))
}

// enterAt calls a function, as callAt does.
//
//go:noinline
func enterAt(at eval.Place, o *calling, fn *callee, m *frameMemory, f unsafe.Pointer) step {
	over := false
	defer func() {
		if over {
			return
		}
		if r := recover(); r != nil {
			o.t.leftOne(fn.lone)
			v := panicValue(r, o.site, frame{f})
			o.t.note(v, append(compiledFrames(), o.site.Frame)...)
			panic(v)
		}
	}()
	if stackUsed() > stackLimit {
		o.t.overflow()
	}
	fn.run(m)
	if !fn.again {
		o.take(fn, m, f)
	}
	over = true
	if o.t.gone.Load() != nil && at != noPlace {
		o.t.leave()
	}
	next := o.then
	if o.otherwise != nil && !*(*bool)(m.data[0].ptr) {
		next = o.otherwise
	}
	fn.over(m)
	if next == nil {
		return nil
	}
	return *next
}

// take takes the results of a function that had variables of its own for them.
func (o *calling) take(fn *callee, m *frameMemory, f unsafe.Pointer) {
	for i := range o.results {
		if !o.dropped[i] {
			fn.slots[i].copies.copy(o.result(f, i), &m.data[i])
		}
	}
}

// result returns the variable for a result.
func (o *calling) result(f unsafe.Pointer, i int) *value {
	p := o.to
	p.at += i
	return p.in(f)
}

// named returns the function that an argument names.
func (t *tracer) named(a *argument) value {
	return (&closure{t: t, node: node{atomic.LoadPointer(a.names)}}).value(a.like)
}

// run runs the function in a frame.
func (fn *callee) run(m *frameMemory) {
	if fn.defers {
		fn.runDeferring(m)
		return
	}
	fn.steps(m)
}

// steps takes the function's steps.
func (fn *callee) steps(m *frameMemory) {
	f := unsafe.Pointer(m)
	for s := *fn.first.step(); s != nil; {
		s = s(f)
	}
}

// runDeferring makes the deferred calls at the end.
func (fn *callee) runDeferring(m *frameMemory) {
	defer func() {
		m.recovered = recover()
		if d := m.defers; d != nil {
			d.runFrom(len(d.calls) - 1)
		}
		if m.recovered != nil {
			panic(m.recovered)
		}
	}()
	fn.steps(m)
}

// next is the step that follows when the call has no result to go by.
func (o *calling) next() step {
	if o.then == nil {
		return nil
	}
	return *o.then
}

// start begins a goroutine with the function.
func (o *calling) start(fn *callee, m *frameMemory, f unsafe.Pointer) step {
	go o.t.runGoroutine(fn, m)
	return o.next()
}

// runGoroutine runs a goroutine's first function.
func (t *tracer) runGoroutine(fn *callee, m *frameMemory) {
	over := false
	defer func() {
		if over {
			return
		}
		if r := recover(); r != nil {
			o := t.leftLast(fn.lone, r)
			if t.fallen == nil {
				panic(r)
			}
			t.fall(o)
		}
	}()
	fn.run(m)
	over = true
}

// deferred leaves the function to be called when the frame's own one is over.
func (o *calling) deferred(fn *callee, m *frameMemory, f unsafe.Pointer) step {
	d := o.t.defersOf(frame{f})
	d.calls = append(d.calls, deferredCall{callee: fn, frame: m})
	return o.next()
}

// runDeferred makes a deferred call.
//
//go:noinline
func (d *defers) runDeferred(fn *callee, m *frameMemory) {
	over := false
	defer func() {
		if over {
			return
		}
		if r := recover(); r != nil {
			d.t.leftOne(fn.lone)
			panic(r)
		}
	}()
	d.running = unsafe.Pointer(m)
	fn.run(m)
	over = true
	fn.over(m)
}

// A closure is a function value: what it calls, and the frame that it is in. In it
// lies what package reflect would make of it.
type closure struct {
	t     *tracer
	node  node
	known atomic.Pointer[callee]
	frame unsafe.Pointer // nil for a declared function, which is in none

	method [2]unsafe.Pointer        // the method value call
	made   [maxWords]unsafe.Pointer // a function of reflect.MakeFunc that calls it
}

func (c *closure) callee() *callee {
	fn := c.known.Load()
	if fn == nil {
		if fn = c.t.callee(c.node); fn != nil {
			c.known.Store(fn)
		}
	}
	return fn
}

// value returns the closure as a function of a type, of which there is one already.
func (c *closure) value(like reflect.Value) value {
	v := *(*value)(unsafe.Pointer(&like))
	made := unsafe.Slice((*unsafe.Pointer)(v.pointer()), madeFunc.at/word)
	copy(c.made[:], made)
	c.method = [2]unsafe.Pointer{madeFunc.callPointer, unsafe.Pointer(c)}
	c.made[madeFunc.at/word] = unsafe.Pointer(&c.method)
	return value{v.typ, unsafe.Pointer(&c.made), uintptr(reflect.Func)}
}

// likeness returns a function of a type for closure.value.
func likeness(t reflect.Type) reflect.Value { return reflect.MakeFunc(t, (&closure{}).call) }

// call calls the closure for compiled code, and for a go statement.
func (c *closure) call(in []reflect.Value) []reflect.Value {
	fn := c.callee()
	up := c.frame
	if up == nil {
		up = c.t.globals
	}
	m := fn.frame(up, up)
	out := make([]reflect.Value, fn.results)
	for i := range out {
		out[i] = reflect.New(fn.slots[i].is).Elem()
		m.data[i] = *(*value)(unsafe.Pointer(&out[i]))
	}
	for i := range in {
		z := *(*reflect.Value)(unsafe.Pointer(&m.data[len(out)+i]))
		z.Set(in[i])
	}
	m.listed = true
	runCfg(fn.first.p, unsafe.Pointer(m), fn.node.p, fn.node.p)
	m.listed = false
	for i := range out { // a function may have put another variable there
		out[i] = *(*reflect.Value)(unsafe.Pointer(&m.data[i]))
	}
	fn.over(m)
	return out
}

// closureOf returns the closure that a function value is, nil when it is another.
func closureOf(p unsafe.Pointer) *closure {
	if p == nil || *(*uintptr)(p) != madeFunc.code {
		return nil
	}
	call := *(*unsafe.Pointer)(unsafe.Add(p, madeFunc.at))
	if call == nil || *(*uintptr)(call) != madeFunc.call {
		return nil
	}
	return *(**closure)(unsafe.Add(call, word))
}

// madeFunc is how the functions of reflect.MakeFunc lie in memory: their code, and
// where what they call is. Of a method value the code comes first and then the
// receiver.
var madeFunc = func() (m struct {
	code, at, call uintptr
	callPointer    unsafe.Pointer
}) {
	c := &closure{}
	call := c.call
	p := *(*unsafe.Pointer)(unsafe.Pointer(&call))
	v := reflect.MakeFunc(reflect.TypeFor[func()](), call)
	made := (*value)(unsafe.Pointer(&v)).pointer()
	for at := word; at < maxWords*word; at += word {
		if *(*unsafe.Pointer)(unsafe.Add(made, at)) == p && (*[2]unsafe.Pointer)(p)[1] == unsafe.Pointer(c) {
			m.code, m.at, m.call, m.callPointer = *(*uintptr)(made), at, *(*uintptr)(p), *(*unsafe.Pointer)(p)
			return m
		}
	}
	panic("yaegi: a function of reflect.MakeFunc is not what it was; see calls.go")
}()

// maxWords is how many words a function of reflect.MakeFunc takes at most.
const maxWords = 6

const word = unsafe.Sizeof(uintptr(0))

// wrapLiteral has a function literal be a closure of ours.
func (t *tracer) wrapLiteral(n node) {
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		slow, then, typ := *n.step(), following(n.then()), n.typ()
		if slow == nil || then == nil || n.level() != 0 || n.findex() < 0 || typ == nil || typ.Kind() != reflect.Func {
			return
		}
		at, like := n.findex(), likeness(typ)
		var known atomic.Pointer[callee]
		*n.step() = func(f unsafe.Pointer) step {
			fn := known.Load()
			if fn == nil {
				if fn = t.callee(n); fn == nil {
					return slow(f)
				}
				known.Store(fn)
			}
			c := &closure{t: t, node: n, frame: copyFrame(f)}
			c.known.Store(fn)
			(*field[[]value](f, frameAtOffset.data))[at] = c.value(like)
			return *then
		}
	}
}
