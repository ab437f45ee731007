package main

import (
	"context"
	"time"
)

// A subject is the Paracell that is measured.
type subject struct {
	binary, engine, scratch string
	timeout                 time.Duration
}

// run gives a program to a session as a cell, and calls main in another.
func (s subject) run(ctx context.Context, file string) (outcome, error) {
	args := []string{"run"}
	if s.engine != "" {
		args = append(args, "--engine", s.engine)
	}
	return execute(ctx, s.scratch, s.timeout, s.binary, append(args, file)...)
}
