package yaegi

import (
	"io"
	"os"
)

// stdin is what units read.
type stdin struct{ server *server }

func newStdin(s *server) *stdin { return &stdin{server: s} }

func (s *stdin) begin(u *unit, allowed bool) {}
func (s *stdin) end(u *unit)                 {}

// Read reads for fmt.Scan and its like.
func (s *stdin) Read(b []byte) (int, error) { return os.Stdin.Read(b) }

func (s *stdin) insteadOf(r io.Reader) io.Reader {
	if r == os.Stdin {
		return s
	}
	return r
}
