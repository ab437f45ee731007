package yaegi

import (
	"os"
	"syscall"
	"unsafe"
)

// becomeStdin makes f this process' standard input.
func becomeStdin(f *os.File) error {
	old := os.Stdin
	os.Stdin = f
	if old != nil {
		old.Close()
	}
	return nil
}

var peekNamedPipe = syscall.NewLazyDLL("kernel32.dll").NewProc("PeekNamedPipe")

// stdinEmpty reports whether a read from standard input would block.
func stdinEmpty() bool {
	var waiting uint32
	ok, _, _ := peekNamedPipe.Call(os.Stdin.Fd(), 0, 0, 0, uintptr(unsafe.Pointer(&waiting)), 0)
	return ok != 0 && waiting == 0
}
