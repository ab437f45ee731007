package futures

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"
)

// A server is the worker's end of the pipes.
type server struct {
	out   io.Writer
	box   outbox
	fns   map[uint32]*definition
	calls chan served

	mu      sync.Mutex
	running map[uint32]context.CancelFunc // calls that came and have not ended
}

// A definition is a function as the parent asks for it.
type definition struct {
	*function        // nil when the worker hasn't got it
	asked     string // the name it is asked for by
	err       error  // why calls of it can't be served
}

// served is a call as it came.
type served struct {
	header
	def  *definition
	args []reflect.Value
	err  error // what could not be unpickled
	ctx  context.Context
}

// serve runs the parent's tasks one after the other, until its pipe ends.
func serve(in io.Reader, out io.Writer) {
	s := &server{
		out:     out,
		fns:     make(map[uint32]*definition),
		calls:   make(chan served, 2*maxWindow),
		running: make(map[uint32]context.CancelFunc),
	}
	s.box.textFrame(header{kind: hello})
	s.send()
	go s.read(newFrameReader(in))
	s.run()
	select {} // a task has ended its goroutine; run goes on in another
}

// read takes the frames in, also while a task runs: the end of the pipe means
// that the parent is gone or done, and ends the process at once.
func (s *server) read(r *frameReader) {
	defer os.Exit(0)
	for {
		h, err := r.next()
		if err != nil {
			return
		}
		switch h.kind {
		case define:
			texts, err := r.readTexts()
			if err != nil {
				return
			}
			s.define(h.id, texts)
		case request:
			s.calls <- s.take(h, r)
		case revoke:
			s.mu.Lock()
			cancel := s.running[h.id]
			s.mu.Unlock()
			if cancel != nil {
				cancel()
			}
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

// take reads a call's arguments.
func (s *server) take(h header, r *frameReader) served {
	c := served{header: h, def: s.fns[h.fn], ctx: context.Background()}
	switch {
	case c.def.function == nil:
		return c
	case c.def.err != nil:
		c.err = c.def.err
		return c
	case c.def.context:
		ctx, cancel := context.WithCancel(context.Background())
		c.ctx = ctx
		s.mu.Lock()
		s.running[h.id] = cancel
		s.mu.Unlock()
	}
	for _, t := range c.def.takes {
		v, err := r.value(codecFor(t))
		if err != nil {
			c.err = err
			break
		}
		c.args = append(c.args, v)
	}
	return c
}

func (s *server) run() {
	// A task may end its goroutine (runtime.Goexit, testing's FailNow).
	returned := false
	defer func() {
		if !returned {
			go s.run()
		}
	}()
	for c := range s.calls {
		s.call(c)
	}
	returned = true
}

// call runs one task and reports on it.
func (s *server) call(c served) {
	if c.def.function == nil {
		s.missing(c)
	}
	if c.err != nil {
		s.reply(c, reflect.Value{}, c.err)
		return
	}
	began := time.Now()
	var value reflect.Value
	attempt(func() (any, error) {
		v, err := c.def.call(c.ctx, c.args)
		value = v
		return nil, err
	}, func(_ any, err error) {
		c.nanos = int64(time.Since(began))
		s.reply(c, value, err)
	})
}

// missing ends the worker: it was asked for a function that it hasn't got.
func (s *server) missing(c served) {
	name := c.def.asked
	fmt.Fprintf(os.Stderr, "AttributeError: Can't get attribute '%s' on <module '__main__' (built-in)>\n", strings.TrimPrefix(name, "main."))
	s.box.textFrame(header{kind: unknown}, name)
	s.send()
	os.Exit(1)
}

// reply sends a call's outcome.
func (s *server) reply(c served, value reflect.Value, err error) {
	if c.def.context {
		s.mu.Lock()
		cancel := s.running[c.id]
		delete(s.running, c.id)
		s.mu.Unlock()
		if cancel != nil {
			cancel()
		}
	}
	if c.flags&(last|initial) != 0 {
		s.special(c, err)
		return
	}
	h := header{id: c.id, nanos: c.nanos}
	if err == nil {
		h.kind = result
		codec := codecFor(c.def.result())
		err = s.box.frame(h, func() error { return s.box.value(codec, value) })
	}
	s.fail(h, err)
	s.send()
}

// fail adds the frame that tells of an error, if there is one.
func (s *server) fail(h header, err error) {
	switch e := err.(type) {
	case nil:
	case *PanicError:
		h.kind = crash
		s.box.textFrame(h, e.Type, e.Message, e.Stack)
	case *PicklingError:
		h.kind = refused
		s.box.textFrame(h, e.Name, e.Message)
	default:
		h.kind = failure
		s.box.textFrame(h, errorTexts(err)...)
	}
}

// special ends the call of a Process, or a pool's initializer: no one waits for
// a value, but an error is shown where Python shows it and ends the worker.
func (s *server) special(c served, err error) {
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
