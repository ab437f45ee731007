package yaegi

import (
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/paracell/paracell/cells/eval"
)

// stdin is what units read. Its standard input is a pipe of this process' own;
// when a read finds it empty the user is asked for a line, which goes into the
// pipe. So everything reads the same way: fmt.Scan, os.Stdin, a subprocess.
//
// fmt.Scan and its like say themselves that they want input. Who else waits is
// found out by looking, where the system shows it (Linux).
type stdin struct {
	server *server

	mu     sync.Mutex // guards what follows, not the asking
	feed   *os.File   // the other end of the pipe; nil: standard input is empty
	unit   *unit      // the one that may ask
	asking sync.Mutex
	ticker *time.Ticker  // of the watch
	stop   chan struct{} // ends the watch
	watch  sync.WaitGroup
}

// glance is how often we look whether somebody waits for input.
const glance = 20 * time.Millisecond

func newStdin(s *server) *stdin { return &stdin{server: s} }

// begin gives a unit its input; it has none unless allowed.
func (s *stdin) begin(u *unit, allowed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !allowed {
		s.closeFeed()
		return
	}
	if s.feed == nil {
		r, w, err := os.Pipe()
		if err != nil {
			return // reads find nothing
		}
		if err := becomeStdin(r); err != nil {
			w.Close()
			return
		}
		s.feed = w
	}
	s.unit = u
	s.stop = make(chan struct{})
	ticker, stop := time.NewTicker(glance), s.stop
	s.ticker = ticker
	s.watch.Go(func() { s.look(u, ticker, stop) })
}

// end is called after the unit: it asks no more.
func (s *stdin) end(u *unit) {
	s.mu.Lock()
	if s.unit != u {
		s.mu.Unlock()
		return
	}
	s.unit = nil
	s.ticker.Stop()
	s.ticker = nil
	close(s.stop)
	if u.isCancelled() {
		s.closeFeed() // whoever still waits for input is let go
	}
	s.mu.Unlock()
	s.watch.Wait()
}

// closeFeed ends the input; mu is held.
func (s *stdin) closeFeed() {
	if s.feed == nil {
		return
	}
	s.feed.Close()
	s.feed = nil
	if null, err := os.Open(os.DevNull); err == nil {
		_ = becomeStdin(null)
	}
}

// look asks when somebody waits for input.
func (s *stdin) look(u *unit, t *time.Ticker, stop chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-stop:
			return
		}
		if stdinEmpty() && someoneReads() {
			s.fill(u, stop)
		}
	}
}

// pause has nobody look until the returned function is called.
func (s *stdin) pause() (resume func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.ticker
	if t == nil {
		return func() {}
	}
	t.Stop()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.ticker == t {
			t.Reset(glance)
		}
	}
}

// fill asks for a line and puts it into the pipe, unless there is something in
// it by now. At the end of input it closes the pipe, for this unit.
func (s *stdin) fill(u *unit, stop chan struct{}) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if !stdinEmpty() {
		return
	}
	line, err := s.server.input(u, "", false, stop)
	s.mu.Lock()
	feed := s.feed
	if s.unit != u {
		feed = nil
	} else if err != nil {
		s.feed = nil
	}
	s.mu.Unlock()
	switch {
	case feed == nil:
	case err != nil:
		feed.Close() // reads find the end; the next unit gets a new pipe
	default:
		_, _ = io.WriteString(feed, line+"\n") // it fails when nobody can read it
	}
}

// Read reads for fmt.Scan and its like.
func (s *stdin) Read(b []byte) (int, error) {
	s.mu.Lock()
	u, feed, stop := s.unit, s.feed, s.stop
	s.mu.Unlock()
	if u != nil && feed != nil && stdinEmpty() {
		s.fill(u, stop)
		if u.isCancelled() {
			runtime.Goexit()
		}
	}
	return os.Stdin.Read(b)
}

func (s *stdin) insteadOf(r io.Reader) io.Reader {
	if r == os.Stdin {
		return s
	}
	return r
}

// input asks the user for a line. It returns early, with an error, when the
// unit is interrupted or stop is closed.
func (s *server) input(u *unit, prompt string, password bool, stop chan struct{}) (string, error) {
	id, answer := s.ask(eval.Ask{Kind: eval.AskInput, Prompt: prompt, Password: password})
	select {
	case c := <-answer:
		switch c.Error {
		case "":
			return c.Value, nil
		case "EOF":
			return "", io.EOF
		}
		return "", errors.New(c.Error)
	case <-u.cancelled:
	case <-stop:
	}
	s.mu.Lock()
	delete(s.waiting, id)
	s.mu.Unlock()
	return "", errors.New("interrupted")
}

// prompt is what lowered code asks with: package cell's Input.
func (i *interpreter) prompt(text string, password bool) (string, error) {
	if i.server == nil {
		return "", io.EOF
	}
	s := i.server.stdin
	s.mu.Lock()
	u, stop := s.unit, s.stop
	s.mu.Unlock()
	if u == nil {
		return "", errors.New("this front end gives no input")
	}
	line, err := i.server.input(u, text, password, stop)
	if u.isCancelled() {
		runtime.Goexit()
	}
	return line, err
}
