package futures

// FreezeSupport is the main guard: the first line of a main function that
// starts processes. In a worker process it runs tasks and never returns;
// elsewhere it only makes the functions named known, so that they can be asked
// of workers. A value that is not a function stands for its type, which may then
// travel inside an interface.
func FreezeSupport(fns ...any) {
	Register(fns...)
}

// Serve is what FreezeSupport does in a worker process, for hosts that register
// functions otherwise: it runs tasks until the parent is done, and exits. In
// any other process it returns at once.
func Serve() {}
