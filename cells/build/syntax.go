package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Syntax returns what the compiler says of the one file of a package main. Its
// error is about running the compiler, such as a *NoGoError.
func (e *Engine) Syntax(ctx context.Context, text string) ([]Error, error) {
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return nil, err
	}
	dir, err := e.cache.temp()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, &CacheError{e.cache.dir, err}
	}
	out, err := tool.run(ctx, dir, "tool", "compile", "-p", "main", "-e", "-lang=go"+Needs, "-o", filepath.Join(dir, archiveFile), file)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		list := compileError(&target{dir: dir, folder: dir}, out).Errors
		for _, e := range list {
			if strings.HasSuffix(e.Msg, " not terminated") { // which doesn't keep it from checking types
				return []Error{e}, nil
			}
		}
		return list, nil
	}
	return nil, err
}
