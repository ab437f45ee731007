//go:build !linux && !freebsd

package yaegi

// Elsewhere a plugin keeps its types and itabs.
func share(file, name string, entry uintptr) error { return nil }
