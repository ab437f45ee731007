package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"slices"
	"time"
)

// A subject is the Paracell that is measured.
type subject struct {
	binary, engine, scratch string
	timeout                 time.Duration
}

// run gives a program to a session as a cell, and calls main in another.
func (s subject) run(ctx context.Context, file string) (o outcome, engine string, err error) {
	notes, err := os.CreateTemp(s.scratch, "metadata")
	if err != nil {
		return o, "", err
	}
	defer os.Remove(notes.Name())
	defer notes.Close()
	args := []string{"run", "--metadata", notes.Name()}
	if s.engine != "" {
		args = append(args, "--engine", s.engine)
	}
	if o, err = execute(ctx, s.scratch, s.timeout, s.binary, append(args, file)...); err != nil {
		return o, "", err
	}
	return o, ranBy(notes), nil
}

// ranBy returns what ran main: "interpreted" or "compiled"; "" when the program
// did not get that far.
func ranBy(notes io.Reader) string {
	var cell struct{ Compiled []string }
	if json.NewDecoder(notes).Decode(&cell) != nil {
		return ""
	}
	if slices.Contains(cell.Compiled, "main") {
		return "compiled"
	}
	return "interpreted"
}
