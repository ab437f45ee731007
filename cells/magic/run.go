package magic

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/cells/spelling"
	"github.com/paracell/paracell/display"
)

var runMagics = []Magic{
	{Name: "run", Usage: "%run [-t] PROGRAM [ARGUMENTS…]", Line: true, Cell: true, run: runRun,
		Help: "build a Go program and run it; or run a notebook's cells in this session",
		Doc: "PROGRAM is beside the notebook: the file PROGRAM.go, the folder PROGRAM with a package main, or the notebook PROGRAM.ipynb, with or without its extension. " +
			"A program is compiled once and found again until its sources change; it runs in a process of its own, in the session's folder, and takes input. A status other than 0 fails the cell. " +
			"-t tells how long it took. %%run runs the cell below it as the program."},
}

const runOptions = "t"

func runRun(ctx context.Context, c *call) *Error {
	opts, rest, bad := c.options(c.Args, runOptions)
	if bad != nil {
		return bad
	}
	words, bad := c.split(rest)
	if bad != nil {
		return bad
	}
	_, timed := opts['t']
	if c.Kind == Cell {
		return c.runProgram(ctx, "the cell's program", c.cellProgram(c.Body, c.BodyLine), words, timed)
	}
	if len(words) == 0 {
		return c.usage("%run needs the name of a program")
	}
	path, bad := c.resolve(words[0])
	if bad != nil {
		return bad
	}
	if filepath.Ext(path) != ".ipynb" {
		return c.runProgram(ctx, words[0], build.Source{Path: path}, words[1:], timed)
	}
	if len(words) > 1 {
		return c.usage("a notebook takes no arguments")
	}
	began := time.Now()
	if bad := c.runNotebook(ctx, path); bad != nil {
		return bad
	}
	if timed {
		c.print(fmt.Sprintf("Wall time: %s\n", formatTime(time.Since(began), 3)))
	}
	return nil
}

// resolve finds what name means, in the order of Magic.Doc.
func (c *call) resolve(name string) (string, *Error) {
	base := absolute(c.Dir(), name)
	isFile := func(path string) bool { info, err := os.Stat(path); return err == nil && !info.IsDir() }
	if ext := filepath.Ext(name); (ext == ".go" || ext == ".ipynb") && isFile(base) {
		return base, nil
	}
	if isFile(base + ".go") {
		return base + ".go", nil
	}
	if info, err := os.Stat(base); err == nil && info.IsDir() {
		return base, nil // the engine says what it thinks of the folder
	}
	if isFile(base + ".ipynb") {
		return base + ".ipynb", nil
	}
	dir, short := filepath.Split(base)
	hint := ""
	if near := spelling.Nearest(strings.TrimSuffix(short, ".go"), programsIn(dir)); len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	short = strings.TrimSuffix(strings.TrimSuffix(short, ".go"), ".ipynb")
	return "", &Error{Name: "FileNotFoundError", Value: fmt.Sprintf("there is no program %s.go, no folder %s and no notebook %s.ipynb in %s%s", short, short, short, filepath.Clean(dir), hint)}
}

// programsIn are the names in dir that %run could mean.
func programsIn(dir string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		name := e.Name()
		switch ext := filepath.Ext(name); {
		case strings.HasPrefix(name, "."), strings.HasSuffix(name, "_test.go"):
		case e.IsDir():
			if inside, _ := filepath.Glob(filepath.Join(dir, name, "*.go")); len(inside) > 0 {
				names = append(names, name)
			}
		case ext == ".go", ext == ".ipynb":
			names = append(names, strings.TrimSuffix(name, ext))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// cellFile is what the compiler calls a %%run cell. It is always the same, so
// that a cell run again finds its binary; messages get the cell's own name.
const cellFile = "cell.go"

var packageClause = pattern.New(`(?m)^\s*package\s+\w+`)

func (c *call) cellProgram(body string, line int) build.Source {
	head := ""
	if !packageClause().MatchString(body) {
		head = "package main\n\n"
	}
	src := fmt.Sprintf("%s//line %s:%d:1\n%s", head, cellFile, line, body)
	return build.Source{Name: "cell", Files: map[string][]byte{cellFile: []byte(src)}, Dir: c.Dir()}
}

func (c *call) runProgram(ctx context.Context, who string, s build.Source, args []string, timed bool) *Error {
	bin, err := c.building(ctx, who, s)
	if err != nil {
		return c.named(failed(who, err))
	}
	times, err := c.command(bin.Path, args, c.Env()).Run(ctx)
	if timed && ctx.Err() == nil {
		c.print(cpuTimes(times.User, times.System) + "Wall time: " + formatTime(times.Wall, 3) + "\n")
	}
	return failed(who, err)
}

// named brings the names that the compiler uses into those that the user knows.
func (c *call) named(e *Error) *Error {
	here := c.Dir() + string(filepath.Separator)
	rename := func(s string) string {
		if after, ok := strings.CutPrefix(s, cellFile+":"); ok && c.Kind == Cell {
			return c.CellName() + ":" + after
		}
		return strings.TrimPrefix(s, here)
	}
	e.Value = rename(e.Value)
	for i, line := range e.Traceback {
		e.Traceback[i] = rename(line)
	}
	return e
}

// noticeable is how long a build may take in silence.
const noticeable = 400 * time.Millisecond

// building builds, and shows that it does when it takes a while. The note goes
// away with the cell's output so far: only a cell that has none shows it.
func (c *call) building(ctx context.Context, who string, s build.Source) (build.Binary, error) {
	type result struct {
		bin build.Binary
		err error
	}
	done := make(chan result, 1)
	go func() {
		bin, err := c.Build().Build(ctx, s)
		done <- result{bin, err}
	}()
	wait := time.NewTimer(noticeable)
	defer wait.Stop()
	select {
	case r := <-done:
		return r.bin, r.err
	case <-wait.C:
	}
	if c.first {
		c.Emit(eval.Display{Data: display.Text("building " + who + " …").MIMEBundle()})
		defer c.Emit(eval.ClearOutput{})
	}
	r := <-done
	return r.bin, r.err
}

// notebook is what of an .ipynb file matters here.
type notebook struct {
	Cells []struct {
		Type   string `json:"cell_type"`
		Source text   `json:"source"`
	} `json:"cells"`
	Metadata struct {
		Kernel   struct{ Language string } `json:"kernelspec"`
		Language struct{ Name string }     `json:"language_info"`
	} `json:"metadata"`
}

// text is a string, or a list of lines.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if err := json.Unmarshal(data, &lines); err == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// runNotebook runs a notebook's code cells in this session, magics included.
func (c *call) runNotebook(ctx context.Context, path string) *Error {
	base := filepath.Base(path)
	data, err := os.ReadFile(path)
	if err != nil {
		return fileError(err)
	}
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil || nb.Cells == nil {
		return &Error{Name: "ValueError", Value: base + " is not a notebook: it holds no cells"}
	}
	for _, language := range []string{nb.Metadata.Language.Name, nb.Metadata.Kernel.Language} {
		if language != "" && !strings.EqualFold(language, "go") {
			return &Error{Name: "ValueError", Value: fmt.Sprintf("%s is a notebook in %s, not in Go", base, language)}
		}
	}
	inside, _ := ctx.Value(notebookKey{}).([]string)
	if slices.Contains(inside, path) {
		return &Error{Name: "RecursionError", Value: base + " runs itself"}
	}
	ctx = context.WithValue(ctx, notebookKey{}, append(slices.Clone(inside), path))
	count := 0
	for _, cell := range nb.Cells {
		if cell.Type != "code" {
			continue
		}
		count++
		segments, bad := Split(string(cell.Source))
		if bad == nil {
			bad = run(ctx, c.Host, segments, fmt.Sprintf("%s[%d]", base, count), false)
		}
		if bad != nil {
			if !strings.HasPrefix(bad.Value, base) { // a position names the cell already
				bad.Value = fmt.Sprintf("%s[%d]: %s", base, count, bad.Value)
			}
			return bad
		}
	}
	return nil
}

// notebookKey carries the notebooks that are being run, outermost first.
type notebookKey struct{}
