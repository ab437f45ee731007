package main

import (
	"context"
	"errors"
)

// runProgram runs a Go program as a cell with its declarations followed by one
// that calls main.
func runProgram(ctx context.Context, w world, file string, args []string) error {
	return errors.New("a Go program cannot be run by this build yet")
}
