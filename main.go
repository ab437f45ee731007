// Command paracell is a Jupyter kernel for Go.
//
// Each subcommand has a file of its own, and this package is wiring: what a
// command does lives in the packages beside it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
)

func main() {
	os.Exit(run(context.Background(), realWorld(), os.Args[1:]))
}

// A world is what a command may touch outside its arguments.
type world struct {
	stdin          *os.File
	stdout, stderr io.Writer
	getenv         func(string) string
	home           func() (string, error)
	executable     func() (string, error) // this binary, as an absolute path
	goos           string
}

func realWorld() world {
	return world{
		stdin:      os.Stdin,
		stdout:     os.Stdout,
		stderr:     os.Stderr,
		getenv:     os.Getenv,
		home:       os.UserHomeDir,
		executable: os.Executable,
		goos:       runtime.GOOS,
	}
}

// A command is one word after paracell. It returns nil, an exitStatus, a
// usageError, or an error whose text is shown as it is.
type command struct {
	name string
	run  func(ctx context.Context, w world, args []string) error
}

var commands = []command{
	{"install", install},
	{"kernel", serveKernel},
	{"run", runFile},
	{"worker", worker},
	{"doctor", doctor},
	{"version", printVersion},
	{"evaluator", evaluator}, // started by a session for itself: not in usage
}

const usage = `Paracell is a Jupyter kernel for Go.

  paracell install                 make the kernel known to Jupyter
  paracell run NOTEBOOK.ipynb      run a notebook, without Jupyter or Python
  paracell run FILE.go [ARGS...]   run a Go program as a cell would
  paracell doctor                  look for what is missing on this machine
  paracell kernel CONNECTION_FILE  serve a Jupyter client (Jupyter calls this)
  paracell worker                  serve a process pool (a pool calls this)
  paracell version                 say which version this is

"paracell COMMAND -h" explains one command.

For example, to run the lesson and see its timings:

  paracell run notebooks/better_way_41.ipynb
`

// run is main without the process around it: it returns the exit status.
func run(ctx context.Context, w world, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(w.stderr, usage)
		return 2
	}
	name := args[0]
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, name) {
		fmt.Fprint(w.stdout, usage)
		return 0
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if i < 0 {
		fmt.Fprintf(w.stderr, "paracell: there is no command %q; \"paracell help\" lists them\n", name)
		return 2
	}
	return status(w, name, commands[i].run(ctx, w, args[1:]))
}

// status shows how a command ended and turns it into an exit status.
func status(w world, name string, err error) int {
	var code exitStatus
	var misused usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &misused):
		fmt.Fprintf(w.stderr, "paracell %s: %v; \"paracell %s -h\" explains\n", name, misused, name)
		return 2
	default:
		fmt.Fprintf(w.stderr, "paracell %s: %v\n", name, err)
		return 1
	}
}

// exitStatus ends the process with that status; what there was to say is said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// A usageError is a command line that makes no sense.
type usageError string

func (e usageError) Error() string { return string(e) }
