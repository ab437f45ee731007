package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/paracell/paracell/cells"
	"github.com/paracell/paracell/kernel/headless"
	"golang.org/x/term"
)

const runHelp = `paracell run runs a notebook or a Go program, without Jupyter or Python.

  paracell run lesson.ipynb              write the outputs into the notebook
  paracell run lesson.ipynb -o out.ipynb write them into another one
  paracell run lesson.ipynb --check      write nothing; compare with the stored outputs
  paracell run program.go one two        run main with these arguments

A notebook stops at the first cell that fails, unless the cell is tagged
raises-exception, and the exit status is 1 then. A program's exit status is its
own. Flags for notebooks:

`

func runFile(ctx context.Context, w world, args []string) error {
	fs := newFlags(w, "run", runHelp)
	out := fs.String("o", "", "write the notebook to `OUT` instead of over itself")
	check := fs.Bool("check", false, "compare fresh outputs with the stored ones, timings aside, and write nothing")
	keepGoing := fs.Bool("keep-going", false, "go on after a cell that fails")
	timeout := fs.Duration("timeout", 0, "interrupt a cell after this `TIME`, such as 30s or 2m")
	engine := fs.String("engine", "auto", "what runs cells: auto, interpreted or `compiled`; for programs too")
	metadata := fs.String("metadata", "", "write what the kernel's replies say of the engine into `FILE`, a line of JSON each; for programs")
	file, rest, err := fs.parseUntilProgram(args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends us as it ends any program
	switch {
	case file == "":
		return usageError("needs a notebook (.ipynb) or a Go program (.go)")
	case !slices.Contains([]string{"auto", "interpreted", "compiled"}, *engine):
		return usageError(fmt.Sprintf("the engine is auto, interpreted or compiled, not %q", *engine))
	case isProgram(file):
		if *out != "" || *check || *keepGoing || *timeout != 0 {
			return usageError("the flags are for notebooks: " + file + " is a program")
		}
		return runProgram(ctx, w, file, *engine, *metadata, rest)
	case *check && *out != "":
		return usageError("--check writes nothing, so -o has no meaning with it")
	case filepath.Ext(file) != ".ipynb":
		return usageError(fmt.Sprintf("%s is neither a notebook (.ipynb) nor a Go program (.go)", file))
	}
	return runNotebook(ctx, w, file, notebookRun{firstOf(*out, file), *check, *engine, headless.Options{
		KeepGoing: *keepGoing,
		Timeout:   *timeout,
	}})
}

func isProgram(file string) bool { return filepath.Ext(file) == ".go" }

// parseUntilProgram returns the file to run. What follows a program belongs to
// the program, flags too; around a notebook flags may stand anywhere.
func (f flags) parseUntilProgram(args []string) (file string, rest []string, err error) {
	if rest, err = f.parseLeading(args); err != nil || len(rest) == 0 {
		return "", nil, err
	}
	file, rest = rest[0], rest[1:]
	if isProgram(file) {
		return file, rest, nil
	}
	_, err = f.parse(rest, 0)
	return file, nil, err
}

type notebookRun struct {
	out    string
	check  bool
	engine string
	headless.Options
}

func runNotebook(ctx context.Context, w world, file string, r notebookRun) error {
	n, err := headless.Read(file)
	if err != nil {
		return err
	}
	if !r.check {
		if err := headless.CheckWritable(r.out); err != nil {
			return err // before a long run is for nothing
		}
	}
	stored := n.Clone()
	// A cell's relative paths are the notebook's, as in Jupyter.
	session, err := newSession(w, cells.Config{Dir: filepath.Dir(file), Engine: r.engine})
	if err != nil {
		return err
	}
	r.Output = w.stdout
	if isTerminal(w.stderr) {
		r.Progress = w.stderr
	}
	r.Log = func(line string) { fmt.Fprintf(w.stderr, "paracell run: %s\n", line) }
	r.Version = version
	r.GoVersion = goVersion()
	failure := headless.Run(ctx, n, session, r.Options)
	if r.check {
		return errors.Join(failure, differences(w.stdout, file, headless.Compare(stored, n)))
	}
	// A failed cell's outputs are worth keeping too: they say why.
	return errors.Join(failure, n.Write(r.out))
}

// differences shows them and says how many there are.
func differences(w io.Writer, file string, found []headless.Difference) error {
	if len(found) == 0 {
		return nil
	}
	var numbers []string
	for _, d := range found {
		fmt.Fprintln(w, d)
		numbers = append(numbers, fmt.Sprint(d.Cell))
	}
	return fmt.Errorf("%s: fresh outputs differ from the stored ones in cell %s", file, strings.Join(numbers, ", "))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
