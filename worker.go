package main

import (
	"context"
	"errors"

	"github.com/paracell/paracell/futures"
)

const workerHelp = `paracell worker serves the process pool that started it; a pool calls this.
`

func worker(_ context.Context, w world, args []string) error {
	if _, err := newFlags(w, "worker", workerHelp).parse(args, 0); err != nil {
		return err
	}
	futures.Serve()
	return errors.New("no process pool started this: a ProcessPoolExecutor starts its workers by itself")
}
