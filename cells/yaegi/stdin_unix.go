//go:build unix

package yaegi

import (
	"os"

	"golang.org/x/sys/unix"
)

// becomeStdin makes f, which it closes, this process' standard input.
func becomeStdin(f *os.File) error {
	defer f.Close()
	return unix.Dup2(int(f.Fd()), 0) // Fd makes it a blocking one
}

// stdinEmpty reports whether a read from standard input would block.
func stdinEmpty() bool {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: 0, Events: unix.POLLIN}}, 0)
		if err != unix.EINTR {
			return err == nil && n == 0
		}
	}
}
