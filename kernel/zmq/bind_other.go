//go:build !linux

package zmq

import "syscall"

func ownerOnly(string, string, syscall.RawConn) error { return nil }
