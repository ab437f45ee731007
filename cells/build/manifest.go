package build

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A manifest names all that a program was built from, apart from the standard
// library and modules of a fixed version: with nothing of it changed, go would
// build the same again.
type manifest struct {
	Files   map[string]string // content hash by path; "" for a file that was absent
	Folders map[string]string // hash of the names of the sources, by folder
	Trees   map[string]string // hash of all names below, for folders with embedded files
}

// list asks go what t is made of.
func (e *Engine) list(ctx context.Context, tool *toolchain, t *target) (*manifest, error) {
	args := []string{"list", "-e", "-deps", "-json=Dir,Standard,Module,GoFiles,CgoFiles,IgnoredGoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,EmbedPatterns,EmbedFiles"}
	if t.overlay != "" {
		args = append(args, "-overlay", t.overlay)
	}
	for _, f := range t.flags {
		if strings.HasPrefix(f, "-tags") || strings.HasPrefix(f, "-mod") || f == "-race" || f == "-msan" || f == "-asan" {
			args = append(args, f)
		}
	}
	out, err := tool.run(ctx, t.dir, append(args, t.pattern)...)
	if failed := (*ExitError)(nil); errors.As(err, &failed) {
		return nil, compileError(t, out)
	} else if err != nil {
		return nil, err
	}
	m := &manifest{Files: map[string]string{}, Folders: map[string]string{}, Trees: map[string]string{}}
	if work := workspace(t.dir, tool.env); work != "" {
		m.addFile(work)
		m.addFile(work + ".sum")
	}
	// -e sends complaints to stderr, which precede the JSON here.
	if i := strings.Index(out, "{"); i > 0 {
		out = out[i:]
	}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return m, nil
		} else if err != nil {
			return nil, &CompileError{Errors: []Error{{Msg: "go list: " + err.Error()}}, Output: out}
		}
		if p.fixed() || e.cache.owns(p.Dir) {
			continue
		}
		m.add(p, t)
	}
}

// listed is a package as go list describes it.
type listed struct {
	Dir           string
	Standard      bool
	Module        *listedModule
	EmbedPatterns []string

	GoFiles, CgoFiles, IgnoredGoFiles, CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles, SwigFiles, SwigCXXFiles, SysoFiles, EmbedFiles []string
}

type listedModule struct {
	Version, Dir, GoMod string
	Replace             *listedModule
}

// fixed reports whether the package can't change: it is Go's own or lies in the
// module cache under its version. (Vendored packages have no module folder.)
func (p *listed) fixed() bool {
	m := p.Module
	if m != nil && m.Replace != nil {
		m = m.Replace
	}
	return p.Standard || m != nil && m.Version != "" && m.Dir != ""
}

func (m *manifest) add(p listed, t *target) {
	for _, names := range [][]string{p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.FFiles, p.SFiles, p.SwigFiles, p.SwigCXXFiles, p.SysoFiles, p.EmbedFiles} {
		for _, name := range names {
			if !filepath.IsAbs(name) {
				name = filepath.Join(p.Dir, name)
			}
			m.addFile(name)
		}
	}
	if p.Dir != t.dir || t.pattern == "." { // a program of one file has no folder
		m.Folders[p.Dir] = hashFolder(p.Dir)
	}
	if len(p.EmbedPatterns) > 0 {
		m.Trees[p.Dir] = hashTree(p.Dir)
	}
	if p.Module != nil && p.Module.GoMod != "" {
		m.addFile(p.Module.GoMod)
		m.addFile(strings.TrimSuffix(p.Module.GoMod, ".mod") + ".sum")
		m.addFile(filepath.Join(filepath.Dir(p.Module.GoMod), "vendor", "modules.txt"))
	}
}

func (m *manifest) addFile(path string) {
	if _, ok := m.Files[path]; !ok {
		m.Files[path] = hashFile(path)
	}
}

// holds reports whether everything still is as m says.
func (m *manifest) holds() bool {
	for path, want := range m.Files {
		if hashFile(path) != want {
			return false
		}
	}
	for dir, want := range m.Folders {
		if hashFolder(dir) != want {
			return false
		}
	}
	for dir, want := range m.Trees {
		if hashTree(dir) != want {
			return false
		}
	}
	return true
}

// key is the binary's: the target's hash and that of everything in m.
func (m *manifest) key(lookup string) string {
	h := newHash("manifest", lookup)
	for _, part := range []map[string]string{m.Files, m.Folders, m.Trees} {
		names := make([]string, 0, len(part))
		for name := range part {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			h.add(name, part[name])
		}
		h.add("")
	}
	return h.sum()
}

func hashFile(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := newHash("file")
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return h.sum()
}

// hashFolder hashes the names of the files that go would look at.
func hashFolder(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	h := newHash("folder")
	for _, f := range entries {
		switch name := f.Name(); filepath.Ext(name) {
		case ".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso":
			if !strings.HasSuffix(name, "_test.go") {
				h.add(name)
			}
		}
	}
	return h.sum()
}

func hashTree(dir string) string {
	h := newHash("tree")
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		h.add(path)
		return nil
	})
	return h.sum()
}
