package main

import (
	"context"

	"github.com/paracell/paracell/cells/yaegi"
	"github.com/paracell/paracell/futures"
)

// evaluator is the process that a session runs cells in. It may also be asked
// to be a worker: a pool in a cell with start method spawn starts its own
// program once more, which is this.
func evaluator(context.Context, world, []string) error {
	futures.Serve()
	if status := yaegi.Serve(); status != 0 {
		return exitStatus(status)
	}
	return nil
}
