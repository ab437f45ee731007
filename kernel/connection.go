package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

// Connection is the content of a connection file: where the five channels
// listen and how messages are signed.
type Connection struct {
	Transport       string // "tcp" or "ipc"
	IP              string // tcp: the address to bind to; ipc: the path that "-port" is appended to
	Ports           map[Channel]int
	Key             string // "" means unsigned
	SignatureScheme string // hmac-sha256, hmac-sha512 or hmac-md5
}

// ConnectionError says in one sentence what is wrong with a connection file.
type ConnectionError struct {
	Path   string
	Reason string
}

func (e *ConnectionError) Error() string {
	return fmt.Sprintf("connection file %s: %s", e.Path, e.Reason)
}

// connectionLimit bounds what is read: a real file holds a few hundred bytes.
const connectionLimit = 1 << 20

// ReadConnection reads and checks the connection file at path. Every error is a
// *ConnectionError.
func ReadConnection(path string) (Connection, error) {
	text, err := readAtMost(path, connectionLimit)
	if err != nil {
		return Connection{}, &ConnectionError{path, err.Error()}
	}
	c, err := ParseConnection(text)
	if err != nil {
		return Connection{}, &ConnectionError{path, err.Error()}
	}
	return c, nil
}

func readAtMost(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file; Jupyter writes one for each kernel that it starts")
	case errors.Is(err, fs.ErrPermission):
		return nil, errors.New("no permission to read it")
	case err != nil:
		return nil, plainCause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, plainCause(err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("larger than %d bytes, so not a connection file", limit)
	}
	return text, nil
}

// plainCause drops the operation and path that the sentence already names.
func plainCause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// ParseConnection checks the text of a connection file. Fields that the
// protocol doesn't define are ignored.
func ParseConnection(text []byte) (Connection, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return Connection{}, fmt.Errorf("not a JSON object: %v", err)
	}
	c := Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", Ports: map[Channel]int{}}
	for _, f := range []struct {
		name string
		into *string
	}{
		{"transport", &c.Transport},
		{"ip", &c.IP},
		{"key", &c.Key},
		{"signature_scheme", &c.SignatureScheme},
	} {
		if err := stringField(fields, f.name, f.into); err != nil {
			return Connection{}, err
		}
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return Connection{}, fmt.Errorf("unknown transport %q: tcp and ipc are known", c.Transport)
	}
	if c.IP == "" {
		return Connection{}, errors.New("ip is empty: an address to listen on is needed")
	}
	if _, err := newMAC(c.SignatureScheme); err != nil {
		return Connection{}, err
	}
	taken := map[int]string{}
	for _, ch := range Channels {
		name := string(ch) + "_port"
		port, err := portField(fields, name)
		if err != nil {
			return Connection{}, err
		}
		if other, ok := taken[port]; ok {
			return Connection{}, fmt.Errorf("%s and %s are both %d: each channel needs a port of its own", other, name, port)
		}
		taken[port] = name
		c.Ports[ch] = port
	}
	return c, nil
}

func stringField(fields map[string]json.RawMessage, name string, into *string) error {
	raw, ok := fields[name]
	if !ok {
		return nil
	}
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil || s == nil {
		return fmt.Errorf("%s is %s: text in quotes is needed", name, shorten(raw))
	}
	*into = *s
	return nil
}

func portField(fields map[string]json.RawMessage, name string) (int, error) {
	raw, ok := fields[name]
	if !ok {
		return 0, fmt.Errorf("%s is missing", name)
	}
	port, err := strconv.Atoi(string(raw))
	if err != nil || port < 1 || port > 65535 {
		return 0, fmt.Errorf("%s is %s: a whole number from 1 to 65535 is needed", name, shorten(raw))
	}
	return port, nil
}

func shorten(raw []byte) string {
	if len(raw) > 40 {
		return string(raw[:40]) + "…"
	}
	return string(raw)
}

// Endpoint is the address of a channel as ZeroMQ writes it.
func (c Connection) Endpoint(ch Channel) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, c.Ports[ch])
	}
	return fmt.Sprintf("tcp://%s:%d", c.IP, c.Ports[ch])
}
