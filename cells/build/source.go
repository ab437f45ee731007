package build

import (
	"errors"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// checkProgram says where go builds path from and what to name there, or why
// path is no program.
func checkProgram(path string) (dir, pattern string, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", &SourceError{Path: path, Problem: "there is no such file or folder"}
	case err != nil:
		return "", "", &SourceError{Path: path, Problem: err.Error()}
	case info.IsDir():
		return path, ".", checkFolder(path)
	case filepath.Ext(path) != ".go":
		return "", "", &SourceError{Path: path, Problem: "it is not a Go file"}
	}
	if strings.HasSuffix(path, "_test.go") {
		return "", "", &SourceError{Path: path, Problem: "it is a test, not a program; !go test runs tests"}
	}
	// A file that doesn't parse is for the compiler to complain of.
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly)
	if err == nil && f.Name.Name != "main" {
		return "", "", &SourceError{Path: path, Problem: "it belongs to package " + f.Name.Name + "; a program is package main"}
	}
	return filepath.Dir(path), filepath.Base(path), nil
}

func checkFolder(dir string) error {
	pkg, err := build.ImportDir(dir, 0)
	if none := (*build.NoGoError)(nil); errors.As(err, &none) {
		return &SourceError{Path: dir, Problem: "the folder holds no Go program"}
	}
	if many := (*build.MultiplePackageError)(nil); errors.As(err, &many) {
		return &SourceError{Path: dir, Problem: "its files belong to several packages: " + strings.Join(many.Packages, ", ")}
	}
	if err == nil && pkg.Name != "main" {
		return &SourceError{Path: dir, Problem: "the folder holds package " + pkg.Name + "; a program is package main"}
	}
	return nil
}

// moduleRoot is the nearest folder upward from dir with a go.mod; "" for none.
func moduleRoot(dir string) string { return upward(dir, "go.mod") }

func upward(dir, name string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// workspace is the go.work file that go uses in dir; "" for none.
func workspace(dir string, env []string) string {
	switch file := getenv(env, "GOWORK"); file {
	case "off":
		return ""
	case "":
		if root := upward(dir, "go.work"); root != "" {
			return filepath.Join(root, "go.work")
		}
		return ""
	default:
		return file
	}
}
