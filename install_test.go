package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testWorld is a machine with an empty home directory and these variables.
func testWorld(t *testing.T, goos string, env map[string]string) (w world, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	home := t.TempDir()
	return world{
		stdout:     stdout,
		stderr:     stderr,
		getenv:     func(name string) string { return env[name] },
		home:       func() (string, error) { return home, nil },
		executable: func() (string, error) { return "/opt/paracell/bin/paracell", nil },
		goos:       goos,
	}, stdout, stderr
}

func TestUserDataDirFollowsJupytersRules(t *testing.T) {
	abs := t.TempDir()
	for _, c := range []struct {
		goos string
		env  map[string]string
		want string // below home, unless absolute
	}{
		{"linux", nil, ".local/share/jupyter"},
		{"linux", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}, ".local/share/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": abs}, abs + "/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/x", "JUPYTER_DATA_DIR": abs}, abs},
		{"darwin", map[string]string{"XDG_DATA_HOME": "/x"}, "Library/Jupyter"},
		{"darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "true"}, "Library/Application Support/Jupyter"},
		{"darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "No"}, "Library/Jupyter"},
		{"windows", map[string]string{"APPDATA": abs}, abs + "/jupyter"},
		{"windows", nil, "AppData/Roaming/jupyter"},
		{"windows", map[string]string{"LOCALAPPDATA": abs, "JUPYTER_PLATFORM_DIRS": "1"}, abs + "/Jupyter"},
	} {
		w, _, _ := testWorld(t, c.goos, c.env)
		want := filepath.FromSlash(c.want)
		if !filepath.IsAbs(want) {
			home, _ := w.home()
			want = filepath.Join(home, want)
		}
		if got, err := userDataDir(w); err != nil || got != want {
			t.Errorf("%s %v: %q, %v; want %q", c.goos, c.env, got, err, want)
		}
	}
}

func TestInstallNeedsNothingOnThePath(t *testing.T) {
	t.Setenv("PATH", "")
	data := t.TempDir()
	w, _, stderr := testWorld(t, "linux", map[string]string{"JUPYTER_DATA_DIR": data})
	if code := run(context.Background(), w, []string{"install"}); code != 0 {
		t.Fatalf("exit status %d: %s", code, stderr)
	}
	spec, err := readKernelSpec(filepath.Join(data, "kernels", "paracell"))
	if err != nil || spec.Argv[0] != "/opt/paracell/bin/paracell" {
		t.Errorf("kernel spec %+v, %v", spec, err)
	}
	if code := run(context.Background(), w, []string{"install", "--sys-prefix"}); code != 1 {
		t.Errorf("--sys-prefix without Python: exit status %d", code)
	}
	if !strings.Contains(stderr.String(), "activate one, or use --prefix") {
		t.Errorf("--sys-prefix without Python says %q", stderr)
	}
}

func TestInstallRefusesATemporaryBinary(t *testing.T) {
	cache := t.TempDir()
	for _, self := range []string{"/tmp/go-build1234/b001/exe/paracell", filepath.Join(cache, "ab", "paracell")} {
		data := t.TempDir()
		w, _, stderr := testWorld(t, "linux", map[string]string{"JUPYTER_DATA_DIR": data, "GOCACHE": cache})
		w.executable = func() (string, error) { return self, nil }
		if code := run(context.Background(), w, []string{"install"}); code != 1 || !strings.Contains(stderr.String(), "go build -o bin/paracell .") {
			t.Errorf("%s: exit status %d, %q", self, code, stderr)
		}
		if _, err := os.Stat(filepath.Join(data, "kernels")); err == nil {
			t.Errorf("%s: something was written", self)
		}
	}
}

func TestDoctorWithoutGo(t *testing.T) {
	t.Setenv("PATH", "")
	f := checkGo(context.Background(), world{})
	if f.level != "fail" || f.what != "Go is not on the PATH" || !strings.Contains(f.advice, "https://go.dev/dl/") {
		t.Errorf("finding %+v", f)
	}
}
