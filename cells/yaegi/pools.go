package yaegi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/display"
	"github.com/paracell/paracell/futures"
)

// The start methods of a notebook. Its session knows how a worker process is
// started for each: it holds the definitions.
func (s *server) pools() {
	for _, name := range []string{futures.Spawn, futures.Session, "session interpreted", "session compiled"} {
		futures.RegisterStartMethod(name, func(ctx context.Context) (*exec.Cmd, error) { return s.worker(ctx, name) })
	}
	futures.SetProgressDisplay(progressBar)
	settings["start_method"] = futures.SetStartMethod
	if err := futures.SetStartMethod(futures.Session); err != nil {
		panic(err) // it was registered above
	}
}

// progressBar shows the progress of a Map as a bar that is drawn over in place.
func progressBar() func(futures.Progress) {
	var bar *display.Progress
	done := 0
	return func(p futures.Progress) {
		if bar == nil {
			bar = display.NewProgress(p.Task[strings.LastIndexByte(p.Task, '.')+1:], p.Total)
		}
		if p.Failed > 0 {
			bar.Note(fmt.Sprintf("%d failed", p.Failed))
		}
		bar.Add(p.Done - done)
		done = p.Done
		if p.Finished {
			bar.Close()
		}
	}
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
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("the notebook's definitions: %w", err)
		}
		var d eval.Definitions
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("the notebook's definitions: %s: %w", file, err)
		}
		functions, err := LoadUnits(d.Units)
		if err != nil {
			return fmt.Errorf("the notebook's definitions: %w", err)
		}
		for name, fn := range functions {
			if !asTask(fn.Type()) {
				continue
			}
			if why := d.Unfit[name]; why != "" {
				fn = reflect.MakeFunc(fn.Type(), func([]reflect.Value) []reflect.Value { panic(why) })
			}
			futures.RegisterNamed(name, fn)
		}
	}
	surviveInterrupts() // an interrupted cell leaves a pool that later cells can use
	futures.Serve()
	return errors.New("this command serves a process pool and is started by it")
}

// asTask reports whether a function's shape is one that a pool can call.
func asTask(t reflect.Type) bool {
	results := t.NumOut()
	if results > 0 && t.Out(results-1) == reflect.TypeFor[error]() {
		results--
	}
	return !t.IsVariadic() && results <= 1
}
