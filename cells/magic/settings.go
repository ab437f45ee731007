package magic

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var settingMagics = []Magic{
	{Name: "gil", Usage: "%gil [on|off]", Line: true, run: runGIL,
		Help: "emulate Python's global interpreter lock, or stop to; without a word, tell",
		Doc:  "While it is on, one goroutine of the session computes at a time; calls that block still overlap. Go itself has no such lock."},
	{Name: "start_method", Usage: "%start_method [spawn | session [interpreted|compiled]]", Line: true, run: runStartMethod,
		Help: "choose how a process pool starts its workers; without a word, tell",
		Doc:  "spawn: a fresh process that knows nothing of the notebook, as on Windows. session: a process with the notebook's definitions, interpreted or compiled."},
	{Name: "cd", Usage: "%cd [FOLDER|-]", Line: true, run: runCD,
		Help: "change the session's folder; - goes back, without a word home"},
	{Name: "pwd", Usage: "%pwd", Line: true, run: runPWD,
		Help: "tell the session's folder"},
	{Name: "env", Usage: "%env [NAME | NAME=VALUE]", Line: true, run: runEnv,
		Help: "list the environment's variables, tell or set one",
		Doc:  "The list hides values whose names speak of keys, tokens, secrets and passwords."},
	{Name: "unset_env", Usage: "%unset_env NAME", Line: true, run: runUnsetEnv,
		Help: "remove a variable from the environment"},
	{Name: "engine", Usage: "%engine [auto|interpreted|compiled]", Line: true, run: runEngine,
		Help: "choose what runs cells, interpreter or compiler; without a word, tell",
		Doc:  "auto: statements and functions are interpreted, and types and what the interpreter can't do faithfully are compiled. interpreted: a cell that needs the compiler is refused. compiled: whole cells are compiled, which takes about a third of a second for a new one."},
	{Name: "native", Usage: "%native FUNCTION… or %%native", Line: true, Cell: true, run: runNative,
		Help: "compile functions of the session, or this cell; what uses them follows"},
}

func runEngine(ctx context.Context, c *call) *Error {
	switch c.Args {
	case "":
		c.print(c.Setting(SettingEngine) + "\n")
		return nil
	case EngineAuto, EngineInterpreted, EngineCompiled:
		return c.set(ctx, SettingEngine, c.Args)
	}
	return c.usage(fmt.Sprintf("the engine is auto, interpreted or compiled, not %q", c.Args))
}

func runNative(ctx context.Context, c *call) *Error {
	if c.Kind == Cell {
		old := c.Setting(SettingEngine)
		if bad := c.set(ctx, SettingEngine, EngineCompiled); bad != nil {
			return bad
		}
		bad := c.RunGo(ctx, Code{Text: c.Body, Line: c.BodyLine, Name: c.unit})
		if back := c.set(ctx, SettingEngine, old); bad == nil {
			bad = back
		}
		return bad
	}
	names := strings.FieldsFunc(c.Args, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
	if len(names) == 0 {
		return c.usage("which function?")
	}
	return c.Native(ctx, names)
}

func runGIL(ctx context.Context, c *call) *Error {
	switch c.Args {
	case "":
		c.print("The GIL is " + c.Setting(SettingGIL) + ".\n")
		return nil
	case "on", "off":
		return c.set(ctx, SettingGIL, c.Args)
	}
	return c.usage(fmt.Sprintf("the GIL is on or off, not %q", c.Args))
}

func runStartMethod(ctx context.Context, c *call) *Error {
	value := strings.Join(strings.Fields(c.Args), " ")
	switch value {
	case "":
		c.print(c.Setting(SettingStartMethod) + "\n")
		return nil
	case "spawn", "session", "session interpreted", "session compiled":
		return c.set(ctx, SettingStartMethod, value)
	}
	return c.usage(fmt.Sprintf("there is no start method %q", value))
}

func (c *call) set(ctx context.Context, setting, value string) *Error {
	if err := c.Set(ctx, setting, value); err != nil {
		return failed("%"+c.Name, err)
	}
	return nil
}

func runCD(ctx context.Context, c *call) *Error {
	words, bad := c.words()
	if bad != nil {
		return bad
	}
	old := c.Dir()
	dir := "~"
	switch {
	case len(words) > 1:
		dir = c.Args // a name with spaces may go without quotes
	case len(words) == 1 && words[0] == "-":
		if dir = getenv(c.Env(), "OLDPWD"); dir == "" {
			return c.usage("there is no folder to go back to")
		}
	case len(words) == 1:
		dir = words[0]
	}
	dir = absolute(old, dir)
	info, err := os.Stat(dir)
	if err != nil {
		return fileError(err)
	}
	if !info.IsDir() {
		return &Error{Name: "NotADirectoryError", Value: dir + " is a file, not a folder"}
	}
	if bad := c.set(ctx, SettingDir, dir); bad != nil {
		return bad
	}
	c.print(dir + "\n")
	return c.set(ctx, SettingEnv, "OLDPWD="+old)
}

func runPWD(_ context.Context, c *call) *Error {
	c.print(c.Dir() + "\n")
	return nil
}

// absolute is path as seen from dir; "~" is the user's home.
func absolute(dir, path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		if home, err := os.UserHomeDir(); err == nil {
			path = home + rest
		}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return filepath.Clean(path)
}

var hiddenNames = []string{"KEY", "TOKEN", "SECRET", "PASSW"}

func runEnv(ctx context.Context, c *call) *Error {
	name, value, set := strings.Cut(c.Args, "=")
	if !set {
		name, value, set = strings.Cut(c.Args, " ")
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	env := c.Env()
	switch {
	case c.Args == "":
		var lines []string
		for _, kv := range env {
			name, value, _ := strings.Cut(kv, "=")
			if slices.ContainsFunc(hiddenNames, func(s string) bool { return strings.Contains(strings.ToUpper(name), s) }) {
				value = "<hidden>"
			}
			lines = append(lines, name+"="+value)
		}
		slices.Sort(lines)
		c.print(strings.Join(lines, "\n") + "\n")
		return nil
	case name == "" || strings.ContainsAny(name, " \x00") || strings.Contains(value, "\x00"):
		return c.usage(fmt.Sprintf("%q is no variable", c.Args))
	case !set:
		if !slices.ContainsFunc(env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") }) {
			return usageError("the environment has no variable %s", name)
		}
		c.print(getenv(env, name) + "\n")
		return nil
	}
	if bad := c.set(ctx, SettingEnv, name+"="+value); bad != nil {
		return bad
	}
	c.print("env: " + name + "=" + value + "\n")
	return nil
}

func runUnsetEnv(ctx context.Context, c *call) *Error {
	if c.Args == "" || strings.ContainsAny(c.Args, " =") {
		return c.usage("%unset_env needs one name")
	}
	return c.set(ctx, SettingNoEnv, c.Args)
}
