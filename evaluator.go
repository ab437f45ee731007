package main

import (
	"context"

	"github.com/paracell/paracell/cells/yaegi"
)

// evaluator is the process that a session runs cells in.
func evaluator(context.Context, world, []string) error {
	if status := yaegi.Serve(); status != 0 {
		return exitStatus(status)
	}
	return nil
}
