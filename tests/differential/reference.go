package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// A reference runs programs with the Go at hand.
type reference struct {
	cache, scratch, version string
	timeout                 time.Duration
}

// want is what the real Go made of a program. When Unusable says why, there is
// nothing to compare with.
type want struct {
	outcome
	Raw      []byte `json:",omitempty"` // Stdout, when it is not UTF-8
	Unusable string
}

// run builds a program and runs it, or takes what it did when it last had this
// text. It runs twice: what it prints must not change.
func (r reference) run(ctx context.Context, p program) (want, error) {
	kept, err := r.place(p)
	if err != nil {
		return want{}, err
	}
	var w want
	if old, err := os.ReadFile(kept); err == nil && json.Unmarshal(old, &w) == nil {
		if w.Raw != nil {
			w.Stdout = string(w.Raw)
		}
		return w, nil
	}
	return r.renew(ctx, p)
}

func (r reference) place(p program) (string, error) {
	text, err := os.ReadFile(p.file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "2\n%s\n%s\n%s", r.version, filepath.Base(p.file), text))
	key := hex.EncodeToString(sum[:])
	return filepath.Join(r.cache, key[:2], key+".json"), nil
}

// renew builds and runs a program anew, and keeps what it did.
func (r reference) renew(ctx context.Context, p program) (want, error) {
	kept, err := r.place(p)
	if err != nil {
		return want{}, err
	}
	w, err := r.fresh(ctx, p)
	if err != nil {
		return w, err
	}
	if !utf8.ValidString(w.Stdout) {
		w.Raw = []byte(w.Stdout)
	}
	line, err := json.Marshal(w)
	if err != nil {
		return w, err
	}
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		return w, err
	}
	part := fmt.Sprintf("%s.%d", kept, os.Getpid())
	if err := os.WriteFile(part, line, 0o644); err != nil {
		return w, err
	}
	return w, os.Rename(part, kept)
}

func (r reference) fresh(ctx context.Context, p program) (want, error) {
	dir, err := os.MkdirTemp(r.scratch, "build")
	if err != nil {
		return want{}, err
	}
	defer os.RemoveAll(dir)
	// The file's name is the program's, as in Paracell.
	binary := filepath.Join(dir, strings.TrimSuffix(filepath.Base(p.file), ".go"))
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, filepath.Base(p.file))
	build.Dir = filepath.Dir(p.file)
	if out, err := build.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return want{}, ctx.Err()
		}
		return want{Unusable: "does not build: " + strings.TrimSpace(string(out))}, nil
	}
	var w want
	for i := range 2 {
		o, err := execute(ctx, r.scratch, r.timeout, binary)
		switch {
		case err != nil:
			return want{}, err
		case o.TimedOut:
			return want{Unusable: fmt.Sprintf("runs longer than %v", r.timeout)}, nil
		case i > 0 && (o.Stdout != w.Stdout || o.Exit != w.Exit):
			return want{Unusable: "prints something else each time"}, nil
		}
		w.outcome = o
	}
	return w, nil
}
