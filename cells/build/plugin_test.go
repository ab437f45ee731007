package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlugin(t *testing.T) {
	e := New(Config{Cache: t.TempDir()})
	if hostOf("").obstacle != "" {
		t.Skip(hostOf("").obstacle)
	}
	source := PluginSource{
		Source:   "package main\n\nimport \"fmt\"\n\ntype Box struct{ N int }\n\nfunc (b Box) Show() string { return fmt.Sprint(b.N) }\n\nfunc main() { println(Box{}.Show()) }\n",
		Imports:  []string{"fmt"},
		Function: func(name string) string { return strings.Replace(name, "Show", "S", 1) },
	}
	first, err := e.Plugin(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if first.Cached {
		t.Error("the first build was cached")
	}
	if again, err := e.Plugin(t.Context(), source); err != nil || !again.Cached || again.Path != first.Path {
		t.Errorf("the second build is %+v, %v", again, err)
	}
	binary, err := os.ReadFile(first.File)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(binary, []byte("\x00main.Box.S\x00")) {
		t.Error("no function calls itself main.Box.S")
	}

	second, err := e.Plugin(t.Context(), PluginSource{
		Source: "package main\n\nimport first \"" + first.Path + "\"\n\ntype Pair struct{ A, B first.Box }\n\nfunc main() { println(Pair{}.A.Show()) }\n",
		Needs:  []Plugin{first},
	})
	if err != nil {
		t.Fatal(err)
	}
	// A cache may be emptied while a session runs.
	if err := os.RemoveAll(filepath.Dir(filepath.Dir(first.File))); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Plugin(t.Context(), PluginSource{
		Source: "package main\n\nimport second \"" + second.Path + "\"\n\nvar p second.Pair\n\nfunc main() { println(p.A.N) }\n",
		Needs:  []Plugin{second},
	}); err != nil {
		t.Errorf("what a needed plugin needs is not found: %v", err)
	}

	var wrong *CompileError
	_, err = e.Plugin(t.Context(), PluginSource{Source: "package main\n\n//line Cell[3]:7\nvar x int = \"\"\n\nfunc main() {}\n"})
	if !errors.As(err, &wrong) || len(wrong.Errors) != 1 || filepath.Base(wrong.Errors[0].File) != "Cell[3]" || wrong.Errors[0].Line != 7 {
		t.Errorf("a type error is %v", err)
	}
}

// A shorter name keeps its tag, and its place.
func TestRename(t *testing.T) {
	path := pluginPath + strings.Repeat("0f", 16)
	for _, tt := range []struct{ flags, name, rest, want string }{
		{"\x00", path, "", "\x00\x04main"},
		{"\x01", "*main.box[" + path + ".foo]", "", "\x01\x13*main.box[main.foo]"},
		{"\x03", "Hidden", "\x03tag", "\x03\x06hidden\x03tag"},
		{"\x01", strings.Repeat("m", 100) + path + ".foo", "", "\x01\x6c" + strings.Repeat("m", 100) + "main.foo"},
		{"\x04", "Hidden", "\x01\x02\x03\x04", "\x04\x06Hidden\x01\x02\x03\x04"},
	} {
		data := append(binary.AppendUvarint([]byte(tt.flags), uint64(len(tt.name))), tt.name+tt.rest...)
		rename(data, strings.ToLower)
		if got := strings.TrimRight(string(data), "\x00"); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A Go other than the one that built this binary cannot add to it.
func TestPluginOfAnotherGo(t *testing.T) {
	if hostOf("").obstacle != "" {
		t.Skip(hostOf("").obstacle)
	}
	dir := t.TempDir()
	other := filepath.Join(dir, "go")
	if err := os.WriteFile(other, []byte("#!/bin/sh\necho go1.99.0\necho tools\necho gcc\necho 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	var none *NoPluginsError
	_, err := New(Config{Cache: dir, Go: other}).Plugin(t.Context(), PluginSource{Source: "package main\n\nfunc main() {}\n"})
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "go1.99.0") {
		t.Errorf("the error is %v", err)
	}
}
