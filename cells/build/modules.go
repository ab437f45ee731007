package build

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// modules holds the go.mod of what notebooks outside every module import: one for
// all of them, as a Python environment is, so that what was got once is there
// without a network.
const modules = "modules"

// ModuleError says why a package of a module cannot be imported.
type ModuleError struct {
	Path   string
	Output string // go's own words
	// Missing says that no module of the folder has the package, so that go get may
	// help; Unknown that its path is not even that of a module.
	Missing, Unknown bool
}

func (e *ModuleError) Error() string {
	var lines []string
	for line := range strings.Lines(e.Output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	switch {
	case e.Missing:
		return "no required module provides package " + e.Path
	case len(lines) == 0:
		return "package " + e.Path + " cannot be built"
	case strings.HasPrefix(lines[0], "package "+e.Path):
		return lines[0]
	}
	return "package " + e.Path + ": " + lines[0]
}

// ModuleDir returns the folder in whose module a notebook's imports are looked
// up: the notebook's own, if that is in a module or a workspace, or else one that
// all such notebooks share, with a go.mod of its own.
func (e *Engine) ModuleDir(dir string) (string, error) {
	if moduleRoot(dir) != "" || workspace(dir, e.cfg.Env()) != "" {
		return dir, nil
	}
	shared := e.cache.path(modules)
	if _, err := os.Stat(filepath.Join(shared, "go.mod")); err == nil {
		return shared, nil
	}
	return shared, e.cache.putFile([]byte("module notebook\n\ngo "+Needs+"\n"), modules, "go.mod")
}

// importsModules reports whether sources import a package of a module, other than
// the Library: as far as its path tells, in the module of dir.
func (e *Engine) importsModules(files map[string][]byte, dir string) bool {
	own := ""
	if root := moduleRoot(dir); root != "" {
		text, _ := os.ReadFile(filepath.Join(root, "go.mod"))
		if m := moduleLine().FindSubmatch(text); m != nil {
			own = string(m[1])
		}
	}
	lib, err := e.scratchLibrary()
	if err != nil {
		return false
	}
	for name, text := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			continue // the compiler complains
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			switch {
			case lib.module != "" && strings.HasPrefix(path, lib.module+"/"):
			case ofLibrary(path), own != "" && (path == own || strings.HasPrefix(path, own+"/")):
				return true
			}
		}
	}
	return false
}

// A ModulePackage is a package of a module, as it was compiled.
type ModulePackage struct {
	Archive string // the file with what it exports
	Dir     string // where its sources are
	// Changed tells that the go command would take another now: a package stays
	// what it was at first for as long as the Engine lives, since no process can
	// load another.
	Changed bool
}

// Module finds a package of a module, as the go command does in dir. Errors are a
// *ModuleError, or as Build's.
func (e *Engine) Module(ctx context.Context, dir, path string) (ModulePackage, error) {
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return ModulePackage{}, err
	}
	host := e.host()
	if host.obstacle != "" {
		return ModulePackage{}, &NoPluginsError{host.obstacle}
	}
	c, err := e.compilerFor(ctx, tool, host)
	if err != nil {
		return ModulePackage{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found, err := c.export(ctx, dir, path)
	stale := ""
	for p, now := range found {
		if known, ok := c.modules[p]; ok && known.Archive != now.Archive {
			stale = p
		}
	}
	if p, ok := c.modules[path]; ok {
		p.Changed = stale != ""
		return p, nil
	}
	switch {
	case err != nil:
		return ModulePackage{}, err
	case stale != "":
		return ModulePackage{}, &ModuleError{Path: path, Output: "it needs package " + stale + ", which has changed since it was imported: restart the kernel"}
	}
	if _, ok := found[path]; !ok { // as of a relative path
		return ModulePackage{}, &ModuleError{Path: path, Unknown: true}
	}
	maps.Copy(c.modules, found)
	return found[path], c.save()
}

// export has go build a package of a module and all that it imports, and returns
// those that are modules'.
func (c *compiler) export(ctx context.Context, dir, path string) (map[string]ModulePackage, error) {
	args := []string{"list", "-export", "-deps", "-buildmode=plugin", "-f", "{{.ImportPath}}\t{{.Standard}}\t{{.Name}}\t{{.Export}}\t{{.Dir}}"}
	if c.host.race {
		args = append(args, "-race")
	}
	out, err := c.tool.run(ctx, dir, append(args, "--", path)...)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		return nil, &ModuleError{
			Path: path, Output: out,
			Missing: strings.Contains(out, "no required module provides package "+path+";") || strings.Contains(out, "no required module provides package "+path+":"),
			Unknown: strings.Contains(out, "package "+path+" is not in std"),
		}
	} else if err != nil {
		return nil, err
	}
	packages := map[string]ModulePackage{}
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) != 5 || f[3] == "" {
			continue // what go tells of its work
		}
		switch {
		case f[1] == "true":
			c.known.Files[f[0]], c.known.Roots[f[0]] = f[3], true
		case f[2] == "main":
			return nil, &ModuleError{Path: path, Output: "it is a program, not an importable package"}
		default:
			packages[f[0]] = ModulePackage{Archive: f[3], Dir: f[4]}
		}
	}
	return packages, nil
}

// ConflictOf says what to do about a package of a module that this binary, which
// loads plugins, has in another version.
func ConflictOf(path string) string {
	how := "a program started with %run can have this one"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if path == dep.Path || strings.HasPrefix(path, dep.Path+"/") {
				how = fmt.Sprintf("%%go get %s@%s takes the same, and then the kernel must restart", dep.Path, dep.Version)
			}
		}
	}
	return fmt.Sprintf("package %s is in this process in another version, and a process can have but one: %s", path, how)
}

// Go returns the path of the go command.
func (e *Engine) Go() (string, error) {
	tool, err := findGo(e.cfg.Go, e.cfg.Env())
	if err != nil {
		return "", err
	}
	return tool.path, nil
}

// module returns the archive of a package of a module that Module found, "" for
// others.
func (e *Engine) module(path string) string {
	e.mu.Lock()
	c := e.plugins
	e.mu.Unlock()
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.modules[path].Archive
}
