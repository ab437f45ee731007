//go:build !amd64

package yaegi

import "unsafe"

// haveRegisters says that callRegisters can call compiled functions. Without it
// package reflect does.
const haveRegisters = false

func callRegisters(function unsafe.Pointer, r *registers) { panic("unreachable") }
