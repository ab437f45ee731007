package main

import (
	"context"
	"strconv"

	"golang.org/x/sys/windows"
)

// parentEnd returns a channel that is closed when the process that started
// this kernel has ended. parent is JPY_PARENT_PID, on Windows an inherited
// handle of that process; without it the channel never closes.
func parentEnd(ctx context.Context, parent string) <-chan struct{} {
	ended := make(chan struct{})
	handle, err := strconv.ParseUint(parent, 10, 64)
	if err != nil || handle == 0 {
		return ended
	}
	go func() {
		const slice = 1000 // milliseconds, so that ctx is looked at
		for ctx.Err() == nil {
			event, err := windows.WaitForSingleObject(windows.Handle(handle), slice)
			switch {
			case err != nil:
				return
			case event == windows.WAIT_OBJECT_0:
				close(ended)
				return
			}
		}
	}()
	return ended
}
