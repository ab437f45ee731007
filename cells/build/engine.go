// Package build is the compiler engine: it turns a Go program into a binary
// with the user's own Go, keeps the binary under a hash of all that went into
// it, and runs programs in process groups that leave nothing behind.
//
// A program inside a module is built there as it is. One outside any module is
// built in a module made up for it, in which this project's packages are found
// without a network; so is one made of generated sources.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Config is what an Engine works with.
type Config struct {
	// Cache is the folder that binaries are kept in, made when needed. Several
	// kernels may share it. CacheDir names the usual one.
	Cache string
	// Library holds this project's sources for programs outside any module: a
	// go.mod and folders of packages that import nothing but the standard
	// library. Nil: such programs can't import them.
	Library fs.FS
	// Go is the command; "" looks for "go" on the PATH.
	Go string
	// Host is the binary that plugins are loaded into; "" for this one.
	Host string
	// Env returns the environment of a build; nil: this process's.
	Env func() []string
}

// CacheDir is where a user's binaries are kept: paracell, under os.UserCacheDir.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep built programs in: %w; set that", err)
	}
	return filepath.Join(dir, "paracell"), nil
}

// An Engine builds programs. It may be used from several goroutines.
type Engine struct {
	cfg     Config
	cache   cache
	built   atomic.Uint32
	mu      sync.Mutex
	library *library  // nil until needed
	plugins *compiler // nil until needed
	host    func() host
}

// New makes an Engine. Nothing is touched or started before the first Build.
func New(cfg Config) *Engine {
	if cfg.Env == nil {
		cfg.Env = os.Environ
	}
	return &Engine{cfg: cfg, cache: cache{dir: cfg.Cache}, host: sync.OnceValue(func() host { return hostOf(cfg.Host) })}
}

// A Source is a program to build: Path or Files, not both.
type Source struct {
	// Path is a Go file, or a folder that holds a package main.
	Path string
	// Files are generated sources by name, all in one folder. Without a go.mod
	// among them they are a program outside any module.
	Files map[string][]byte
	// Dir is the folder whose module has the packages that Files import and that
	// are neither of the standard library nor of the Library; "" for none.
	Dir string
	// Name is the binary's; "" takes the last part of Path, or "program".
	Name string
	// Flags are for go build, such as -race or -buildmode=plugin.
	Flags []string
}

// A Binary is a program that was built.
type Binary struct {
	Path   string
	Key    string // names all that went into it
	Cached bool   // it was there: no compiler ran
}

// Build builds s, or finds the binary that an earlier build of the very same
// program left, without starting anything. When ctx ends it stops the compiler
// and returns ctx's error. Otherwise errors are *CompileError for a faulty
// program, *NoGoError without a Go to build with, *SourceError when s is no
// program, or about the cache folder.
func (e *Engine) Build(ctx context.Context, s Source) (Binary, error) {
	if err := ctx.Err(); err != nil {
		return Binary{}, err
	}
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return Binary{}, err
	}
	t, err := e.target(tool, s)
	if err != nil {
		return Binary{}, err
	}
	if t.key != "" {
		if bin, ok := e.cache.binary(t.key, t.name); ok {
			return bin, nil
		}
		return e.compile(ctx, tool, t)
	}

	// What the program is made of is known from its last build, if nothing of
	// that has changed since.
	if m, ok := e.cache.manifest(t.lookup); ok && m.holds() {
		if bin, ok := e.cache.binary(m.key(t.lookup), t.name); ok {
			return bin, nil
		}
	}
	for {
		m, err := e.list(ctx, tool, t)
		if err != nil {
			return Binary{}, err
		}
		t.key = m.key(t.lookup)
		bin, ok := e.cache.binary(t.key, t.name)
		if !ok {
			if bin, err = e.compile(ctx, tool, t); err != nil {
				return Binary{}, err
			}
			if !m.holds() { // saved while it was built: the binary may be of either
				e.cache.drop(t.key)
				continue
			}
		}
		return bin, e.cache.putManifest(t.lookup, m)
	}
}

// A target is a Source made ready for the go command.
type target struct {
	dir     string // go runs here
	pattern string // what it builds: "." or a file's name
	overlay string // file for -overlay; "" for none
	folder  string // where generated sources are, or seem to be; "" for none
	flags   []string
	name    string
	files   map[string][]byte // generated sources, written to dir when there is need; nil for none
	scratch bool              // in a module made up for it
	lookup  string            // hash of all but the sources
	key     string            // hash of everything; "" until the sources are listed
}

func (e *Engine) target(tool *toolchain, s Source) (*target, error) {
	t := &target{flags: s.Flags, name: s.Name, pattern: "."}
	h := newHash("target", tool.id, strings.Join(s.Flags, "\x00"))
	if s.Files != nil {
		if t.name == "" {
			t.name = "program"
		}
		if s.Dir != "" && e.importsModules(s.Files, s.Dir) {
			return t, e.join(t, h, s)
		}
		return t, e.stage(t, h, s.Files)
	}
	path, err := filepath.Abs(s.Path)
	if err != nil {
		return nil, &SourceError{Path: s.Path, Problem: err.Error()}
	}
	if t.dir, t.pattern, err = checkProgram(path); err != nil {
		return nil, err
	}
	if t.name == "" {
		t.name = strings.TrimSuffix(filepath.Base(path), ".go")
	}
	root := moduleRoot(t.dir)
	h.add("path", path, root, workspace(t.dir, e.cfg.Env()))
	if root == "" {
		t.scratch = true
		lib, err := e.scratchLibrary()
		if err != nil {
			return nil, err
		}
		h.add(lib.hash)
		if t.overlay, err = e.cache.overlay(map[string][]byte{filepath.Join(t.dir, "go.mod"): lib.goMod()}); err != nil {
			return nil, err
		}
	}
	t.lookup = h.sum()
	return t, nil
}

// stage plans a folder named by the hash of the generated sources in it.
func (e *Engine) stage(t *target, h *hash, files map[string][]byte) error {
	all := map[string][]byte{}
	for name, data := range files {
		if name != filepath.Base(name) || name == "." {
			return &SourceError{Path: name, Problem: "a generated source is a plain file name"}
		}
		all[name] = data
	}
	if all["go.mod"] == nil {
		t.scratch = true
		lib, err := e.scratchLibrary()
		if err != nil {
			return err
		}
		h.add(lib.hash)
		all["go.mod"] = lib.goMod()
	}
	h.addFiles(all)
	t.files, t.key = all, h.sum()
	t.dir = e.cache.path(sources, t.key)
	t.folder = t.dir
	return nil
}

// join plans a folder that go finds in the module of s.Dir, though it is not there.
func (e *Engine) join(t *target, h *hash, s Source) error {
	dir, err := e.ModuleDir(s.Dir)
	if err != nil {
		return err
	}
	lib, err := e.scratchLibrary()
	if err != nil {
		return err
	}
	root := moduleRoot(dir)
	goMod, err := lib.addTo(filepath.Join(root, "go.mod"))
	if err != nil {
		return &SourceError{Path: root, Problem: err.Error()}
	}
	h.add("module", dir, root, workspace(dir, e.cfg.Env()), lib.hash, string(goMod), hashFile(filepath.Join(root, "go.sum")))
	h.addFiles(s.Files)
	t.lookup = h.sum()
	t.dir, t.pattern = dir, "./cell"+t.lookup[:12]
	t.folder = filepath.Join(dir, t.pattern)
	replaced := map[string][]byte{filepath.Join(root, "go.mod"): goMod}
	for name, data := range s.Files {
		replaced[filepath.Join(t.folder, name)] = data
	}
	t.overlay, err = e.cache.overlay(replaced)
	return err
}

func (e *Engine) scratchLibrary() (*library, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.library != nil && e.library.present() {
		return e.library, nil
	}
	lib, err := e.cache.extract(e.cfg.Library)
	if err == nil {
		e.library = lib
	}
	return lib, err
}

// compile runs go build and puts what it makes in the cache.
func (e *Engine) compile(ctx context.Context, tool *toolchain, t *target) (Binary, error) {
	if t.files != nil {
		if err := e.cache.stage(t.key, t.files); err != nil {
			return Binary{}, err
		}
	}
	tmp, err := e.cache.temp()
	if err != nil {
		return Binary{}, err
	}
	defer os.RemoveAll(tmp)
	args := []string{"build", "-buildvcs=false"}
	if t.overlay != "" {
		args = append(args, "-overlay", t.overlay)
	}
	args = append(args, t.flags...)
	args = append(args, "-o", filepath.Join(tmp, executable(t.name)), t.pattern)
	out, err := tool.run(ctx, t.dir, args...)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		return Binary{}, compileError(t, out)
	} else if err != nil {
		return Binary{}, err
	}
	bin, err := e.cache.putBinary(t.key, t.name, tmp)
	e.trim()
	return bin, err
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
