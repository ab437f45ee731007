package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A program is one file of package main.
type program struct {
	Set  string
	Name string // its path within the set
	file string
}

// collect returns the programs that the arguments name: sets, folders, files.
func collect(args []string, every int, only *regexp.Regexp) ([]program, error) {
	var all []program
	for _, arg := range args {
		found, err := set(arg)
		if err != nil {
			return nil, err
		}
		for i, p := range found {
			if (i+1)%every == 0 && only.MatchString(p.Set+"/"+p.Name) {
				all = append(all, p)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no program in %s", strings.Join(args, ", "))
	}
	return all, nil
}

func set(name string) ([]program, error) {
	switch name {
	case "gotest":
		root, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return nil, fmt.Errorf("cannot ask go for GOROOT: %w", err)
		}
		return folder(name, filepath.Join(string(bytes.TrimSpace(root)), "test"), isRunTest)
	case "equal":
		dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/paracell/paracell/cells").Output()
		if err != nil {
			return nil, fmt.Errorf("cannot ask go for our own programs: %w", err)
		}
		return folder(name, filepath.Join(string(bytes.TrimSpace(dir)), "testdata", "equal"), isMain)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("neither gotest nor equal: %w", err)
	}
	if !info.IsDir() {
		return []program{{"files", filepath.Base(name), name}}, nil
	}
	return folder(filepath.Base(filepath.Clean(name)), name, isMain)
}

func folder(set, dir string, wanted func(text []byte) bool) ([]program, error) {
	var found []program
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !wanted(text) {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		found = append(found, program{set, filepath.ToSlash(rel), path})
		return err
	})
	slices.SortFunc(found, func(a, b program) int { return strings.Compare(a.Name, b.Name) })
	return found, err
}

var mainClause = regexp.MustCompile(`(?m)^package main\b`)

func isMain(text []byte) bool {
	return mainClause.Match(text) && !bytes.Contains(text, []byte(`import "C"`))
}

// isRunTest reports whether a file of Go's test directory is a program that
// runs by itself, without arguments and on any platform.
func isRunTest(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimSpace(first)) == "// run" && isMain(text) &&
		!bytes.Contains(text, []byte("//go:build")) && !bytes.Contains(text, []byte("// +build"))
}
