package magic

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
)

var commandMagics = []Magic{
	{Name: "!", Usage: "!COMMAND", Line: true, run: runShell,
		Help: "run a command with the shell",
		Doc:  "The command runs in the session's folder; its output and errors appear in the cell. Its exit status is not an error. What it leaves running in the background ends with it. A Go expression that begins with ! needs parentheses to stand alone: (!ok)."},
	{Name: "go", Usage: "%go COMMAND [ARGUMENTS…]", Line: true, run: runGoCommand,
		Help: "run the go command in the module that cells import from: %go get PACKAGE",
		Doc:  "That is the module of the session's folder or, where there is none, one that all such notebooks share. A package that a cell has imported stays what it is until the kernel restarts."},
	{Name: "bash", Usage: "%%bash [ARGUMENTS…]", Cell: true, run: runBash,
		Help: "run the cell with bash",
		Doc:  "A script that ends with a status other than 0 fails the cell."},
	{Name: "sh", Usage: "%%sh [ARGUMENTS…]", Cell: true, run: runBash,
		Help: "run the cell with sh",
		Doc:  "A script that ends with a status other than 0 fails the cell."},
	{Name: "python", Usage: "%%python [ARGUMENTS…]", Cell: true, run: runPython,
		Help: "run the cell with the machine's Python 3",
		Doc:  "The cell is a script of its own, run by the first python3 on the PATH: nothing of it stays for other cells. A status other than 0 fails the cell."},
}

func runShell(ctx context.Context, c *call) *Error {
	if c.Args == "" {
		return c.usage("! needs a command")
	}
	path, args := "/bin/sh", []string{"-c", c.Args}
	if runtime.GOOS == "windows" {
		path, args = "cmd", []string{"/c", c.Args}
	}
	err := c.start(ctx, path, args, c.Env())
	if exit := (*build.ExitError)(nil); errors.As(err, &exit) {
		return nil
	}
	return failed("!"+c.Args, err)
}

func runGoCommand(ctx context.Context, c *call) *Error {
	args, bad := c.words()
	if bad != nil {
		return bad
	}
	if len(args) == 0 {
		return c.usage("%go needs a command, such as get")
	}
	dir, err := c.Build().ModuleDir(c.Dir())
	if err != nil {
		return failed("%go", err)
	}
	path, err := c.Build().Go()
	if err != nil {
		return failed("%go", err)
	}
	cmd := c.command(path, args, c.Env())
	cmd.Dir, cmd.Env = dir, append(cmd.Env, "PWD="+dir)
	_, err = cmd.Run(ctx)
	return failed("%go "+args[0], err)
}

func runBash(ctx context.Context, c *call) *Error {
	args, bad := c.words()
	if bad != nil {
		return bad
	}
	if len(args) > 0 && args[0] == "-s" {
		args = args[1:] // as where the script is the standard input: arguments follow
	}
	path, ok := c.find(c.Name)
	if !ok {
		return &Error{Name: "RuntimeError", Value: "%%" + c.Name + " needs " + c.Name + ", and there is none on the PATH"}
	}
	return failed("%%"+c.Name, c.start(ctx, path, append([]string{"-c", c.Body, c.Name}, args...), c.Env()))
}

func runPython(ctx context.Context, c *call) *Error {
	args, bad := c.words()
	if bad != nil {
		return bad
	}
	path, ok := c.find("python3", "python")
	if !ok {
		return &Error{Name: "RuntimeError", Value: "%%python needs Python 3, and there is no python3 on the PATH: install it, from https://www.python.org/ or with the system's packages"}
	}
	// A file, not -c: so a traceback quotes the script, and multiprocessing can
	// import it. Modules beside the notebook are found all the same.
	dir, err := os.MkdirTemp("", "paracell-")
	if err != nil {
		return &Error{Name: "RuntimeError", Value: "%%python cannot write its script: " + err.Error()}
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "cell.py")
	text := strings.Repeat("\n", c.BodyLine-1) + c.Body // lines count as in the cell
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		return &Error{Name: "RuntimeError", Value: "%%python cannot write its script: " + err.Error()}
	}
	modules := c.Dir()
	if more := getenv(c.Env(), "PYTHONPATH"); more != "" {
		modules += string(os.PathListSeparator) + more
	}
	env := append(c.Env(), "PYTHONPATH="+modules, "PYTHONUNBUFFERED=1", "PYTHONIOENCODING=utf-8")
	return failed("%%python", c.start(ctx, path, append([]string{script}, args...), env))
}

// start runs a program as this cell's: its output is the cell's, the user
// answers what it reads.
func (c *call) start(ctx context.Context, path string, args, env []string) error {
	_, err := c.command(path, args, env).Run(ctx)
	return err
}

func (c *call) command(path string, args, env []string) *build.Command {
	write := func(name string) func(string) {
		return func(text string) { c.Emit(eval.Stream{Name: name, Text: text}) }
	}
	return &build.Command{
		Path: path, Args: args, Dir: c.Dir(), Env: append(env[:len(env):len(env)], "PWD="+c.Dir()),
		Stdout: write("stdout"), Stderr: write("stderr"),
		Stdin: func(ctx context.Context) (string, error) {
			line, err := c.Input(ctx, "", false)
			if errors.Is(err, ErrNoInput) {
				err = io.EOF
			}
			return line, err
		},
	}
}

// find is the first of the programs on the session's PATH.
func (c *call) find(names ...string) (string, bool) {
	for _, name := range names {
		for _, dir := range filepath.SplitList(getenv(c.Env(), "PATH")) {
			if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil && filepath.IsAbs(path) {
				return path, true
			}
		}
	}
	return "", false
}

func getenv(env []string, name string) (value string) {
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok && (k == name || runtime.GOOS == "windows" && strings.EqualFold(k, name)) {
			value = v
		}
	}
	return value
}
