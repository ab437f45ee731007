package yaegi

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// internals reaches what yaegi keeps to itself and an interactive session
// cannot do without: where a panic came from, and how to stop one unit without
// breaking what the units before it left behind, and how to forget one. The fields are looked up by
// name, once; a release of yaegi without them fails at the first start, which a
// test makes. Nothing but the fields of this file and one
// function is relied on.
type internals struct {
	done       *chan struct{} // what new frames listen to, in channel operations
	cancelChan *bool          // compile channel operations so that they do
	frame      *frame         // the values of globals
	roots      reflect.Value  // the programs that were compiled, for a debugger
	scopes     reflect.Value  // of packages, by name
	universe   reflect.Value  // the scope that knows the types of globals
	globals    int            // how many have a place in the frame
}

func reach(in *interp.Interpreter) internals {
	t := reflect.TypeOf(in).Elem()
	base := unsafe.Pointer(in)
	reach := func(name string) reflect.Value { return settable(reflect.ValueOf(in).Elem(), name) }
	return internals{
		done:       (*chan struct{})(unsafe.Add(base, offset(t, "done", reflect.Chan))),
		cancelChan: (*bool)(unsafe.Add(base, offset(t, "cancelChan", reflect.Bool))),
		frame:      (*frame)(unsafe.Add(base, offset(t, "frame", reflect.Pointer))),
		roots:      reach("roots"),
		scopes:     reach("scopes"),
		universe:   reach("universe"),
	}
}

// loosen lets go of what yaegi keeps of each program for its debugger, which is
// not used: all of it.
func (i internals) loosen() {
	i.roots.SetZero()
	if sc := i.mainScope(); sc.IsValid() {
		settable(sc, "child").SetZero()
	}
}

// grow gives new globals their places, before a program runs. yaegi would put a
// larger slice where the globals are, each time, while goroutines of earlier
// units read it; here that happens when a thousand more have come.
func (i *internals) grow() {
	types := settable(i.universe.Elem(), "types").Interface().([]reflect.Type)
	i.frame.mutex().Lock()
	defer i.frame.mutex().Unlock()
	data := field[[]reflect.Value](i.frame.p, frameAtOffset.data)
	if len(types) > len(*data) {
		larger := make([]reflect.Value, 2*len(types)+1024)
		copy(larger, (*data)[:i.globals])
		*data = larger
	}
	for ; i.globals < len(types); i.globals++ {
		alignHashes(types[i.globals])
		(*data)[i.globals] = reflect.New(types[i.globals]).Elem()
	}
}

// drop forgets a function or variable of package main, and the variable's value.
func (i internals) drop(name string) {
	i.clear(name)
	if sc := i.mainScope(); sc.IsValid() {
		settable(sc, "sym").SetMapIndex(reflect.ValueOf(name), reflect.Value{})
	}
}

// clear makes a variable of package main zero.
func (i internals) clear(name string) {
	i.global(name, func(v *reflect.Value) { v.SetZero() })
}

// share has a variable of package main be the one in a place.
func (i internals) share(name string, with unsafe.Pointer) {
	i.global(name, func(v *reflect.Value) { *v = reflect.NewAt(v.Type(), with).Elem() })
}

// global calls f with a variable of package main, if there is one.
func (i internals) global(name string, f func(*reflect.Value)) {
	sym := i.symbol(name)
	if sym.p == nil {
		return
	}
	at, global := *field[int](sym.p, symbolAt.index), *field[bool](sym.p, symbolAt.global)
	if !global || at < 0 {
		return
	}
	i.frame.mutex().Lock()
	defer i.frame.mutex().Unlock()
	if data := *field[[]reflect.Value](i.frame.p, frameAtOffset.data); at < len(data) && data[at].CanSet() {
		f(&data[at])
	}
}

// symbol returns what a name of package main stands for, if anything.
func (i internals) symbol(name string) symbol {
	sc := i.mainScope()
	if !sc.IsValid() {
		return symbol{}
	}
	sym := settable(sc, "sym").MapIndex(reflect.ValueOf(name))
	if !sym.IsValid() {
		return symbol{}
	}
	return symbol{sym.UnsafePointer()}
}

// mainScope is the scope of package main.
func (i internals) mainScope() reflect.Value {
	sc := i.scopes.MapIndex(reflect.ValueOf("main"))
	if !sc.IsValid() {
		return sc
	}
	return sc.Elem()
}

// settable is a field of a struct that can be set, though it is not exported.
func settable(of reflect.Value, name string) reflect.Value {
	f := of.FieldByName(name)
	if !f.IsValid() {
		panic(fmt.Sprintf("yaegi: %v has no field %s any more; see internals.go", of.Type(), name))
	}
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// offset returns where a struct keeps a field.
func offset(t reflect.Type, name string, kind reflect.Kind) uintptr {
	f, ok := t.FieldByName(name)
	if !ok || len(f.Index) > 1 || f.Type.Kind() != kind {
		panic(fmt.Sprintf("yaegi: %v has no field %s of kind %v any more; see internals.go", t, name, kind))
	}
	return f.Offset
}

// A node of a compiled program, what a name in it means, and a frame of a running
// one.
type (
	node   struct{ p unsafe.Pointer }
	symbol struct{ p unsafe.Pointer }
	frame  struct{ p unsafe.Pointer }
)

// A step is yaegi's bltn: a closure that does what a node does and returns the
// next one.
type step func(frame unsafe.Pointer) step

var (
	nodeType = func() reflect.Type {
		f, _ := reflect.TypeFor[interp.Program]().FieldByName("root")
		return f.Type.Elem()
	}()
	frameType = func() reflect.Type {
		f, _ := nodeType.FieldByName("exec")
		return f.Type.In(0).Elem()
	}()
	itypeType = func() reflect.Type {
		f, _ := nodeType.FieldByName("typ")
		if m, ok := f.Type.MethodByName("TypeOf"); !ok || m.Type.NumIn() != 1 || m.Type.NumOut() != 1 {
			panic("yaegi: types do not tell package reflect's any more; see internals.go")
		}
		return f.Type.Elem()
	}()
	rootOffset = offset(reflect.TypeFor[interp.Program](), "root", reflect.Pointer)

	nodeAt = struct{ child, anc, kind, action, pos, rval, gen, exec, start, tnext, fnext, findex, level, nleft, ident, sym, typ, types, val, redeclared, meta uintptr }{
		child:  offset(nodeType, "child", reflect.Slice),
		anc:    offset(nodeType, "anc", reflect.Pointer),
		kind:   offset(nodeType, "kind", reflect.Uint),
		action: offset(nodeType, "action", reflect.Uint),
		pos:    offset(nodeType, "pos", reflect.Int),
		rval:   offset(nodeType, "rval", reflect.Struct),
		gen:    offset(nodeType, "gen", reflect.Func),
		exec:   offset(nodeType, "exec", reflect.Func),
		start:  offset(nodeType, "start", reflect.Pointer),
		tnext:  offset(nodeType, "tnext", reflect.Pointer),
		fnext:  offset(nodeType, "fnext", reflect.Pointer),
		findex: offset(nodeType, "findex", reflect.Int),
		level:  offset(nodeType, "level", reflect.Int),
		nleft:  offset(nodeType, "nleft", reflect.Int),
		ident:  offset(nodeType, "ident", reflect.String),
		sym:    offset(nodeType, "sym", reflect.Pointer),
		typ:    offset(nodeType, "typ", reflect.Pointer),
		types:  offset(nodeType, "types", reflect.Slice),
		val:    offset(nodeType, "val", reflect.Interface),

		redeclared: offset(nodeType, "redeclared", reflect.Bool),
		meta:       offset(nodeType, "meta", reflect.Interface),
	}
	symbolAt = struct{ index, global, node uintptr }{
		index:  offset(pointedTo("sym"), "index", reflect.Int),
		global: offset(pointedTo("sym"), "global", reflect.Bool),
		node:   offset(pointedTo("sym"), "node", reflect.Pointer),
	}
	typeAt = struct{ rtype, method, val uintptr }{
		rtype:  offset(itypeType, "rtype", reflect.Interface),
		method: offset(itypeType, "method", reflect.Slice),
		val:    offset(itypeType, "val", reflect.Pointer),
	}
	frameAtOffset = struct{ debug, mutex, deferred, recovered, data, anc, root, done uintptr }{
		debug:     offset(frameType, "debug", reflect.Pointer),
		mutex:     offset(frameType, "mutex", reflect.Struct),
		deferred:  offset(frameType, "deferred", reflect.Slice),
		recovered: offset(frameType, "recovered", reflect.Interface),
		data:      offset(frameType, "data", reflect.Slice),
		anc:       offset(frameType, "anc", reflect.Pointer),
		root:      offset(frameType, "root", reflect.Pointer),
		done:      offset(frameType, "done", reflect.Struct),
	}
)

// pointedTo is the type that a node's field points to.
func pointedTo(name string) reflect.Type {
	f, ok := nodeType.FieldByName(name)
	if !ok || f.Type.Kind() != reflect.Pointer {
		panic(fmt.Sprintf("yaegi: %v has no pointer %s any more; see internals.go", nodeType, name))
	}
	return f.Type.Elem()
}

func field[T any](p unsafe.Pointer, at uintptr) *T { return (*T)(unsafe.Add(p, at)) }

func rootOf(p *interp.Program) node {
	return node{*field[unsafe.Pointer](unsafe.Pointer(p), rootOffset)}
}

func (n node) children() []node           { return *field[[]node](n.p, nodeAt.child) }
func (n node) parent() node               { return *field[node](n.p, nodeAt.anc) }
func (n node) pos() int                   { return *field[int](n.p, nodeAt.pos) }
func (n node) ident() string              { return *field[string](n.p, nodeAt.ident) }
func (n node) findex() int                { return *field[int](n.p, nodeAt.findex) }
func (n node) level() int                 { return *field[int](n.p, nodeAt.level) }
func (n node) left() int                  { return *field[int](n.p, nodeAt.nleft) }
func (n node) redeclared() bool           { return *field[bool](n.p, nodeAt.redeclared) }
func (n node) types() []reflect.Type      { return *field[[]reflect.Type](n.p, nodeAt.types) }
func (n node) static() *any               { return field[any](n.p, nodeAt.val) }
func (n node) symbol() symbol             { return *field[symbol](n.p, nodeAt.sym) }
func (n node) value() reflect.Value       { return *field[reflect.Value](n.p, nodeAt.rval) }
func (n node) step() *step                { return field[step](n.p, nodeAt.exec) }
func (n node) start() node                { return *field[node](n.p, nodeAt.start) }
func (n node) then() node                 { return *field[node](n.p, nodeAt.tnext) }
func (n node) otherwise() node            { return *field[node](n.p, nodeAt.fnext) }
func (n node) gen() *func(unsafe.Pointer) { return field[func(unsafe.Pointer)](n.p, nodeAt.gen) }

// function is the declaration of the function that a symbol stands for.
func (s symbol) function() *node { return field[node](s.p, symbolAt.node) }

// typ returns the type of a node, nil when it has none.
func (n node) typ() reflect.Type {
	p := *field[unsafe.Pointer](n.p, nodeAt.typ)
	if p == nil {
		return nil
	}
	t, _ := reflect.NewAt(itypeType, p).MethodByName("TypeOf").Call(nil)[0].Interface().(reflect.Type)
	return t
}

// hasMethods reports whether the type of a node has interpreted methods, or what it
// points to or is made of: package reflect knows nothing of them.
func (n node) hasMethods() bool {
	p := *field[unsafe.Pointer](n.p, nodeAt.typ)
	for range 8 {
		if p == nil {
			return false
		}
		if len(*field[[]unsafe.Pointer](p, typeAt.method)) > 0 {
			return true
		}
		p = *field[unsafe.Pointer](p, typeAt.val)
	}
	return true
}

// madeBy returns the name of yaegi's function that makes the node's step, or "".
func (n node) madeBy() string {
	gen := *n.gen()
	if gen == nil {
		return ""
	}
	name := runtime.FuncForPC(reflect.ValueOf(gen).Pointer()).Name()
	return name[strings.LastIndexByte(name, '.')+1:]
}

// isFunction reports whether a node names an interpreted function.
func (n node) isFunction() bool {
	v := *n.static()
	return v != nil && reflect.TypeOf(v) == reflect.PointerTo(nodeType) || n.isLinked()
}

// isLinked reports whether a node names a function that has a link.
func (n node) isLinked() bool {
	v, ok := (*n.static()).(reflect.Value)
	return ok && v.CanAddr() && v.Type() == reflect.PointerTo(nodeType)
}

// names returns where the declaration is that an identifier names, if that is an
// interpreted function. The link of one leads there anew with each version.
func (n node) names() *unsafe.Pointer {
	switch {
	case n.kind() != "identExpr":
		return nil
	case n.isLinked():
		return (*unsafe.Pointer)((*n.static()).(reflect.Value).Addr().UnsafePointer())
	case n.isFunction():
		return &(*field[[2]unsafe.Pointer](n.p, nodeAt.val))[1]
	}
	return nil
}

// callable is yaegi's genFunctionWrapper: it returns what makes package
// reflect's function of one that a node names, in a frame.
//
//go:linkname callable github.com/traefik/yaegi/interp.genFunctionWrapper
func callable(node unsafe.Pointer) func(frame unsafe.Pointer) reflect.Value

// runCfg is yaegi's: it runs a function's steps, from one on in a frame, and then
// makes its deferred calls.
//
//go:linkname runCfg github.com/traefik/yaegi/interp.runCfg
func runCfg(first, frame, function, call unsafe.Pointer)

// copyFrame is yaegi's: it returns a frame with the same variables, which a closure
// is in.
//
//go:linkname copyFrame github.com/traefik/yaegi/interp.(*frame).clone
func copyFrame(frame unsafe.Pointer) unsafe.Pointer

// kind and action return yaegi's names: "callExpr", "/".
func (n node) kind() string   { return kindNames.of(*field[uint](n.p, nodeAt.kind)) }
func (n node) action() string { return actionNames.of(*field[uint](n.p, nodeAt.action)) }

var kindNames, actionNames = namesOf("kind"), namesOf("action")

// names are what the numbers of one of yaegi's types are called.
type names struct {
	t    reflect.Type
	mu   sync.Mutex
	seen map[uint]string
}

func namesOf(fieldName string) *names {
	f, _ := nodeType.FieldByName(fieldName)
	if !f.Type.Implements(reflect.TypeFor[fmt.Stringer]()) {
		panic(fmt.Sprintf("yaegi: %v does not tell its name any more; see internals.go", f.Type))
	}
	return &names{t: f.Type, seen: map[uint]string{}}
}

func (n *names) of(i uint) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	s, ok := n.seen[i]
	if !ok {
		s = reflect.NewAt(n.t, unsafe.Pointer(&i)).Elem().Interface().(fmt.Stringer).String()
		n.seen[i] = s
	}
	return s
}

// mutex guards the frame's data.
func (f frame) mutex() *sync.RWMutex { return field[sync.RWMutex](f.p, frameAtOffset.mutex) }

// done is what ends a channel operation when its unit is interrupted.
func (f frame) done() reflect.SelectCase {
	f.mutex().RLock()
	defer f.mutex().RUnlock()
	return *field[reflect.SelectCase](f.p, frameAtOffset.done)
}

// listen has the frame's channel operations listen to done.
func (f frame) listen(done chan struct{}) {
	to := field[reflect.SelectCase](f.p, frameAtOffset.done)
	if to.Chan.IsValid() && to.Chan.UnsafePointer() == reflect.ValueOf(done).UnsafePointer() {
		return
	}
	f.mutex().Lock()
	defer f.mutex().Unlock()
	*to = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)}
}

// up returns the frame that many levels above; level -1 is the global one.
func (f frame) up(level int) frame {
	if level < 0 {
		return *field[frame](f.p, frameAtOffset.root)
	}
	for ; level > 0; level-- {
		f = *field[frame](f.p, frameAtOffset.anc)
	}
	return f
}

// operand returns the value of a node that is a constant or a variable.
func (f frame) operand(n node) (v reflect.Value) {
	if v := n.value(); v.IsValid() {
		return v
	}
	data := *field[[]reflect.Value](f.up(n.level()).p, frameAtOffset.data)
	if i := n.findex(); i >= 0 && i < len(data) {
		return data[i]
	}
	return reflect.Value{}
}
