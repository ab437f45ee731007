package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
func runProgram(ctx context.Context, w world, file, engine, metadata string, args []string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("cannot read the program: %w", err)
	}
	name := filepath.Base(file)
	session, err := newSession(w, cells.Config{Engine: engine}, append([]string{strings.TrimSuffix(name, ".go")}, args...)...)
	if err != nil {
		return err
	}
	defer session.Close()
	note := func(cells.Reply) error { return nil }
	if metadata != "" {
		f, err := os.Create(metadata)
		if err != nil {
			return fmt.Errorf("cannot write the replies' metadata: %w", err)
		}
		defer f.Close()
		note = func(r cells.Reply) error { return json.NewEncoder(f).Encode(r.Metadata) }
	}
	in := bufio.NewReaderSize(w.stdin, 64<<10)
	for i, code := range []string{string(source), callMain} {
		reply := session.Execute(ctx, cells.Request{
			Code:  code,
			Count: i + 1,
			Name:  []string{name, ""}[i],
			Emit:  func(e cells.Event) { show(w, e) },
			Input: func(_ context.Context, prompt string, _ bool) (string, error) {
				fmt.Fprint(w.stdout, prompt)
				return lines(in)
			},
		})
		if err := note(reply); err != nil {
			return err
		}
		if reply.Err != nil {
			return programEnd(w, name, reply.Err)
		}
	}
	return nil
}

const callMain = "main()"

// lines returns the next line and what came with it, without the last newline:
// to ask for lines one by one would be slow.
func lines(in *bufio.Reader) (string, error) {
	line, err := in.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		return line, nil
	}
	if err != nil {
		return "", err
	}
	more, _ := in.Peek(in.Buffered())
	n := bytes.LastIndexByte(more, '\n') + 1
	line += string(more[:n])
	_, err = in.Discard(n)
	return strings.TrimSuffix(line, "\n"), err
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

func programEnd(w world, name string, e *cells.Error) error {
	if m := exited.FindStringSubmatch(e.Value); e.Name == "EvaluatorDied" && m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return err
		}
		return exitStatus(n)
	}
	for _, line := range asProgram(name, e) {
		if !isTerminal(w.stderr) {
			line = colour.ReplaceAllString(line, "")
		}
		fmt.Fprintln(w.stderr, line)
	}
	switch e.Name {
	case "CompileError":
		return exitStatus(1)
	case "KeyboardInterrupt":
		return exitStatus(130) // 128 and the signal's number, as shells have it
	}
	return exitStatus(2)
}

// asProgram says in the words of a Go program what a cell's error is.
func asProgram(name string, e *cells.Error) []string {
	if e.Name == "CompileError" && strings.HasPrefix(e.Value, "Cell[2]:") {
		return []string{name + ": function main is undeclared in the main package"}
	}
	if e.Name == "KeyboardInterrupt" {
		return nil
	}
	var out []string
	ours := false // a call of main, and what follows
	for _, line := range e.Traceback {
		plain := colour.ReplaceAllString(line, "")
		if ours = strings.HasPrefix(plain, "Cell[2]:") || ours && !strings.HasPrefix(plain, "goroutine "); ours {
			continue
		}
		if strings.HasPrefix(plain, "A new evaluator ") {
			continue
		}
		if e.Name == "EvaluatorDied" && len(out) == 0 {
			line = e.Value
			if value, ok := strings.CutPrefix(line, "panic in a goroutine: "); ok {
				line = "panic: " + value
			}
		}
		out = append(out, line)
	}
	return out
}
