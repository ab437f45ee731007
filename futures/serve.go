package futures

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A server is the worker's end of the pipes.
//
// The goroutine that reads a request makes its calls as well, which spares a
// switch. When that takes longer than a moment another goroutine takes over the
// reading, and what it reads waits.
type server struct {
	in      *frameReader // of who reads
	out     io.Writer
	fns     map[uint32]*definition // of who reads
	limit   header                 // of who reads: the newest
	assigns []string               // of who reads: for the next request's variables

	large atomic.Uint64 // bytes of large requests since the last collection

	mu       sync.Mutex
	now      *served       // the request at hand
	relieved bool          // its calls are made by a goroutine that does not read anymore
	queue    fifo[*served] // those that wait for it
	undone   []string      // assignments of requests that were given back: the parent counts on them
	began    time.Time     // when it did
	due      time.Time     // when it should be done, if anybody waits for it
	alarm    *time.Timer
	armed    time.Time // when the alarm goes off; zero when it won't
	box      outbox
	results  struct {
		open  bool // the last frame in the box takes more values
		start place
		count uint32
	}
	lapped time.Time // when the last outcomes' frame ended
}

// A definition is a function as the parent asks for it.
type definition struct {
	*function        // nil when the worker hasn't got it
	asked     string // the name it is asked for by
	give      *codec // of its result
	err       error  // why calls of it can't be served
}

// served is a request as it came: calls of one function.
type served struct {
	header
	caller
	def     *definition
	assigns []string      // to variables, before it begins
	errs    map[int]error // what could not be unpickled, by call
	err     error         // why none of them can be made

	ctx  context.Context
	task *taskContext // the same; nil when the function takes none

	// Guarded by the server's mu. So is the header's count, which shrinks when
	// calls are given back.
	begun int // calls
}

// serve runs the parent's tasks one after the other, until its pipe ends.
func serve(in, out *os.File) {
	s := &server{
		in:  newFrameReader(wakeful{in}),
		out: out,
		fns: make(map[uint32]*definition),
	}
	s.box.textFrame(header{kind: hello})
	s.send()
	s.read()
	select {} // others go on
}

// read takes the frames in, also while a task runs: the end of the pipe means
// that the parent is gone or done, and ends the process at once. It returns when
// another goroutine has taken over.
func (s *server) read() {
	reading := true
	defer func() {
		if reading { // or a value's UnmarshalBinary has ended the goroutine
			os.Exit(0)
		}
	}()
	for {
		h, err := s.in.next()
		if err != nil {
			return
		}
		switch h.kind {
		case define:
			texts, err := s.in.readTexts()
			if err != nil {
				return
			}
			s.define(h.id, texts)
		case request:
			if !s.add(s.take(h)) {
				break
			}
			reading = false
			if !s.work() {
				return
			}
			reading = true
		case limit:
			s.limit = h
		case assign:
			texts, err := s.in.readTexts()
			if err != nil {
				return
			}
			s.assigns = append(s.assigns, texts...)
		case recall, revoke:
			texts, err := s.in.readTexts()
			if err != nil {
				return
			}
			s.withdraw(h, texts)
		}
	}
}

// define looks a function up. texts are its name, then what the parent takes
// for the signatures of its parameters and its result.
func (s *server) define(id uint32, texts []string) {
	name := at(texts, 0)
	d := &definition{function: lookup(name), asked: name}
	s.fns[id] = d
	if d.function == nil {
		return
	}
	d.give = codecFor(d.result())
	have := append([]string{name}, d.signatures()...)
	if len(have) != len(texts) {
		d.err = &PicklingError{Name: name, Message: fmt.Sprintf("%s takes %d arguments in the worker process", name, len(d.takes))}
		return
	}
	for i := range have {
		if texts[i] != have[i] && texts[i] != "" {
			d.err = &PicklingError{Name: name, Message: fmt.Sprintf("%s has another signature in the worker process: %s", name, d.value.Type())}
		}
	}
}

// signatures are those of the parameters, then of the result.
func (f *function) signatures() []string {
	var s []string
	for _, t := range f.takes {
		s = append(s, codecFor(t).signature())
	}
	return append(s, codecFor(f.result()).signature())
}

// result is the type of the function's value, nil if it gives none.
func (f *function) result() reflect.Type {
	if len(f.gives) == 0 {
		return nil
	}
	return f.gives[0]
}

// take reads the arguments of a request's calls.
func (s *server) take(h header) *served {
	r := s.in
	c := &served{header: h, def: s.fns[h.fn], ctx: context.Background(), assigns: s.assigns}
	s.assigns = nil
	switch {
	case c.def.function == nil:
		return c
	case c.def.err != nil:
		c.err = c.def.err
		return c
	}
	if c.def.context {
		var deadline time.Time
		if s.limit.id == h.id && s.limit.nanos != 0 {
			deadline = time.Unix(0, s.limit.nanos)
		}
		c.task = newTaskContext(deadline)
		c.ctx = c.task
	}
	calls := &reflected{function: c.def.function}
	c.caller = calls
	if len(c.def.takes) == 1 {
		args := reflect.MakeSlice(reflect.SliceOf(c.def.takes[0]), int(h.count), int(h.count))
		c.errs = r.values(codecFor(c.def.takes[0]), args, 0)
		if c.def.typed != nil {
			c.caller = c.def.typed(args.Interface())
			return c
		}
		calls.args = make([]reflect.Value, h.count)
		for i := range calls.args {
			calls.args[i] = args.Index(i)
		}
		return c
	}
	for _, t := range c.def.takes {
		v, err := r.value(codecFor(t))
		if err != nil {
			c.err = err
			break
		}
		calls.args = append(calls.args, v)
	}
	return c
}

// add takes a request in hand, unless another goroutine has one: then it waits.
func (s *server) add(c *served) (now bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.assigns, s.undone = append(s.undone, c.assigns...), nil
	if !s.relieved {
		s.begin(c)
		return true
	}
	s.queue.push(c)
	if s.now.flags&initial == 0 {
		s.wake(s.due)
	}
	return false
}

// work makes the calls of the request at hand, and of those that wait. It tells
// whether this goroutine still is the one that reads.
func (s *server) work() (reads bool) {
	// A task may end its goroutine (runtime.Goexit, testing's FailNow).
	returned := false
	defer func() {
		if !returned {
			go func() {
				if s.work() {
					s.read()
				}
			}()
		}
	}()
	for c := s.now; c != nil; {
		for s.calls(c) {
		}
		size := c.length
		if c, reads = s.finish(c); size >= large {
			s.collect(size)
		}
	}
	returned = true
	return reads
}

// collect collects the arguments of a request that is done, size bytes, for those
// of the next ones to lie where they lay: to read a value into new memory takes
// more than twice as long, when that is hard to get several times. The runtime
// would collect them once there is as much again. Values that tasks keep are not
// looked through more often for that: what came since must be half of what lives.
func (s *server) collect(size uint64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if s.large.Add(size) >= live[0].Value.Uint64()/2 {
		s.large.Store(0)
		runtime.GC()
	}
}

// begin turns to a request. s.mu is held.
func (s *server) begin(c *served) {
	s.now = c
	if c.def.function == nil {
		s.missing(c)
	}
	if err := assignVariables(c.assigns); err != nil && c.err == nil {
		c.err = err
	}
	s.began = time.Now()
	s.lapped = s.began
	s.due = s.began.Add(c.within())
	s.wake(s.began.Add(min(c.unread(), c.within())))
}

// What is there of a request's outcomes is sent together, but not later or more
// than this.
const (
	resultTime  = 100 * time.Millisecond
	resultBytes = 64 << 10
)

// moment is how long nobody reads because calls are made: how long it may take
// until the worker sees that its parent is gone. To read beside calls costs them:
// the runtime wakes its threads for each frame, and watches them closely since they
// make system calls.
const moment = 100 * time.Millisecond

// unread is how long nobody reads because the request's calls are made. One that
// takes a context may be told of its end.
func (c *served) unread() time.Duration {
	if c.task != nil {
		return time.Millisecond
	}
	return moment
}

// within is how long the request may take while others wait for it.
func (c *served) within() time.Duration {
	if c.nanos > 0 {
		return time.Duration(c.nanos)
	}
	return resultTime
}

// wake has s.late called at a time, or before. s.mu is held.
func (s *server) wake(at time.Time) {
	if !s.armed.IsZero() && !s.armed.After(at) {
		return // it will set the alarm anew
	}
	s.armed = at
	if d := time.Until(at); s.alarm == nil {
		s.alarm = time.AfterFunc(d, s.late)
	} else {
		s.alarm.Reset(d)
	}
}

// late sees to it that nobody waits for a call that takes long: another
// goroutine reads, outcomes are sent, and what has not begun is given back.
func (s *server) late() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = time.Time{}
	c, now := s.now, time.Now()
	if c == nil {
		return
	}
	switch seen := s.began.Add(c.unread()); {
	case s.relieved:
	case now.Before(seen):
		s.wake(seen)
	default:
		s.relieved = true
		go s.read()
	}
	if c.flags&initial != 0 || c.count == 1 && s.queue.len() == 0 {
		return
	}
	if !now.Before(s.due) {
		s.shut(c)
		if c.nanos > 0 {
			s.giveBack(c)
		}
		for s.queue.len() > 0 {
			c := s.queue.pop()
			s.giveBack(c)
			s.undone = append(s.undone, c.assigns...)
		}
		s.send()
		if c.nanos > 0 || c.count == 1 {
			return
		}
		s.due = now.Add(resultTime)
	}
	s.wake(s.due)
}

// withdraw is told by the parent, while a task may run.
func (s *server) withdraw(h header, texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.now
	if c == nil || c.id != h.id {
		c = nil
		for _, q := range s.queue.items[s.queue.head:] {
			if q.id == h.id {
				c = q
			}
		}
	}
	if c == nil {
		return // it is over
	}
	if h.kind == revoke && c.task != nil {
		c.task.end(endOf(texts))
	}
	if c == s.now && c.count > 1 {
		s.shut(c)
		s.giveBack(c)
		s.send()
	} else if c.count > 1 {
		s.giveBack(c)
		s.send()
	}
}

// giveBack adds the frame that tells which calls have not begun, and won't. s.mu
// is held.
func (s *server) giveBack(c *served) {
	if left := c.count - uint32(c.begun); left > 0 {
		c.count -= left
		s.box.textFrame(header{kind: rest, id: c.id, count: left})
	}
}

// calls makes a request's calls until there are no more, or until one does not
// return.
func (s *server) calls(c *served) (more bool) {
	returned := false
	defer func() {
		if !returned {
			err := error(errGoexit)
			if r := recover(); r != nil {
				err = newPanicError(r)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.outcome(c, reflect.Value{}, err)
			more = true
		}
	}()
	i, err, ok := s.first(c)
	for ok {
		var value reflect.Value
		if err == nil {
			value, err = c.call(c.ctx, i)
		}
		i, err, ok = s.turn(c, value, err)
	}
	returned = true
	return false
}

func (s *server) first(c *served) (i int, err error, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next(c)
}

// turn adds a call's outcome and begins the next call.
func (s *server) turn(c *served, value reflect.Value, outcome error) (i int, err error, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcome(c, value, outcome)
	return s.next(c)
}

// next begins the request's next call, if there is one. s.mu is held.
func (s *server) next(c *served) (i int, err error, ok bool) {
	if i = c.begun; i == int(c.count) {
		return 0, nil, false
	}
	c.begun++
	if err = c.err; err == nil {
		err = c.errs[i]
	}
	return i, err, true
}

// missing ends the worker: it was asked for a function that it hasn't got.
func (s *server) missing(c *served) {
	name := c.def.asked
	fmt.Fprintf(os.Stderr, "AttributeError: Can't get attribute '%s' on <module '__main__' (built-in)>\n", strings.TrimPrefix(name, "main."))
	s.box.textFrame(header{kind: unknown}, name)
	s.send()
	os.Exit(1)
}

// outcome adds the outcome of the request's call that was begun last. s.mu is held.
func (s *server) outcome(c *served, value reflect.Value, err error) {
	if c.flags&(last|initial) != 0 {
		s.special(c, err)
		return
	}
	if err == nil {
		if !s.results.open {
			s.results.open, s.results.count, s.results.start = true, 0, s.box.begin()
		}
		before := s.box.here()
		if err = s.box.value(c.def.give, value); err == nil {
			s.results.count++
		} else {
			s.box.back(before)
		}
	}
	if err != nil {
		s.shut(c)
		s.fail(header{id: c.id, count: 1, nanos: s.lap()}, c.def.name, err)
	}
	if len(s.box.buf) > resultBytes {
		s.shut(c)
		s.send()
	}
}

// shut ends the frame that takes results. s.mu is held.
func (s *server) shut(c *served) {
	if !s.results.open {
		return
	}
	s.results.open = false
	if s.results.count == 0 {
		s.box.back(s.results.start)
		return
	}
	s.box.end(s.results.start, header{kind: result, id: c.id, count: s.results.count, nanos: s.lap()})
}

// lap is the time since the last lap.
func (s *server) lap() int64 {
	now := time.Now()
	d := now.Sub(s.lapped)
	s.lapped = now
	return int64(d)
}

// finish is done with a request. It turns to one that waits, if there is one, and
// tells whether this goroutine reads.
func (s *server) finish(c *served) (next *served, reads bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = nil
	if c.task != nil {
		c.task.end(context.Canceled, context.Canceled)
	}
	s.shut(c)
	s.send() // before the next one begins: who dies of that one must not seem to die of this
	reads = !s.relieved
	if s.queue.len() > 0 {
		s.begin(s.queue.pop())
		return s.now, false
	}
	s.relieved = false
	return nil, reads
}

// fail adds the frame that tells of a task's error.
func (s *server) fail(h header, task string, err error) {
	pid := strconv.Itoa(os.Getpid())
	switch e := err.(type) {
	case *PanicError:
		h.kind = crash
		stack := e.Stack
		if e.PID != 0 { // of a nested pool
			stack = storyOf(e)
		}
		texts := []string{e.Type, e.Message, stack, pid}
		if value := e.Unwrap(); value != nil {
			texts = appendError(texts, value)
		} else if e.Value != nil {
			texts = append(texts, pickledAny(e.Value))
		}
		s.box.textFrame(h, texts...)
	case *PicklingError:
		h.kind = refused
		s.box.textFrame(h, e.Name, e.Message)
	default:
		h.kind = failure
		s.box.textFrame(h, appendError([]string{task, pid}, err)...)
	}
}

// special ends the call of a Process, or a pool's initializer: no one waits for
// a value, but an error is shown where Python shows it and ends the worker.
func (s *server) special(c *served, err error) {
	if err != nil {
		if c.flags&initial != 0 {
			fmt.Fprintf(os.Stderr, "Exception in initializer:\n%s\n", trace(err))
			s.box.textFrame(header{kind: uninitialized}, err.Error())
			s.send()
		} else {
			fmt.Fprintf(os.Stderr, "Process %s:\n%s\n", c.def.name, trace(err))
		}
		os.Exit(1)
	}
	if c.flags&last != 0 {
		os.Exit(0)
	}
}

// trace is an error as it is shown to people, with the stack of a panic.
func trace(err error) string {
	var p *PanicError
	if errors.As(err, &p) {
		return "panic: " + p.Message + "\n\n" + p.Stack
	}
	return fmt.Sprintf("%T: %v", err, err)
}

// send writes what the outbox holds. A parent that can't be written to is gone.
func (s *server) send() {
	if err := s.box.flush(s.out); err != nil {
		os.Exit(0)
	}
}
