package imports

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// archive is the export data of the whole standard library in one file, so that
// a session neither waits for the go command nor depends on its build cache,
// which forgets what was not used for days.
type archive struct {
	file    *os.File
	entries map[string]*zip.File // by import path
}

// archiveName keeps archives of different toolchains apart.
func archiveName() string {
	return fmt.Sprintf("std-%s-%s-%s.zip", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// openArchive opens the archive in dir. Its error wraps fs.ErrNotExist when
// there is none yet.
func openArchive(dir string) (*archive, error) {
	f, err := os.Open(filepath.Join(dir, archiveName()))
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	z, err := zip.NewReader(f, st.Size())
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("reading %s: %w", f.Name(), err)
	}
	a := &archive{file: f, entries: make(map[string]*zip.File, len(z.File))}
	for _, e := range z.File {
		a.entries[e.Name] = e
	}
	return a, nil
}

// open returns the export data of one package.
func (a *archive) open(path string) (io.ReadCloser, error) {
	e := a.entries[path]
	if e == nil {
		return nil, fs.ErrNotExist
	}
	return e.Open()
}

// makeArchive asks the go command for the export data of the standard library
// and writes the archive into dir, whole or not at all. With a cold build cache
// this compiles the standard library, which takes a minute or so.
func makeArchive(ctx context.Context, goCommand, dir string) error {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, goCommand, "list", "-export", "-f", "{{.ImportPath}}\t{{.Export}}", "std")
	cmd.Dir = os.TempDir() // outside any module: the answer must not depend on one
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return noGo(goCommand)
		}
		return fmt.Errorf("listing the standard library: %w: %s", err, firstLine(stderr.String()))
	}
	if err := writeArchive(dir, &stdout); err != nil {
		return fmt.Errorf("%w: make room there, or set XDG_CACHE_HOME to another place", err)
	}
	return nil
}

// writeArchive makes the archive of what go list said: a package a line, and
// the file of its export data.
func writeArchive(dir string, list io.Reader) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, "std-*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	z := zip.NewWriter(tmp)
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		path, file, ok := strings.Cut(lines.Text(), "\t")
		if !ok || file == "" || strings.HasPrefix(path, "vendor/") || isInternal(path) {
			continue
		}
		if err := addExportData(z, path, file); err != nil {
			tmp.Close()
			return fmt.Errorf("export data of %s: %w", path, err)
		}
	}
	if err := errors.Join(z.Close(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, archiveName()))
}

func noGo(command string) error {
	return fmt.Errorf("the command %q was not found: install Go from https://go.dev/dl/ and make sure that it is on the PATH", command)
}

func addExportData(z *zip.Writer, path, file string) error {
	r, err := openExportData(file)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := z.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// openExportData opens what a package exports, in a file that go list -export
// names.
func openExportData(file string) (io.ReadCloser, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	//lint:ignore SA1019 the files of go list -export are archives up to Go 1.27, and it reads later ones too
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

// isInternal reports whether user code may not import path.
func isInternal(path string) bool {
	for elem := range strings.SplitSeq(path, "/") {
		if elem == "internal" {
			return true
		}
	}
	return false
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}
