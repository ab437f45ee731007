package kernel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paracell/paracell/kernel"
)

const goodConnection = `{
  "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5,
  "ip": "127.0.0.1", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "go"
}`

func TestParseConnection(t *testing.T) {
	c, err := kernel.ParseConnection([]byte(goodConnection))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, c.Endpoint(kernel.Heartbeat), "tcp://127.0.0.1:5")
	equal(t, c.Key, "k")
	ipc, err := kernel.ParseConnection([]byte(strings.NewReplacer(`"tcp"`, `"ipc"`, `"127.0.0.1"`, `"/run/k"`).Replace(goodConnection)))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, ipc.Endpoint(kernel.IOPub), "ipc:///run/k-2")
}

// Each refusal names what is wrong.
func TestBadConnections(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{`{`, `[`, "not a JSON object"},
		{`{`, ``, "not a JSON object"},
		{`"tcp"`, `"udp"`, `transport "udp"`},
		{`"tcp"`, `5`, "transport is 5"},
		{`"127.0.0.1"`, `""`, "ip is empty"},
		{`"127.0.0.1"`, `null`, "ip is null"},
		{`"hmac-sha256"`, `"hmac-sha1"`, `signature_scheme "hmac-sha1"`},
		{`"key": "k"`, `"key": 12`, "key is 12"},
		{`"shell_port": 1`, `"shell_port": 0`, "shell_port is 0"},
		{`"shell_port": 1`, `"shell_port": 65536`, "shell_port is 65536"},
		{`"shell_port": 1`, `"shell_port": -1`, "shell_port is -1"},
		{`"shell_port": 1`, `"shell_port": "1"`, `shell_port is "1"`},
		{`"shell_port": 1`, `"shell_port": 1.5`, "shell_port is 1.5"},
		{`"hb_port": 5`, `"hb_port": 1e999`, "hb_port is 1e999"},
		{`"hb_port": 5,`, ``, "hb_port is missing"},
		{`"hb_port": 5`, `"hb_port": 4`, "control_port and hb_port are both 4"},
	} {
		path := filepath.Join(t.TempDir(), "connection.json")
		if err := os.WriteFile(path, []byte(strings.Replace(goodConnection, test.old, test.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := kernel.ReadConnection(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s for %s: %v", test.new, test.old, err)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than a line: %v", err)
		}
	}
}

func TestConnectionFiles(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.json")
	if _, err := kernel.ReadConnection(missing); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := kernel.ReadConnection(dir); err == nil || strings.Count(err.Error(), dir) != 1 {
		t.Errorf("a folder: %v", err)
	}
	large := filepath.Join(dir, "large.json")
	if err := os.WriteFile(large, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kernel.ReadConnection(large); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a large file: %v", err)
	}
	empty := filepath.Join(dir, "empty.json")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kernel.ReadConnection(empty); err == nil || !strings.Contains(err.Error(), "not a JSON object") {
		t.Errorf("an empty file: %v", err)
	}
}
