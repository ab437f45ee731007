package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// toolchain is the go command that builds.
type toolchain struct {
	path string
	id   string // changes when the command, its settings or its environment do
	env  []string
}

func findGo(name string, env []string) (*toolchain, error) {
	if name == "" {
		name = "go"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, &NoGoError{Command: name}
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, &NoGoError{Command: name}
	}
	h := newHash("go", path, fmt.Sprint(info.Size(), info.ModTime().UnixNano()), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"GOENV", "GOFLAGS", "GOOS", "GOARCH", "GOARM", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOTOOLCHAIN", "GOROOT",
		"GOWORK", "GO111MODULE", "GOPATH", "GOMODCACHE", "CGO_ENABLED", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS", "CC", "CXX", "PKG_CONFIG"} {
		h.add(name, getenv(env, name))
	}
	settings := getenv(env, "GOENV")
	if settings == "" {
		if dir, err := os.UserConfigDir(); err == nil {
			settings = filepath.Join(dir, "go", "env")
		}
	}
	if data, err := os.ReadFile(settings); err == nil {
		h.add("go env -w", string(data))
	}
	return &toolchain{path: path, id: h.sum(), env: env}, nil
}

// run runs go and returns all that it wrote. The error is *ExitError when go
// was not content.
func (t *toolchain) run(ctx context.Context, dir string, args ...string) (string, error) {
	var out strings.Builder
	write := func(s string) { out.WriteString(s) }
	_, err := (&Command{Path: t.path, Args: args, Dir: dir, Env: append(t.env[:len(t.env):len(t.env)], "PWD="+dir), Stdout: write, Stderr: write}).Run(ctx)
	return out.String(), err
}

func getenv(env []string, name string) (value string) {
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			value = v
		}
	}
	return value
}
