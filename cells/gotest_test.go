package cells

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestGoTests samples the programs that the Go project tests its compiler
// with. PARACELL_GOTEST=8 takes every 8th; it reports how many run right, and
// fails only if one of them brings the kernel's process down or hangs it.
func TestGoTests(t *testing.T) {
	every, _ := strconv.Atoi(os.Getenv("PARACELL_GOTEST"))
	if every < 1 {
		t.Skip("PARACELL_GOTEST=8 runs every 8th of Go's own tests")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	tests := filepath.Join(string(bytes.TrimSpace(root)), "test")
	dirs := []string{"", "chan", "interface", "ken", "typeparam", "fixedbugs"}
	var files []string
	for _, d := range dirs {
		found, _ := filepath.Glob(filepath.Join(tests, d, "*.go"))
		files = append(files, found...)
	}
	if only := os.Getenv("PARACELL_GOTEST_ONLY"); only != "" {
		files = strings.Fields(only)
	}
	n, ran, right := 0, 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := bytes.Cut(text, []byte("\n"))
		if string(bytes.TrimSpace(first)) != "// run" || bytes.Contains(text, []byte("//go:build")) || bytes.Contains(text, []byte(`"C"`)) {
			continue
		}
		if n++; n%every != 0 {
			continue
		}
		ran++
		want, _ := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
		got := interpreted(t, file, 10*time.Second)
		all := got.all
		if got.failure == "" && (all == string(want)) {
			right++
			continue
		}
		why, _, _ := strings.Cut(got.failure, "\n")
		if why == "" {
			why = "printed: " + strings.ReplaceAll(difference(all, string(want)), "\n", " | ")
		}
		t.Logf("WRONG %s: %s", strings.TrimPrefix(file, tests+string(filepath.Separator)), why)
	}
	t.Logf("%d of %d run right", right, ran)
}
