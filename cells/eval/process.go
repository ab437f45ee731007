package eval

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Config says how to start an evaluator.
type Config struct {
	Command []string // the evaluator's argv, such as {self, "evaluator"}
	Dir     string   // its working directory; "" for ours
	Env     []string // its environment; nil for ours

	// Background takes output that arrives while no unit runs: of goroutines that
	// outlived theirs. One call at a time. Nil drops it.
	Background func(Event)

	// Answer serves what the runtime of user code asks of the session. It may be
	// called from several goroutines. Nil answers nothing.
	Answer func(ctx context.Context, kind string, payload []byte) ([]byte, error)
}

// Handler serves one unit.
type Handler struct {
	// Emit takes the unit's events in order, one at a time. It may block: then
	// the unit is slowed down.
	Emit func(Event)
	// Input asks the user for a line and returns it without newline; io.EOF ends
	// the input. Nil when there is nobody to ask.
	Input func(ctx context.Context, prompt string, password bool) (string, error)
}

const (
	reaction = 2500 * time.Millisecond // how long an evaluator may take to end an interrupted unit
	lastRead = 500 * time.Millisecond  // how long to read on what a dead evaluator's children hold open
)

// Process is a running evaluator.
type Process struct {
	cmd    *exec.Cmd
	conf   Config
	order  *order
	ctx    context.Context // ends with the process
	cancel context.CancelFunc

	sendMu   sync.Mutex
	commands *os.File
	enc      *json.Encoder

	running sync.Mutex // one unit at a time
	setting sync.Mutex // one setting at a time
	settled chan string
	ready   chan struct{}

	mu      sync.Mutex
	current *running // the unit that runs, or is about to: what arrives is its own
	showing bool     // an event is being shown: a callback of ours may be slow
	units   Units    // those that the evaluator knows
	killed  string   // why we ended it
	reaped  bool     // its process id may be another's by now
	// the last panic outside a unit's own goroutine; without a crash it was recovered
	elsewhere *Outcome

	done  chan struct{}
	death Outcome
}

type running struct {
	ctx     context.Context
	handler Handler
	outcome chan Outcome
}

// Start starts an evaluator and waits until it is ready. The context bounds the
// start alone.
func Start(ctx context.Context, c Config) (*Process, error) {
	if len(c.Command) == 0 {
		return nil, errors.New("eval: no command to start an evaluator with")
	}
	p := &Process{
		conf:    c,
		order:   newOrder(),
		settled: make(chan string, 1),
		ready:   make(chan struct{}),
		done:    make(chan struct{}),
		units:   Units{},
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	if err := p.start(); err != nil {
		p.cancel()
		return nil, fmt.Errorf("start the evaluator %s: %w", c.Command[0], err)
	}
	select {
	case <-p.ready:
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("the evaluator %s ended before it was ready: %s", strings.Join(c.Command, " "), p.death.Message)
	case <-ctx.Done():
		p.Close()
		return nil, ctx.Err()
	}
}

// start makes the pipes and the process, and the goroutines that serve them.
// All of them end with the process: wait, in the last of them, sees to it.
func (p *Process) start() (err error) {
	var ends []*os.File
	defer func() {
		if err != nil {
			for _, f := range ends {
				f.Close()
			}
		}
	}()
	var ours, theirs [2 + FileCount]*os.File // standard output and error, and the others
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		ends = append(ends, r, w)
		if i == 2+FileCommands {
			r, w = w, r
		}
		ours[i], theirs[i] = r, w
	}
	cmd := exec.Command(p.conf.Command[0], p.conf.Command[1:]...)
	cmd.Dir = p.conf.Dir
	cmd.Env = p.conf.Env
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	// Standard input is the child's own affair: it asks for what is read from it.
	cmd.Stdout, cmd.Stderr = theirs[0], theirs[1]
	names, err := attach(cmd, theirs[2:])
	if err != nil {
		return err
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], EnvFiles+"="+names)
	if err := cmd.Start(); err != nil {
		return err
	}
	for _, f := range theirs {
		f.Close()
	}
	p.cmd = cmd
	p.commands = ours[2+FileCommands]
	p.enc = NewEncoder(p.commands)

	nonce := make([]byte, 16)
	rand.Read(nonce)

	var readers sync.WaitGroup
	readers.Go(func() { p.readStream(stdout, ours[0], nonce) })
	readers.Go(func() { p.readStream(stderr, ours[1], nonce) })
	readers.Go(func() { p.readReports(ours[2+FileReports]) })
	crash := make(chan []byte, 1)
	readers.Go(func() { crash <- p.readCrash(ours[2+FileCrash]) })
	shown := make(chan []item, 1)
	go func() { shown <- p.show() }()
	go p.wait(ours[:], &readers, crash, shown)
	return p.send(Command{Op: Hello, Nonce: nonce})
}

func (p *Process) send(c Command) error {
	p.sendMu.Lock()
	defer p.sendMu.Unlock()
	return p.enc.Encode(c)
}

func (p *Process) readStream(stream int, f *os.File, nonce []byte) {
	defer p.order.end(stream)
	buf := make([]byte, 64<<10)
	kept := 0 // bytes at the start of buf that may begin a mark
	for {
		n, err := f.Read(buf[kept:])
		b := buf[:kept+n]
		for {
			text, found, kind, seq, rest := cutMark(nonce, b)
			p.order.write(stream, text)
			b = rest
			if !found {
				break
			}
			p.order.reach(stream, kind, seq)
		}
		kept = copy(buf, b)
		if err != nil {
			p.order.write(stream, buf[:kept])
			return
		}
	}
}

func (p *Process) readReports(f *os.File) {
	defer p.order.hush()
	dec := NewDecoder(f)
	for {
		r := new(Report)
		if err := dec.Decode(r); err != nil {
			if err != io.EOF && !errors.Is(err, os.ErrClosed) && !errors.Is(err, os.ErrDeadlineExceeded) {
				p.kill("the evaluator's reports became unreadable: " + err.Error())
			}
			return
		}
		switch {
		case r.Seq > 0:
			p.order.report(r)
		case r.Op == ReadyNow:
			close(p.ready)
		case r.Op == SetNow && r.Value != nil:
			p.settled <- r.Value.Text
		case r.Op == PanicElsewhere && r.Outcome != nil:
			p.mu.Lock()
			p.elsewhere = r.Outcome
			p.mu.Unlock()
		case r.Op == Asked && r.Ask != nil:
			go p.answer(r.Ask)
		}
	}
}

// readCrash reads the runtime's last words.
func (p *Process) readCrash(f *os.File) []byte {
	var b bytes.Buffer
	one := make([]byte, 4096)
	for {
		n, err := f.Read(one)
		if n > 0 {
			p.order.crash()
			if b.Len() < 1<<20 {
				b.Write(one[:n])
			}
		}
		if err != nil {
			return b.Bytes()
		}
	}
}

// show hands everything to its handler, in order. It returns what came last,
// which may hold a crash's text.
func (p *Process) show() []item {
	for {
		items, over := p.order.next()
		if over {
			return items
		}
		p.showAll(items)
	}
}

func (p *Process) showAll(items []item) {
	for _, it := range items {
		if it.report == nil {
			p.emit(Stream{Name: streamNames[it.stream], Text: it.text})
			continue
		}
		switch r := it.report; r.Op {
		case Shown:
			if e := r.Event(); e != nil {
				p.emit(e)
			}
		case Asked:
			go p.answer(r.Ask)
		case Ended:
			if e := r.Event(); e != nil {
				p.emit(e)
			}
			p.mu.Lock()
			run := p.current
			p.current = nil
			p.mu.Unlock()
			if run != nil && r.Outcome != nil {
				run.outcome <- *r.Outcome
			}
		}
	}
}

func (p *Process) emit(e Event) {
	p.mu.Lock()
	to := p.conf.Background
	if p.current != nil {
		to = p.current.handler.Emit
	}
	p.showing = true
	p.mu.Unlock()
	if to != nil {
		to(e)
	}
	p.mu.Lock()
	p.showing = false
	p.mu.Unlock()
}

// answer answers a question of the child.
func (p *Process) answer(a *Ask) {
	p.mu.Lock()
	run := p.current
	p.mu.Unlock()
	reply := Command{Op: Reply, ID: a.ID}
	fail := func(err error) {
		if err == io.EOF {
			reply.Error = "EOF"
		} else if err != nil {
			reply.Error = err.Error()
		}
	}
	switch a.Kind {
	case AskInput:
		if run == nil || run.handler.Input == nil {
			fail(io.EOF)
			break
		}
		line, err := run.handler.Input(run.ctx, a.Prompt, a.Password)
		if run.ctx.Err() != nil {
			return // the interrupt is the answer
		}
		reply.Value = line
		fail(err)
	default:
		if p.conf.Answer == nil {
			fail(fmt.Errorf("nobody answers %q here", a.Kind))
			break
		}
		b, err := p.conf.Answer(p.ctx, a.Kind, a.Payload)
		reply.Payload = b
		fail(err)
	}
	p.send(reply)
}

// Run sends the unit and waits for its end; when ctx is cancelled it interrupts
// it. When it returns, everything that the unit wrote has been emitted. One
// unit runs at a time: others wait for their turn.
func (p *Process) Run(ctx context.Context, u Unit, h Handler) Outcome {
	p.running.Lock()
	defer p.running.Unlock()
	if ctx.Err() != nil {
		return Outcome{Kind: Interrupted}
	}
	run := &running{ctx: ctx, handler: h, outcome: make(chan Outcome, 1)}
	p.mu.Lock()
	p.current = run
	for _, name := range u.Forget {
		p.units.Drop(name)
	}
	p.units.Add(u.Name)
	p.mu.Unlock()
	// When this fails the process is ending, and done tells.
	_ = p.send(Command{Op: Run, Unit: &u, Stdin: h.Input != nil})
	select {
	case o := <-run.outcome:
		return o
	case <-p.done:
		return p.outcome(run)
	case <-ctx.Done():
	}
	_ = p.send(Command{Op: Cancel})
	patience := time.NewTimer(reaction)
	defer patience.Stop()
	for {
		select {
		case o := <-run.outcome:
			return o
		case <-p.done:
			return p.outcome(run)
		case <-patience.C:
			p.mu.Lock()
			slow := p.showing
			p.mu.Unlock()
			if !slow {
				p.kill("the evaluator did not react to the interrupt and was ended")
			}
			patience.Reset(reaction)
		}
	}
}

// outcome is that of a unit whose evaluator is gone.
func (p *Process) outcome(run *running) Outcome {
	select {
	case o := <-run.outcome: // it ended first
		return o
	default:
		return p.death
	}
}

// Set changes a setting, also while a unit runs: "gil" (on, off),
// "start_method", "chdir" (a folder), "setenv" (NAME=VALUE), "unsetenv" (NAME).
func (p *Process) Set(name, value string) error {
	p.setting.Lock()
	defer p.setting.Unlock()
	if err := p.send(Command{Op: Set, Name: name, Value: value}); err != nil {
		return fmt.Errorf("set %s: the evaluator is gone", name)
	}
	select {
	case problem := <-p.settled:
		if problem != "" {
			return errors.New(problem)
		}
		return nil
	case <-p.done:
		return fmt.Errorf("set %s: the evaluator is gone: %s", name, p.death.Message)
	}
}

// PID is the process's id, which is also its process group's where there are such.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process is gone and all its output has been shown.
func (p *Process) Done() <-chan struct{} { return p.done }

// Death tells why the process is gone, as the outcome of a unit that it took
// along. Only after Done.
func (p *Process) Death() Outcome {
	select {
	case <-p.done:
		return p.death
	default:
		return Outcome{}
	}
}

// Close ends the process with everything in its group and waits for that.
func (p *Process) Close() error {
	p.kill("the evaluator was closed")
	<-p.done
	return nil
}

// kill ends the process and notes why; the first reason stays.
func (p *Process) kill(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed == "" {
		p.killed = why
	}
	if !p.reaped {
		killGroup(p.cmd)
	}
}

// wait reaps the process and ends everything that served it.
func (p *Process) wait(files []*os.File, readers *sync.WaitGroup, crash chan []byte, shown chan []item) {
	err := p.cmd.Wait()
	p.mu.Lock()
	p.reaped = true
	killGroup(p.cmd) // what is left of the group
	p.mu.Unlock()
	p.cancel()
	// A process that left the group may hold the pipes open for ever.
	for _, f := range files {
		f.SetReadDeadline(time.Now().Add(lastRead))
	}
	readers.Wait()
	items, words := withoutCrash(<-shown, string(<-crash))
	p.mu.Lock()
	p.death = diagnose(p.cmd.ProcessState, err, p.killed, words, p.units, p.elsewhere)
	p.mu.Unlock()
	p.showAll(items)
	for _, f := range files {
		f.Close()
	}
	close(p.done)
}
