package futures

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"time"
)

// workerEnv marks a process as a worker and names its two ends of the pipes.
const workerEnv = "FUTURES_WORKER"

// stderrTail is how much of a worker's stderr is kept for WorkerError.
const stderrTail = 4 << 10

// A child is a worker process as its parent holds it.
type child struct {
	cmd    *exec.Cmd
	in     *os.File // frames to it; closing it makes the worker exit
	out    *os.File // frames from it; its end is the worker's
	stderr tail
}

// startChild starts a worker process. Its prints appear as the parent's own.
func startChild(ctx context.Context, launch Launcher) (*child, error) {
	cmd, err := launch(ctx)
	if err != nil {
		return nil, err
	}
	c := &child{cmd: cmd}
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirIn.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, err
	}
	defer theirOut.Close()
	c.in, c.out = in, out

	if cmd.Stdout == nil {
		cmd.Stdout = os.Stdout
	}
	if cmd.Stderr == nil {
		cmd.Stderr = os.Stderr
	}
	c.stderr.next = cmd.Stderr
	cmd.Stderr = &c.stderr
	// A process that the worker left behind may hold its stderr open.
	cmd.WaitDelay = 50 * time.Millisecond
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	mark, err := inherit(cmd, theirIn, theirOut)
	if err == nil {
		cmd.Env = append(cmd.Env, workerEnv+"="+mark)
		err = start(cmd)
	}
	if err != nil {
		in.Close()
		out.Close()
		return nil, err
	}
	return c, nil
}

// wait waits until the process has ended and tells how.
func (c *child) wait() *WorkerError {
	err := c.cmd.Wait()
	c.in.Close()
	c.out.Close()
	e := &WorkerError{PID: c.cmd.Process.Pid}
	if s := c.cmd.ProcessState; s != nil {
		e.ExitCode, e.Status = exitCode(s), s.String()
	} else if err != nil {
		e.ExitCode, e.Status = -1, err.Error()
	}
	e.Stderr = c.stderr.end(e.ExitCode)
	return e
}

// kill ends the process if it still runs.
func (c *child) kill() error { return ended(c.cmd.Process.Kill()) }

func ended(err error) error {
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// tail passes on what is written and keeps the end of it, and what a Go program says
// that it dies of: the stacks that follow may be long.
type tail struct {
	next  interface{ Write([]byte) (int, error) }
	mu    sync.Mutex
	kept  []byte
	cut   bool   // there was more before
	words []byte // from the newest last words on
}

func (t *tail) Write(p []byte) (int, error) {
	t.keep(p)
	return t.next.Write(p)
}

func (t *tail) keep(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := bytes.LastIndexByte(t.kept, '\n') + 1
	t.kept = append(t.kept, p...)
	if at := lastWords.FindIndex(t.kept[line:]); at != nil {
		t.words, p = []byte{}, t.kept[line+at[0]:]
	}
	if t.words != nil {
		t.words = append(t.words, p[:min(len(p), stderrTail-len(t.words))]...)
	}
	if over := len(t.kept) - stderrTail; over > 0 {
		t.kept, t.cut = append(t.kept[:0], t.kept[over:]...), true
	}
}

// lastWords begin what Go says as it ends a process.
var lastWords = regexp.MustCompile(`(?m)^(fatal error: |panic: |SIG[A-Z]+: )`)

// end is the kept end, from the start of a line; of a process that Go ended, from its
// last words on.
func (t *tail) end(code int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.kept
	switch {
	case code == 2 && t.words != nil:
		kept = t.words
		if len(kept) == stderrTail {
			kept = kept[:bytes.LastIndexByte(kept, '\n')]
		}
	case t.cut:
		_, kept, _ = bytes.Cut(kept, []byte("\n"))
	}
	return string(bytes.TrimRight(kept, "\n"))
}
