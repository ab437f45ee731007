package futures

import (
	"context"
	"fmt"
	"iter"
	"math"
	"reflect"
	"time"
)

// Mapping is a Map under way. NewMapping starts it; Next hands out the results
// in the order of the arguments; Close cancels what is left.
type Mapping struct {
	args   *arguments
	buffer int // how many may be under way; 0: as many as keep the workers busy
	way    underWay
	under  int             // how many are under way
	wait   context.Context // ends the waiting
	cancel context.CancelFunc
	accept func() error // tells why no more can be submitted
	err    error        // yielded once, when no more are under way
	meter  *meter
}

// underWay runs tasks and hands out their outcomes in order.
type underWay interface {
	// add submits a task for each argument of a slice. ahead is how many there
	// may be when it is called again, 0 when it won't be.
	add(args reflect.Value, ahead int)
	// next waits for the next outcome. There is one unless stop came first.
	next(stop <-chan struct{}) (value any, err error, ok bool)
	// drop cancels what has not started.
	drop()
	// width is how many tasks under way keep the workers busy.
	width() int
}

// NewMapping submits the task for each element of args, a slice.
func NewMapping(e Executor, task Task, args any, opts ...MapOption) *Mapping {
	s := reflect.ValueOf(args)
	if s.Kind() != reflect.Slice {
		return &Mapping{cancel: func() {}, err: &ValueError{fmt.Sprintf("'%T' object is not iterable", args)}}
	}
	return newMapping(e, task, &arguments{slice: s, more: true}, math.MaxInt, opts)
}

// NewMappingSeq submits the task for each argument that seq yields, so many at a
// time as keep the workers busy, or as BufferSize says.
func NewMappingSeq(e Executor, task Task, seq func(yield func(any) bool), opts ...MapOption) *Mapping {
	pull, stop := iter.Pull(iter.Seq[any](seq))
	a := &arguments{slice: reflect.MakeSlice(reflect.TypeFor[[]any](), 0, 0), pull: pull, stop: stop, more: true}
	if task.Arg != nil {
		a.slice = reflect.MakeSlice(reflect.SliceOf(task.Arg), 0, 0)
	}
	return newMapping(e, task, a, 0, opts)
}

func newMapping(e Executor, task Task, args *arguments, buffer int, opts []MapOption) *Mapping {
	o := mapOptions{ctx: context.Background(), buffer: buffer}
	for _, opt := range opts {
		opt.setMap(&o)
	}
	o.ctx = adopted(o.ctx)
	m := &Mapping{args: args, buffer: o.buffer, wait: o.ctx, cancel: func() {}}
	if o.timed {
		m.wait, m.cancel = context.WithTimeout(o.ctx, o.timeout)
	}
	m.accept = func() error { return nil }
	if p, ok := e.(interface{ accepts(Task) error }); ok {
		m.accept = func() error { return p.accepts(task) }
	}
	m.meter = newMeter(o.ctx, o.progress, task.Name, args.slice.Len())
	if p, ok := e.(*ProcessPoolExecutor); ok && args.slice.Type().Elem() == task.Arg && task.Result != nil {
		task.vars, m.err = p.capture(task.Name)
		j := newJob(o.ctx, p, task, o.chunk)
		j.meter = m.meter
		m.way = j
	} else {
		m.way = &row{e: e, task: task, ctx: o.ctx, meter: m.meter}
	}
	switch {
	case o.chunked && o.chunk < 1:
		m.err = &ValueError{"chunksize must be >= 1."}
	case o.buffered && o.buffer <= 0:
		m.err = &ValueError{"buffersize must be > 0"}
	}
	m.fill()
	return m
}

// fill submits arguments while there is room for them.
func (m *Mapping) fill() {
	for m.args.more && m.err == nil {
		buffer := m.buffer
		if buffer == 0 {
			buffer = m.way.width()
		}
		room := buffer - m.under
		if room < max(1, buffer/8) { // not for every single one
			return
		}
		if m.err = m.accept(); m.err != nil {
			return
		}
		args := m.args.take(room)
		m.under += args.Len()
		ahead := 0
		if m.args.more {
			ahead = buffer
		}
		m.way.add(args, ahead)
		if m.buffer == 0 {
			return // what is under way may be done: it goes before what is to come
		}
	}
}

// Next waits for the next result: its value, its error, and whether there was
// one. The iteration ends, after an error that says so, when time ran out or
// the context of MapWithin ended.
func (m *Mapping) Next() (value any, err error, ok bool) { //nolint:revive // the order of iter.Seq2, then ok
	if m.under == 0 {
		err, m.err = m.err, nil
		return nil, err, err != nil
	}
	value, err, ok = m.way.next(m.wait.Done())
	if !ok {
		m.Close()
		return nil, waitError(m.wait), true
	}
	m.under--
	m.fill()
	return value, err, true
}

// Close cancels what has not started. It may be called again.
func (m *Mapping) Close() {
	m.meter.end()
	if m.under > 0 {
		m.way.drop()
	}
	if m.args != nil {
		m.args.end()
	}
	m.under, m.err = 0, nil
	m.cancel()
}

// arguments are those of a slice, or are pulled.
type arguments struct {
	slice reflect.Value // those left; when pulled, an empty slice of their type
	pull  func() (any, bool)
	stop  func()
	more  bool // there may be some left
}

// pullTime is how long pulled arguments are gathered before they are submitted.
const pullTime = time.Millisecond

// take gives at most n of those left, at least one if there is one.
func (a *arguments) take(n int) (taken reflect.Value) {
	if a.pull == nil {
		n = min(n, a.slice.Len())
		taken, a.slice = a.slice.Slice3(0, n, n), a.slice.Slice(n, a.slice.Len())
		a.more = a.slice.Len() > 0
		return taken
	}
	taken = a.slice
	for began := time.Now(); taken.Len() < n; {
		v, ok := a.pull()
		if !ok {
			a.end()
			break
		}
		arg := reflect.ValueOf(v)
		if v == nil {
			arg = reflect.Zero(taken.Type().Elem())
		}
		taken = reflect.Append(taken, arg)
		if time.Since(began) > pullTime {
			break
		}
	}
	return taken
}

func (a *arguments) end() {
	a.more = false
	if a.stop != nil {
		a.stop()
	}
}

// A row is a Map on any executor: a future for each task.
type row struct {
	e      Executor
	task   Task
	ctx    context.Context
	fs     fifo[*AnyFuture]
	meter  *meter
	counts fifo[func()] // count each future's outcome, when there is a meter
}

func (r *row) add(args reflect.Value, _ int) {
	for i := range args.Len() {
		f := r.e.SubmitTask(r.ctx, r.task, args.Index(i).Interface())
		r.fs.push(f)
		if r.meter != nil {
			r.counts.push(r.meter.watch(f))
		}
	}
}

func (r *row) next(stop <-chan struct{}) (value any, err error, ok bool) { //nolint:revive // as Mapping.Next
	f := r.fs.items[r.fs.head]
	if !f.Done() {
		select {
		case <-f.C():
		case <-stop:
			if !f.Done() {
				return nil, nil, false
			}
		}
	}
	r.fs.pop()
	if r.meter != nil {
		r.counts.pop()() // its callback may be on its way
	}
	value, err = f.Result()
	return value, err, true
}

func (r *row) drop() {
	for r.fs.len() > 0 {
		r.fs.pop().Cancel()
	}
}

func (r *row) width() int { return 4 * CPUCount() }
