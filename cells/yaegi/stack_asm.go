//go:build amd64 || arm64

package yaegi

// stackUsed returns how many bytes of its stack the calling goroutine uses.
func stackUsed() uintptr
