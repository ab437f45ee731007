package futures

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"unsafe"
)

// memfd_create's number, which package syscall lacks.
var memfdCreate = map[string]uintptr{
	"amd64": 319, "386": 356, "arm": 385, "arm64": 279, "riscv64": 279, "loong64": 279,
	"ppc64": 360, "ppc64le": 360, "s390x": 350,
}

// newMemory makes memory that is reached through a file without a name.
func newMemory(size int) (*mapping, error) {
	number, ok := memfdCreate[runtime.GOARCH]
	if !ok || size == 0 {
		return &mapping{bytes: make([]byte, size)}, nil
	}
	name := []byte("futures\x00")
	const closeOnExec = 1
	fd, _, errno := syscall.Syscall(number, uintptr(unsafe.Pointer(&name[0])), closeOnExec, 0)
	if errno != 0 {
		return nil, os.NewSyscallError("memfd_create", errno)
	}
	f := os.NewFile(fd, "shared memory")
	if err := f.Truncate(int64(size)); err != nil {
		f.Close()
		return nil, err
	}
	return mapFile(f, size, 0)
}

// atOnce is the size up to which another process's memory is mapped page by page
// at once: a task that goes through it takes a quarter less time. Of more than that
// a task may want a part.
const atOnce = 64 << 20

// openMemory maps another process's memory, while that process has it.
func openMemory(pid, fd, size int) (*mapping, error) {
	f, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/%d", pid, fd), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	flags := 0
	if size <= atOnce {
		flags = syscall.MAP_POPULATE
	}
	return mapFile(f, size, flags)
}

func mapFile(f *os.File, size, flags int) (*mapping, error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|flags)
	if err != nil {
		f.Close()
		return nil, os.NewSyscallError("mmap", err)
	}
	return &mapping{bytes: b, file: f}, nil
}

var freeing sync.Mutex

// free may be called again.
func (m *mapping) free() error {
	freeing.Lock()
	defer freeing.Unlock()
	f := m.file
	if f == nil {
		return nil
	}
	m.file = nil
	err := syscall.Munmap(m.bytes)
	m.bytes = nil
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
