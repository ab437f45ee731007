package main

import (
	"context"
	"errors"
	"fmt"
	goversion "go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/build"
)

const doctorHelp = `paracell doctor looks for what is missing on this machine and says what to do.
It fails when a notebook could not run.
`

// A finding is one line of the doctor's report.
type finding struct {
	level  string // "ok", "warn": something is less than it could be; "fail": cells can't run
	what   string
	advice string // what to do about it; "" with ok
}

func ok(format string, args ...any) finding { return finding{"ok", fmt.Sprintf(format, args...), ""} }

// checks run in this order: what a cell needs first, then what is around it.
var checks = []func(context.Context, world) finding{
	checkGo,
	checkEvaluator,
	checkCompiler,
	checkCache,
	checkKernelSpec,
	checkJupyter,
	checkPython,
}

// checkTime bounds one check, so that a wedged program can't hang the doctor.
const checkTime = time.Minute

func doctor(ctx context.Context, w world, args []string) error {
	fs := newFlags(w, "doctor", doctorHelp)
	prepare := fs.Bool("warm", false, "first prepare what the first cell would wait for: the standard library's types")
	if _, err := fs.parse(args, 0); err != nil {
		return err
	}
	if *prepare {
		if err := warm(w); err != nil {
			return err
		}
	}
	failed := false
	for _, check := range checks {
		f := bounded(ctx, w, check)
		fmt.Fprintf(w.stdout, "%-5s %s\n", f.level, f.what)
		if f.advice != "" {
			fmt.Fprintf(w.stdout, "      %s\n", f.advice)
		}
		failed = failed || f.level == "fail"
	}
	if failed {
		return exitStatus(1)
	}
	return nil
}

func bounded(ctx context.Context, w world, check func(context.Context, world) finding) finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return check(ctx, w)
}

const getGo = "install Go " + build.Needs + " or newer from https://go.dev/dl/ and put its bin directory on the PATH"

func checkGo(ctx context.Context, _ world) finding {
	path, err := exec.LookPath("go")
	if err != nil {
		return finding{"fail", "Go is not on the PATH", getGo}
	}
	out, err := exec.CommandContext(ctx, path, "env", "GOVERSION").Output()
	found := strings.TrimSpace(string(out))
	switch {
	case err != nil:
		return finding{"fail", fmt.Sprintf("%s does not work: %v", path, err), getGo}
	case goversion.Compare(found, "go"+build.Needs) < 0 && !strings.HasPrefix(found, "devel"):
		return finding{"fail", fmt.Sprintf("Go is too old: %s is %s", path, found), getGo}
	}
	return ok("Go %s (%s)", strings.TrimPrefix(found, "go"), path)
}

func checkCache(context.Context, world) finding {
	dir, err := build.CacheDir()
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	var f *os.File
	if err == nil {
		f, err = os.CreateTemp(dir, "doctor-")
	}
	if err == nil {
		_, err = f.Write(make([]byte, 4096))
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return finding{"fail", fmt.Sprintf("the cache cannot be written: %v", err), "make that directory writable, or name another one with XDG_CACHE_HOME"}
	}
	return ok("cache %s", dir)
}

func checkKernelSpec(_ context.Context, w world) finding {
	const advice = "run: paracell install"
	self, err := w.executable()
	if err != nil {
		return finding{"warn", fmt.Sprintf("cannot tell where this binary is: %v", err), advice}
	}
	var others []string
	for _, dir := range kernelDirs(w) {
		specs, _ := filepath.Glob(filepath.Join(dir, "*", "kernel.json"))
		for _, file := range specs {
			spec, err := readKernelSpec(filepath.Dir(file))
			if err != nil || !spec.ours() || len(spec.Argv) == 0 {
				continue
			}
			if sameFile(spec.Argv[0], self) {
				return ok("kernel %q in %s starts this binary", spec.DisplayName, filepath.Dir(file))
			}
			others = append(others, fmt.Sprintf("%s starts %s", filepath.Dir(file), spec.Argv[0]))
		}
	}
	if len(others) > 0 {
		return finding{"warn", "the kernel that Jupyter finds is another binary: " + strings.Join(others, "; "), advice}
	}
	return finding{"warn", "Jupyter does not know this kernel", advice + " (add --sys-prefix for a virtual environment)"}
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func checkJupyter(context.Context, world) finding {
	path, err := exec.LookPath("jupyter")
	if err != nil {
		return finding{"warn", "jupyter is not on the PATH", "notebooks run with \"paracell run\" without it; for the browser: python3 -m pip install jupyterlab"}
	}
	return ok("jupyter (%s)", path)
}

func checkPython(ctx context.Context, _ world) finding {
	path, err := exec.LookPath("python3")
	if err != nil {
		return finding{"warn", "python3 is not on the PATH", "only %%python cells need it"}
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return finding{"warn", fmt.Sprintf("%s does not work: %v", path, err), "only %%python cells need it"}
	}
	return ok("%s (%s)", strings.TrimSpace(string(out)), path)
}
