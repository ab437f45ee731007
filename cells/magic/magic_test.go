package magic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/cells/eval"
)

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Table() {
		if m.Help == "" || m.Usage == "" || m.run == nil || !m.Line && !m.Cell || seen[m.Name] {
			t.Errorf("%+v", m)
		}
		seen[m.Name] = true
	}
	for _, name := range strings.Fields("run time timeit gil start_method python bash sh ! cd pwd env who whos pool reset writefile load history lsmagic magic engine native") {
		if !seen[name] {
			t.Errorf("%s is not there", name)
		}
	}
}

func TestUnknownMagics(t *testing.T) {
	n := newNotepad(t)
	for cell, want := range map[string]string{
		"%tmie x":       "there is no magic %tmie; did you mean %time?",
		"%%pyhton\nx":   "there is no magic %%pyhton; did you mean %%python?",
		"%sh x":         "%sh works on a whole cell: write %%sh on its first line",
		"%ls x":         "there is no magic %ls; the command is !ls",
		"%pi x":         "there is no magic %pi; %lsmagic lists the magics",
		"%zzzzzz":       "there is no magic %zzzzzz; %lsmagic lists the magics",
		"%bash ls":      "%bash works on a whole cell: write %%bash on its first line",
		"%%who\nx":      "%%who does not work on a whole cell: write %who",
		"%tmie?":        "there is no magic %tmie; did you mean %time?",
		"%time":         "there is nothing to time; usage: " + usageOf("time"),
		"%timeit -x y":  "there is no option -x; usage: " + usageOf("timeit"),
		"%timeit -n":    "the option -n lacks its value; usage: " + usageOf("timeit"),
		"%timeit -n0 x": `-n needs a number from 1, not "0"; usage: ` + usageOf("timeit"),
		"%gil maybe":    `the GIL is on or off, not "maybe"; usage: ` + usageOf("gil"),
		"%run 'x":       "a quote is not closed; usage: " + usageOf("run"),
		"%pool 1x":      `"1x" is no pool's number; usage: ` + usageOf("pool"),
		"%pool 0":       `"0" is no pool's number; usage: ` + usageOf("pool"),
		"%run":          "%run needs the name of a program; usage: " + usageOf("run"),
		"%cd -":         "there is no folder to go back to; usage: " + usageOf("cd"),
		"%env =3":       `"=3" is no variable; usage: ` + usageOf("env"),
	} {
		n.env = []string{"PATH=" + os.Getenv("PATH")}
		if err := n.run(cell); err == nil || err.Name != "UsageError" || err.Value != want {
			t.Errorf("%s: %v\nwant %s", cell, err, want)
		}
	}
}

func usageOf(name string) string { m, _ := Lookup(name); return m.Usage }

func TestPool(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%pool"); out != "pool 0\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%pool 2"); out != "pool 2\n" {
		t.Errorf("%q", out)
	}
	if err := n.run("%pool 3"); err == nil || err.Value != "no such pool" {
		t.Error(err)
	}
	n.prints("%pool workers")
	if code := n.ran[len(n.ran)-1]; code.Text != "      workers.Trace()" || code.Line != 1 {
		t.Errorf("%+v", code)
	}
}

// A failure ends the cell, and what comes before it ran.
func TestCellsInOrder(t *testing.T) {
	n := newNotepad(t)
	n.fails = map[string]*Error{"bad()": {Name: "Panic", Value: "bad"}}
	if err := n.run("a()\n%pwd\nb()\n%time bad()\nc()\n"); err == nil || err.Name != "Panic" {
		t.Fatal(err)
	}
	want := []Code{{Text: "a()\n", Line: 1}, {Text: "b()\n", Line: 3}, {Text: "      bad()", Line: 4}}
	if len(n.ran) != len(want) {
		t.Fatalf("%+v", n.ran)
	}
	for i := range want {
		if n.ran[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, n.ran[i], want[i])
		}
	}
	if n.out != n.dir+"\n" {
		t.Errorf("%q", n.out)
	}
}

func TestTime(t *testing.T) {
	n := newNotepad(t)
	out := n.prints("  %time  f(x)")
	const cpu = "CPU times: user 20 ms, sys: 1.5 ms, total: 21.5 ms\nWall time: "
	if !strings.HasPrefix(out, cpu) || n.ran[0] != (Code{Text: "         f(x)", Line: 1}) {
		t.Errorf("%q %+v", out, n.ran)
	}
	out = n.prints("\n%%time\nx := 1\nf(x)")
	if !strings.HasPrefix(out, cpu) || n.ran[1] != (Code{Text: "x := 1\nf(x)", Line: 3}) {
		t.Errorf("%q %+v", out, n.ran)
	}
}

// What is timed may hold magics, and keeps its lines.
func TestTimeMagics(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%time %pwd"); !strings.HasPrefix(out, n.dir+"\nCPU times: ") {
		t.Errorf("%q", out)
	}
	n.prints("%%time\na()\n%pwd\nb()")
	if len(n.ran) != 2 || n.ran[0] != (Code{Text: "a()\n", Line: 2}) || n.ran[1] != (Code{Text: "b()", Line: 4}) {
		t.Errorf("%+v", n.ran)
	}
	if err := n.run("%%time\nfor {\n%pwd\n}"); err == nil || !strings.HasPrefix(err.Value, "line 3: %pwd is inside the block that begins on line 2;") {
		t.Error(err)
	}
}

func TestTimeit(t *testing.T) {
	n := newNotepad(t)
	n.each = 3 * time.Millisecond
	if out := n.prints("%timeit f(x)"); out != "3 ms ± 0 ns per loop (mean ± std. dev. of 7 runs, 100 loops each)\n" {
		t.Errorf("%q", out)
	}
	if len(n.loops) != 10 || n.loops[0] != 1 || n.loops[2] != 100 || n.ran[0] != (Code{Text: "        f(x)", Line: 1}) {
		t.Errorf("%v %+v", n.loops, n.ran[0])
	}
	n.ran, n.loops = nil, nil
	if out := n.prints("%%timeit -n1000 -r 1 setup()\nf(x)\n"); out != "3 ms ± 0 ns per loop (mean ± std. dev. of 1 run, 1,000 loops each)\n" {
		t.Errorf("%q", out)
	}
	if len(n.ran) != 2 || strings.TrimSpace(n.ran[0].Text) != "setup()" || len(n.ran[0].Text) != len("%%timeit -n1000 -r 1 setup()") || n.ran[1] != (Code{Text: "f(x)\n", Line: 2}) {
		t.Errorf("%+v", n.ran)
	}
	if out := n.prints("%timeit -q -n 2 x"); out != "" {
		t.Errorf("%q", out)
	}
	got := timeitReport([]time.Duration{1000, 9000}, 2, 3)
	want := "The slowest run took 9.00 times as long as the fastest: something may be cached between runs.\n2.5 µs ± 2 µs per loop (mean ± std. dev. of 2 runs, 2 loops each)\n"
	if got != want {
		t.Errorf("%q", got)
	}
}

func TestFormatSeconds(t *testing.T) {
	for want, s := range map[string]float64{
		"0 ns": 0, "1.5 ns": 1.5e-9, "123 µs": 123.4e-6, "1 ms": 0.9999e-3 + 1e-7, "479 ms": 0.479, "12.3 s": 12.345, "1min 3s": 63.2, "2h 1s": 7201, "10 s": 10,
	} {
		if got := formatSeconds(s, 3); got != want {
			t.Errorf("%v: %q, want %q", s, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%gil\n%gil on\n%gil"); out != "The GIL is off.\nThe GIL is on.\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%start_method session   compiled\n%start_method"); out != "session compiled\n" {
		t.Errorf("%q", out)
	}
	if err := n.run("%start_method fork"); err == nil || !strings.Contains(err.Value, `"fork"`) {
		t.Error(err)
	}
}

func TestFolders(t *testing.T) {
	n := newNotepad(t)
	top := n.dir
	n.write("a b/file", "")
	if out := n.prints("%cd a b"); out != filepath.Join(top, "a b")+"\n" {
		t.Errorf("%q", out)
	}
	n.prints("%cd ..")
	if out := n.prints("%cd 'a b'"); out != filepath.Join(top, "a b")+"\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%pwd"); out != filepath.Join(top, "a b")+"\n" {
		t.Errorf("%q", out)
	}
	if n.prints("%cd -"); n.dir != top {
		t.Errorf("%q", n.dir)
	}
	if n.prints("%cd -"); n.dir != filepath.Join(top, "a b") {
		t.Errorf("%q", n.dir)
	}
	if home, err := os.UserHomeDir(); err == nil {
		if n.prints("%cd"); n.dir != home {
			t.Errorf("%q", n.dir)
		}
	}
	n.dir = top
	for cell, want := range map[string]string{"%cd nowhere": "FileNotFoundError", "%cd 'a b/file'": "NotADirectoryError"} {
		if err := n.run(cell); err == nil || err.Name != want || n.dir != top {
			t.Errorf("%s: %v", cell, err)
		}
	}
}

func TestEnv(t *testing.T) {
	n := newNotepad(t)
	n.env = []string{"B=2", "API_KEY=very"}
	if out := n.prints("%env A=x y\n%env C z\n%env"); out != "env: A=x y\nenv: C=z\nA=x y\nAPI_KEY=<hidden>\nB=2\nC=z\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%env B\n%unset_env B"); out != "2\n" {
		t.Errorf("%q", out)
	}
	if err := n.run("%env B"); err == nil || err.Value != "the environment has no variable B" {
		t.Error(err)
	}
}

func TestWho(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%who"); out != "The session has no variables.\n" {
		t.Errorf("%q", out)
	}
	n.vars = []Variable{{"pairs", "[][2]int", "[[1963309 2265973]\n[1 2]]"}, {"x", "int", "3"}, {"y", "string", strings.Repeat("한", 80)}}
	if out := n.prints("%who"); out != "pairs\tx\ty\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%who int bool"); out != "x\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%who bool"); out != "No variables of type bool.\n" {
		t.Errorf("%q", out)
	}
	want := `Variable   Type       Value
----------------------------
pairs      [][2]int   [[1963309 2265973] [1 2]]
x          int        3
y          string     ` + strings.Repeat("한", 59) + "…\n"
	if out := n.prints("%whos"); out != want {
		t.Errorf("%s\nwant\n%s", out, want)
	}
}

func TestReset(t *testing.T) {
	n := newNotepad(t)
	n.answers = []string{"no", "", "Y"}
	for _, want := range []string{"Nothing done.\n", "Nothing done.\n", ""} {
		if out := n.prints("%reset"); out != want {
			t.Errorf("%q", out)
		}
	}
	if out := n.prints("%reset"); out != "Nothing done.\n" || n.resets != 1 { // the user closed the input
		t.Errorf("%q, %d resets", out, n.resets)
	}
	if n.prints("%reset -f"); n.resets != 2 {
		t.Errorf("%d resets", n.resets)
	}
	n.deaf = true
	if err := n.run("%reset"); err == nil || err.Name != "UsageError" || !strings.Contains(err.Value, "%reset -f") || n.resets != 2 {
		t.Error(err)
	}
}

func TestHistory(t *testing.T) {
	n := newNotepad(t)
	n.history = []Entry{{1, "x := 1"}, {2, "f(x)\ng(x)"}, {3, "y"}, {4, "%history"}}
	for cell, want := range map[string]string{
		"%history":         "x := 1\nf(x)\ng(x)\ny\n%history\n",
		"%history -n -l 2": "   3: y\n   4: %history\n",
		"%history 2-3 1":   "f(x)\ng(x)\ny\nx := 1\n",
		"%history -g ^f":   "f(x)\ng(x)\n",
		"%history 9":       "",
	} {
		if out := n.prints(cell); out != want {
			t.Errorf("%s: %q", cell, out)
		}
	}
	if err := n.run("%history x"); err == nil || !strings.HasPrefix(err.Value, `"x" is no cell's number`) {
		t.Error(err)
	}
}

func TestWritefileAndLoad(t *testing.T) {
	n := newNotepad(t)
	if out := n.prints("%%writefile a.go\npackage a\n\n%run\n"); out != "Writing a.go\n" {
		t.Errorf("%q", out)
	}
	if out := n.prints("%%writefile -a a.go\n// more"); out != "Appending to a.go\n" {
		t.Errorf("%q", out)
	}
	const text = "package a\n\n%run\n// more\n"
	if data, err := os.ReadFile(filepath.Join(n.dir, "a.go")); err != nil || string(data) != text {
		t.Errorf("%q %v", data, err)
	}
	n.prints("%load a")
	if len(n.next) != 1 || n.next[0] != "// %load a\n"+text {
		t.Errorf("%q", n.next)
	}
	os.Chmod(filepath.Join(n.dir, "a.go"), 0o755)
	if out := n.prints("%%writefile a.go\nnew"); out != "Overwriting a.go\n" {
		t.Errorf("%q", out)
	}
	if info, err := os.Stat(filepath.Join(n.dir, "a.go")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(n.dir); len(left) != 1 {
		t.Errorf("%v", left)
	}
	n.write("blob", "\xff")
	for cell, want := range map[string]string{
		"%load nothing":            "FileNotFoundError: " + filepath.Join(n.dir, "nothing.go") + ": no such file or directory",
		"%%writefile no/such/a\nx": "FileNotFoundError: " + filepath.Join(n.dir, "no/such/a") + ": no such file or directory",
		"%load blob":               "ValueError: blob is not text for a cell: it is larger than 1 MiB or not UTF-8",
	} {
		if err := n.run(cell); err == nil || err.Error() != want {
			t.Errorf("%s: %v", cell, err)
		}
	}
}

func TestHelp(t *testing.T) {
	n := newNotepad(t)
	n.prints("%time?")
	n.prints("?known")
	n.prints("known??")
	n.prints("%magic")
	if len(n.pages) != 4 || !strings.Contains(n.pages[0]["text/plain"].(string), usageOf("time")) ||
		n.pages[1]["text/plain"] != "brief" || n.pages[2]["text/plain"] != "with source" || !strings.Contains(n.pages[3]["text/plain"].(string), usageOf("writefile")) {
		t.Errorf("%v", n.pages)
	}
	if err := n.run("nothing?"); err == nil || err.Error() != "NameError: nothing is not defined" {
		t.Error(err)
	}
	if out := n.prints("%lsmagic"); !strings.Contains(out, "%cd") || !strings.Contains(out, "%%bash") || strings.Contains(out, "%!") {
		t.Errorf("%s", out)
	}
}

func TestShow(t *testing.T) {
	n := newNotepad(t)
	n.prints("%%html\n<b>x</b>")
	if d, ok := n.events[0].(eval.Display); !ok || d.Data["text/html"] != "<b>x</b>" || d.Data["text/plain"] != "x" {
		t.Errorf("%+v", n.events)
	}
}
