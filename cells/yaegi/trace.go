package yaegi

import (
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/futures"
)

// A tracer finds out where a panic came from, makes its value the one that Go
// would have, has Go's own traces tell where interpreted code is, and ends
// goroutines of interrupted units.
//
// It does so by putting a step of its own around those steps of a program that
// can panic: calls, indexing, dereferencing, division and the like. Where a look
// at the operands tells that a step won't, it runs as it is. What that costs is
// more than made up for by quicker steps for plain arithmetic and loops (quick.go).
type tracer struct {
	fset      *token.FileSet
	globals   unsafe.Pointer // the frame of the global variables
	loops     loops
	fail      func(u *unit, o eval.Outcome) bool // ends a unit for a reason of ours
	elsewhere func(eval.Outcome)                 // told of panics in goroutines other than the unit's own
	fallen    fallen                             // told of those that nothing recovered
	gone      atomic.Pointer[[]interrupted]      // units whose goroutines shall end

	running atomic.Pointer[runningUnit]

	panicking atomic.Int64 // how many unwindings there are

	callees sync.Mutex // guards what nodes keep of functions

	mu         sync.Mutex
	units      eval.Units
	lone       map[string]eval.Frame // divisions without a step around them, by unit and function
	main       int                   // the unit's own goroutine
	chains     map[int]*chain        // by goroutine
	unwindings map[int]*unwinding    // by goroutine
	places     map[string][]string   // the user's, of each unit's lines
}

// A chain is the way of a panic through functions, innermost first. Before each
// function's end we see the site in it, after it yaegi writes a line, unless the
// function recovered.
type chain struct {
	frames []eval.Frame
	left   bool // the function of the last frame ended

	// Of a goroutine other than the unit's own:
	outcome   eval.Outcome
	functions int // how many interpreted ones there were when it panicked
	ended     int // how many of them ended
}

const (
	maxFrames = 1000
	maxChains = 256
)

func newTracer() *tracer {
	return &tracer{
		units:      eval.Units{},
		lone:       map[string]eval.Frame{},
		chains:     map[int]*chain{},
		unwindings: map[int]*unwinding{},
		places:     map[string][]string{},
	}
}

// begin says that a unit's own goroutine is the calling one.
func (t *tracer) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.main = goroutine()
	delete(t.chains, t.main)
}

// unitsOwn returns the number of the unit's own goroutine.
func (t *tracer) unitsOwn() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.main
}

// A site is a place in a unit that can panic.
type site struct {
	eval.Frame
	node   node
	made   string // the name of yaegi's function that makes its step
	call   bool
	defers bool      // its call is deferred
	waits  eval.Wait // what it may wait for
}

// drop forgets what is known of a unit's functions.
func (t *tracer) drop(unit string, names []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.loops.drop(unit)
	t.units.Drop(unit)
	for _, n := range names {
		delete(t.lone, unit+"/"+n)
	}
	delete(t.places, unit)
}

// attach puts our steps into a unit's compiled program, before it runs.
func (t *tracer) attach(u eval.Unit, p *interp.Program) {
	root := rootOf(p)
	t.mu.Lock()
	t.places[u.Name] = u.Places
	t.units.Add(u.Name)
	t.mu.Unlock()
	t.walk(root, "", false, nil)
	t.loops.add(u, root)
}

func (t *tracer) walk(n node, in string, literal bool, bare map[node]bool) {
	kind, made := n.kind(), generator(n)
	switch kind {
	case "funcDecl":
		if c := n.children(); len(c) > 1 {
			in = c[1].ident()
			t.survey(n, in)
			var s *site
			if bare, s = t.loneDivision(n); s != nil {
				s.Func = in
				t.mu.Lock()
				t.lone[s.Unit+"/"+in] = s.Frame
				t.mu.Unlock()
			}
		}
	case "funcLit":
		in += ".func"
		literal = true
		t.survey(n, in)
		if made == "getFunc" {
			t.wrapLiteral(n)
		}
	}
	wrapReceive(n)
	if isRecover(n, kind) {
		t.wrapRecover(n)
	} else if s, ok := t.siteOf(n, kind); ok && !bare[n] {
		s.Func = in
		t.wrap(n, s)
	}
	if kind == "caseClause" && *n.gen() != nil {
		wrapCase(n)
	}
	if kind == "selectorExpr" && *n.gen() != nil && ofUser(n) {
		t.wrapField(n)
	}
	t.quicken(n, made)
	if literal && *n.gen() != nil {
		// Literals got their steps while they were compiled: have them made anew.
		*n.step() = nil
	}
	if *n.gen() != nil && kind != "returnStmt" {
		t.demand(n)
	}
	for _, c := range n.children() {
		t.walk(c, in, literal, bare)
	}
}

// demand has a unit refused, before any of it runs, when yaegi makes no step for a
// node: it would stop there, as if the function was over.
func (t *tracer) demand(n node) {
	gen := *n.gen()
	*n.gen() = func(p unsafe.Pointer) {
		at := (*unsafe.Pointer)(unsafe.Pointer(node{p}.step()))
		before := *at
		gen(p)
		if *at == before && (before == nil || leadsToItself(*node{p}.step())) {
			panic(noStep(fmt.Sprintf("%v: there is no step for %s", t.fset.Position(token.Pos(node{p}.pos())), node{p}.kind())))
		}
	}
}

// leadsToItself reports whether a step of a loop only stands for the one that is
// being made.
func leadsToItself(s step) bool {
	return strings.Contains(runtime.FuncForPC(reflect.ValueOf(s).Pointer()).Name(), "/interp.setExec.")
}

// noStep says for what yaegi makes no step, and where.
type noStep string

// siteOf says whether the node's step can panic.
func (t *tracer) siteOf(n node, kind string) (*site, bool) {
	if *n.gen() == nil {
		return nil, false
	}
	waits := waitsFor(n, kind)
	if waits == 0 && (!canPanic(n, kind) || generator(n) == "_append" && len(dereferenced(n)) == 0) {
		return nil, false
	}
	p := t.fset.Position(token.Pos(n.pos()))
	return &site{
		Frame:  eval.Frame{Unit: unitName(p.Filename), Line: p.Line - 1, Column: p.Column},
		node:   n,
		made:   generator(n),
		call:   kind == "callExpr",
		defers: kind == "callExpr" && n.parent().kind() == "deferStmt",
		waits:  waits,
	}, true
}

func canPanic(n node, kind string) bool {
	c := n.children()
	switch kind {
	case "callExpr", "indexExpr", "sliceExpr", "starExpr", "typeAssertExpr", "sendStmt", "selectorExpr", "rangeStmt":
		return true
	case "binaryExpr":
		switch n.action() {
		case "/", "%", "<<", ">>":
			return len(c) != 2 || !c[1].value().IsValid() // not by a constant
		}
	case "assignStmt", "defineStmt", "assignXStmt", "incDecStmt":
		switch n.action() {
		case "/=", "%=":
			return true
		case "<<=", ">>=":
			return len(c) != 2 || !c[1].value().IsValid() || mayPanic(c[0])
		}
		// The step may write through what is on its left.
		if len(c) > 0 && mayPanic(c[0]) {
			return true
		}
	case "blockStmt", "fileStmt", "funcDecl", "funcLit", "declStmt":
		return false
	}
	// Some steps read through a pointer themselves.
	for _, c := range c {
		if c.kind() == "starExpr" {
			return true
		}
	}
	return false
}

func mayPanic(left node) bool { return left.kind() == "indexExpr" || left.kind() == "selectorExpr" }

// wrap has the node's step made with ours around it.
func (t *tracer) wrap(n node, s *site) {
	gen, stars := *n.gen(), dereferenced(n)
	*n.gen() = func(p unsafe.Pointer) {
		gen(p)
		n := node{p}
		inner := *n.step()
		if inner == nil {
			return
		}
		switch safe := safety(n); {
		case looksUp(n):
		case s.defers:
			*n.step() = t.calling(n, s, t.direct(n, s, t.aroundDefer(s, inner)))
		case s.call:
			*n.step() = t.calling(n, s, t.aroundCall(s, t.direct(n, s, keepSigns(n, inner))))
		case s.waits != 0:
			*n.step() = t.aroundWait(s, communicating(n, s.made, inner))
		case isShift(n):
			*n.step() = t.aroundShift(s, n, inner)
		case n.kind() == "typeAssertExpr" && len(n.children()) == 2:
			*n.step() = t.aroundAssertion(s, n, inner)
		case safe != nil:
			*n.step() = unless(safe, inner, t.around(s, notNil(stars, inner)))
		default:
			*n.step() = t.around(s, notNil(stars, inner))
		}
	}
}

func (t *tracer) around(s *site, inner step) step {
	at := s.Place()
	return func(f unsafe.Pointer) step { return stepAt(at, t, s, inner, f) }
}

// stepAt takes a step. Its first argument is for those who read the stack: see
// eval.Place. It is used behind the step, so that it is known all along.
//
//go:noinline
func stepAt(at eval.Place, t *tracer, s *site, inner step, f unsafe.Pointer) step {
	defer t.caught(s, f)
	next := inner(f)
	if at == noPlace {
		return nil
	}
	return next
}

func (t *tracer) aroundCall(s *site, inner step) step {
	at := s.Place()
	return func(f unsafe.Pointer) step { return callAt(at, t, s, inner, f) }
}

// callAt is stepAt of a call.
//
//go:noinline
func callAt(at eval.Place, t *tracer, s *site, inner step, f unsafe.Pointer) step {
	defer t.caught(s, f)
	if stackUsed() > stackLimit {
		t.overflow()
	}
	next := inner(f)
	if t.gone.Load() != nil && at != noPlace {
		t.leave()
	}
	return next
}

// noPlace is none that a site has.
const noPlace = ^eval.Place(0)

func (t *tracer) aroundWait(s *site, inner step) step {
	at := s.Place()
	return func(f unsafe.Pointer) step { return waitAt(at, s.waits, t, s, inner, f) }
}

// waitAt is stepAt of an operation on channels. One that has no next step was
// woken up by its unit's end, or ends its function.
//
//go:noinline
func waitAt(at eval.Place, waits eval.Wait, t *tracer, s *site, inner step, f unsafe.Pointer) step {
	defer t.caught(s, f)
	t.listen(frame{f})
	next := inner(f)
	if next == nil && t.gone.Load() != nil && at != noPlace && waits != 0 {
		t.leave()
	}
	return next
}

// The running unit is what its goroutines have for labels, and the channel that
// wakes up those that wait.
type runningUnit struct {
	label unsafe.Pointer
	done  chan struct{}
}

// listen has a frame of the running unit's goroutines listen to the unit's end. One
// that belongs to a closure of an earlier unit would listen to that one's.
func (t *tracer) listen(f frame) {
	if u := t.running.Load(); u != nil && u.label == profilerLabels() {
		f.listen(u.done)
	}
}

// waitsFor says what a node's step may wait for.
func waitsFor(n node, kind string) eval.Wait {
	switch kind {
	case "sendStmt":
		return eval.WaitSend
	case "unaryExpr":
		if n.action() == "<-" {
			return eval.WaitReceive
		}
	case "rangeStmt":
		if n.madeBy() == "rangeChan" {
			return eval.WaitReceive
		}
	case "blockStmt":
		if n.parent().p == nil || n.parent().kind() != "selectStmt" {
			return 0
		}
		for _, c := range n.children() {
			if c.kind() == "commClauseDefault" {
				return 0
			}
		}
		if len(n.children()) == 0 {
			return eval.WaitNothing
		}
		return eval.WaitSelect
	}
	return 0
}

// An interrupted unit, by the labels of its goroutines.
type interrupted struct {
	label unsafe.Pointer
	unit  string
}

// abandon has the goroutines of a unit end at their next call.
func (t *tracer) abandon(u *unit) {
	all := []interrupted{{u.label, u.Name}}
	if old := t.gone.Load(); old != nil {
		all = append(all, *old...)
	}
	t.gone.Store(&all)
}

// allGone says that a unit that was abandoned has no goroutines any more.
func (t *tracer) allGone(u *unit) {
	rest := slices.DeleteFunc(slices.Clone(*t.gone.Load()), func(g interrupted) bool { return g.unit == u.Name })
	if len(rest) == 0 {
		t.gone.Store(nil)
		return
	}
	t.gone.Store(&rest)
}

// goneLabels are the labels of abandoned units, as the runtime writes them.
func (t *tracer) goneLabels() (labels []string) {
	if gone := t.gone.Load(); gone != nil {
		for _, g := range *gone {
			labels = append(labels, labelText(g.unit))
		}
	}
	return labels
}

// leave ends the goroutine if its unit was interrupted.
func (t *tracer) leave() {
	if t.isGone() {
		runtime.Goexit()
	}
}

// isGone reports whether the goroutine's unit was interrupted.
func (t *tracer) isGone() bool {
	gone := t.gone.Load()
	if gone == nil {
		return false
	}
	here := profilerLabels()
	return slices.ContainsFunc(*gone, func(g interrupted) bool { return g.label == here })
}

// caught is deferred by our steps: it notes the site of a panic that passes by.
func (t *tracer) caught(s *site, f unsafe.Pointer) {
	r := recover()
	if r == nil {
		return // nothing, or the goroutine ends
	}
	v := panicValue(r, s, frame{f})
	t.note(v, append(compiledFrames(), s.Frame)...)
	panic(v)
}

// note adds places to the way of a panic, innermost first.
func (t *tracer) note(v any, places ...eval.Frame) (o eval.Outcome) {
	id := goroutine()
	t.mu.Lock()
	c := t.chains[id]
	if c == nil {
		if len(t.chains) >= maxChains {
			clear(t.chains) // of goroutines that recovered, long ago
		}
		c = &chain{}
		t.chains[id] = c
	}
	if !c.left {
		c.frames = nil // the panic before was recovered
	}
	if c.frames == nil && id != t.main {
		c.functions, c.ended = functionsHere(), 0
	}
	c.left = false
	if len(c.frames) < maxFrames {
		if len(c.frames) > 0 {
			places = places[max(len(places)-1, 0):] // compiled code was left before
		}
		c.frames = append(c.frames, places...)
	}
	frames, main := c.frames, t.main
	t.mu.Unlock()
	if id == main || t.elsewhere == nil {
		return o
	}
	o = eval.Outcome{Kind: eval.Panicked, Message: panicText(v), Type: fmt.Sprintf("%T", v), Frames: frames}
	t.mu.Lock()
	c.outcome = o
	t.mu.Unlock()
	t.elsewhere(o)
	return o
}

// forget drops the way of a panic that was recovered.
func (t *tracer) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.chains, goroutine())
}

// Write takes yaegi's own lines: "unit/_:line:column: panic: main.f(...)".
func (t *tracer) Write(b []byte) (int, error) {
	if o, last := t.leaves(goroutine(), b); last && t.fallen != nil && startedHere() {
		t.fall(o)
	}
	return len(b), nil
}

// leaves notes that a panic left a function. It reports whether that may have been
// the goroutine's first, and not the unit's own.
func (t *tracer) leaves(id int, b []byte) (o eval.Outcome, last bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.chains[id]
	if c == nil || c.left {
		if m := left().FindSubmatch(b); m != nil {
			c = t.divided(id, c, string(m[1])+"/"+string(m[2]))
		}
	}
	if c == nil {
		return o, false
	}
	c.left = true
	c.ended++
	return c.outcome, id != t.main && c.ended >= c.functions
}

// left is a line that yaegi writes when a function panics.
var left = pattern.New(`^(.+)/_:\d+:\d+: panic: main\.([^(]+)\(`)

// divided returns the chain of a panic that leaves a function and noted no site since
// the last one's end: it comes from a lone division, or from nowhere that is known.
func (t *tracer) divided(id int, c *chain, function string) *chain {
	f, ok := t.lone[function]
	if !ok {
		return c
	}
	divided := runtimeError("runtime error: integer divide by zero")
	c = &chain{frames: []eval.Frame{f}}
	c.outcome = eval.Outcome{Kind: eval.Panicked, Message: string(divided), Type: fmt.Sprintf("%T", divided), Frames: c.frames}
	t.chains[id] = c
	return c
}

// leftOne notes that a panic left a function that a step of ours called (calls.go).
func (t *tracer) leftOne(function string) *chain {
	id := goroutine()
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.chains[id]
	if c == nil || c.left {
		c = t.divided(id, c, function)
	}
	if c != nil {
		c.left = true
	}
	return c
}

// leftLast notes that a panic left a goroutine's first function.
func (t *tracer) leftLast(function string, r any) eval.Outcome {
	if c := t.leftOne(function); c != nil {
		return c.outcome
	}
	return t.note(panicValue(r, nil, frame{}))
}

// outcome is that of a unit whose entry panicked with the value; it is called
// in the unit's own goroutine.
func (t *tracer) outcome(v any) *eval.Outcome {
	v = panicValue(v, nil, frame{})
	t.mu.Lock()
	defer t.mu.Unlock()
	o := &eval.Outcome{Kind: eval.Panicked, Message: panicText(v), Type: fmt.Sprintf("%T", v)}
	if err, ok := v.(error); ok {
		o.Detail = storyOf(err)
	}
	if c := t.chains[t.main]; c != nil {
		o.Frames = c.frames
	}
	return o
}

// stack is where a task of the user's panicked, in the user's names and places; ""
// when none of it was interpreted. It is called in the task's goroutine, where the
// pool has recovered the panic.
func (t *tracer) stack() string {
	id := goroutine()
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.chains[id]
	if c == nil {
		return ""
	}
	delete(t.chains, id)
	var b strings.Builder
	for _, f := range c.frames {
		place := f.File + ":" + strconv.Itoa(f.Line)
		name := compile.Function(f.Func)
		if f.File == "" {
			places := t.places[f.Unit]
			if f.Line < 1 || f.Line > len(places) || places[f.Line-1] == "" {
				continue
			}
			place = places[f.Line-1]
			name, _, _ = strings.Cut(f.Func, compile.Dot)
			if strings.HasSuffix(f.Func, ".func") {
				name += ".func"
			}
		}
		fmt.Fprintf(&b, "main.%s(...)\n\t%s\n", name, place)
	}
	return b.String()
}

// storyOf is what an error of futures has to tell beyond its text: where in a task
// it comes from, or how a worker died.
func storyOf(err error) string {
	for ; err != nil; err = errors.Unwrap(err) {
		switch err.(type) {
		case *futures.RemoteError, *futures.PanicError, *futures.BrokenProcessPool, *futures.BrokenThreadPool:
			return strings.Trim(strings.TrimPrefix(fmt.Sprintf("%+v", err), err.Error()), "\n")
		}
	}
	return ""
}
