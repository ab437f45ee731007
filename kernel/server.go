package kernel

import (
	"sync"
	"time"
)

// Server drives a Kernel with three goroutines, so that whatever a cell does,
// questions are answered: one runs cells (and what must keep its place among
// them), one answers everything else of shell, one serves control.
type Server struct {
	k       *Kernel
	cells   queue
	prompt  queue
	control queue
	workers sync.WaitGroup
	done    chan struct{}
}

// closeLimit is how long a server waits for a cell that ignores its interrupt.
const closeLimit = 5 * time.Second

// Serve starts a server. It ends when a client asks for shutdown or when
// Shutdown is called.
func Serve(k *Kernel) *Server {
	s := &Server{k: k, done: make(chan struct{})}
	for _, q := range []*queue{&s.cells, &s.prompt, &s.control} {
		q.more = make(chan struct{}, 1)
		s.workers.Go(func() { s.work(q) })
	}
	go s.finish()
	return s
}

// Deliver takes a message from the transport. It never waits for a cell.
func (s *Server) Deliver(ch Channel, frames [][]byte) {
	r := s.k.receive(ch, frames)
	if r == nil {
		return
	}
	s.queueFor(r).push(r)
}

func (s *Server) queueFor(r *request) *queue {
	switch r.Header.Type {
	case "shutdown_request", "interrupt_request":
		return &s.control // some clients still send them on shell
	case "execute_request", "comm_open", "comm_msg", "comm_close":
		if r.channel == Shell {
			return &s.cells
		}
	}
	if r.channel == Control {
		return &s.control
	}
	return &s.prompt
}

// Interrupt stops the running cell, as SIGINT should.
func (s *Server) Interrupt() { s.k.Interrupt() }

// Shutdown ends the kernel without a request, as SIGTERM should. It returns
// when Done is closed.
func (s *Server) Shutdown() {
	s.k.Close()
	<-s.done
}

// Done is closed when nothing more will be sent.
func (s *Server) Done() <-chan struct{} { return s.done }

func (s *Server) finish() {
	<-s.k.ctx.Done()
	stopped := make(chan struct{})
	go func() {
		s.k.Close() // waits for a Close that is under way
		s.workers.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(closeLimit):
		s.k.cfg.Log("a cell did not stop in time; leaving it")
	}
	close(s.done)
}

func (s *Server) work(q *queue) {
	for {
		r := q.pop(s.k.ctx.Done())
		if r == nil {
			return
		}
		// Only cells that came before the client could know of the failure are
		// dropped, so they are taken before it is told.
		var abandoned []*request
		r.failing = func() { abandoned = q.takeCells() }
		s.k.answer(r)
		for _, queued := range abandoned {
			s.k.abort(queued)
		}
	}
}

// queue is a line of requests that is never full: a client's burst must not
// stop the transport from reading the next interrupt.
type queue struct {
	mu       sync.Mutex
	requests []*request
	more     chan struct{} // holds a token when something was pushed
}

func (q *queue) push(r *request) {
	q.mu.Lock()
	q.requests = append(q.requests, r)
	q.mu.Unlock()
	select {
	case q.more <- struct{}{}:
	default:
	}
}

// pop waits for a request; nil means that quit came first.
func (q *queue) pop(quit <-chan struct{}) *request {
	for {
		select {
		case <-quit:
			return nil
		default:
		}
		q.mu.Lock()
		if len(q.requests) > 0 {
			r := q.requests[0]
			q.requests[0] = nil
			q.requests = q.requests[1:]
			q.mu.Unlock()
			return r
		}
		q.mu.Unlock()
		select {
		case <-q.more:
		case <-quit:
		}
	}
}

// takeCells removes and returns the execute_requests that wait.
func (q *queue) takeCells() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	var cells, rest []*request
	for _, r := range q.requests {
		if r.Header.Type == "execute_request" {
			cells = append(cells, r)
		} else {
			rest = append(rest, r)
		}
	}
	q.requests = rest
	return cells
}
