// Package notebooks holds the lessons. Each is rerun here, and what it shows is
// held against what is stored in it.
package notebooks

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/cells"
	"github.com/paracell/paracell/kernel/headless"
)

func lessons(t *testing.T) []string {
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lessons here: %v", err)
	}
	return files
}

// TestLessons runs every lesson as it is and compares: the programs, pools and
// Python's figures are real.
func TestLessons(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson takes half a minute")
	}
	paracell := build(t)
	for _, file := range lessons(t) {
		t.Run(file, func(t *testing.T) {
			stored, err := headless.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			fresh := stored.Clone()
			if err := headless.Run(t.Context(), fresh, session(t, paracell), headless.Options{Now: time.Now, Timeout: 2 * time.Minute}); err != nil {
				t.Error(err)
			}
			for _, d := range headless.Compare(stored, fresh) {
				t.Error(d)
			}
		})
	}
}

// build returns the path of a paracell for the processes that a session starts:
// the test's own binary may be slowed down by the race detector, and with it
// what it interprets.
func build(t *testing.T) string {
	binary := filepath.Join(t.TempDir(), "paracell")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("building paracell: %v\n%s", err, out)
	}
	return binary
}

func session(t *testing.T, paracell string) *cells.Session {
	s, err := cells.NewSession(cells.Config{
		Evaluator: []string{paracell, "evaluator"},
		Worker:    []string{paracell, "worker"},
		Library:   os.DirFS(".."),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type lesson struct {
	Cells []struct {
		ID       string
		Type     string `json:"cell_type"`
		Source   []string
		Outputs  []json.RawMessage
		Metadata struct{ Tags []string }
	}
	Metadata struct {
		Kernelspec   struct{ Name, Language string }
		LanguageInfo struct{ Name string } `json:"language_info"`
	}
	Major int `json:"nbformat"`
	Minor int `json:"nbformat_minor"`
}

func read(t *testing.T, file string) (l lesson) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return l
}

// TestForm keeps what a front end needs to open a lesson with the right kernel,
// and what a reader without one needs to see.
func TestForm(t *testing.T) {
	for _, file := range lessons(t) {
		l := read(t, file)
		if l.Major != 4 || l.Minor != 5 || l.Metadata.Kernelspec.Name != "paracell" || l.Metadata.LanguageInfo.Name != "go" {
			t.Errorf("%s: nbformat %d.%d, kernel %q, language %q", file, l.Major, l.Minor, l.Metadata.Kernelspec.Name, l.Metadata.LanguageInfo.Name)
		}
		seen := map[string]bool{}
		ran := false
		for i, c := range l.Cells {
			if c.ID == "" || seen[c.ID] {
				t.Errorf("%s: cell %d has the id %q, which is missing or another's", file, i+1, c.ID)
			}
			seen[c.ID] = true
			ran = ran || len(c.Outputs) > 0
		}
		if !ran {
			t.Errorf("%s holds no outputs: paracell run %s writes them", file, file)
		}
	}
}

// TestEditions holds the editions of a lesson together: cell by cell the same
// step, and as many lines of Go.
func TestEditions(t *testing.T) {
	for _, file := range lessons(t) {
		base, found := strings.CutSuffix(file, "_ko.ipynb")
		if !found {
			continue
		}
		english, korean := read(t, base+".ipynb"), read(t, file)
		if len(english.Cells) != len(korean.Cells) {
			t.Errorf("%s has %d cells, the other edition %d", file, len(korean.Cells), len(english.Cells))
			continue
		}
		for i, e := range english.Cells {
			k := korean.Cells[i]
			if e.ID != k.ID || e.Type != k.Type || !slices.Equal(e.Metadata.Tags, k.Metadata.Tags) {
				t.Errorf("%s: cell %d is %s %s %v, in the other edition %s %s %v", file, i+1, k.ID, k.Type, k.Metadata.Tags, e.ID, e.Type, e.Metadata.Tags)
			}
			if e.Type == "code" && len(e.Source) != len(k.Source) {
				t.Errorf("%s: cell %s has %d lines, in the other edition %d", file, k.ID, len(k.Source), len(e.Source))
			}
		}
	}
}
