package yaegi

import (
	"go/constant"
	"math/bits"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Package reflect takes ten times as long to call a compiled function as most of
// those take that a loop calls: it makes new variables for arguments and results.
// Where all of them are in registers by Go's calling convention, a step of ours
// puts them there itself.

// registers are what a call passes, and what it returns.
type registers struct {
	ints           [maxInts]uintptr
	floats         [maxFloats]uint64
	pointers       [maxInts]unsafe.Pointer // those of ints that are, for the collector
	pointerResults uintptr                 // which of ints will be
	takesFloats    uintptr                 // 0 for no
	returnsFloats  uintptr
}

const maxInts, maxFloats = 9, 15

// A piece is a part of a value that is in one register.
type piece struct {
	kind   pieceKind
	offset uintptr // in the value
	number int     // of the register
}

type pieceKind uint8

const (
	pointerPiece pieceKind = iota
	wordPiece
	bytePiece
	twoBytesPiece
	fourBytesPiece
	floatPiece
	float32Piece
)

// A signature is which registers a function's values are in.
type signature struct {
	in, out        [][]piece
	types          []reflect.Type // of in and out
	pointerResults uintptr
	takesFloats    uintptr
	returnsFloats  uintptr
}

var signatures sync.Map // *signature by reflect.Type, nil when there is none

func signatureOf(t reflect.Type) *signature {
	if s, ok := signatures.Load(t); ok {
		return s.(*signature)
	}
	s := assignRegisters(t)
	signatures.Store(t, s)
	return s
}

// assignRegisters follows the calling convention; see $GOROOT/src/cmd/compile/abi-internal.md.
func assignRegisters(t reflect.Type) *signature {
	s := &signature{}
	var ints, floats int
	for i := range t.NumIn() {
		p, ok := pieces(nil, t.In(i), 0, &ints, &floats)
		if !ok {
			return nil
		}
		s.in, s.types = append(s.in, p), append(s.types, t.In(i))
	}
	s.takesFloats = uintptr(floats)
	ints, floats = 0, 0
	for i := range t.NumOut() {
		p, ok := pieces(nil, t.Out(i), 0, &ints, &floats)
		if !ok {
			return nil
		}
		for _, p := range p {
			if p.kind == pointerPiece {
				s.pointerResults |= 1 << p.number
			}
		}
		s.out, s.types = append(s.out, p), append(s.types, t.Out(i))
	}
	s.returnsFloats = uintptr(floats)
	return s
}

// pieces appends those of a value of a type. It reports false when they take more
// registers than there are.
func pieces(list []piece, t reflect.Type, offset uintptr, ints, floats *int) (_ []piece, ok bool) {
	var kinds []pieceKind
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		kinds = []pieceKind{map[uintptr]pieceKind{1: bytePiece, 2: twoBytesPiece, 4: fourBytesPiece, 8: wordPiece}[t.Size()]}
	case reflect.Float32:
		kinds = []pieceKind{float32Piece}
	case reflect.Float64:
		kinds = []pieceKind{floatPiece}
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		kinds = []pieceKind{pointerPiece}
	case reflect.String:
		kinds = []pieceKind{pointerPiece, wordPiece}
	case reflect.Interface:
		kinds = []pieceKind{pointerPiece, pointerPiece}
	case reflect.Slice:
		kinds = []pieceKind{pointerPiece, wordPiece, wordPiece}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if list, ok = pieces(list, f.Type, offset+f.Offset, ints, floats); !ok {
				return nil, false
			}
		}
		return list, true
	case reflect.Array:
		switch t.Len() {
		case 0:
			return list, true
		case 1:
			return pieces(list, t.Elem(), offset, ints, floats)
		}
		return nil, false
	default:
		return nil, false
	}
	for i, kind := range kinds {
		number := ints
		if kind == floatPiece || kind == float32Piece {
			number = floats
		}
		list = append(list, piece{kind, offset + uintptr(i)*word, *number})
		*number++
	}
	return list, *ints <= maxInts && *floats <= maxFloats
}

// load puts a value into its registers.
func (r *registers) load(pieces []piece, from unsafe.Pointer) {
	for i := range pieces {
		p := &pieces[i]
		x := unsafe.Add(from, p.offset)
		switch p.kind {
		case pointerPiece:
			v := *(*unsafe.Pointer)(x)
			r.pointers[p.number], r.ints[p.number] = v, uintptr(v)
		case wordPiece:
			r.ints[p.number] = *(*uintptr)(x)
		case bytePiece:
			r.ints[p.number] = uintptr(*(*uint8)(x))
		case twoBytesPiece:
			r.ints[p.number] = uintptr(*(*uint16)(x))
		case fourBytesPiece:
			r.ints[p.number] = uintptr(*(*uint32)(x))
		case floatPiece:
			r.floats[p.number] = *(*uint64)(x)
		case float32Piece:
			r.floats[p.number] = uint64(*(*uint32)(x))
		}
	}
}

// store takes a value from its registers.
func (r *registers) store(pieces []piece, to unsafe.Pointer) {
	for i := range pieces {
		p := &pieces[i]
		z := unsafe.Add(to, p.offset)
		switch p.kind {
		case pointerPiece:
			*(*unsafe.Pointer)(z) = r.pointers[p.number]
		case wordPiece:
			*(*uintptr)(z) = r.ints[p.number]
		case bytePiece:
			*(*uint8)(z) = uint8(r.ints[p.number])
		case twoBytesPiece:
			*(*uint16)(z) = uint16(r.ints[p.number])
		case fourBytesPiece:
			*(*uint32)(z) = uint32(r.ints[p.number])
		case floatPiece:
			*(*uint64)(z) = r.floats[p.number]
		case float32Piece:
			*(*uint32)(z) = uint32(r.floats[p.number])
		}
	}
}

// A compiledCall is a call of a compiled function.
type compiledCall struct {
	t       *tracer
	callee  place
	args    []argument
	rest    reflect.Type // the slice that takes the last arguments, nil for none
	fixed   int          // how many arguments come before them
	results []result

	then, otherwise *step
	slow            step
	known           atomic.Pointer[[]*target]
}

// A result is where a call's result goes. Anew says that a variable begins there.
type result struct {
	typ  unsafe.Pointer
	to   place
	drop bool
	anew reflect.Type
}

// A target is a compiled function, or a method.
type target struct {
	*signature
	typ    unsafe.Pointer // of the function, or of the receiver
	method uintptr        // a method's flags
	code   unsafe.Pointer // of a method
	table  unsafe.Pointer // of a receiver that is an interface: with its methods
	boxed  bool           // what that interface holds lies elsewhere
}

// direct returns the step of a call of a compiled function, slow when there is none
// of ours.
func (t *tracer) direct(n node, s *site, slow step) step {
	c, up := n.children(), n.parent()
	if !haveRegisters || s.made != "callBin" || up.kind() == "goStmt" {
		return slow
	}
	called := c[0].typ()
	if called == nil || called.Kind() != reflect.Func {
		return slow
	}
	variadic := called.IsVariadic() && n.action() != "callSlice"
	receivers := called.NumIn() - (len(c) - 1)
	if variadic { // there may be none or many; only functions can be told from methods
		if receivers = 0; !c[0].value().IsValid() || len(c)-1 < called.NumIn()-1 {
			return slow
		}
	}
	if v := c[0].value(); v.IsValid() && (v.Type() != called || receivers != 0) || receivers < 0 || receivers > 1 {
		return slow
	}
	o := &compiledCall{t: t, then: following(n.then()), otherwise: following(n.otherwise()), slow: slow}
	var ok bool
	if o.callee, ok = placeOf(c[0], called); !ok {
		return slow
	}
	o.fixed = len(c) - 1
	if variadic {
		o.fixed, o.rest = called.NumIn()-1, called.In(called.NumIn()-1)
	}
	for i := range c[1:] {
		p := called.In(min(i+receivers, called.NumIn()-1))
		if i >= o.fixed {
			p = p.Elem()
		}
		a, ok := argumentOf(c[i+1], p)
		if !ok || severalResults(c[i+1]) {
			return slow
		}
		o.args = append(o.args, a)
	}
	for i := range called.NumOut() {
		r, ok := resultOf(n, i, called.Out(i))
		if s.defers {
			r, ok = result{typ: rtype(called.Out(i)), drop: true}, true
		}
		if !ok {
			return slow
		}
		o.results = append(o.results, r)
	}
	if s.defers {
		return o.deferred
	}
	if o.otherwise != nil && (len(o.results) == 0 || o.results[0].typ != boolType || o.results[0].drop) {
		return slow
	}
	return o.step
}

// argumentOf returns an argument for a parameter of a type. An empty interface takes
// values of any.
func argumentOf(n node, p reflect.Type) (a argument, ok bool) {
	a = argument{typ: rtype(p), copies: copiesOf(p), is: p}
	if a.names = n.names(); a.names != nil {
		if p.Kind() != reflect.Func {
			return a, false
		}
		a.like = likeness(p)
		return a, true
	}
	of, t := p, typeOfNode(n)
	if v := n.value(); v.IsValid() {
		if _, untyped := v.Interface().(constant.Value); untyped && p.Kind() == reflect.Interface {
			return a, false
		}
		t = v.Type()
	}
	if p.Kind() == reflect.Interface && p.NumMethod() == 0 && t != nil && t.Kind() != reflect.Interface {
		if t.Kind() == reflect.Func || n.hasMethods() || strings.Contains(t.String(), "interp.") {
			return a, false
		}
		of, a.packed = t, true
		a.typ = rtype(t)
	}
	a.x, ok = placeOf(n, of)
	return a, ok
}

// resultOf returns where yaegi puts a result of a call of a compiled function.
func resultOf(n node, i int, t reflect.Type) (r result, ok bool) {
	r = result{typ: rtype(t), to: place{at: n.findex() + i, level: n.level()}}
	up := n.parent()
	if t.Kind() == reflect.Func || strings.Contains(t.String(), "interp.") {
		return r, false
	}
	switch up.action() {
	case "X=":
		c := up.children()[i]
		if r.drop = c.ident() == "_"; r.drop {
			return r, true
		}
		if typeOfNode(c) != t {
			return r, false
		}
		if up.kind() == "defineXStmt" && !c.redeclared() {
			r.anew = t
			r.to = place{at: c.findex(), level: c.level()}
			return r, r.to.at >= 0 && r.to.level >= -1
		}
		r.to, ok = placeOf(c, t)
		return r, ok && r.to.constant == nil
	case "return":
		for j, c := range up.children() {
			if c == n {
				r.to = place{at: j + i}
			}
		}
		return r, true
	}
	return r, r.to.at >= 0 && r.to.level >= -1
}

func (o *compiledCall) step(f unsafe.Pointer) step {
	var r registers
	target, code := o.prepare(&r, f)
	if target == nil {
		return o.slow(f)
	}
	callRegisters(code, &r)
	next := o.then
	for i := range o.results {
		to := &o.results[i]
		if to.drop {
			continue
		}
		z := to.to.in(f)
		if to.anew != nil {
			*z = value{to.typ, reflect.New(to.anew).UnsafePointer(), variableFlags(to.anew)}
		}
		r.store(target.out[i], z.ptr)
		if o.otherwise != nil && !*at[bool](z) {
			next = o.otherwise
		}
	}
	if next == nil {
		return nil
	}
	return *next
}

// deferred leaves the function to be called when the frame's own one is over.
func (o *compiledCall) deferred(f unsafe.Pointer) step {
	r := &registers{}
	target, code := o.prepare(r, f)
	if target == nil {
		return o.slow(f)
	}
	d := o.t.defersOf(frame{f})
	d.calls = append(d.calls, deferredCall{call: func() {
		own := *r // on the stack: what comes back is written without the collector's barrier
		callRegisters(code, &own)
	}})
	if o.then == nil {
		return nil
	}
	return *o.then
}

// prepare puts the arguments into registers. The target is nil when it is a call
// for package reflect.
func (o *compiledCall) prepare(r *registers, f unsafe.Pointer) (t *target, code unsafe.Pointer) {
	fn := o.callee.in(f)
	t = o.target(fn)
	if t == nil || t.signature == nil {
		return nil, nil
	}
	for i := range o.args {
		if a := &o.args[i]; a.names == nil && !a.x.in(f).is(a.typ) || a.names != nil && o.t.callee(node{atomic.LoadPointer(a.names)}) == nil {
			return nil, nil
		}
	}
	for i := range o.results {
		if r := &o.results[i]; !r.drop && !(r.anew != nil && r.to.in(f).is(r.typ) || r.to.in(f).takes(r.typ)) {
			return nil, nil
		}
	}
	in := t.in
	code = t.code
	if t.method != 0 {
		r.load(in[0], t.receiver(fn))
		in = in[1:]
	} else if code = fn.pointer(); code == nil {
		return nil, nil
	}
	for i := range o.args[:o.fixed] {
		a := &o.args[i]
		switch {
		case a.names != nil:
			v := o.t.named(a)
			r.load(in[i], v.memory())
		case a.packed:
			x := a.pack(f)
			r.load(in[i], unsafe.Pointer(&x))
		default:
			r.load(in[i], a.x.in(f).memory())
		}
	}
	if o.rest != nil {
		var rest list
		if !o.gather(&rest, f) {
			return nil, nil
		}
		r.load(in[o.fixed], unsafe.Pointer(&rest))
	}
	r.pointerResults, r.takesFloats, r.returnsFloats = t.pointerResults, t.takesFloats, t.returnsFloats
	return t, code
}

// pack returns an argument in an empty interface.
func (a *argument) pack(f unsafe.Pointer) any {
	v := *a.x.in(f)
	v.flag &^= readOnly
	return (*reflect.Value)(unsafe.Pointer(&v)).Interface()
}

// gather makes the slice of a variadic function's last arguments. It reports false
// where yaegi has another value for one.
func (o *compiledCall) gather(rest *list, f unsafe.Pointer) bool {
	args := o.args[o.fixed:]
	if len(args) == 0 {
		return true
	}
	slice := reflect.MakeSlice(o.rest, len(args), len(args))
	*rest = list{slice.UnsafePointer(), len(args), len(args)}
	for i := range args {
		a := &args[i]
		e := slice.Index(i)
		z := (*value)(unsafe.Pointer(&e))
		switch {
		case a.names != nil:
			v := o.t.named(a)
			a.copies.copy(z, &v)
		case a.packed:
			*at[any](z) = a.pack(f)
		default:
			if a.copies.copy(z, a.x.in(f)); a.copies == copiesInterface {
				if held := e.Elem(); held.IsValid() && isStandIn(held.Type()) {
					return false
				}
			}
		}
	}
	return true
}

// fits reports whether a function value calls the target, or another function of its
// type.
func (t *target) fits(fn *value) bool {
	return fn.typ == t.typ && fn.methodFlags() == t.method && (t.table == nil || *(*unsafe.Pointer)(fn.ptr) == t.table)
}

// receiver returns where the receiver of a method value lies.
func (t *target) receiver(fn *value) unsafe.Pointer {
	switch {
	case t.table == nil:
		return fn.memory()
	case t.boxed:
		return (*[2]unsafe.Pointer)(fn.ptr)[1]
	}
	return unsafe.Pointer(&(*[2]unsafe.Pointer)(fn.ptr)[1])
}

// target returns what a function value calls: one of those that have been called
// here, of which there are few. It has no signature when it takes package reflect.
func (o *compiledCall) target(fn *value) *target {
	var known []*target
	if p := o.known.Load(); p != nil {
		known = *p
	}
	for _, t := range known {
		if t.fits(fn) {
			return t
		}
	}
	t := newTarget(fn)
	if t == nil {
		return nil
	}
	if t.signature != nil && !o.takes(t) {
		t.signature = nil
	}
	const most = 8
	known = append([]*target{t}, known[:min(len(known), most-1)]...)
	o.known.Store(&known)
	return t
}

// newTarget returns what a function value calls, nil when it calls nothing.
func newTarget(fn *value) *target {
	if v := (*reflect.Value)(unsafe.Pointer(fn)); !v.IsValid() || v.Kind() != reflect.Func {
		return nil
	}
	t := &target{typ: fn.typ, method: fn.methodFlags()}
	typ := typeFrom(fn.typ)
	if t.method == 0 {
		t.signature = signatureOf(typ)
		return t
	}
	m := typ.Method(int(t.method >> methodShift))
	if typ.Kind() == reflect.Interface {
		t.table = *(*unsafe.Pointer)(fn.ptr)
		held := value{fn.typ, fn.ptr, uintptr(reflect.Interface) | inMemory}
		x := (*reflect.Value)(unsafe.Pointer(&held)).Elem()
		if !x.IsValid() {
			return nil
		}
		var ok bool
		if m, ok = x.Type().MethodByName(m.Name); !ok {
			return t
		}
		t.boxed = (*value)(unsafe.Pointer(&x)).flag&inMemory != 0
	}
	t.code = (*value)(unsafe.Pointer(&m.Func)).pointer()
	t.signature = signatureOf(m.Func.Type())
	return t
}

// typeFrom returns the type that the runtime has at p.
func typeFrom(p unsafe.Pointer) reflect.Type {
	x := [2]unsafe.Pointer{p}
	return reflect.TypeOf(*(*any)(unsafe.Pointer(&x)))
}

// takes reports whether a function has the parameters and results that the call was
// written for.
func (o *compiledCall) takes(s *target) bool {
	receivers := 0
	if s.method != 0 {
		receivers = 1
	}
	parameters := o.fixed
	if o.rest != nil {
		parameters++
	}
	if len(s.in) != parameters+receivers || len(s.out) != len(o.results) || o.rest != nil && s.types[o.fixed] != o.rest {
		return false
	}
	for i, a := range o.args[:o.fixed] {
		if s.types[i+receivers] != a.is {
			return false
		}
	}
	for i, r := range o.results {
		if rtype(s.types[len(s.in)+i]) != r.typ {
			return false
		}
	}
	return true
}

// methodFlags are the flags of a method value: that it is one, and of which method;
// 0 of other functions.
func (v *value) methodFlags() uintptr {
	if v.flag&methodFlag == 0 {
		return 0
	}
	return v.flag &^ (methodFlag - 1)
}

// methodFlag is the flag of a method value. The number of the method is above it.
var methodFlag, methodShift = func() (flag uintptr, shift int) {
	flags := func(method int) uintptr {
		v := reflect.ValueOf(reflect.ValueOf(0)).Method(method)
		return (*value)(unsafe.Pointer(&v)).flag
	}
	shift = bits.TrailingZeros(uint(flags(1) &^ flags(0)))
	flag = flags(0) >> 5 << 5 &^ inMemory
	if flag != 1<<(shift-1) || flags(6) != flags(0)|6<<shift {
		panic("yaegi: method values of package reflect are not what they were; see direct.go")
	}
	return flag, shift
}()
