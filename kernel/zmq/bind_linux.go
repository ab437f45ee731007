package zmq

import "syscall"

// ownerOnly sets the mode before the file exists, so that there is no moment in
// which others can connect. Linux carries it over; elsewhere chmod follows.
func ownerOnly(_, _ string, socket syscall.RawConn) error {
	var err error
	if failed := socket.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), 0o600) }); failed != nil {
		return failed
	}
	return err
}
