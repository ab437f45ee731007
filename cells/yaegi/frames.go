package yaegi

import (
	"fmt"
	"go/token"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// yaegiFrame is what lies in memory of a frame of yaegi's.
type yaegiFrame struct {
	id        uint64
	debug     unsafe.Pointer
	root, anc unsafe.Pointer
	data      []value
	mutex     sync.RWMutex
	deferred  [][]reflect.Value
	recovered any
	done      reflect.SelectCase
}

// frameMemory is a frame of our own making.
type frameMemory struct {
	yaegiFrame

	defers *defers
	listed bool // yaegi makes the deferred calls, and has them in its list

	fresh []value  // data as it was at first, when the frame serves again
	words []uint64 // where the values lie that hold no pointers
}

// own returns a frame as one of ours, nil when it is yaegi's. What yaegi has for its
// debugger, which is not used, tells: a copy of a frame has that of the frame.
func (f frame) own() *frameMemory {
	if *field[unsafe.Pointer](f.p, frameAtOffset.debug) != f.p {
		return nil
	}
	return (*frameMemory)(f.p)
}

// The layouts agree, or the first start fails.
var _ = func() struct{} {
	own := reflect.TypeFor[yaegiFrame]()
	for i := range frameType.NumField() {
		if f, is := own.Field(i), frameType.Field(i); f.Name != is.Name || f.Offset != is.Offset || f.Type.Size() != is.Type.Size() {
			panic(fmt.Sprintf("yaegi: a frame's field %s is not where it was; see frames.go", is.Name))
		}
	}
	return struct{}{}
}()

// A callee is an interpreted function as those need it that call it.
type callee struct {
	node       node
	first      node // where it begins
	results    int
	parameters int
	slots      []slot
	words      int    // how many its values take that hold no pointers
	defers     bool   // it has deferred calls, which yaegi makes
	again      bool   // its frames serve again: nothing refers to its variables when it is over
	lone       string // the tracer's key of it
	frames     sync.Pool
}

// A slot is one of the values of a function's frame.
type slot struct {
	typ    unsafe.Pointer
	flags  uintptr
	word   int // where it lies among the words, or -1
	copies copies
	is     reflect.Type
}

// callee returns what is known of a function that has been compiled, nil when yaegi
// has to call it. It is kept in a field of the node that nobody needs any more.
func (t *tracer) callee(n node) *callee {
	at := field[any](n.p, nodeAt.meta)
	t.callees.Lock()
	defer t.callees.Unlock()
	fn, ok := (*at).(*callee)
	if !ok {
		return nil // it was not attached
	}
	if fn.first.p == nil && !fn.lay() {
		*at = nil
		return nil
	}
	return fn
}

// survey notes what must be known of a function before its steps are wrapped.
func (t *tracer) survey(n node, name string) {
	for _, t := range n.types() {
		alignHashes(t)
	}
	fn := &callee{node: n, lone: unitName(t.fset.Position(token.Pos(n.pos())).Filename) + "/" + name}
	fn.defers, fn.again = surveyed(n)
	*field[any](n.p, nodeAt.meta) = fn
}

// lay lays out the function's frame. It reports false when there are values in it
// that yaegi has for others.
func (fn *callee) lay() bool {
	c := fn.node.children()
	typ := fn.node.typ()
	if len(c) < 4 || c[3].start().p == nil || typ == nil || typ.Kind() != reflect.Func {
		return false
	}
	fn.results, fn.parameters = typ.NumOut(), typ.NumIn()
	types := fn.node.types()
	if len(types) < fn.results+fn.parameters {
		return false
	}
	for i, t := range types {
		if strings.Contains(t.String(), "interp.") {
			return false
		}
		s := slot{typ: rtype(t), flags: variableFlags(t), word: -1, copies: copiesOf(t), is: t}
		switch {
		case i < fn.results: // the caller lends it
		case s.copies <= copies8:
			s.word = fn.words
			fn.words++
		case holdsArray(t):
			fn.again = false
		}
		fn.slots = append(fn.slots, s)
	}
	fn.first = c[3].start()
	return true
}

// frame returns a frame for a call of the function: the caller's frame, and the one
// that the function is in.
func (fn *callee) frame(from, in unsafe.Pointer) *frameMemory {
	var m *frameMemory
	if fn.again {
		m, _ = fn.frames.Get().(*frameMemory)
	}
	if m == nil {
		m = fn.make()
	}
	up := (*yaegiFrame)(from)
	m.id = atomic.LoadUint64(&up.id)
	m.root, m.anc, m.done = up.root, in, up.done
	return m
}

func (fn *callee) make() *frameMemory {
	m := &frameMemory{words: make([]uint64, fn.words)}
	m.data = make([]value, len(fn.slots))
	m.debug = unsafe.Pointer(m)
	for i := range fn.slots {
		s := &fn.slots[i]
		if i < fn.results {
			continue
		}
		m.data[i] = value{s.typ, nil, s.flags}
		if s.word >= 0 {
			m.data[i].ptr = unsafe.Pointer(&m.words[s.word])
		} else {
			m.data[i].ptr = reflect.New(s.is).UnsafePointer()
		}
	}
	if fn.again {
		m.fresh = append([]value(nil), m.data...)
	}
	return m
}

// over gives a frame back.
func (fn *callee) over(m *frameMemory) {
	if !fn.again {
		return
	}
	copy(m.data, m.fresh)
	clear(m.words)
	for i := range fn.slots[fn.results:] {
		i += fn.results
		if s := &fn.slots[i]; s.word < 0 {
			s.copies.clear(&m.data[i])
		}
	}
	m.root, m.anc, m.done = nil, nil, reflect.SelectCase{}
	fn.frames.Put(m)
}

// copies is how values of a type are copied.
type copies uint8

const (
	copies1 copies = iota
	copies2
	copies4
	copies8
	copiesString
	copiesSlice
	copiesPointer // a value may be its own pointer
	copiesInterface
	copiesAny // as package reflect does
)

func copiesOf(t reflect.Type) copies {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8, reflect.Int16, reflect.Uint16, reflect.Int32, reflect.Uint32, reflect.Float32,
		reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr, reflect.Float64:
		switch t.Size() {
		case 1:
			return copies1
		case 2:
			return copies2
		case 4:
			return copies4
		}
		return copies8
	case reflect.String:
		return copiesString
	case reflect.Slice:
		return copiesSlice
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return copiesPointer
	case reflect.Interface:
		return copiesInterface
	}
	return copiesAny
}

// copy puts x, which is of the type, into the variable z.
func (c copies) copy(z, x *value) {
	switch c {
	case copies8:
		*at[uint64](z) = *at[uint64](x)
	case copies1:
		*at[uint8](z) = *at[uint8](x)
	case copies2:
		*at[uint16](z) = *at[uint16](x)
	case copies4:
		*at[uint32](z) = *at[uint32](x)
	case copiesString:
		*at[string](z) = *at[string](x)
	case copiesSlice:
		*at[[]byte](z) = *at[[]byte](x)
	case copiesPointer:
		*at[unsafe.Pointer](z) = x.pointer()
	case copiesInterface:
		*at[any](z) = *at[any](x)
	default:
		v := *x
		v.flag &^= readOnly
		(*reflect.Value)(unsafe.Pointer(z)).Set(*(*reflect.Value)(unsafe.Pointer(&v)))
	}
}

func (c copies) clear(z *value) {
	switch c {
	case copiesString:
		*at[string](z) = ""
	case copiesSlice:
		*at[[]byte](z) = nil
	case copiesPointer:
		*at[unsafe.Pointer](z) = nil
	case copiesInterface:
		*at[any](z) = nil
	default:
		(*reflect.Value)(unsafe.Pointer(z)).SetZero()
	}
}

// pointer returns a value that is a pointer, a map, a channel or a function.
func (v *value) pointer() unsafe.Pointer {
	if v.flag&inMemory != 0 {
		return *(*unsafe.Pointer)(v.ptr)
	}
	return v.ptr
}

// surveyed reports whether a function defers calls, and whether its frames may
// serve again: none of its steps gives away where a variable is. Those that do are
// literals, which see the variables, and what takes an address.
func surveyed(function node) (defers, again bool) {
	again = true
	var walk func(n node)
	walk = func(n node) {
		switch n.kind() {
		case "deferStmt":
			defers, again = true, false
		case "goStmt", "selectStmt":
			again = false
		case "funcLit": // it is a function of its own
			again = false
			return
		}
		up := n.parent()
		called := up.p != nil && up.kind() == "callExpr" && up.children()[0] == n
		switch name := generator(n); {
		case name == "getIndexBinMethod" || n.isFunction() && n.kind() == "identExpr":
			again = again && called
		case name != "" && !discreet[name]:
			again = false
		}
		for _, c := range n.children() {
			walk(c)
		}
	}
	for _, c := range function.children() {
		walk(c)
	}
	return defers, again
}

// discreet are the steps that copy what they give away.
var discreet = func() map[string]bool {
	names := map[string]bool{}
	for _, n := range strings.Fields(`nop empty branch reset assign assignFromCall _return call callBin convert
		add sub mul quo rem and or xor andNot shl shr inc dec neg pos bitNot
		addAssign subAssign mulAssign quoAssign remAssign andAssign orAssign xorAssign andNotAssign shlAssign shrAssign
		lower lowerEqual greater greaterEqual equal notEqual land lor not isNilChild isNotNil
		getIndexArray getIndexMap getIndexMap2 getIndexSeq getPtrIndexSeq getIndexSeqField deref
		_len _cap _append _copy _delete _make _range rangeMap rangeChan slice slice0 send recv recv2 _case _panic`) {
		names[n] = true
	}
	return names
}()

// holdsArray reports whether there is an array in the values of a type, of which
// slices can be had.
func holdsArray(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsArray(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
