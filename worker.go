package main

import (
	"context"

	"github.com/paracell/paracell/cells/yaegi"
)

const workerHelp = `paracell worker [DEFINITIONS] serves the process pool that started it; a pool
of a notebook calls this. DEFINITIONS is a file that the notebook's session made
of what its cells define; without one the worker knows none of it.
`

func worker(_ context.Context, w world, args []string) error {
	files, err := newFlags(w, "worker", workerHelp).parse(args, 1)
	if err != nil {
		return err
	}
	file := ""
	if len(files) > 0 {
		file = files[0]
	}
	return yaegi.Work(file)
}
