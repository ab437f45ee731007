package yaegi

import "unsafe"

// haveRegisters says that callRegisters can call compiled functions.
const haveRegisters = true

// callRegisters calls a function with its arguments in registers, as compiled code
// does, and takes its results from them.
//
//go:noescape
func callRegisters(function unsafe.Pointer, r *registers)
