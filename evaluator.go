package main

import (
	"context"
	"flag"
	"os"

	"github.com/paracell/paracell/cells/yaegi"
)

// evaluator is the process that a session runs cells in. What the cells see as
// their command line are the arguments, from the program's name on; a notebook
// has none.
func evaluator(_ context.Context, _ world, args []string) error {
	if len(args) == 0 {
		args = os.Args[:1]
	}
	os.Args = args
	// A set of the cells' own: packages that we link have put theirs into the first.
	flag.CommandLine = flag.NewFlagSet(args[0], flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	if status := yaegi.Serve(); status != 0 {
		return exitStatus(status)
	}
	return nil
}
