// Package zmq carries frames between Jupyter's clients and the kernel over the
// five sockets: iopub is XPUB; shell, control, stdin and the heartbeat are
// ROUTER. What the frames mean is package kernel's matter.
//
// The sockets are github.com/go-zeromq/zmq4's. By itself that library trusts
// whoever connects: a huge frame length or a cut READY ends the process, a
// silent peer during the handshake keeps every later one out, a reader that
// stalls stops everybody's replies, and closing loses what is queued. So zmq4
// never touches a network connection here. It listens on a transport of ours,
// the guard, and a connection goes this way:
//
//  1. guard.go accepts it, counts it, and gives it a goroutine.
//  2. handshake.go finishes ZMTP's handshake under a deadline. A connection
//     that fails is closed and zmq4 never learns of it.
//  3. peer.go is what zmq4 is given instead of the connection. Read checks and
//     bounds every frame and answers PING; Write collects frames to messages.
//  4. outbox.go queues messages for one peer and writes them in as few system
//     calls as it can. No peer waits for another.
//  5. tap.go listens in on iopub from inside, which tells how far zmq4 has got:
//     without it, nobody could say when everything is out.
//
// A peer that connects with the identity of another takes its place, as with
// libzmq's ROUTER_HANDOVER, so that a reply goes out once.
//
// What cannot be had from outside zmq4: CURVE, and an end for the one
// goroutine that its XPUB socket keeps after Close.
package zmq
