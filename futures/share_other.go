//go:build !linux

package futures

import "errors"

func newMemory(size int) (*mapping, error) { return &mapping{bytes: make([]byte, size)}, nil }

func openMemory(pid, fd, size int) (*mapping, error) {
	return nil, errors.New("memory is not shared here")
}

func (m *mapping) free() error { return nil }
