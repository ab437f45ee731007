package yaegi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/display"
	"github.com/paracell/paracell/futures"
)

// The start methods of a notebook. Its session knows how a worker process is
// started for each: it holds the definitions.
func (s *server) pools() {
	for _, name := range []string{futures.Spawn, futures.Session, "session interpreted", "session compiled"} {
		futures.RegisterStartMethod(name, func(ctx context.Context) (*exec.Cmd, error) { return s.worker(ctx, name) })
		if name != futures.Spawn {
			futures.RegisterVersions(name, s.defined.version)
			futures.RegisterVariables(name, s.variables)
		}
	}
	futures.SetProgressDisplay(s.bars.open)
	futures.SetObserver(s.traced.add)
	futures.SetScope(adopt, enterTask)
	settings["start_method"] = futures.SetStartMethod
	if err := futures.SetStartMethod(futures.Session); err != nil {
		panic(err) // it was registered above
	}
}

// A unitKey is for the unit that a task's context is of.
type unitKey struct{}

// adopt makes a task the unit's that submits it: it ends with the unit when that is
// interrupted, unless it has a context of its own.
func adopt(ctx context.Context) context.Context {
	u := unitHere()
	switch {
	case u == nil || ctx.Value(unitKey{}) != nil:
		return ctx
	case ctx == context.Background():
		return u.tasks
	}
	return context.WithValue(ctx, unitKey{}, u)
}

// enterTask makes a pool's goroutine that of the unit that has submitted a task: the
// one that has started it may be gone.
func enterTask(ctx context.Context) {
	var label unsafe.Pointer
	if u, _ := ctx.Value(unitKey{}).(*unit); u != nil {
		u.mu.Lock()
		label = u.label
		u.mu.Unlock()
	}
	setProfilerLabels(label)
}

// definitions number the units that declare functions or types, so that a pool knows which
// of its workers know a function as it is now.
type definitions struct {
	mu     sync.Mutex
	last   int
	types  int                 // the unit that declared types last
	byName map[string]int      // the unit that declared the function last
	uses   map[string][]string // the variables that functions use
}

func (d *definitions) add(u eval.Unit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(u.Funcs) > 0 || u.Types {
		d.last++
	}
	if u.Types {
		d.types = d.last
	}
	if len(u.Funcs) > 0 {
		d.uses = u.Captures
	}
	if d.byName == nil {
		d.byName = map[string]int{}
	}
	for name := range u.Funcs {
		d.byName[name] = d.last
	}
}

// version is what futures.RegisterVersions asks for.
func (d *definitions) version(task string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch v := d.byName[task]; {
	case task == "":
		return d.last
	case v == 0 && !strings.HasPrefix(task, "main."):
		return 0 // workers have no such function
	default:
		return max(v, d.types)
	}
}

// variables are those that a task uses.
func (s *server) variables(task string) (vars []futures.Variable) {
	s.defined.mu.Lock()
	name, _, _ := strings.Cut(task, "[") // of a generic function, whatever the instance
	names := s.defined.uses[name]
	s.defined.mu.Unlock()
	for _, name := range names {
		if read := s.interp.captured(name); read != nil {
			vars = append(vars, futures.Variable{Name: name, Value: read})
		}
	}
	return vars
}

// capture is told how to read a variable.
func (i *interpreter) capture(name string, value func() any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.captures == nil {
		i.captures = map[string]func() any{}
	}
	i.captures[name] = value
}

func (i *interpreter) captured(name string) func() any {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.captures[name]
}

// A poolList holds the pools that user code has made, for %pool.
type poolList struct {
	mu    sync.Mutex
	pools []numberedPool
	last  int
}

type numberedPool struct {
	number int
	futures.Traced
}

// keptPools is how many pools are remembered that were shut down.
const keptPools = 16

func (l *poolList) add(p futures.Traced) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	l.pools = append(l.pools, numberedPool{l.last, p})
	if len(l.pools) <= keptPools {
		return
	}
	down := 0
	for _, p := range slices.Backward(l.pools[:len(l.pools)-1]) {
		if p.Trace().State == "open" {
			continue
		}
		if down++; down > keptPools {
			l.pools = slices.DeleteFunc(l.pools, func(q numberedPool) bool { return q.number == p.number })
			return // one at a time is enough
		}
	}
}

// A poolRow is a pool as %pool lists it.
type poolRow struct {
	Number      int
	Pool        string
	StartMethod string
	Workers     int
	State       string
	Done        int
	Failed      int
	Running     int
	Pending     int
	Lasted      time.Duration
	Computing   string
}

// show shows all pools, or with a number the trace of one: false when there is
// none of that number.
func (l *poolList) show(number int, emit func(display.Data)) bool {
	l.mu.Lock()
	pools := slices.Clone(l.pools)
	l.mu.Unlock()
	var rows []poolRow
	for _, p := range pools {
		t := p.Trace()
		if p.number == number {
			d, _ := display.Of(t)
			emit(d)
			return true
		}
		done, failed := t.Tasks()
		r := poolRow{p.number, t.Pool, t.StartMethod, t.MaxWorkers, t.State, done, failed, t.Running, t.Pending, t.Lasted.Round(100 * time.Microsecond), ""}
		if n := len(t.Workers); n > 0 && t.Lasted > 0 {
			r.Computing = fmt.Sprintf("%.0f%%", 100*float64(t.Times().Compute)/float64(t.Lasted)/float64(n))
		}
		rows = append(rows, r)
	}
	switch {
	case number != 0:
		return false
	case rows == nil:
		emit(display.Text("The session has no pools."))
	default:
		emit(display.Table(rows))
	}
	return true
}

// A barList holds the bars that are being drawn, but for those of pools, which
// outlive a cell.
type barList struct {
	mu   sync.Mutex
	bars []*display.Progress
}

// open returns what shows progress as a bar that is drawn over in place.
func (l *barList) open() func(futures.Progress) {
	var bar *display.Progress
	done := 0
	return func(p futures.Progress) {
		if bar == nil {
			bar = display.NewProgress(p.Task[strings.LastIndexByte(p.Task, '.')+1:], p.Total)
			if !strings.HasSuffix(p.Task, "PoolExecutor") {
				l.mu.Lock()
				l.bars = append(l.bars, bar)
				l.mu.Unlock()
			}
		}
		bar.SetTotal(p.Total)
		if p.Failed > 0 {
			bar.Note(fmt.Sprintf("%d failed", p.Failed))
		}
		bar.Add(p.Done - done)
		done = p.Done
		if p.Finished {
			bar.Close()
			l.mu.Lock()
			l.bars = slices.DeleteFunc(l.bars, func(b *display.Progress) bool { return b == bar })
			l.mu.Unlock()
		}
	}
}

// interrupted ends the bars of a cell that was interrupted: what would tell their
// end may not come to it anymore.
func (l *barList) interrupted() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, bar := range l.bars {
		bar.Note("interrupted")
		bar.Close()
	}
	l.bars = nil
}

// worker asks the session how to start a worker process.
func (s *server) worker(ctx context.Context, method string) (*exec.Cmd, error) {
	_, answer := s.ask(eval.Ask{Kind: eval.AskWorker, Payload: []byte(method)})
	select {
	case c := <-answer:
		if c.Error != "" {
			return nil, errors.New(c.Error)
		}
		var w eval.Worker
		if err := json.Unmarshal(c.Payload, &w); err != nil {
			return nil, fmt.Errorf("how to start a worker: %w", err)
		}
		return exec.Command(w.Command[0], w.Command[1:]...), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Work serves a pool as an interpreted worker: the functions of the units in
// file are its tasks. Without a file it has none: that is what a process
// freshly spawned from a notebook finds. It returns only when this process is
// no worker.
func Work(file string) error {
	surviveInterrupts() // an interrupted cell leaves a pool that later cells can use
	collectLater()
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("the notebook's definitions: %w", err)
		}
		var d eval.Definitions
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("the notebook's definitions: %s: %w", file, err)
		}
		l, err := newLibrary(d.Units)
		if err != nil {
			return fmt.Errorf("the notebook's definitions: %w", err)
		}
		futures.SetFinder(func(name string) {
			if err := l.register(name, d.Unfit); err != nil {
				fmt.Fprintln(os.Stderr, "the notebook's definitions:", err)
				os.Exit(1)
			}
		})
	}
	futures.Serve()
	return errors.New("this command serves a process pool and is started by it")
}

// register has futures know a function, or with "" all that there are. Of the unfit
// ones it says why they can't be called when they are.
func (l *library) register(name string, unfit map[string]string) error {
	wanted := []string{name}
	if name == "" {
		wanted = slices.Sorted(maps.Keys(l.functions))
	}
	found, err := l.find(wanted...)
	if err != nil {
		return err
	}
	for name, fn := range found {
		switch {
		case fn.Kind() == reflect.Pointer:
			futures.SetVariable(name, fn.Interface())
			continue
		case !asTask(fn.Type()):
			continue
		}
		if why := unfit[name]; why != "" {
			fn = reflect.MakeFunc(fn.Type(), func([]reflect.Value) []reflect.Value { panic(why) })
		}
		futures.RegisterNamed(name, fn)
	}
	return nil
}

// asTask reports whether a function's shape is one that a pool can call.
func asTask(t reflect.Type) bool {
	results := t.NumOut()
	if results > 0 && t.Out(results-1) == reflect.TypeFor[error]() {
		results--
	}
	return !t.IsVariadic() && results <= 1
}
