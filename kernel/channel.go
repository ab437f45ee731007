package kernel

// Channel is one of the five sockets of the protocol.
type Channel string

const (
	Shell     Channel = "shell"
	Control   Channel = "control"
	Stdin     Channel = "stdin"
	IOPub     Channel = "iopub"
	Heartbeat Channel = "hb" // echoed by the transport; nothing of it reaches Kernel
)

// Channels lists all five in the order in which a connection file names them.
var Channels = []Channel{Shell, IOPub, Stdin, Control, Heartbeat}
