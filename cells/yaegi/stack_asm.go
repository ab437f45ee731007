//go:build amd64 || arm64

package yaegi

import "unsafe"

// stackUsed returns how many bytes of its stack the calling goroutine uses.
func stackUsed() uintptr

// currentGoroutine returns what the runtime keeps of the calling goroutine.
func currentGoroutine() unsafe.Pointer
