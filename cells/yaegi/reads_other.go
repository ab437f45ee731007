//go:build !linux

package yaegi

// someoneReads would report whether somebody waits for standard input. Here the
// system does not show it: fmt.Scan and its like ask, other reads find what is
// left of a line that was asked for.
func someoneReads() bool { return false }
