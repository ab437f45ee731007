// Package kernel is Jupyter's messaging protocol, version 5.5, over frames.
//
// Kernel is the synchronous core: it is handed one message and answers it by
// calling Send. It opens no socket and starts no goroutine for a message;
// Server is the thin wrapper that lets cells, quick questions and the control
// channel run beside each other. What a cell means is the Interpreter's matter.
//
// A message passes through these files: wire.go (frames, signature), order.go
// (busy, work, reply, idle), the file named after its type (execute.go,
// complete.go, …), and iopub.go (everything that is broadcast, in one order).
package kernel
