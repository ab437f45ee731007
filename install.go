package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const installHelp = `paracell install makes this binary known to Jupyter as a kernel.

  paracell install                          for this user
  paracell install --sys-prefix             into the active virtual environment
  paracell install --prefix /opt/jupyter    into that prefix
  paracell install --uninstall              take it away again (same flags)

Run it again after moving the binary. Flags:

`

// install writes, or with --uninstall removes, the kernel spec.
func install(ctx context.Context, w world, args []string) error {
	fs := newFlags(w, "install", installHelp)
	user := fs.Bool("user", false, "install for this user, which is the default")
	prefix := fs.String("prefix", "", "install into `DIR`/share/jupyter/kernels")
	sysPrefix := fs.Bool("sys-prefix", false, "install into the active virtual environment, or python3's own prefix")
	name := fs.String("name", "paracell", "the kernel's name for Jupyter")
	displayName := fs.String("display-name", "Go (Paracell)", "the kernel's name for people")
	remove := fs.Bool("uninstall", false, "remove the kernel instead")
	if _, err := fs.parse(args, 0); err != nil {
		return err
	}
	if count(*user, *prefix != "", *sysPrefix) > 1 {
		return usageError("--user, --prefix and --sys-prefix name different places: give one")
	}
	if !validName.MatchString(*name) {
		return usageError(fmt.Sprintf("--name %q is not a name that Jupyter takes: use letters, digits, '.', '_' and '-'", *name))
	}
	kernels, err := kernelsDir(ctx, w, *prefix, *sysPrefix)
	if err != nil {
		return err
	}
	dir := filepath.Join(kernels, *name)
	if *remove {
		return uninstall(w, dir)
	}
	self, err := stableExecutable(w)
	if err != nil {
		return err
	}
	if err := notAnothers(dir); err != nil {
		return err
	}
	changed, err := writeKernelSpec(dir, newKernelSpec(self, *displayName))
	if err != nil {
		return err
	}
	if changed {
		fmt.Fprintf(w.stdout, "%s is installed in %s\n", *displayName, dir)
	} else {
		fmt.Fprintf(w.stdout, "%s was installed already in %s\n", *displayName, dir)
	}
	return nil
}

func uninstall(w world, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(w.stdout, "there is no kernel in %s\n", dir)
		return nil
	}
	if err := notAnothers(dir); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return cannotWrite(dir, err)
	}
	fmt.Fprintf(w.stdout, "the kernel in %s is removed\n", dir)
	return nil
}

// notAnothers refuses to touch a directory that holds somebody else's kernel.
func notAnothers(dir string) error {
	spec, err := readKernelSpec(dir)
	var unreadable *fs.PathError
	switch {
	case errors.As(err, &unreadable):
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return fmt.Errorf("%s holds files but no kernel: remove it, or choose another --name", dir)
		}
		return nil
	case err != nil:
		return fmt.Errorf("%w: remove %s, or choose another --name", err, dir)
	case !spec.ours():
		return fmt.Errorf("%s holds another kernel, %q: choose another --name", dir, spec.DisplayName)
	}
	return nil
}

func count(given ...bool) (n int) {
	for _, g := range given {
		if g {
			n++
		}
	}
	return n
}

// kernelsDir is the directory that the flags ask for.
func kernelsDir(ctx context.Context, w world, prefix string, sysPrefix bool) (string, error) {
	if sysPrefix {
		var err error
		if prefix, err = pythonPrefix(ctx, w); err != nil {
			return "", err
		}
	}
	if prefix != "" {
		abs, err := filepath.Abs(prefix)
		return filepath.Join(abs, "share", "jupyter", "kernels"), err
	}
	data, err := userDataDir(w)
	return filepath.Join(data, "kernels"), err
}

// pythonPrefix is sys.prefix of the Python that a jupyter on the PATH runs in.
func pythonPrefix(ctx context.Context, w world) (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := w.getenv(name); dir != "" {
			return dir, nil
		}
	}
	out, err := exec.CommandContext(ctx, "python3", "-c", "import sys; print(sys.prefix)").Output()
	if err != nil {
		return "", fmt.Errorf("--sys-prefix finds neither an active virtual environment nor a working python3 (%w): activate one, or use --prefix", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// stableExecutable is the path that Jupyter will start. The binary of a "go
// run" is gone tomorrow, so it is refused.
func stableExecutable(w world) (string, error) {
	self, err := w.executable()
	if err != nil {
		return "", fmt.Errorf("cannot tell where this binary is: %w", err)
	}
	temporary := strings.Contains(filepath.ToSlash(self), "/go-build")
	if cache := w.getenv("GOCACHE"); cache != "" && strings.HasPrefix(self, filepath.Clean(cache)+string(filepath.Separator)) {
		temporary = true
	}
	if temporary {
		return "", errors.New("this binary is a temporary one of \"go run\": build one that stays with \"go build -o bin/paracell .\" and let that install itself")
	}
	return self, nil
}
