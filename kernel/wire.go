package kernel

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"
	"unicode/utf8"
)

// delimiter separates a message's routing identities from its signed parts.
var delimiter = []byte("<IDS|MSG>")

// Header names a message. Date is ISO 8601, Version that of the protocol.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is a message of any channel. The raw parts hold JSON objects; an
// empty one stands for {}.
type Message struct {
	Identities [][]byte // where it came from and a reply goes to; the topic on iopub
	Header     Header
	RawHeader  json.RawMessage // the header as received, with fields we don't know
	Parent     json.RawMessage // the header of the message that caused this one
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte // not signed
}

// Wire turns frames into messages and back for one pair of key and scheme. It
// may be used by several goroutines.
type Wire struct {
	mac func() hash.Hash // nil when messages are unsigned

	mu   sync.Mutex
	seen replays
}

// NewWire signs with key under scheme, as a connection file names it. An empty
// key means that nothing is signed and every message is taken.
func NewWire(scheme, key string) (*Wire, error) {
	sum, err := newMAC(scheme)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return &Wire{}, nil
	}
	return &Wire{mac: func() hash.Hash { return hmac.New(sum, []byte(key)) }}, nil
}

func newMAC(scheme string) (func() hash.Hash, error) {
	switch scheme {
	case "hmac-sha256":
		return sha256.New, nil
	case "hmac-sha512":
		return sha512.New, nil
	case "hmac-md5":
		return md5.New, nil
	}
	return nil, fmt.Errorf("unknown signature_scheme %q: hmac-sha256, hmac-sha512 and hmac-md5 are known", scheme)
}

// Why a message is dropped.
var (
	errNoDelimiter = errors.New("no <IDS|MSG> frame")
	errTooShort    = errors.New("too few frames")
	errSignature   = errors.New("wrong signature")
	errReplay      = errors.New("seen before")
)

// Decode checks the signature, and only then looks into the message. An error
// means that the message must be dropped; it carries nothing secret.
func (w *Wire) Decode(frames [][]byte) (*Message, error) {
	at := 0
	for at < len(frames) && !bytes.Equal(frames[at], delimiter) {
		at++
	}
	if at == len(frames) {
		return nil, errNoDelimiter
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return nil, errTooShort
	}
	if err := w.verify(rest[0], rest[1:5]); err != nil {
		return nil, err
	}
	m := &Message{
		Identities: frames[:at:at],
		RawHeader:  rest[1], Parent: rest[2], Metadata: rest[3], Content: rest[4],
		Buffers: rest[5:],
	}
	return m, m.check()
}

func (w *Wire) verify(signature []byte, parts [][]byte) error {
	if w.mac == nil {
		return nil
	}
	mac := w.mac()
	for _, p := range parts {
		mac.Write(p)
	}
	want := mac.Sum(nil)
	got, err := hex.DecodeString(string(signature))
	if err != nil || !hmac.Equal(got, want) {
		return errSignature
	}
	// Only a message that is truly from the client takes a place in the ring:
	// forged ones cannot push real ones out.
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.seen.add(want) {
		return errReplay
	}
	return nil
}

// check parses the envelope. The content is parsed by the request's own file,
// but is an object here already.
func (m *Message) check() error {
	for _, part := range []struct {
		name string
		text *json.RawMessage
	}{
		{"header", &m.RawHeader},
		{"parent_header", &m.Parent},
		{"metadata", &m.Metadata},
		{"content", &m.Content},
	} {
		if !utf8.Valid(*part.text) {
			return fmt.Errorf("%s is not UTF-8", part.name)
		}
		if !json.Valid(*part.text) {
			return fmt.Errorf("%s is not JSON", part.name)
		}
		if text := bytes.TrimLeft(*part.text, " \t\r\n"); text[0] != '{' {
			return fmt.Errorf("%s is not a JSON object", part.name)
		}
	}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return errors.New("header has a field of the wrong type")
	}
	if m.Header.ID == "" || m.Header.Type == "" {
		return errors.New("header without msg_id or msg_type")
	}
	return nil
}

// Encode signs a message and returns its frames.
func (w *Wire) Encode(m *Message) ([][]byte, error) {
	header, err := marshal(m.Header)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{header, object(m.Parent), object(m.Metadata), object(m.Content)}
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, delimiter, w.sign(parts))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...), nil
}

func (w *Wire) sign(parts [][]byte) []byte {
	if w.mac == nil {
		return []byte{}
	}
	mac := w.mac()
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

func object(raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return []byte("{}")
	}
	return raw
}

// marshal is json.Marshal without the escapes that only HTML needs.
func marshal(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n")), nil
}

// replayLimit is how many digests are remembered, as many as ipykernel's.
const replayLimit = 65536

// replays remembers the latest digests in a ring. The zero value is ready.
type replays struct {
	ring []digest
	next int
	held map[digest]struct{}
}

type digest [16]byte // a prefix is enough to tell messages apart

// add reports whether sum is new, and remembers it.
func (r *replays) add(sum []byte) bool {
	var d digest
	copy(d[:], sum)
	if _, ok := r.held[d]; ok {
		return false
	}
	if r.held == nil {
		r.held = make(map[digest]struct{})
	}
	r.held[d] = struct{}{}
	if len(r.ring) < replayLimit {
		r.ring = append(r.ring, d)
		return true
	}
	delete(r.held, r.ring[r.next])
	r.ring[r.next] = d
	r.next = (r.next + 1) % replayLimit
	return true
}
