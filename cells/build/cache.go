package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/version"
	hashpkg "hash"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/pattern"
)

// A cache keeps what builds make, in folders by kind:
//
//	programs/KEY/NAME     binaries
//	plugins/KEY/          packages compiled into the evaluator
//	manifests/LOOKUP      what a program was made of when it was last built
//	sources/KEY/          generated sources
//	library/HASH/         this project's packages, for programs outside modules
//	modules/              the module of notebooks that are in none
//	tmp/                  work in progress
//
// Entries appear by renaming, complete or not at all, and their names say what
// is in them: so kernels share a cache without locks.
type cache struct{ dir string }

const (
	programs  = "programs"
	plugins   = "plugins"
	manifests = "manifests"
	sources   = "sources"
	libraries = "library"
	temporary = "tmp"
)

// An entry that nobody has used for keep is removed. When programs and plugins
// take more than room, those unused for a day go too, oldest first; when they
// take four times as much, those unused for an hour.
const (
	keep = 30 * 24 * time.Hour
	room = 2 << 30
)

// trimEvery is after how many builds an engine trims its cache again.
const trimEvery = 100

// trim removes what the cache has too much of, at the first build and now and
// then.
func (e *Engine) trim() {
	if e.built.Add(1)%trimEvery == 1 {
		e.cache.trim(room)
	}
}

// CacheError says that the folder of built programs can't be used.
type CacheError struct {
	Dir string
	Err error
}

func (e *CacheError) Error() string {
	return fmt.Sprintf("the folder of built programs, %s, can't be written (%v): make room there or set XDG_CACHE_HOME to another place", e.Dir, e.Err)
}

func (e *CacheError) Unwrap() error { return e.Err }

func (c cache) path(parts ...string) string {
	return filepath.Join(append([]string{c.dir}, parts...)...)
}

func (c cache) owns(path string) bool {
	rel, err := filepath.Rel(c.dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// binary finds a program and notes that it was used.
func (c cache) binary(key, name string) (Binary, bool) {
	path := c.path(programs, key, executable(name))
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return Binary{}, false
	}
	c.touch(programs, key)
	return Binary{Path: path, Key: key, Cached: true}, true
}

// putBinary moves dir, which holds the program, into the cache.
func (c cache) putBinary(key, name, dir string) (Binary, error) {
	if err := c.move(dir, programs, key); err != nil {
		return Binary{}, err
	}
	return Binary{Path: c.path(programs, key, executable(name)), Key: key}, nil
}

func (c cache) drop(key string) { os.RemoveAll(c.path(programs, key)) }

func (c cache) manifest(lookup string) (*manifest, bool) {
	data, err := os.ReadFile(c.path(manifests, lookup))
	if err != nil {
		return nil, false
	}
	m := new(manifest)
	if json.Unmarshal(data, m) != nil {
		return nil, false
	}
	c.touch(manifests, lookup)
	return m, true
}

func (c cache) putManifest(lookup string, m *manifest) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return c.putFile(data, manifests, lookup)
}

// stage writes files to the folder of generated sources named key.
func (c cache) stage(key string, files map[string][]byte) error {
	if _, err := os.Stat(c.path(sources, key)); err == nil {
		c.touch(sources, key)
		return nil
	}
	tmp, err := c.temp()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(tmp, name), data, 0o644); err != nil {
			return &CacheError{c.dir, err}
		}
	}
	return c.move(tmp, sources, key)
}

// overlay writes the file that has go see other files than there are, or files
// where none are: what is in them by their paths.
func (c cache) overlay(files map[string][]byte) (string, error) {
	h := newHash("overlay")
	h.addFiles(files)
	replaced := map[string]string{}
	for path, data := range files {
		name := newHash(path, string(data)).sum() + filepath.Ext(path)
		if err := c.putFile(data, sources, name); err != nil {
			return "", err
		}
		replaced[path] = c.path(sources, name)
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return "", err
	}
	name := h.sum() + ".json"
	return c.path(sources, name), c.putFile(text, sources, name)
}

// library is this project's packages in a folder of the cache.
type library struct {
	dir, hash string
	module    string // "" when there are none
	version   string // of the language
}

func (l *library) present() bool {
	if l.module == "" {
		return true
	}
	_, err := os.Stat(filepath.Join(l.dir, "go.mod"))
	return err == nil
}

// goMod is the go.mod of a program that may use the library.
func (l *library) goMod() []byte {
	return []byte("module program\n\ngo " + l.version + "\n" + l.required())
}

// required are the lines of a go.mod that have the library found.
func (l *library) required() string {
	if l.module == "" {
		return ""
	}
	return fmt.Sprintf("\nrequire %s v0.0.0\n\nreplace %s => %q\n", l.module, l.module, l.dir)
}

// addTo is the text of a go.mod file with the library, if it has none, and with
// a version of the language that the library's packages can be used in.
func (l *library) addTo(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil || l.module == "" || regexp.MustCompile(`(?m)^(module|require)?\s*`+regexp.QuoteMeta(l.module)+`(\s|$)`).Match(text) {
		return text, err
	}
	if m := goLine().FindSubmatch(text); m == nil || version.Compare("go"+string(m[1]), "go"+l.version) < 0 {
		text = append(goLine().ReplaceAll(text, nil), "\ngo "+l.version+"\n"...)
	}
	return append(text, l.required()...), nil
}

var (
	moduleLine = pattern.New(`(?m)^module\s+(\S+)`)
	goLine     = pattern.New(`(?m)^go\s+(\S+)`)
)

// extract writes the library out. Its go.mod loses the requirements: a program
// must build without a network, and what the library's packages import is the
// standard library alone.
func (c cache) extract(source fs.FS) (*library, error) {
	lib := &library{version: Needs + ".0"}
	if source == nil {
		lib.hash = newHash("library").sum()
		return lib, nil
	}
	files := map[string][]byte{}
	err := fs.WalkDir(source, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[path], err = fs.ReadFile(source, path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the packages for programs: %w", err)
	}
	mod, err := fs.ReadFile(source, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("the packages for programs: %w", err)
	}
	name, version := moduleLine().FindSubmatch(mod), goLine().FindSubmatch(mod)
	if name == nil || version == nil {
		return nil, fmt.Errorf("the packages for programs: their go.mod names no module or no Go version")
	}
	lib.module, lib.version = string(name[1]), string(version[1])
	files["go.mod"] = fmt.Appendf(nil, "module %s\n\ngo %s\n", lib.module, lib.version)

	h := newHash("library")
	h.addFiles(files)
	lib.hash = h.sum()
	lib.dir = c.path(libraries, lib.hash)
	if lib.present() {
		c.touch(libraries, lib.hash)
		return lib, nil
	}
	tmp, err := c.temp()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	for name, data := range files {
		path := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, &CacheError{c.dir, err}
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return nil, &CacheError{c.dir, err}
		}
	}
	return lib, c.move(tmp, libraries, lib.hash)
}

// temp makes a folder for work in progress.
func (c cache) temp() (string, error) {
	if err := os.MkdirAll(c.path(temporary), 0o755); err != nil {
		return "", &CacheError{c.dir, err}
	}
	dir, err := os.MkdirTemp(c.path(temporary), "")
	if err != nil {
		return "", &CacheError{c.dir, err}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", &CacheError{c.dir, err}
	}
	return dir, nil
}

// move makes the folder tmp the entry kind/name. When another kernel was
// faster, its entry is as good.
func (c cache) move(tmp, kind, name string) error {
	if err := os.MkdirAll(c.path(kind), 0o755); err != nil {
		return &CacheError{c.dir, err}
	}
	err := os.Rename(tmp, c.path(kind, name))
	if err == nil {
		return nil
	}
	if _, there := os.Stat(c.path(kind, name)); there == nil {
		return nil
	}
	return &CacheError{c.dir, err}
}

func (c cache) putFile(data []byte, kind, name string) error {
	path := c.path(kind, name)
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	}
	tmp, err := c.temp()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	file := filepath.Join(tmp, name)
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return &CacheError{c.dir, err}
	}
	if err := os.MkdirAll(c.path(kind), 0o755); err != nil {
		return &CacheError{c.dir, err}
	}
	if err := os.Rename(file, path); err != nil {
		return &CacheError{c.dir, err}
	}
	return nil
}

func (c cache) touch(kind, name string) {
	now := time.Now()
	os.Chtimes(c.path(kind, name), now, now) // only makes it stay: no harm when it fails
}

// trim removes what hasn't been used for long. What can't be removed, or goes
// while it looks, is left to the next time.
func (c cache) trim(room int64) {
	type entry struct {
		path string
		used time.Time
		size int64
	}
	now := time.Now()
	var kept []entry
	total := int64(0)
	for _, kind := range []string{programs, plugins, manifests, sources, libraries, temporary} {
		items, _ := os.ReadDir(c.path(kind))
		for _, item := range items {
			info, err := item.Info()
			if err != nil {
				continue
			}
			e := entry{path: c.path(kind, item.Name()), used: info.ModTime()}
			limit := keep
			if kind == temporary {
				limit = 24 * time.Hour
			}
			if now.Sub(e.used) > limit {
				os.RemoveAll(e.path)
				continue
			}
			if kind == programs || kind == plugins {
				files, _ := os.ReadDir(e.path)
				for _, f := range files {
					if info, err := f.Info(); err == nil {
						e.size += info.Size()
					}
				}
				total += e.size
				kept = append(kept, e)
			}
		}
	}
	slices.SortFunc(kept, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range kept {
		unused := 24 * time.Hour
		if total > 4*room {
			unused = time.Hour
		}
		if total <= room || now.Sub(e.used) < unused {
			return
		}
		os.RemoveAll(e.path)
		total -= e.size
	}
}

// hash names things by what goes into them.
type hash struct{ hashpkg.Hash }

func newHash(parts ...string) *hash {
	h := &hash{sha256.New()}
	h.add(parts...)
	return h
}

func (h *hash) add(parts ...string) {
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
}

func (h *hash) addFiles(files map[string][]byte) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		h.add(name, string(files[name]))
	}
}

func (h *hash) sum() string { return hex.EncodeToString(h.Sum(nil)[:16]) }
