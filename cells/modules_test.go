package cells

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paracell/paracell/cells/build"
)

// write writes files below a notebook's folder.
func (nb *notebook) write(files map[string]string) {
	nb.t.Helper()
	for name, text := range files {
		path := filepath.Join(nb.s.Dir(), name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			nb.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			nb.t.Fatal(err)
		}
	}
}

var module = map[string]string{
	"go.mod": "module demo\n\ngo 1.24\n\nrequire (\n\texample.com/other v1.0.0\n\tgolang.org/x/tools v1.0.0\n)\n\n" +
		"replace example.com/other => ./other\n\nreplace golang.org/x/tools => ./tools\n",
	"util/util.go": `// Package util counts.
package util

import (
	"demo/internal/deep"
	"fmt"

	"example.com/other"
)

// Count is how often Next was called.
var Count int

// Next counts.
func Next() int { Count++; return Count }

// A Point is one of a plane.
type Point struct {
	X, Y int
	name string
}

func (p Point) String() string { return fmt.Sprint(p.name, "(", p.X, ";", p.Y, ")") }
func (p *Point) Move(dx int)   { p.X += dx }

// A Shape has an area.
type Shape interface{ Area() int }

func New(x, y int) *Point { return &Point{x, y, deep.Name} }
func Twice(s Shape) int   { return other.Double(s.Area()) }

func Map[T, U any](xs []T, f func(T) U) (out []U) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
`,
	"internal/deep/deep.go":                 "package deep\n\nconst Name = \"at\"\n\nvar State = map[string]int{}\n",
	"loud/loud.go":                          "package loud\n\nimport \"fmt\"\n\nfunc init() { fmt.Println(\"loud\") }\n",
	"bad/bad.go":                            "package bad\n\nvar x int = \"\"\n",
	"prog/main.go":                          "package main\n\nfunc main() {}\n",
	"other/go.mod":                          "module example.com/other\n\ngo 1.24\n",
	"other/other.go":                        "package other\n\nfunc Double(n int) int { return 2 * n }\n",
	"tools/go.mod":                          "module golang.org/x/tools\n\ngo 1.24\n",
	"tools/go/gcexportdata/gcexportdata.go": "package gcexportdata\n\nvar Other = 1\n",
}

// Cells import packages of the module that the notebook is in.
func TestModules(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells []string
	}{
		{"functions and variables", []string{
			"import \"demo/util\"", "",
			"util.Next()", "=> 1",
			"util.Count = 10\nfunc next() int { return util.Next() }", "",
			"x := 0\nfor range 3 { x += next() }\nx", "=> 36",
			"%engine interpreted", "",
			"next()", "=> 14",
			"util.Next()", "!! CompileError: Cell[7]:1:1: package demo/util, which is a module's, cannot be interpreted; %engine auto lets it be compiled",
		}},
		{"types", []string{
			"import \"demo/util\"\np := util.New(1, 2)\np", "=> at(1;2)",
			"p.Move(2)\np.X", "=> 3",
			"type square struct{ a int; at util.Point }\nfunc (s square) Area() int { return s.a * s.a }", "",
			"s := square{3, *p}\nutil.Twice(s)", "=> 18",
			"m := map[string]*util.Point{\"p\": p}\nm[\"p\"].String()", "=> at(3;2)",
			"func label(p *util.Point) string { return p.String() + \"!\" }\nlabel(m[\"p\"])", "=> at(3;2)!",
			"util.Map([]int{1, 2}, func(i int) string { return label(util.New(i, i)) })", "=> [at(1;1)! at(2;2)!]",
		}},
		{"kinds of imports", []string{
			"import _ \"demo/loud\"", "loud\n",
			"import _ \"demo/loud\"", "",
			"import u \"demo/util\"\nu.Next()", "=> 1",
			"import . \"demo/util\"\nNext()", "=> 2",
			"import \"demo/internal/deep\"\ndeep.State[deep.Name]++\ndeep.State", "=> map[at:1]",
			"import \"example.com/other\"\nother.Double(4)", "=> 8",
		}},
		{"what cannot be imported", []string{
			"import \"demo/nothing\"", "!! CompileError: Cell[1]:1:8: could not import demo/nothing (package demo/nothing is not in std)",
			"import \"example.com/none\"", "!! CompileError: Cell[2]:1:8: could not import example.com/none (no required module provides package example.com/none) (%go get example.com/none)",
			"import \"demo/bad\"", "!! CompileError: Cell[3]:1:8: could not import demo/bad (package demo/bad: bad/bad.go:3:13: cannot use \"\" (untyped string constant) as int value in variable declaration)",
			"import \"demo/...\"", "!! CompileError: Cell[4]:1:8: could not import demo/... (package demo/... is not in std)",
			"import \"std\"", "!! CompileError: Cell[5]:1:8: could not import std (package std is not in std)",
			"import \"demo/prog\"", "!! CompileError: Cell[6]:1:8: could not import demo/prog (package demo/prog: it is a program, not an importable package)",
		}},
		{"programs and workers", []string{
			"%%run\npackage main\n\nimport \"demo/internal/deep\"\n\nfunc main() { print(deep.Name) }", "at",
			"import (\n\t\"demo/util\"\n\t\"github.com/paracell/paracell/futures\"\n)\nfunc moved(n int) int {\n\tp := util.New(n, 0)\n\tp.Move(1)\n\treturn p.X\n}", "",
			"pool := futures.NewProcessPoolExecutor(1)\nfor n, err := range futures.Map(pool, moved, []int{1, 2}) { fmt.Println(n, err) }\npool.Shutdown(true, false)", "imported fmt\n2 <nil>\n3 <nil>\n",
		}},
		{"the go command", []string{
			"%go list ./util", "demo/util\n",
			"%go", "!! UsageError: %go needs a command, such as get; usage: %go COMMAND [ARGUMENTS…]",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			nb := open(t)
			nb.write(module)
			for i := 0; i < len(tt.cells); i += 2 {
				if got := nb.run(tt.cells[i]); got != tt.cells[i+1] {
					t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+1, tt.cells[i], got, tt.cells[i+1])
				}
			}
		})
	}
}

// A package stays what it was when it was first imported.
func TestModuleChanges(t *testing.T) {
	nb := open(t)
	nb.write(module)
	if got := nb.run("import \"demo/util\"\nutil.Next()"); got != "=> 1" {
		t.Fatal(got)
	}
	nb.write(map[string]string{
		"util/util.go": "package util\n\nfunc Next() string { return \"new\" }\n",
		"more/more.go": "package more\n\nimport \"demo/util\"\n\nvar Next = util.Next\n",
	})
	if got := nb.run("util.Next()"); got != "=> 2" {
		t.Errorf("the package that was imported says %s", got)
	}
	if got := nb.run("import \"demo/util\"\nutil.Next()"); got != "package demo/util has changed since it was imported; a restart of the kernel takes it as it is now\n=> 3" {
		t.Errorf("imported again, it says %s", got)
	}
	if got := nb.run("import \"demo/more\""); !strings.Contains(got, "it needs package demo/util, which has changed since it was imported: restart the kernel") {
		t.Errorf("a package that imports it says %s", got)
	}
}

// What this binary was built with is loaded already.
func TestModuleConflict(t *testing.T) {
	nb := open(t)
	nb.write(module)
	got := nb.run("import \"golang.org/x/tools/go/gcexportdata\"\ngcexportdata.Other")
	if !strings.HasPrefix(got, "!! CompileError: package golang.org/x/tools/go/gcexportdata is in this process in another version, and a process can have but one: ") {
		t.Error(got)
	}
}

// Notebooks outside every module share one, where go get adds to.
func TestSharedModule(t *testing.T) {
	nb := open(t)
	nb.s.Close()
	cache := t.TempDir()
	e := build.New(build.Config{Cache: cache})
	dir, err := e.ModuleDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := e.ModuleDir(t.TempDir()); err != nil || again != dir {
		t.Errorf("another notebook has %s, %v", again, err)
	}
	nb.write(module)
	if own, err := e.ModuleDir(filepath.Join(nb.s.Dir(), "util")); err != nil || own != filepath.Join(nb.s.Dir(), "util") {
		t.Errorf("a notebook in a module has %s, %v", own, err)
	}
}
