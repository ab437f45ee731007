package build

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/paracell/paracell/cells/pattern"
)

// A PluginSource is a package main that is to join a running process of the
// binary that Config names.
type PluginSource struct {
	Source  string   // the text of its one file
	Imports []string // packages of the standard library, or of the Library, that it imports
	Needs   []Plugin // plugins that it imports, by their Path
	// Function returns what a function is to call itself at run time, from its name
	// as that of a function of package main; Type the same for types and for
	// methods of types. Not longer. Nil leaves names as they are.
	Function, Type func(name string) string
}

// A Plugin is a package that was compiled for that binary. It may be imported by
// later ones.
type Plugin struct {
	Path   string // its import path
	File   string // what package plugin opens
	Cached bool   // it was there: no compiler ran
	source PluginSource
}

// archive is what the compiler reads of a plugin.
func (p Plugin) archive() string { return filepath.Join(filepath.Dir(p.File), archiveFile) }

// NoPluginsError says why nothing can be compiled into this process.
type NoPluginsError struct{ Reason string }

func (e *NoPluginsError) Error() string {
	return "the cell declares a type, or else needs the compiler, and " + e.Reason
}

// pluginFile and archiveFile are what the cache keeps of a plugin.
const (
	pluginFile  = "package.so"
	archiveFile = "package.a"
)

// Plugin compiles and links s, or finds what an earlier call left. Errors are as
// Build's, or a *NoPluginsError. It runs the compiler and the linker itself: the
// go command would take twice as long to find out that nothing else changed.
func (e *Engine) Plugin(ctx context.Context, s PluginSource) (Plugin, error) {
	if err := ctx.Err(); err != nil {
		return Plugin{}, err
	}
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return Plugin{}, err
	}
	host := e.host()
	if host.obstacle != "" {
		return Plugin{}, &NoPluginsError{host.obstacle}
	}
	h := newHash("plugin 5", tool.id, host.id(), s.Source)
	for _, n := range s.Needs {
		h.add(n.Path)
	}
	for _, path := range s.Imports {
		if file := e.module(path); file != "" {
			h.add(path, file) // whose name tells what is in it
		} else if ofLibrary(path) {
			lib, err := e.scratchLibrary()
			if err != nil {
				return Plugin{}, err
			}
			h.add(path, lib.hash)
		}
	}
	key := h.sum()
	p := Plugin{Path: pluginPath + key, File: e.cache.path(plugins, key, pluginFile), source: s}
	if _, err := os.Stat(p.File); err == nil {
		e.cache.touch(plugins, key)
		p.Cached = true
		return p, nil
	}
	c, err := e.compilerFor(ctx, tool, host)
	if err != nil {
		return Plugin{}, err
	}
	archives, err := c.archivesOf(ctx, s.Imports)
	if err != nil {
		return Plugin{}, err
	}
	tmp, err := e.cache.temp()
	if err != nil {
		return Plugin{}, err
	}
	defer os.RemoveAll(tmp)
	var config strings.Builder
	for path, file := range archives {
		fmt.Fprintf(&config, "packagefile %s=%s\n", path, file)
	}
	for _, n := range allNeeds(s.Needs) {
		if _, err := os.Stat(n.archive()); err != nil { // the cache was emptied
			if _, err := e.Plugin(ctx, n.source); err != nil {
				return Plugin{}, err
			}
		}
		fmt.Fprintf(&config, "packagefile %s=%s\n", n.Path, n.archive())
	}
	source, importcfg := filepath.Join(tmp, "cell.go"), filepath.Join(tmp, "importcfg")
	for file, text := range map[string]string{source: s.Source, importcfg: config.String()} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return Plugin{}, &CacheError{e.cache.dir, err}
		}
	}
	archive, file := filepath.Join(tmp, archiveFile), filepath.Join(tmp, pluginFile)
	compile := append(c.compileFlags(p.Path, importcfg, archive), "-trimpath", tmp+"=>", source)
	if err := c.run(ctx, tmp, "compile", compile...); err != nil {
		return Plugin{}, err
	}
	if s.Type != nil {
		if err := nameTypes(archive, s.Type); err != nil {
			return Plugin{}, &CacheError{e.cache.dir, err}
		}
	}
	link := []string{"-buildmode=plugin", "-pluginpath", p.Path, "-importcfg", importcfg, "-s", "-w", "-o", file}
	if c.extld != "" {
		link = append(link, "-extld", c.extld)
	}
	if c.fast != "" {
		link = append(link, "-extldflags=-fuse-ld="+c.fast)
	}
	if host.race {
		link = append(link, "-race")
	}
	if err := c.run(ctx, tmp, "link", append(link, archive)...); err != nil {
		return Plugin{}, err
	}
	if s.Function != nil {
		if err := nameFunctions(file, s.Function); err != nil {
			return Plugin{}, &CacheError{e.cache.dir, err}
		}
	}
	os.Remove(importcfg)
	err = e.cache.move(tmp, plugins, key)
	e.trim()
	return p, err
}

// ofLibrary reports whether a package is not of the standard library.
func ofLibrary(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

// usual are the packages that cells import most.
var usual = []string{
	"bufio", "bytes", "cmp", "context", "encoding/json", "errors", "fmt", "io", "iter", "maps", "math", "math/rand",
	"os", "reflect", "regexp", "slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time", "unicode/utf8", "unsafe",
}

// WarmPlugins has go build what most plugins import, so that no cell waits for it:
// once for a toolchain.
func (e *Engine) WarmPlugins(ctx context.Context) error {
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return err
	}
	c, err := e.compilerFor(ctx, tool, e.host())
	if err != nil {
		return err
	}
	_, err = c.archivesOf(ctx, usual)
	return err
}

// allNeeds lists plugins and all that they need, each once.
func allNeeds(list []Plugin) (all []Plugin) {
	for _, p := range list {
		for _, n := range append(allNeeds(p.source.Needs), p) {
			if !slices.ContainsFunc(all, func(o Plugin) bool { return o.Path == n.Path }) {
				all = append(all, n)
			}
		}
	}
	return all
}

// host is how the binary was built that loads plugins: they must be built so, too.
type host struct {
	version string
	root    string // where its sources were, or what stands for that
	race    bool
	// obstacle is why it can load no plugins; "" when it can.
	obstacle string
}

// hostOf looks at a binary; "" is this one.
func hostOf(path string) host {
	h := host{version: runtime.Version()}
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd":
	default:
		h.obstacle = "Go has no plugins on " + runtime.GOOS + ": put the types into a program for %run or %%run"
	}
	_, file, _, _ := runtime.Caller(0)
	h.root = strings.TrimSuffix(filepath.ToSlash(file), "/cells/build/plugin.go")
	info, ok := debug.ReadBuildInfo()
	if path != "" {
		if read, err := buildinfo.ReadFile(path); err == nil {
			info, ok = read, true
			h.version = read.GoVersion
		}
	}
	if !ok {
		return h
	}
	for _, s := range info.Settings {
		h.race = h.race || s.Key == "-race" && s.Value == "true"
		if s.Key == "CGO_ENABLED" && s.Value == "0" {
			h.obstacle = "Paracell was built without a C compiler, so it cannot load compiled Go: install gcc, then run install.sh again"
		}
	}
	return h
}

func (h host) id() string { return fmt.Sprint(h.version, " ", h.root, " ", h.race) }

// A compiler is the toolchain's own, with what it needs to know for plugins.
type compiler struct {
	e     *Engine
	tool  *toolchain
	host  host
	dir   string // of the tools
	extld string
	fast  string // the fastest linker at hand; "" for the usual one

	mu      sync.Mutex
	known   packages
	modules map[string]ModulePackage // by import path
}

// packages are the archives that plugins are compiled and linked with.
type packages struct {
	// Settings are what go env and the C compiler told: the version, the folder
	// of the tools, the C compiler, whether cgo is on, the fastest linker.
	Settings []string
	Roots    map[string]bool   // those whose imports are there, too
	Files    map[string]string // by import path
}

var release = pattern.New(`^go1\.\d+(\.\d+)?$`)

// compilerFor returns the compiler of a toolchain, once it was seen to fit.
func (e *Engine) compilerFor(ctx context.Context, tool *toolchain, h host) (_ *compiler, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	// Where the go command is of another version it may have, or fetch, this one,
	// as it did if it built this binary.
	if release().MatchString(h.version) {
		same := *tool
		same.env = append(slices.Clip(tool.env), "GOTOOLCHAIN="+h.version)
		tool = &same
	}
	if e.plugins != nil && e.plugins.tool.id == tool.id {
		e.plugins.tool = tool
		return e.plugins, nil
	}
	c := &compiler{e: e, tool: tool, host: h, modules: map[string]ModulePackage{}}
	c.load()
	if len(c.known.Settings) != 5 {
		if err := c.ask(ctx); err != nil {
			return nil, err
		}
	}
	version, cc, cgo := c.known.Settings[0], c.known.Settings[2], c.known.Settings[3]
	switch {
	case version != h.version:
		return nil, &NoPluginsError{fmt.Sprintf("that must be the Go that Paracell was built with, %s; the go command is %s: run install.sh again", h.version, version)}
	case cgo != "1":
		return nil, &NoPluginsError{"Go finds no C compiler to link with: install gcc, or take CGO_ENABLED=0 away, then run install.sh again"}
	}
	if c.extld, err = exec.LookPath(cc); err != nil {
		return nil, &NoPluginsError{fmt.Sprintf("%s, the C compiler that Go links with, is not there: install gcc", cc)}
	}
	c.dir, c.fast = c.known.Settings[1], c.known.Settings[4]
	e.plugins = c
	return c, nil
}

// ask has go and the C compiler tell their settings, which is kept for the next
// process.
func (c *compiler) ask(ctx context.Context) error {
	out, err := c.tool.run(ctx, os.TempDir(), "env", "GOVERSION", "GOTOOLDIR", "CC", "CGO_ENABLED")
	if err != nil {
		return &NoPluginsError{fmt.Sprintf("that must be the Go that Paracell was built with, %s, which the go command does not have: run install.sh again (%s)", c.host.version, strings.TrimSpace(out))}
	}
	lines := strings.Split(strings.ReplaceAll(out, "\r", ""), "\n")
	if len(lines) < 4 {
		return fmt.Errorf("asking go for its settings: %q", out)
	}
	c.extld = lines[2]
	c.known.Settings = append(lines[:4:4], c.fastLinker(ctx))
	return nil // what go lists is saved, with this
}

func (c *compiler) compileFlags(path, importcfg, out string) []string {
	flags := []string{"-p", path, "-importcfg", importcfg, "-o", out, "-pack", "-dynlink", "-lang=go" + Needs}
	if c.host.race {
		flags = append(flags, "-race")
	}
	return flags
}

// run runs one of the toolchain's programs.
func (c *compiler) run(ctx context.Context, dir, name string, args ...string) error {
	var out strings.Builder
	write := func(s string) { out.WriteString(s) }
	_, err := (&Command{Path: filepath.Join(c.dir, executable(name)), Args: args, Dir: dir, Env: c.tool.env, Stdout: write, Stderr: write}).Run(ctx)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		return compileError(&target{dir: dir}, out.String())
	}
	return err
}

// archivesOf returns the archives of packages and of all that they import.
func (c *compiler) archivesOf(ctx context.Context, paths []string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, p := range append([]string{"runtime"}, paths...) {
		if p != "unsafe" && !c.known.Roots[p] && !ofLibrary(p) && c.modules[p].Archive == "" {
			missing = append(missing, p)
		}
	}
	if !c.present() {
		missing = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return c.modules[p].Archive != "" })
	}
	if len(missing) > 0 {
		if err := c.list(ctx, missing); err != nil {
			return nil, err
		}
	}
	for _, p := range paths {
		if ofLibrary(p) && c.modules[p].Archive == "" && !c.known.Roots[p] {
			if err := c.library(ctx, p); err != nil {
				return nil, err
			}
		}
	}
	all := maps.Clone(c.known.Files)
	for path, p := range c.modules {
		all[path] = p.Archive
	}
	return all, nil
}

// present reports whether every archive still is where it was: go's cache is
// cleaned now and then.
func (c *compiler) present() bool {
	for _, file := range c.known.Files {
		if _, err := os.Stat(file); err != nil {
			c.known = packages{Settings: c.known.Settings, Roots: map[string]bool{}, Files: map[string]string{}}
			return false
		}
	}
	return true
}

// list has go build what plugins import.
func (c *compiler) list(ctx context.Context, paths []string) error {
	dir, err := c.e.cache.temp()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	text := "package main\n\n"
	for _, p := range append([]string{"runtime"}, paths...) {
		if p != "unsafe" && !ofLibrary(p) {
			text += fmt.Sprintf("import _ %q\n", p)
		}
	}
	text += "\nfunc main() {}\n"
	for name, data := range map[string]string{"main.go": text, "go.mod": "module program\n\ngo " + Needs + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			return &CacheError{c.e.cache.dir, err}
		}
	}
	args := []string{"list", "-export", "-deps", "-buildmode=plugin", "-f", "{{if .Standard}}{{.ImportPath}}={{.Export}}{{end}}"}
	if c.host.race {
		args = append(args, "-race")
	}
	out, err := c.tool.run(ctx, dir, append(args, ".")...)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		return compileError(&target{dir: dir}, out)
	} else if err != nil {
		return err
	}
	for line := range strings.Lines(out) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "="); ok && file != "" {
			c.known.Files[path] = file
			c.known.Roots[path] = true
		}
	}
	return c.save()
}

// library compiles one of this project's packages as it is in this binary:
// where its sources were is part of that.
func (c *compiler) library(ctx context.Context, path string) error {
	lib, err := c.e.scratchLibrary()
	if err != nil {
		return err
	}
	dir := filepath.Join(lib.dir, filepath.FromSlash(strings.TrimPrefix(path, lib.module+"/")))
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := c.list(ctx, slices.DeleteFunc(pkg.Imports, func(p string) bool { return p == "unsafe" })); err != nil {
		return err
	}
	tmp, err := c.e.cache.temp()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	var config strings.Builder
	for path, file := range c.known.Files {
		fmt.Fprintf(&config, "packagefile %s=%s\n", path, file)
	}
	importcfg, archive := filepath.Join(tmp, "importcfg"), filepath.Join(tmp, archiveFile)
	if err := os.WriteFile(importcfg, []byte(config.String()), 0o644); err != nil {
		return &CacheError{c.e.cache.dir, err}
	}
	args := append(c.compileFlags(path, importcfg, archive), "-trimpath", lib.dir+"=>"+c.host.root)
	for _, f := range pkg.GoFiles {
		args = append(args, filepath.Join(dir, f))
	}
	if err := c.run(ctx, dir, "compile", args...); err != nil {
		return err
	}
	key := newHash("archive", c.tool.id, c.host.id(), lib.hash, path).sum()
	if err := c.e.cache.move(tmp, plugins, key); err != nil {
		return err
	}
	c.known.Files[path] = c.e.cache.path(plugins, key, archiveFile)
	c.known.Roots[path] = true
	return nil
}

// load and save keep what go told of the standard library for the next process.
func (c *compiler) load() {
	c.known = packages{Roots: map[string]bool{}, Files: map[string]string{}}
	data, err := os.ReadFile(c.e.cache.path(manifests, c.manifest()))
	if err != nil {
		return
	}
	var known packages
	if json.Unmarshal(data, &known) == nil && known.Roots != nil && known.Files != nil {
		c.known = known
	}
}

func (c *compiler) save() error {
	known := packages{Settings: c.known.Settings, Roots: map[string]bool{}, Files: map[string]string{}}
	for path, file := range c.known.Files {
		if !ofLibrary(path) {
			known.Files[path], known.Roots[path] = file, c.known.Roots[path]
		}
	}
	data, err := json.Marshal(known)
	if err != nil {
		return err
	}
	return c.e.cache.putFile(data, manifests, c.manifest())
}

func (c *compiler) manifest() string { return "plugins-" + newHash("3", c.tool.id, c.host.id()).sum() }
