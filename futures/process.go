package futures

// Process runs one function in a process of its own.
type Process struct{}

// NewProcess makes a process that will call fn with args. fn is a registered
// function, or a Task of which only the name counts.
func NewProcess(fn any, args ...any) *Process { return &Process{} }

// Start starts the process.
func (p *Process) Start() error { return &RuntimeError{"processes are not there yet"} }

// Join waits until the process has ended. It fails if it was not started.
func (p *Process) Join() error { return nil }

// ExitCode is the exit status of a process that has ended: a signal's number
// negated, 1 when the function failed. ok is false before that.
func (p *Process) ExitCode() (code int, ok bool) { return 0, false }

// Terminate asks the process to end (SIGTERM).
func (p *Process) Terminate() error { return nil }

// Kill ends the process (SIGKILL).
func (p *Process) Kill() error { return nil }

// IsAlive tells whether the process runs.
func (p *Process) IsAlive() bool { return false }

// PID is the process's id, 0 before Start.
func (p *Process) PID() int { return 0 }
