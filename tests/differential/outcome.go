package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"time"
)

// An outcome is what a process wrote and how it ended.
type outcome struct {
	Stdout, Stderr string
	Exit           int // -1: a signal
	TimedOut       bool
	Seconds        float64
}

// most of what a process writes is compared; a program that never ends would
// fill the memory.
const most = 4 << 20

type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// execute runs a command in a folder of its own, without input.
func execute(ctx context.Context, scratch string, timeout time.Duration, name string, args ...string) (outcome, error) {
	dir, err := os.MkdirTemp(scratch, "run")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(dir)
	limit, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := exec.CommandContext(limit, name, args...)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	stop := own(cmd)
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err = cmd.Run()
	stop()
	o := outcome{
		Stdout:   stdout.String(),
		Stderr:   stderr.String(),
		TimedOut: limit.Err() != nil,
		Seconds:  time.Since(start).Seconds(),
	}
	if ctx.Err() != nil {
		return o, ctx.Err()
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		o.Exit = exit.ExitCode()
	} else if err != nil && !o.TimedOut {
		return o, err
	}
	return o, nil
}
