//go:build !linux && !freebsd

package yaegi

// Elsewhere a plugin keeps its itabs.
func shareItabs(file, name string, entry uintptr) error { return nil }
