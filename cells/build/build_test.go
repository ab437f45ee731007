package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// library is what the real one looks like: a go.mod with requirements that
// nothing can fetch, a package, and a test that must stay behind.
var testLibrary = fstest.MapFS{
	"go.mod":               {Data: []byte("module example.org/lib\n\ngo 1.26.0\n\nrequire example.org/nowhere v1.2.3\n")},
	"greet/greet.go":       {Data: []byte("package greet\n\nfunc Hello() string { return \"hello\" }\n")},
	"greet/greet_test.go":  {Data: []byte("package greet\n\nimport _ \"example.org/nowhere\"\n")},
	"greet/testdata/x.txt": {Data: []byte("x")},
}

// counted is an engine whose go command notes each start in a file.
func counted(t *testing.T, library fs.FS) (e *Engine, starts func() int) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the go command is wrapped in a shell script")
	}
	real, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go")
	}
	dir := t.TempDir()
	log, wrapper := filepath.Join(dir, "log"), filepath.Join(dir, "go")
	write(t, wrapper, fmt.Sprintf("#!/bin/sh\necho x >>%q\nexec %q \"$@\"\n", log, real))
	if err := os.Chmod(wrapper, 0o755); err != nil {
		t.Fatal(err)
	}
	env := func() []string { return append(os.Environ(), "GOPROXY=off", "GOWORK=", "GOFLAGS=") }
	e = New(Config{Cache: filepath.Join(dir, "cache"), Library: library, Go: wrapper, Env: env})
	return e, func() int {
		data, _ := os.ReadFile(log)
		return strings.Count(string(data), "x")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// output builds and runs s.
func output(t *testing.T, e *Engine, s Source) (string, Binary) {
	t.Helper()
	bin, err := e.Build(t.Context(), s)
	if err != nil {
		var ce *CompileError
		if errors.As(err, &ce) {
			t.Log(ce.Output)
		}
		t.Fatal(err)
	}
	out, err := exec.Command(bin.Path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out), bin
}

func TestBuildFileAndCache(t *testing.T) {
	e, starts := counted(t, testLibrary)
	dir := t.TempDir()
	file := filepath.Join(dir, "hi.go")
	program := "package main\n\nimport \"example.org/lib/greet\"\n\nfunc main() { print(greet.Hello(), %q) }\n"
	write(t, file, fmt.Sprintf(program, 1))
	write(t, filepath.Join(dir, "other.go"), "package main\n\nfunc main() {}\n") // a file is a program of its own

	out, bin := output(t, e, Source{Path: file})
	if out != "hello1" && out != "hello\x01" || bin.Cached || filepath.Base(bin.Path) != executable("hi") {
		t.Fatalf("%q %+v", out, bin)
	}
	n := starts()
	if _, again := output(t, e, Source{Path: file}); !again.Cached || again.Path != bin.Path {
		t.Errorf("the second build: %+v", again)
	}
	second := New(e.cfg) // another kernel on the same cache
	if _, again := output(t, second, Source{Path: file}); !again.Cached {
		t.Errorf("another engine's build: %+v", again)
	}
	if starts() != n {
		t.Errorf("go was started %d times for what was built already", starts()-n)
	}

	write(t, file, fmt.Sprintf(program, "two"))
	if out, changed := output(t, e, Source{Path: file}); out != "hellotwo" || changed.Cached {
		t.Errorf("after a change: %q %+v", out, changed)
	}
	if _, other := output(t, e, Source{Path: file, Flags: []string{"-ldflags=-s"}}); other.Cached {
		t.Error("other flags found the binary of the first")
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		t.Error("the build left a go.mod beside the program")
	}
	for _, kind := range []string{temporary} {
		if left, _ := os.ReadDir(e.cache.path(kind)); len(left) != 0 {
			t.Errorf("%s holds %v", kind, left)
		}
	}
}

func TestBuildFolderInModule(t *testing.T) {
	e, starts := counted(t, nil)
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module m\n\ngo 1.26.0\n")
	write(t, filepath.Join(root, "prog", "main.go"), "package main\n\nimport (\n\t_ \"embed\"\n\t\"m/dep\"\n)\n\n//go:embed *.txt\nvar text string\n\nfunc main() { print(dep.Name(), text) }\n")
	write(t, filepath.Join(root, "prog", "a.txt"), "text")
	write(t, filepath.Join(root, "dep", "dep.go"), "package dep\n\nfunc Name() string { return \"one\" }\n")
	prog := Source{Path: filepath.Join(root, "prog")}
	if out, _ := output(t, e, prog); out != "onetext" {
		t.Fatalf("%q", out)
	}
	n := starts()
	if _, again := output(t, e, prog); !again.Cached || starts() != n {
		t.Error("built again")
	}
	for _, c := range []struct{ name, file, text, want string }{
		{"a changed dependency", "dep/dep.go", "package dep\n\nfunc Name() string { return name }\n\nvar name = \"two\"\n", "twotext"},
		{"a changed embedded file", "prog/a.txt", "TEXT", "twoTEXT"},
		{"a new file in a dependency", "dep/more.go", "package dep\n\nfunc init() { name = \"three\" }\n", "threeTEXT"},
		{"a changed go.mod", "go.mod", "module m\n\ngo 1.26.1\n", "threeTEXT"},
	} {
		write(t, filepath.Join(root, c.file), c.text)
		if out, bin := output(t, e, prog); out != c.want || bin.Cached {
			t.Errorf("%s: %q %+v", c.name, out, bin)
		}
	}
	write(t, filepath.Join(root, "dep", "dep_test.go"), "package dep\n")
	if _, bin := output(t, e, prog); !bin.Cached {
		t.Error("a test file made it build again")
	}
}

func TestBuildGenerated(t *testing.T) {
	e, starts := counted(t, testLibrary)
	s := Source{Files: map[string][]byte{
		"main.go": []byte("package main\n\nimport \"example.org/lib/greet\"\n\nfunc main() { print(greet.Hello(), n) }\n"),
		"n.go":    []byte("package main\n\nconst n = \"7\"\n"),
	}, Name: "worker"}
	if out, bin := output(t, e, s); out != "hello7" || filepath.Base(bin.Path) != executable("worker") {
		t.Fatalf("%q %+v", out, bin)
	}
	n := starts()
	if _, again := output(t, e, s); !again.Cached || starts() != n {
		t.Error("built again")
	}
	s.Files["n.go"] = []byte("package main\n\nconst n = \"8\"\n")
	if out, _ := output(t, e, s); out != "hello8" {
		t.Errorf("%q", out)
	}
	if _, err := e.Build(t.Context(), Source{Files: map[string][]byte{"../x.go": nil}}); err == nil {
		t.Error("a generated source left its folder")
	}
}

func TestCompileErrors(t *testing.T) {
	e, _ := counted(t, testLibrary)
	dir := t.TempDir()
	file := filepath.Join(dir, "bad.go")
	write(t, file, "package main\n\nfunc main() {\n\tx := 1\n\tvar s string = 2\n}\n")
	generated := map[string][]byte{"cell.go": []byte("//line Cell[3]:2\npackage main\nfunc main() { return 1 }\n")}
	missing := filepath.Join(dir, "missing.go")
	write(t, missing, "package main\n\nimport _ \"example.com/x/y\"\n\nfunc main() {}\n")
	syntax := filepath.Join(dir, "syntax.go")
	write(t, syntax, "package main\n\nfunc main( {\n")
	nomain := filepath.Join(dir, "nomain.go")
	write(t, nomain, "package main\n")
	for _, c := range []struct {
		name string
		s    Source
		want []Error
	}{
		{"types", Source{Path: file}, []Error{
			{file, 4, 2, "declared and not used: x"},
			{file, 5, 6, "declared and not used: s"},
			{file, 5, 17, "cannot use 2 (untyped int constant) as string value in variable declaration"},
		}},
		{"//line", Source{Files: generated}, []Error{{"Cell[3]", 3, 22, "too many return values\n\thave (number)\n\twant ()"}}},
		{"missing module", Source{Path: missing}, []Error{{missing, 3, 8, "no required module provides package example.com/x/y: the program is outside any module; run go mod init and go get in its folder"}}},
		{"syntax", Source{Path: syntax}, []Error{{syntax, 3, 13, "syntax error: unexpected {, expected )"}}},
		{"no main", Source{Path: nomain}, []Error{{Msg: "function main is undeclared in the main package"}}},
	} {
		_, err := e.Build(t.Context(), c.s)
		var ce *CompileError
		if !errors.As(err, &ce) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(ce.Errors) < len(c.want) {
			t.Errorf("%s: %+v", c.name, ce.Errors)
			continue
		}
		for i, want := range c.want {
			if got := ce.Errors[i]; got.File != want.File || got.Line != want.Line || !strings.HasPrefix(got.Msg, want.Msg) {
				t.Errorf("%s: error %d is %+v, want %+v", c.name, i, got, want)
			}
		}
	}
}

func TestNoProgram(t *testing.T) {
	e, _ := counted(t, nil)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lib", "lib.go"), "package lib\n")
	write(t, filepath.Join(dir, "two", "a.go"), "package a\n")
	write(t, filepath.Join(dir, "two", "b.go"), "package b\n")
	write(t, filepath.Join(dir, "text.txt"), "")
	write(t, filepath.Join(dir, "x_test.go"), "package main\n")
	os.Mkdir(filepath.Join(dir, "empty"), 0o755)
	for path, want := range map[string]string{
		"nothing":    "there is no such file or folder",
		"lib":        "the folder holds package lib; a program is package main",
		"lib/lib.go": "it belongs to package lib; a program is package main",
		"two":        "its files belong to several packages: a, b",
		"empty":      "the folder holds no Go program",
		"text.txt":   "it is not a Go file",
		"x_test.go":  "it is a test, not a program; !go test runs tests",
	} {
		path = filepath.Join(dir, path)
		_, err := e.Build(t.Context(), Source{Path: path})
		var se *SourceError
		if !errors.As(err, &se) || se.Error() != path+": "+want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestNoGo(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	_, err := New(Config{Cache: cache, Go: "no-such-go"}).Build(t.Context(), Source{Path: "x.go"})
	var none *NoGoError
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "https://go.dev/dl/") || !strings.Contains(err.Error(), Needs) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(cache); err == nil {
		t.Error("a cache was made for nothing")
	}
}

func TestCacheNotWritable(t *testing.T) {
	e, _ := counted(t, nil)
	write(t, e.cfg.Cache, "a file where the folder should be")
	_, err := e.Build(t.Context(), Source{Files: map[string][]byte{"a.go": []byte("package main\n\nfunc main() {}\n")}})
	var ce *CacheError
	if !errors.As(err, &ce) || !strings.Contains(err.Error(), e.cfg.Cache) {
		t.Errorf("%v", err)
	}
}

func TestConcurrentBuilds(t *testing.T) {
	e, _ := counted(t, testLibrary)
	file := filepath.Join(t.TempDir(), "p.go")
	write(t, file, "package main\n\nimport \"example.org/lib/greet\"\n\nfunc main() { print(greet.Hello()) }\n")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			other := New(e.cfg)
			bin, err := other.Build(t.Context(), Source{Path: file})
			if err != nil {
				t.Error(err)
				return
			}
			if out, err := exec.Command(bin.Path).CombinedOutput(); err != nil || string(out) != "hello" {
				t.Errorf("%q %v", out, err)
			}
		})
	}
	wg.Wait()
}

func TestBuildInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script")
	}
	dir := t.TempDir()
	slow, began := filepath.Join(dir, "go"), filepath.Join(dir, "began")
	write(t, slow, fmt.Sprintf("#!/bin/sh\ntouch %q\nsleep 1000 & wait\n", began))
	os.Chmod(slow, 0o755)
	e := New(Config{Cache: filepath.Join(dir, "cache"), Go: slow})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		poll(t, func() bool { _, err := os.Stat(began); return err == nil })
	}()
	_, err := e.Build(ctx, Source{Files: map[string][]byte{"a.go": []byte("package main\n")}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTrim(t *testing.T) {
	c := cache{dir: t.TempDir()}
	now := time.Now()
	for name, age := range map[string]time.Duration{
		"now": time.Minute, "today": 2 * time.Hour, "older": 72 * time.Hour, "oldest": keep - time.Hour, "expired": keep + time.Hour,
	} {
		write(t, c.path(programs, name, "p"), "1234567890")
		if err := os.Chtimes(c.path(programs, name), now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		room int64
		left string
	}{{room, "now older oldest today"}, {30, "now older today"}, {5, "now today"}, {4, "now"}, {0, "now"}} {
		c.trim(step.room)
		entries, err := os.ReadDir(c.path(programs))
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if err != nil || strings.Join(left, " ") != step.left {
			t.Errorf("room for %d bytes leaves %v, want %s", step.room, left, step.left)
		}
	}
}

// poll waits until done holds.
func poll(t *testing.T, done func() bool) {
	deadline := time.Now().Add(30 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Error("gave up waiting")
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
