package kernel_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/kernel"
)

func historyOf(c *client, content map[string]any) any {
	c.t.Helper()
	return c.ask(kernel.Shell, "history_request", content).content["history"]
}

func TestHistory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	session := func(cells ...string) *client {
		c := newClient(t, func(cfg *kernel.Config) { cfg.History = kernel.OpenHistory(dir) })
		for _, code := range cells {
			c.execute(code)
		}
		return c
	}
	session("one", "print two", "three").kernel.Close()
	c := session("one", "four/five")
	c.execute("hidden", map[string]any{"store_history": false})
	c.execute("quiet", map[string]any{"silent": true})

	type m = map[string]any
	entry := func(session, line float64, input any) any { return []any{session, line, input} }
	for _, test := range []struct {
		ask  m
		want []any
	}{
		{m{"hist_access_type": "tail", "n": 3}, []any{entry(1, 3, "three"), entry(2, 1, "one"), entry(2, 2, "four/five")}},
		{m{"hist_access_type": "tail", "n": 0}, []any{}},
		{m{"hist_access_type": "tail", "n": 1, "output": true}, []any{entry(2, 2, []any{"four/five", "four/five"})}},
		{m{"hist_access_type": "tail"}, []any{
			entry(1, 1, "one"), entry(1, 2, "print two"), entry(1, 3, "three"), entry(2, 1, "one"), entry(2, 2, "four/five")}},
		{m{"hist_access_type": "range", "session": 0, "start": 1, "stop": 2}, []any{entry(2, 1, "one")}},
		{m{"hist_access_type": "range", "session": 0, "start": 0}, []any{entry(2, 1, "one"), entry(2, 2, "four/five")}},
		{m{"hist_access_type": "range", "session": 0, "start": -1}, []any{entry(2, 2, "four/five")}},
		{m{"hist_access_type": "range", "session": -1, "start": 2, "stop": -1, "output": true}, []any{entry(1, 2, []any{"print two", nil})}},
		{m{"hist_access_type": "range", "session": 1, "start": 3, "stop": 9, "output": true}, []any{entry(1, 3, []any{"three", "three"})}},
		{m{"hist_access_type": "range", "session": 77, "start": 1}, []any{}},
		{m{"hist_access_type": "range", "session": -77, "start": 1}, []any{}},
		{m{"hist_access_type": "search", "pattern": "*o*"}, []any{
			entry(1, 1, "one"), entry(1, 2, "print two"), entry(2, 1, "one"), entry(2, 2, "four/five")}},
		{m{"hist_access_type": "search", "pattern": "one", "unique": true}, []any{entry(2, 1, "one")}},
		{m{"hist_access_type": "search", "pattern": "*", "n": 2}, []any{entry(2, 1, "one"), entry(2, 2, "four/five")}},
		{m{"hist_access_type": "search", "pattern": "t[a-h]ree"}, []any{entry(1, 3, "three")}},
		{m{"hist_access_type": "search", "pattern": "t[^a-h]ree"}, []any{}},
		{m{"hist_access_type": "search", "pattern": "t?ree"}, []any{entry(1, 3, "three")}},
		{m{"hist_access_type": "search", "pattern": "thre"}, []any{}},
		{m{"hist_access_type": "search", "pattern": "[one"}, []any{}},
		{m{"hist_access_type": "search", "pattern": ".*"}, []any{}},
	} {
		if got := historyOf(c, test.ask); !jsonEqual(got, test.want) {
			t.Errorf("%v\ngot  %v\nwant %v", test.ask, got, test.want)
		}
	}
}

func jsonEqual(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Two kernels that start at once share the folder, each under its own number.
func TestHistoryOfTwoKernels(t *testing.T) {
	dir := t.TempDir()
	a, b := kernel.OpenHistory(dir), kernel.OpenHistory(dir)
	for _, h := range []*kernel.History{a, b} {
		if err := h.Input(1, "same", time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	found, err := a.Search("same", -1, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found[0].Session == found[1].Session {
		t.Errorf("got %v", found)
	}
}

// A line that was cut short costs that line alone.
func TestHistoryDamaged(t *testing.T) {
	dir := t.TempDir()
	text := `{"line":1,"input":"one"}` + "\n" + `{"line":2,"inp` + "\n[]\n\x00\n" + `{"line":3,"input":"three"}`
	if err := os.WriteFile(filepath.Join(dir, "00000007.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := kernel.OpenHistory(dir).Tail(10)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, found, []kernel.Entry{{Session: 7, Line: 1, Input: "one"}, {Session: 7, Line: 3, Input: "three"}})
}

// Without a place to write, cells run and this session's history works; the
// log says so once.
func TestHistoryUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, func(cfg *kernel.Config) { cfg.History = kernel.OpenHistory(filepath.Join(file, "history")) })
	c.execute("one")
	reply, _ := c.execute("two")
	equal(t, reply.content["status"], "ok")
	logs := c.logs()
	if len(logs) != 1 || !strings.Contains(logs[0], "memory only") {
		t.Errorf("the log says %q", logs)
	}
	got := historyOf(c, map[string]any{"hist_access_type": "range", "session": 0, "start": 1})
	equal(t, len(got.([]any)), 2)
}

// A new session pushes out the oldest ones: those beyond the number, and those
// beyond the size.
func TestHistoryIsBounded(t *testing.T) {
	for _, test := range []struct {
		sessions int
		size     int64
		left     int
	}{
		{505, 10, 500},
		{20, 1 << 20, 16 + 1},
	} {
		dir := t.TempDir()
		for i := range test.sessions {
			path := filepath.Join(dir, fmt.Sprintf("%08d.jsonl", i+1))
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, test.size); err != nil {
				t.Fatal(err)
			}
		}
		h := kernel.OpenHistory(dir)
		if err := h.Input(1, "x", time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, len(files), test.left)
		equal(t, files[len(files)-1].Name(), fmt.Sprintf("%08d.jsonl", test.sessions+1))
	}
}
