package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/paracell/paracell/cells"
)

// newSession starts what runs cells. Of c, the caller says what differs from one
// use to another; args are the cells' os.Args, if there are any.
func newSession(w world, c cells.Config, args ...string) (*cells.Session, error) {
	self, err := w.executable()
	if err != nil {
		return nil, fmt.Errorf("cannot tell where this binary is, which runs the cells too: %w", err)
	}
	c.Evaluator = append([]string{self, "evaluator"}, args...)
	c.Worker = []string{self, "worker"}
	c.Library = library
	return cells.NewSession(c)
}

// warm prepares what the first cell on a machine would wait for.
func warm(w world) error {
	session, err := newSession(w, cells.Config{})
	if err != nil {
		return err
	}
	return errors.Join(session.Warm(), session.Close())
}

// checkEvaluator runs a cell.
func checkEvaluator(ctx context.Context, w world) finding {
	if err := checkCell(ctx, w, "6 * 7", "42"); err != nil {
		return finding{"fail", fmt.Sprintf("a cell does not run: %v", err), "run \"paracell run\" on a notebook for more, and report it with the output of \"paracell version\""}
	}
	return ok("cells run")
}

// checkCompiler runs a cell that takes the compiler.
func checkCompiler(ctx context.Context, w world) finding {
	if err := checkCell(ctx, w, "type T struct{ n int }\nT{42}.n", "42"); err != nil {
		return finding{"fail", fmt.Sprintf("a cell that declares a type does not run: %v", err), "Go links compiled cells with a C compiler: install gcc, and build Paracell with the go command that is on the PATH: ./install.sh"}
	}
	return ok("cells are compiled")
}

// checkCell runs a cell and says how it differs from what it must show.
func checkCell(ctx context.Context, w world, code, want string) error {
	session, err := newSession(w, cells.Config{})
	if err != nil {
		return err
	}
	defer session.Close()
	var shown strings.Builder
	reply := session.Execute(ctx, cells.Request{
		Code: code, Count: 1,
		Emit: func(e cells.Event) {
			if r, ok := e.(cells.Result); ok {
				fmt.Fprint(&shown, r.Data["text/plain"])
			}
		},
	})
	switch {
	case reply.Err != nil:
		return reply.Err
	case shown.String() != want:
		return fmt.Errorf("%s shows %q", code, shown.String())
	}
	return nil
}
