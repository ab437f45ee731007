package yaegi

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik/yaegi/interp"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/futures"
)

// interpreter is a session's one yaegi interpreter: units share package main.
type interpreter struct {
	server *server // nil in a worker
	in     *interp.Interpreter
	inner  internals
	trace  *tracer

	bound  map[string]bool   // import paths that yaegi knows
	used   map[string]bool   // import paths that user code has used, compiled code too
	names  map[string]string // import names of the session, by name the path
	loaded map[string]loaded // units, by name

	panicked  *eval.Outcome            // set by enter
	functions map[string]reflect.Value // set by function
	links     links
	quiet     int // the fewest goroutines that a unit has begun with

	compiled []*atomic.Uint32 // flags of compiled packages: stop

	mu       sync.Mutex
	resume   func()                // ends what an interrupt began; nil when there is none
	captures map[string]func() any // set by capture
}

// enterPath is a package of ours that the units' entries are called through.
const (
	enterPath = "paracell/enter"
	enterName = "paracell__enter"
)

func newInterp(s *server) *interpreter {
	i := &interpreter{server: s, bound: map[string]bool{}, used: map[string]bool{}, names: map[string]string{}, loaded: map[string]loaded{}}
	i.trace = newTracer()
	i.trace.fail = func(u *unit, o eval.Outcome) bool { return i.cancel(u, &o) }
	futures.SetStack(i.trace.stack)
	if s != nil {
		i.trace.elsewhere = func(o eval.Outcome) { s.out.report(eval.Report{Op: eval.PanicElsewhere, Outcome: &o}) }
		i.trace.fallen = s.fallen
	}
	var println turnWriter
	if s != nil {
		println = turnWriter{s.out, 1, os.Stderr}
	}
	opts := interp.Options{Stdout: os.Stderr, Stderr: i.trace, Unrestricted: true}
	if s != nil {
		opts.Stdout = println // of the builtins print and println, which write to standard error
	}
	i.in = interp.New(opts)
	i.trace.fset = i.in.FileSet()
	i.inner = reach(i.in)
	i.trace.globals = i.inner.frame.p
	*i.inner.cancelChan = true
	*i.inner.done = make(chan struct{})
	i.bindOwn()
	if err := i.bindImport(eval.Import{Path: enterPath, Name: enterName}); err != nil {
		panic(err)
	}
	return i
}

// fileName is the name that yaegi knows a unit's text by. Imports belong to the
// last element, so that they are the same for all units.
func fileName(unit string) string { return unit + "/_" }

func unitName(file string) string { return strings.TrimSuffix(file, "/_") }

// bindImport makes a package known under a name to all units that follow.
func (i *interpreter) bindImport(im eval.Import) error {
	if i.names[im.Name] == im.Path {
		return nil
	}
	if im.File != "" {
		if err := i.loadPlugin(im); err != nil {
			return err
		}
	} else if err := i.bind(im.Path); err != nil {
		return err
	}
	f, err := parser.ParseFile(i.in.FileSet(), fileName(""), fmt.Sprintf("package main\nimport %s %q\n", im.Name, im.Path), 0)
	if err != nil {
		return err
	}
	p, err := i.compile(f)
	if err != nil {
		return err
	}
	if _, err := i.in.Execute(p); err != nil {
		return err
	}
	i.names[im.Name] = im.Path
	if im.File == "" {
		i.used[im.Path] = true
	}
	for _, path := range im.Uses {
		i.used[path] = true
	}
	return nil
}

// compile is CompileAST with panics of yaegi's own turned into errors.
func (i *interpreter) compile(f *ast.File) (p *interp.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &crash{fmt.Sprint(r), string(debug.Stack())}
		}
	}()
	if p, err = i.in.CompileAST(f); err == nil {
		i.inner.grow()
	}
	return p, err
}

// crash is a panic of yaegi itself.
type crash struct{ message, stack string }

func (c *crash) Error() string { return "the interpreter panicked: " + c.message }

// load compiles a unit; with entry, running the program calls the unit's entry.
func (i *interpreter) load(u eval.Unit, entry bool) (*interp.Program, error) {
	for _, unit := range u.Forget {
		i.forget(unit)
	}
	for _, name := range u.Clear {
		i.inner.clear(name)
	}
	for _, im := range u.Imports {
		if err := i.bindImport(im); err != nil && im.File != "" {
			return nil, err
		} else if err != nil {
			return nil, fmt.Errorf("import %q: %w", im.Path, err)
		}
	}
	src := "package main\n" + u.Source + "\n"
	if len(u.Links) > 0 {
		src += "func init() { " + enterName + ".Lead() }\n"
	}
	if entry && u.Entry != "" {
		src += "func init() { " + enterName + ".Enter(" + u.Entry + ") }\n"
	}
	f, err := parser.ParseFile(i.in.FileSet(), fileName(u.Name), src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	p, err := i.compile(f)
	i.inner.loosen()
	if err != nil {
		return nil, err
	}
	i.remember(u.Name, f)
	if err := i.link(u, rootOf(p)); err != nil {
		return nil, err
	}
	i.trace.attach(u, p)
	return p, nil
}

// run runs a unit. One at a time.
func (i *interpreter) run(u *unit) eval.Outcome {
	p, err := i.load(u.Unit, true)
	if err != nil {
		if u.finish() {
			i.goOn()
		}
		return refused(err)
	}
	i.panicked = nil
	done := make(chan struct{})
	*i.inner.done = done
	i.trace.running.Store(&runningUnit{u.label, done})
	defer i.trace.running.Store(nil)
	var failed error
	if n := runtime.NumGoroutine(); i.quiet == 0 || n < i.quiet {
		i.quiet = n
	}
	u.goroutines = i.quiet
	go func() {
		defer close(u.ended)
		i.trace.begin()
		_, failed = i.in.Execute(p)
	}()
	select {
	case <-u.ended:
		u.settle()
	case <-u.cancelled:
	}
	if u.finish() {
		i.stop(u, done)
		if u.failure != nil {
			return *u.failure
		}
		return eval.Outcome{Kind: eval.Interrupted}
	}
	switch {
	case i.panicked != nil:
		return *i.panicked
	case failed != nil:
		return refused(failed)
	}
	return eval.Outcome{Kind: eval.Done}
}

// enter calls a unit's entry, for the code that load adds to it.
func (i *interpreter) enter(entry func()) {
	defer func() {
		if r := recover(); r != nil {
			i.panicked = i.trace.outcome(r)
		}
	}()
	i.trace.leave() // it may have been interrupted before its loops could be
	entry()
}

// stop sees to the end of an interrupted unit's goroutines: loops and calls end
// them, channel operations and sleeps are woken up. What is blocked in compiled
// code stays behind after a grace period, and ends when it comes back.
func (i *interpreter) stop(u *unit, done chan struct{}) {
	defer i.goOn()
	patience := time.NewTimer(u.patience())
	defer patience.Stop()
	for ended := false; !ended; {
		select {
		case <-u.ended:
			ended = true
		case done <- struct{}{}:
		case <-patience.C:
			if !u.deadlocked() {
				interruptGroup() // a shell may miss the first one, between two commands
			}
			return
		}
	}
	// And the goroutines that it started.
	for {
		woken := wake(done)
		own := u.own(i.trace.goroutines())
		if len(own) == 0 {
			i.trace.allGone(u)
			return
		}
		if !woken && !computes(own) {
			return
		}
		select {
		case <-patience.C:
			return
		default:
		}
	}
}

// goOn has loops ask no more whether they shall end.
func (i *interpreter) goOn() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.resume != nil {
		i.resume()
		i.resume = nil
	}
	i.stopCompiled(false)
}

// wake ends one waiting channel operation of a unit, if there is one.
func wake(done chan struct{}) bool {
	t := time.NewTimer(straggle)
	defer t.Stop()
	select {
	case done <- struct{}{}:
		return true
	case <-t.C:
		return false
	}
}

// cleanUp runs a deferred call. Of a unit that is being stopped the call belongs
// to no unit, so that it is not stopped itself.
func (t *tracer) cleanUp(call func()) {
	if t.isGone() {
		defer forgetUnit()()
	}
	call()
}

var position = pattern.New(`^(.+)/_:(\d+):(\d+): `)

// refused is the outcome of a unit that yaegi could not compile.
func refused(err error) eval.Outcome {
	o := eval.Outcome{Kind: eval.Refused, Message: err.Error()}
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		e := list[0]
		o.Message = e.Msg
		o.Frames = []eval.Frame{{Unit: unitName(e.Pos.Filename), Line: e.Pos.Line - 1, Column: e.Pos.Column}}
		return o
	}
	var c *crash
	if errors.As(err, &c) {
		o.Detail = c.stack
	}
	var p interp.Panic
	if errors.As(err, &p) {
		if _, known := p.Value.(noStep); !known {
			o.Detail = string(p.Stack)
		}
	}
	if m := position().FindStringSubmatch(o.Message); m != nil {
		o.Message = o.Message[len(m[0]):]
		o.Frames = []eval.Frame{frameAt(m)}
	}
	return o
}

// frameAt makes a frame of what position matched. Texts begin with a line that
// is not the unit's.
func frameAt(m []string) eval.Frame {
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3])
	return eval.Frame{Unit: m[1], Line: line - 1, Column: column}
}
