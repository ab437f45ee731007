package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/paracell/paracell/cells"
)

// newSession starts what runs cells, by an engine ("" for auto), with dir as
// their directory and args as
// their os.Args, if there are any.
func newSession(w world, dir, engine string, args ...string) (*cells.Session, error) {
	self, err := w.executable()
	if err != nil {
		return nil, fmt.Errorf("cannot tell where this binary is, which runs the cells too: %w", err)
	}
	return cells.NewSession(cells.Config{
		Evaluator: append([]string{self, "evaluator"}, args...),
		Worker:    []string{self, "worker"},
		Dir:       dir,
		Engine:    engine,
		Library:   library,
	})
}

// warm prepares what the first cell on a machine would wait for.
func warm(w world) error {
	session, err := newSession(w, "", "")
	if err != nil {
		return err
	}
	return errors.Join(session.Warm(), session.Close())
}

// checkEvaluator runs a cell.
func checkEvaluator(ctx context.Context, w world) finding {
	failed := func(err any) finding {
		return finding{"fail", fmt.Sprintf("a cell does not run: %v", err), "run \"paracell run\" on a notebook for more, and report it with the output of \"paracell version\""}
	}
	session, err := newSession(w, "", "")
	if err != nil {
		return failed(err)
	}
	defer session.Close()
	var shown strings.Builder
	reply := session.Execute(ctx, cells.Request{
		Code: "6 * 7", Count: 1,
		Emit: func(e cells.Event) {
			if r, ok := e.(cells.Result); ok {
				fmt.Fprint(&shown, r.Data["text/plain"])
			}
		},
	})
	switch {
	case reply.Err != nil:
		return failed(reply.Err)
	case shown.String() != "42":
		return failed(fmt.Sprintf("6 * 7 shows %q", shown.String()))
	}
	return ok("cells run")
}
