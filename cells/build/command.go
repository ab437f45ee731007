package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// A Command is a program to run to its end. It runs in a process group of its
// own, and nothing of the group outlives Run: what the program leaves running is
// killed with it, also when this process dies. (Windows has process groups in
// name only: there, only the program itself is killed, and a dead kernel's
// programs run on.)
type Command struct {
	Path string
	Args []string // without the program's name
	Dir  string
	Env  []string // nil: this process's environment

	// Stdout and Stderr take the output as it comes, in whole UTF-8, one call at
	// a time. What isn't UTF-8 arrives as U+FFFD. Nil discards.
	Stdout, Stderr func(text string)

	// Stdin is asked for a line, without its newline, when the program waits to
	// read one; an error, such as io.EOF, ends the program's input. It must
	// return when its context ends. Nil: the input is empty. A waiting program is
	// recognised on Linux alone; elsewhere its input is empty too.
	Stdin func(ctx context.Context) (string, error)

	// Grace is how long the program may take to end after it was interrupted;
	// then it is killed. 0 means a second.
	Grace time.Duration
}

// Times is what a program took.
type Times struct{ Wall, User, System time.Duration }

// ExitError says that a program ran and ended with a status other than 0.
type ExitError struct {
	Code   int    // -1 when a signal ended it
	Signal string // "killed", "segmentation fault", …; "" for none
}

func (e *ExitError) Error() string {
	if e.Signal != "" {
		return "ended by signal: " + e.Signal
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// Run runs the program and waits for its end and for all of its output. When
// ctx ends, the group is interrupted, after the grace killed, and Run returns
// ctx's error. Other errors are *ExitError, or say why the program can't start.
func (c *Command) Run(ctx context.Context) (Times, error) {
	if err := ctx.Err(); err != nil {
		return Times{}, err
	}
	// The kernel sends the signal of a parent's death when the thread that
	// started the child ends: this goroutine keeps it until the child is gone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	cmd := exec.Command(c.Path, c.Args...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	cmd.SysProcAttr = ownGroup()

	var ours, theirs []*os.File // ends of the pipes
	defer func() {
		closeAll(ours)
		closeAll(theirs)
	}()
	pipe := func() (r, w *os.File, err error) {
		if r, w, err = os.Pipe(); err != nil {
			err = fmt.Errorf("%s: %w", c.Path, err)
		}
		return r, w, err
	}
	var copies sync.WaitGroup
	var turn sync.Mutex
	var start []func()
	for _, s := range []struct {
		to  func(string)
		end *io.Writer
	}{{c.Stdout, &cmd.Stdout}, {c.Stderr, &cmd.Stderr}} {
		if s.to == nil {
			continue
		}
		r, w, err := pipe()
		if err != nil {
			return Times{}, err
		}
		ours, theirs = append(ours, r), append(theirs, w)
		*s.end = w
		start = append(start, func() {
			copyText(r, func(text string) {
				turn.Lock()
				defer turn.Unlock()
				s.to(text)
			})
		})
	}
	outputs := ours
	var input *os.File
	if c.Stdin != nil && canSeeReads {
		r, w, err := pipe()
		if err != nil {
			return Times{}, err
		}
		input = w
		ours, theirs = append(ours, w), append(theirs, r)
		cmd.Stdin = r
	}

	began := time.Now()
	if err := cmd.Start(); err != nil {
		if _, gone := os.Stat(c.Dir); c.Dir != "" && gone != nil {
			return Times{}, fmt.Errorf("the folder %s is not there", c.Dir)
		}
		if inner := errors.Unwrap(err); inner != nil {
			err = inner // without fork/exec and the path, which comes next
		}
		return Times{}, fmt.Errorf("cannot start %s: %w", c.Path, err)
	}
	dismiss := guard(cmd.Process)
	closeAll(theirs)
	theirs = nil
	for _, run := range start {
		copies.Go(run)
	}

	alive, ended := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	if input != nil {
		helpers.Go(func() { feed(alive, cmd.Process.Pid, input, c.Stdin) })
	}
	exited := make(chan struct{})
	helpers.Go(func() {
		select {
		case <-exited:
			return
		case <-ctx.Done():
		}
		grace := c.Grace
		if grace == 0 {
			grace = time.Second
		}
		interrupt(cmd.Process)
		select {
		case <-exited:
		case <-time.After(grace):
			kill(cmd.Process)
		}
	})
	err := cmd.Wait()
	close(exited)
	kill(cmd.Process) // what is left of the group
	ended()
	dismiss()
	helpers.Wait()

	// Only a process that left the group can still hold a pipe: what it writes
	// is not the program's output any more.
	finished := make(chan struct{})
	go func() {
		copies.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(time.Second):
		closeAll(outputs)
		<-finished
	}

	times := Times{Wall: time.Since(began), User: cmd.ProcessState.UserTime(), System: cmd.ProcessState.SystemTime()}
	if ctx.Err() != nil {
		return times, ctx.Err()
	}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return times, &ExitError{Code: failed.ExitCode(), Signal: signalName(failed.ProcessState)}
	}
	return times, err
}

// feed answers the program's reads until it ends or the user's input does.
func feed(ctx context.Context, pid int, input *os.File, ask func(context.Context) (string, error)) {
	defer input.Close()
	for waitForRead(ctx, pid, input) {
		line, err := ask(ctx)
		if err != nil {
			return
		}
		if _, err := io.WriteString(input, line+"\n"); err != nil {
			return
		}
	}
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
