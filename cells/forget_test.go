package cells

import (
	"fmt"
	"go/token"
	"go/types"
	"runtime"
	"strings"
	"testing"
)

// TestForget runs a cell again and again: no more is kept than of one run.
func TestForget(t *testing.T) {
	nb := open(t)
	nb.run("kept := 3\nfunc fail(n int) int { var xs []int; return xs[n] }\nvar fs []func() int")
	const again = "func f(n int) int { return n * 2 }\nx := f(3)\nfs = append(fs[:0], func() int { return x })\nx + fs[0]()"
	const runs = 3*forgetEvery + keepClosures
	for range runs {
		if got := nb.run(again); got != "=> 12" {
			t.Fatal(got)
		}
		if got := nb.run("undefinedU"); !strings.Contains(got, "undefined: undefinedU") {
			t.Fatal(got)
		}
		if got := nb.run("x +"); !strings.Contains(got, "end of the cell") {
			t.Fatal(got)
		}
	}
	files := 0
	nb.s.fset.Iterate(func(f *token.File) bool {
		if strings.HasPrefix(f.Name(), "Cell[") {
			files++
		}
		return true
	})
	const most = keepClosures + forgetEvery + 10
	if len(nb.s.sources) > most || len(nb.s.texts) > most || files > 2*most || len(nb.s.files) != files || len(nb.s.units) > 3 {
		t.Errorf("after %d cells there are %d texts of cells, %d of units, %d files, %d of them known, %d units to replay", nb.n, len(nb.s.sources), len(nb.s.texts), files, len(nb.s.files), len(nb.s.units))
	}
	if got := nb.traceback("fail(kept)"); !strings.HasPrefix(got, "panic: runtime error: index out of range [3] with length 0\nCell[1]:2:45 in fail\n   2 | func fail(n int) int { var xs []int; return xs[n] }\n") {
		t.Errorf("got %s", got)
	}
	if got := nb.run("x + fs[0]() + kept"); got != "=> 15" {
		t.Errorf("got %s", got)
	}
}

// TestForgetTypes lets the collector take what go/types made of earlier cells.
func TestForgetTypes(t *testing.T) {
	nb := open(t)
	nb.run("x, y := 1, 2")
	freed := make(chan bool)
	runtime.AddCleanup(nb.s.scope.vars["x"].obj, func(bool) { close(freed) }, true)
	for i := range 5 {
		nb.run(fmt.Sprintf("x := y + %d", i))
		nb.run("y := x")
	}
	for {
		runtime.GC()
		select {
		case <-freed:
			return
		default:
		}
	}
}

// TestForgetEdits edits a cell again and again: what it defined before goes.
func TestForgetEdits(t *testing.T) {
	nb := open(t)
	nb.run("func twice(n int) int { return 2 * f(n) }\nconst k = 1\nfunc f(n int) int { return n + k }\ng := func(n int) int { return f(n) }")
	freed := make(chan bool, 4)
	for _, name := range []string{"twice", "f"} {
		runtime.AddCleanup(nb.s.scope.objs[name].(*types.Func), func(bool) { freed <- true }, true)
	}
	runtime.AddCleanup(nb.s.scope.objs["k"].(*types.Const), func(bool) { freed <- true }, true)
	runtime.AddCleanup(nb.s.scope.vars["g"].obj, func(bool) { freed <- true }, true)
	last := 0
	for i := range 2*forgetEvery + keepReplaced {
		last = i
		cell := fmt.Sprintf("const k = %d\nfunc f(n int) int { return n + k + %d }\ng := func(n int) int { return f(n) + %d }\ng(1) - twice(1)", i, i, i)
		if got, want := nb.run(cell), fmt.Sprintf("=> %d", 1+3*i-2*(1+2*i)); got != want {
			t.Fatalf("%s\n got %s\nwant %s", cell, got, want)
		}
	}
	if most := keepReplaced + forgetEvery + 10; len(nb.s.units) > most {
		t.Errorf("after %d edits there are %d units to replay", last+1, len(nb.s.units))
	}
	for seen := 0; seen < cap(freed); {
		runtime.GC()
		select {
		case <-freed:
			seen++
		default:
		}
	}
}

// TestAgain runs definitions again in a later cell: errors are shown where they
// stand now.
func TestAgain(t *testing.T) {
	nb := open(t)
	nb.run("func f(n int) int {\n\tvar xs []int\n\treturn xs[n]\n}\nconst c = 2\nfunc g() int { return f(c) }")
	nb.run("// A comment more.\n\n func f(n int) int {\n\tvar xs []int\n\treturn xs[n]\n}\nconst c = 2; func g() int { return f(c) }")
	want := "panic: runtime error: index out of range [2] with length 0\n" +
		"Cell[2]:5:9 in f\n   5 | \treturn xs[n]\n       \t       ^\n" +
		"Cell[2]:7:36 in g\n   7 | const c = 2; func g() int { return f(c) }\n" + strings.Repeat(" ", 42) + "^\n" +
		"Cell[3]:1:1\n   1 | g()\n       ^"
	if got := nb.traceback("g()"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	nb.run("type T struct{}\nfunc (T) M() int { return f(2) }")
	nb.run("\n\ntype T struct{}\nfunc (T) M() int { return f(2) }")
	if got, want := nb.traceback("T{}.M()"), "Cell[5]:4 in T.M\n   4 | func (T) M() int { return f(2) }\n"; !strings.Contains(got, want) {
		t.Errorf("%s is not in\n%s", want, got)
	}
	if got := nb.run("func f(n string) {}"); !strings.HasPrefix(got, "g (Cell[2]) no longer fits and is set aside: Cell[2]:7:38: cannot use c") {
		t.Errorf("got %s", got)
	}
}
