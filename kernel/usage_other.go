//go:build !linux

package kernel

// MeasureUsage is for Config.Usage. It reads /proc; on other systems it is nil.
var MeasureUsage func() Usage
