package yaegi

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// someoneReads reports whether a thread of this process, or of a process below
// it that has the same standard input, is in a read from it.
func someoneReads() bool {
	pipe, err := os.Readlink("/proc/self/fd/0")
	return err == nil && reads("/proc/self", pipe, 4)
}

func reads(process, pipe string, depth int) bool {
	call := fmt.Sprintf("%d 0x0 ", syscall.SYS_READ)
	threads, _ := filepath.Glob(process + "/task/*")
	for _, t := range threads {
		if b, err := os.ReadFile(t + "/syscall"); err == nil && strings.HasPrefix(string(b), call) {
			return true
		}
	}
	if depth == 0 {
		return false
	}
	for _, t := range threads {
		children, _ := os.ReadFile(t + "/children")
		for _, pid := range strings.Fields(string(children)) {
			child := "/proc/" + pid
			if in, err := os.Readlink(child + "/fd/0"); err == nil && in == pipe && reads(child, pipe, depth-1) {
				return true
			}
		}
	}
	return false
}
