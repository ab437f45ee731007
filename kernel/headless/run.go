package headless

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paracell/paracell/kernel"
)

// Options are for Run; the zero value runs quietly and stops at the first cell
// that fails.
type Options struct {
	KeepGoing bool          // run the cells after one that failed
	Timeout   time.Duration // for each cell; 0 means none

	Progress io.Writer // a terminal that shows which cell runs; nil for none
	Output   io.Writer // takes each cell's output as text when it ends; nil for none

	Now       func() time.Time // default: time.Now
	Log       func(string)     // what the kernel has to report; default: discarded
	Version   string           // of paracell
	GoVersion string           // of the language
}

// CellError is a cell that failed. Cell is its number as a front end shows it
// beside the cell: the first cell that runs is 1.
type CellError struct {
	Cell      int
	Name      string
	Value     string
	Traceback []string
}

func (e *CellError) Error() string {
	return fmt.Sprintf("cell [%d] failed: %s: %s", e.Cell, e.Name, e.Value)
}

// Run executes the code cells of a notebook in order and puts their outputs,
// numbers and times into it. Cells tagged raises-exception may fail, those
// tagged skip-execution are left alone. The error joins a *CellError for each
// cell that failed; when ctx is cancelled, which interrupts the running cell,
// it wraps ctx's. What ran is in the notebook in any case. The interpreter is
// closed.
func Run(ctx context.Context, n *Notebook, in kernel.Interpreter, opts Options) error {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	f, err := newFront(in, opts)
	if err != nil {
		f.kernel.Close()
		return err
	}
	total := 0
	for _, c := range n.cells {
		if c.runs() {
			total++
		}
	}
	show := &progress{w: opts.Progress, total: total, now: opts.Now}
	var failed []error
	ran := map[*cell]*execution{}
	number := 0
	for _, c := range n.cells {
		if !c.runs() {
			continue
		}
		number++
		show.start(number, c.source)
		e, cellErr := f.run(ctx, c, number, opts.Timeout)
		ran[c] = e
		show.end(cellErr)
		if opts.Output != nil {
			f.mu.Lock()
			for _, o := range e.outputs {
				io.WriteString(opts.Output, o.plain())
			}
			f.mu.Unlock()
		}
		if cellErr != nil {
			failed = append(failed, cellErr)
			if ctx.Err() != nil || !opts.KeepGoing {
				break
			}
		}
	}
	f.kernel.Close()
	f.store(n, ran)
	return errors.Join(failed...)
}

// run executes one cell. The error is nil when it succeeded or may fail.
func (f *front) run(ctx context.Context, c *cell, number int, timeout time.Duration) (*execution, error) {
	if err := ctx.Err(); err != nil {
		return &execution{}, &stopped{fmt.Sprintf("interrupted before cell [%d]", number), err}
	}
	limit := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		limit, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	unwatch := f.interruptAt(limit)
	e, err := f.execute(c.source)
	unwatch()
	if err != nil {
		return e, fmt.Errorf("cell [%d]: %w", number, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch r := e.reply; {
	case r.Status == "ok":
		return e, nil
	case ctx.Err() != nil:
		return e, &stopped{fmt.Sprintf("interrupted in cell [%d]", number), ctx.Err()}
	case limit.Err() != nil:
		return e, &CellError{number, "TimeoutError", fmt.Sprintf("it ran longer than %v", timeout), r.Traceback}
	case c.tagged("raises-exception"):
		return e, nil
	default:
		return e, &CellError{number, r.Name, r.Value, r.Traceback}
	}
}

// stopped says where the run was when its context ended.
type stopped struct {
	text  string
	cause error
}

func (s *stopped) Error() string { return s.text }
func (s *stopped) Unwrap() error { return s.cause }

// interruptAt interrupts the running cell when ctx ends, until unwatch is
// called. It asks more than once: the cell may be about to begin.
func (f *front) interruptAt(ctx context.Context) (unwatch func()) {
	over, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-ctx.Done():
		case <-over:
			return
		}
		again := time.NewTicker(50 * time.Millisecond)
		defer again.Stop()
		for {
			f.kernel.Interrupt()
			select {
			case <-again.C:
			case <-over:
				return
			}
		}
	}()
	return func() {
		close(over)
		<-left
	}
}

// store writes what the cells showed into the notebook.
func (f *front) store(n *Notebook, ran map[*cell]*execution) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c, e := range ran {
		if e.count == nil {
			continue // it was stopped before it began
		}
		c.raw["outputs"] = e.stored()
		c.raw["execution_count"] = e.count
		metadata, ok := c.raw["metadata"].(map[string]any)
		if !ok {
			metadata = map[string]any{}
			c.raw["metadata"] = metadata
		}
		metadata["execution"] = e.timing
	}
	metadata, ok := n.raw["metadata"].(map[string]any)
	if !ok {
		metadata = map[string]any{}
		n.raw["metadata"] = metadata
	}
	if metadata["language_info"] == nil && f.info["language_info"] != nil {
		metadata["language_info"] = f.info["language_info"]
	}
}

// progress shows on a terminal which cell runs: a line that is written again
// when the cell ends.
type progress struct {
	w     io.Writer
	total int
	now   func() time.Time

	line  string
	begun time.Time
}

func (p *progress) start(number int, code string) {
	if p.w == nil {
		return
	}
	width := len(fmt.Sprint(p.total))
	p.line = fmt.Sprintf("[%*d/%d] %s", width, number, p.total, firstLine(code))
	p.begun = p.now()
	fmt.Fprintf(p.w, "%s", p.line)
}

func (p *progress) end(err error) {
	if p.w == nil {
		return
	}
	outcome := fmt.Sprintf("%.2f s", p.now().Sub(p.begun).Seconds())
	if err != nil {
		outcome += ", failed"
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s  (%s)\n", p.line, outcome)
}

// firstLine is enough of a cell to recognise it by.
func firstLine(code string) string {
	const most = 50
	line, _, more := strings.Cut(strings.TrimSpace(code), "\n")
	line = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.TrimSpace(line))
	if r := []rune(line); len(r) > most {
		return string(r[:most]) + "…"
	}
	if more {
		return line + " …"
	}
	return line
}
