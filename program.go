package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells"
)

// runProgram runs a Go program as a notebook would: the file is a cell, and
// another calls main. The exit status is the program's own, 2 after a panic as
// Go has it, 1 when it does not compile.
func runProgram(ctx context.Context, w world, file string, args []string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("cannot read the program: %w", err)
	}
	session, err := newSession(w, "")
	if err != nil {
		return err
	}
	defer session.Close()
	in := bufio.NewReader(w.stdin)
	for i, code := range []string{argsCell(file, args), string(source), "main()"} {
		reply := session.Execute(ctx, cells.Request{
			Code:  code,
			Count: i, // the file is Cell[1]
			Emit:  func(e cells.Event) { show(w, e) },
			Input: func(_ context.Context, prompt string, _ bool) (string, error) {
				fmt.Fprint(w.stdout, prompt)
				line, err := in.ReadString('\n')
				if errors.Is(err, io.EOF) && line != "" {
					err = nil
				}
				return strings.TrimSuffix(line, "\n"), err
			},
		})
		if reply.Err != nil {
			return programEnd(w, reply.Err)
		}
	}
	return nil
}

// argsCell sets os.Args, which the evaluator has a different idea of.
func argsCell(file string, args []string) string {
	var list strings.Builder
	for _, arg := range append([]string{filepath.Base(strings.TrimSuffix(file, ".go"))}, args...) {
		fmt.Fprintf(&list, "%q, ", arg)
	}
	return "import \"os\"\nos.Args = []string{" + list.String() + "}"
}

// show writes what a program shows where it would be seen without a notebook.
func show(w world, e cells.Event) {
	switch e := e.(type) {
	case cells.Stream:
		to := w.stdout
		if e.Name == "stderr" {
			to = w.stderr
		}
		io.WriteString(to, e.Text)
	case cells.Display:
		fmt.Fprintln(w.stdout, e.Data["text/plain"])
	}
}

// colour is what a terminal alone should get.
var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// exited is how a session says that a cell called os.Exit.
var exited = regexp.MustCompile(`exited with status (\d+)`)

func programEnd(w world, e *cells.Error) error {
	if m := exited.FindStringSubmatch(e.Value); e.Name == "EvaluatorDied" && m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return err
		}
		return exitStatus(n)
	}
	for _, line := range e.Traceback {
		if !isTerminal(w.stderr) {
			line = colour.ReplaceAllString(line, "")
		}
		fmt.Fprintln(w.stderr, line)
	}
	if e.Name == "CompileError" {
		return exitStatus(1)
	}
	return exitStatus(2)
}
