//go:build unix

package main

import (
	"context"
	"os"
	"strconv"
	"time"
)

// parentEnd returns a channel that is closed when the process that started
// this kernel has ended, so that no kernel outlives its server. parent is
// JPY_PARENT_PID, which Jupyter sets; without it the channel never closes.
// What is watched is the real parent, which is a wrapper where there is one.
func parentEnd(ctx context.Context, parent string) <-chan struct{} {
	ended := make(chan struct{})
	asked, err := strconv.Atoi(parent)
	if err != nil || asked <= 1 { // process 1 never ends
		return ended
	}
	first := os.Getppid()
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if os.Getppid() != first {
				close(ended)
				return
			}
		}
	}()
	return ended
}
