package kernel_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/kernel"
)

// resign replaces the header of frames made by client.encode and signs anew.
func resign(t *testing.T, frames [][]byte, header string) [][]byte {
	t.Helper()
	out := append([][]byte(nil), frames...)
	out[3] = []byte(header)
	return signed(out)
}

// signed puts the right signature on [identity, delimiter, signature, 4 parts].
func signed(frames [][]byte) [][]byte {
	mac := hmac.New(sha256.New, []byte(testKey))
	for _, part := range frames[3:7] {
		mac.Write(part)
	}
	frames[2] = []byte(hex.EncodeToString(mac.Sum(nil)))
	return frames
}

func TestBadMessagesAreDropped(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 200_000) + "1" + strings.Repeat("}", 200_000)
	change := map[string]func(f [][]byte) [][]byte{
		"no frames":          func(f [][]byte) [][]byte { return nil },
		"no delimiter":       func(f [][]byte) [][]byte { return append(f[:1], f[2:]...) },
		"delimiter alone":    func(f [][]byte) [][]byte { return f[1:2] },
		"too few frames":     func(f [][]byte) [][]byte { return f[:6] },
		"empty signature":    func(f [][]byte) [][]byte { f[2] = []byte{}; return f },
		"short signature":    func(f [][]byte) [][]byte { f[2] = f[2][:10]; return f },
		"odd signature":      func(f [][]byte) [][]byte { f[2] = f[2][:63]; return f },
		"long signature":     func(f [][]byte) [][]byte { f[2] = append(f[2][:64:64], '0', '0'); return f },
		"forged signature":   func(f [][]byte) [][]byte { f[2] = []byte(strings.Repeat("00", 32)); return f },
		"signature not hex":  func(f [][]byte) [][]byte { f[2] = []byte(strings.Repeat("zz", 32)); return f },
		"changed content":    func(f [][]byte) [][]byte { f[6] = []byte(`{"x":1}`); return f },
		"header not JSON":    func(f [][]byte) [][]byte { f[3] = []byte(`{`); return signed(f) },
		"header an array":    func(f [][]byte) [][]byte { f[3] = []byte(`[]`); return signed(f) },
		"header empty":       func(f [][]byte) [][]byte { f[3] = []byte(``); return signed(f) },
		"header null":        func(f [][]byte) [][]byte { f[3] = []byte(`null`); return signed(f) },
		"no msg_type":        func(f [][]byte) [][]byte { f[3] = []byte(`{"msg_id":"x"}`); return signed(f) },
		"msg_type a number":  func(f [][]byte) [][]byte { f[3] = []byte(`{"msg_id":"x","msg_type":3}`); return signed(f) },
		"content null":       func(f [][]byte) [][]byte { f[6] = []byte(`null`); return signed(f) },
		"content a string":   func(f [][]byte) [][]byte { f[6] = []byte(`"x"`); return signed(f) },
		"content not UTF-8":  func(f [][]byte) [][]byte { f[6] = []byte("{\"x\":\"\xff\"}"); return signed(f) },
		"content deep":       func(f [][]byte) [][]byte { f[6] = []byte(deep); return signed(f) },
		"content with tail":  func(f [][]byte) [][]byte { f[6] = []byte(`{} {}`); return signed(f) },
		"parent not JSON":    func(f [][]byte) [][]byte { f[4] = []byte(`x`); return signed(f) },
		"metadata not UTF-8": func(f [][]byte) [][]byte { f[5] = []byte("\xff"); return signed(f) },
	}
	for name, spoil := range change {
		c := newClient(t)
		_, frames := c.encode("kernel_info_request", map[string]any{}, nil)
		c.kernel.Handle(kernel.Shell, spoil(frames))
		if got := c.all(); len(got) != 1 {
			t.Errorf("%s: the kernel answered %v", name, names(got))
		}
		if len(c.logs()) != 1 {
			t.Errorf("%s: the log says %q", name, c.logs())
		}
		equal(t, c.ask(kernel.Shell, "kernel_info_request", map[string]any{}).content["status"], "ok")
	}
}

func TestReplayIsRefused(t *testing.T) {
	c := newClient(t)
	_, frames := c.encode("execute_request", map[string]any{"code": "print once"}, nil)
	forged := append([][]byte(nil), frames...)
	forged[2] = []byte(strings.Repeat("00", 32))
	c.kernel.Handle(kernel.Shell, forged) // must not take the real one's place
	c.kernel.Handle(kernel.Shell, frames)
	c.kernel.Handle(kernel.Shell, frames)
	c.kernel.Handle(kernel.Control, frames)
	inputs := 0
	for _, m := range c.all() {
		if m.Header.Type == "execute_input" {
			inputs++
		}
	}
	equal(t, inputs, 1)
}

func TestReplayRingIsBounded(t *testing.T) {
	sender, receiver := newWire(t), newWire(t)
	first := numbered(t, sender, 0)
	for i := range 65536 {
		if _, err := receiver.Decode(numbered(t, sender, i)); err != nil {
			t.Fatal(i, err)
		}
	}
	if _, err := receiver.Decode(first); err == nil {
		t.Fatal("the oldest of 65,536 messages was taken twice")
	}
	if _, err := receiver.Decode(numbered(t, sender, 65536)); err != nil {
		t.Fatal(err)
	}
	if _, err := receiver.Decode(first); err != nil {
		t.Fatalf("the ring holds more than it should: %v", err)
	}
}

func numbered(t *testing.T, w *kernel.Wire, n int) [][]byte {
	t.Helper()
	frames, err := w.Encode(&kernel.Message{Header: kernel.Header{ID: fmt.Sprint(n), Type: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func TestSchemes(t *testing.T) {
	for _, scheme := range []string{"hmac-sha256", "hmac-sha512", "hmac-md5"} {
		for _, key := range []string{"", "k"} {
			sender, err := kernel.NewWire(scheme, key)
			if err != nil {
				t.Fatal(err)
			}
			receiver, _ := kernel.NewWire(scheme, key)
			in := &kernel.Message{
				Identities: [][]byte{[]byte("a"), []byte("b")},
				Header:     kernel.Header{ID: "1", Type: "x"},
				Content:    []byte(`{"html":"<b>"}`),
				Buffers:    [][]byte{{1, 2}, {}},
			}
			frames, err := sender.Encode(in)
			if err != nil {
				t.Fatal(err)
			}
			out, err := receiver.Decode(frames)
			if err != nil {
				t.Fatalf("%s, key %q: %v", scheme, key, err)
			}
			equal(t, out.Identities, in.Identities)
			equal(t, string(out.Content), string(in.Content))
			equal(t, out.Buffers, in.Buffers)
			other, _ := kernel.NewWire(scheme, "other")
			if _, err := other.Decode(frames); err == nil {
				t.Errorf("%s, key %q: another key accepts the message", scheme, key)
			}
		}
	}
	if _, err := kernel.NewWire("hmac-sha1", "k"); err == nil || !strings.Contains(err.Error(), `"hmac-sha1"`) {
		t.Errorf("unknown scheme: %v", err)
	}
}

// A flood of bad messages is one line a second.
func TestDropsAreLoggedSparingly(t *testing.T) {
	now := time.Unix(0, 0)
	c := newClient(t, func(cfg *kernel.Config) { cfg.Now = func() time.Time { return now } })
	for range 1000 {
		c.kernel.Handle(kernel.Shell, nil)
	}
	equal(t, len(c.logs()), 1)
	now = now.Add(time.Second)
	c.kernel.Handle(kernel.Shell, nil)
	equal(t, len(c.logs()), 2)
	if last := c.logs()[1]; !strings.Contains(last, "999 more") {
		t.Errorf("the second line is %q", last)
	}
}

// Whatever the frames hold, decoding returns.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("a"), []byte("<IDS|MSG>"), []byte(""), []byte(`{"msg_id":"a","msg_type":"b"}`), []byte("{}"))
	f.Add([]byte("<IDS|MSG>"), []byte(""), []byte(" "), []byte("{"), []byte("null"))
	f.Fuzz(func(t *testing.T, a, b, c, d, e []byte) {
		w, err := kernel.NewWire("hmac-sha256", "")
		if err != nil {
			t.Fatal(err)
		}
		if m, err := w.Decode([][]byte{a, b, c, d, e, e, e}); err == nil && m.Header.ID == "" {
			t.Error("a message without msg_id was accepted")
		}
	})
}
