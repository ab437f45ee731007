package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A kernelSpec is kernel.json: how Jupyter starts a kernel and what it calls it.
type kernelSpec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata"`
}

func newKernelSpec(executable, displayName string) kernelSpec {
	return kernelSpec{
		Argv:          []string{executable, "kernel", "{connection_file}"},
		DisplayName:   displayName,
		Language:      "go",
		InterruptMode: "message",
		Env:           map[string]string{},
		Metadata:      map[string]any{"debugger": false, "paracell": version},
	}
}

// ours tells our kernel specs from those of other kernels, whatever their name.
func (s kernelSpec) ours() bool { return s.Metadata["paracell"] != nil }

//go:embed logos
var logos embed.FS

// files returns what a kernel spec's directory holds, by name.
func (s kernelSpec) files() (map[string][]byte, error) {
	var spec bytes.Buffer
	enc := json.NewEncoder(&spec)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		return nil, err
	}
	files := map[string][]byte{"kernel.json": spec.Bytes()}
	entries, err := logos.ReadDir("logos")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if files[e.Name()], err = logos.ReadFile("logos/" + e.Name()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// validName is Jupyter's own rule for the names of kernels.
var validName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// readKernelSpec reads the spec in dir. The error is fs.ErrNotExist when there
// is none.
func readKernelSpec(dir string) (kernelSpec, error) {
	file := filepath.Join(dir, "kernel.json")
	b, err := os.ReadFile(file)
	if err != nil {
		return kernelSpec{}, err
	}
	var s kernelSpec
	if err := json.Unmarshal(b, &s); err != nil {
		return kernelSpec{}, fmt.Errorf("%s is not a kernel spec: %w", file, err)
	}
	return s, nil
}

// writeKernelSpec makes dir hold exactly s and reports whether that changed
// anything. The files are complete in a directory beside dir before they take
// its place, so that dir is never half-written.
func writeKernelSpec(dir string, s kernelSpec) (changed bool, err error) {
	files, err := s.files()
	if err != nil {
		return false, err
	}
	if holds(dir, files) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return false, cannotWrite(filepath.Dir(dir), err)
	}
	// A dot keeps Jupyter from listing it should the machine stop half-way.
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".paracell-")
	if err != nil {
		return false, cannotWrite(filepath.Dir(dir), err)
	}
	defer os.RemoveAll(fresh)
	if err := os.Chmod(fresh, 0o755); err != nil {
		return false, err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(fresh, name), b, 0o644); err != nil {
			return false, cannotWrite(fresh, err)
		}
	}
	old := fresh + "-old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, cannotWrite(dir, err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		return false, errors.Join(cannotWrite(dir, err), os.Rename(old, dir))
	}
	return true, os.RemoveAll(old)
}

// holds reports whether dir holds these files and nothing else.
func holds(dir string, files map[string][]byte) bool {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(files) {
		return false
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, want) {
			return false
		}
	}
	return true
}

// cannotWrite says what to do about a directory that refuses our files.
func cannotWrite(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("there is no permission to write %s: name a directory of yours with --prefix, or install for yourself with --user", dir)
	}
	return fmt.Errorf("cannot write %s: %w", dir, err)
}

// userDataDir is where Jupyter looks for what one user installed.
func userDataDir(w world) (string, error) {
	if dir := w.getenv("JUPYTER_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	home, err := w.home()
	if err != nil {
		return "", fmt.Errorf("cannot tell the home directory (%w): set JUPYTER_DATA_DIR or use --prefix", err)
	}
	platform := isSet(w.getenv("JUPYTER_PLATFORM_DIRS"))
	switch {
	case w.goos == "darwin" && platform:
		return filepath.Join(home, "Library", "Application Support", "Jupyter"), nil
	case w.goos == "darwin":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case w.goos == "windows" && platform:
		return filepath.Join(firstOf(w.getenv("LOCALAPPDATA"), filepath.Join(home, "AppData", "Local")), "Jupyter"), nil
	case w.goos == "windows":
		return filepath.Join(firstOf(w.getenv("APPDATA"), filepath.Join(home, "AppData", "Roaming")), "jupyter"), nil
	default:
		return filepath.Join(firstOf(w.getenv("XDG_DATA_HOME"), filepath.Join(home, ".local", "share")), "jupyter"), nil
	}
}

// isSet reads a switch in the environment as Jupyter does.
func isSet(v string) bool {
	switch strings.ToLower(v) {
	case "", "no", "n", "false", "off", "0", "0.0":
		return false
	}
	return true
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// kernelDirs lists the directories in which Jupyter looks for kernel specs of
// this user, best first.
func kernelDirs(w world) []string {
	var data []string
	for _, dir := range filepath.SplitList(w.getenv("JUPYTER_PATH")) {
		if dir != "" {
			data = append(data, dir)
		}
	}
	if dir, err := userDataDir(w); err == nil {
		data = append(data, dir)
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := w.getenv(name); prefix != "" {
			data = append(data, filepath.Join(prefix, "share", "jupyter"))
		}
	}
	if w.goos == "windows" {
		if dir := w.getenv("PROGRAMDATA"); dir != "" {
			data = append(data, filepath.Join(dir, "jupyter"))
		}
	} else {
		data = append(data, "/usr/local/share/jupyter", "/usr/share/jupyter")
	}
	for i := range data {
		data[i] = filepath.Join(data[i], "kernels")
	}
	return data
}
