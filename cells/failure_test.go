package cells

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFailures holds what a failed cell says and what it leaves.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells []string
	}{
		{"a redefinition before a magic that fails", []string{
			"x := 10", "", "x := 77\n%pwd\npanic(\"no\")", "{dir}\n!! Panic: no", "x", "=> 10",
			"x := 5\n%nosuch", "!! UsageError: there is no magic %nosuch; %lsmagic lists the magics", "x", "=> 10",
			"y := 1\n%nosuch", "!! UsageError: there is no magic %nosuch; %lsmagic lists the magics", "y", "!! CompileError: Cell[7]:1:1: undefined: y",
		}},
		{"redefinitions in several pieces", []string{
			"x := 1", "", "%run double\n%run double\n%pwd\nfmt.Println(x)\npanic(\"no\")", "{dir}\nimported fmt\n4\n!! Panic: no", "x", "=> 1",
		}},
		{"a notebook that fails half-way", []string{
			"x := 1", "", "%run half", "!! RuntimeError: half.ipynb[2]: index out of range [2] with length 0", "x", "=> 1",
			"y", "!! CompileError: Cell[4]:1:1: undefined: y",
		}},
		{"what is only timed", []string{"x := 1", "", "%timeit -q -n 3 -r 1 x := 5", "", "x", "=> 1"}},
		{"the end of a cell", []string{
			"x := 1\nx +", "!! CompileError: Cell[1]:2:4: expected operand, found the end of the cell",
			"%pwd\nfunc f() {}\nx := \n\n", "!! CompileError: Cell[2]:3:5: expected operand, found the end of the cell",
			"type", "!! CompileError: Cell[3]:1:5: expected 'IDENT', found the end of the cell",
		}},
		{"semicolons alone", []string{";", "", "x := 1;;\n;\nx", "=> 1", ";;\nx", "=> 1", "for i := 0; ; i++ { if i > 2 { break } }", "", "for ;; { break }", "", "x;;", ""}},
		{"a byte order mark", []string{"\ufeff1 + 1", "=> 2", "\ufeff%pwd", "{dir}\n"}},
		{"an error in two places", []string{
			"var a int\nvar a string", "!! CompileError: Cell[1]:2:5: a redeclared in this block",
		}},
		{"a constant that is too large to show", []string{
			"1 << 70", "!! CompileError: Cell[1]:1:1: cannot use 1 << 70 (untyped int constant) as int value (overflows)",
		}},
		{"a type of an earlier cell in an error", []string{
			"type T struct{}\nx := T{}", "", "var s string = x", "!! CompileError: Cell[2]:1:16: cannot use x (variable of struct type T) as string value in variable declaration",
		}},
		{"what a magic defines is there for the rest of its cell", []string{
			"x := 3\n%run double\nx", "=> 6",
			"%run first\nfirst + 1", "=> 8",
			"%run first\nprintln(undefinedZ)", "!! CompileError: Cell[3]:2:9: undefined: undefinedZ",
			"%reset -f\nx := \"a\"\nx", "=> a",
			"%pwd\n%time   undefinedT", "!! CompileError: Cell[5]:2:9: undefined: undefinedT",
			"%pwd\n%run nothing\nundefinedU", "!! CompileError: Cell[6]:3:1: undefined: undefinedU",
		}},
		{"a later method of a generic type", []string{
			"type Stack[T any] struct{ xs []T }\nst := Stack[int]{[]int{4}}", "", "func (s *Stack[T]) Len() int { return len(s.xs) }\nst.Len()", "=> 1", "st.Len()", "=> 1",
			"func (s *Stack[T]) Len() int { return 2 * len(s.xs) }", "", "st.Len()", "=> 2",
		}},
		{"a variable hides a package of its cell", []string{"import \"fmt\"\nfmt := 3", "", "fmt", "=> 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nb := open(t)
			for name, content := range map[string]string{
				"half.ipynb":   `{"cells":[{"cell_type":"code","source":"x := 5; y := 6"},{"cell_type":"code","source":"var q []int; q[2] = 1"}]}`,
				"first.ipynb":  `{"cells":[{"cell_type":"code","source":"first := 7"}]}`,
				"double.ipynb": `{"cells":[{"cell_type":"code","source":"x := 2 * x"}]}`,
			} {
				if err := os.WriteFile(filepath.Join(nb.s.Dir(), name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for i := 0; i < len(tt.cells); i += 2 {
				want := strings.ReplaceAll(tt.cells[i+1], "{dir}", nb.s.Dir())
				if got := nb.run(tt.cells[i]); got != want {
					t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+1, tt.cells[i], got, want)
				}
			}
		})
	}
}

// traceback runs a cell that fails and returns its traceback without colours.
func (nb *notebook) traceback(code string) string {
	nb.t.Helper()
	nb.n++
	reply := nb.s.Execute(nb.t.Context(), Request{Code: code, Count: nb.n, Emit: func(Event) {}})
	if reply.Err == nil {
		nb.t.Fatalf("%s did not fail", code)
	}
	return strings.NewReplacer(red, "", bold, "", dim, "", reset, "").Replace(strings.Join(reply.Err.Traceback, "\n"))
}

func TestTracebacks(t *testing.T) {
	nb := open(t)
	nb.run("v := 1")
	for _, tt := range []struct{ name, code, want string }{
		{"wide letters", "s := \"가\" + undefinedS", "Cell[2]:1:14: undefined: undefinedS\n   1 | s := \"가\" + undefinedS\n             \u3000    ^"},
		{"both places", "func a() {}\nfunc a() {}", "Cell[3]:2:6: a redeclared in this block\n\tCell[3]:1:6: other declaration of a\n   2 | func a() {}\n            ^"},
		{"a panic far away", "go func() {\n\tpanic(\"far\")\n}()\nselect {}", "panic: far\nCell[4]:2:2\n   2 | \tpanic(\"far\")\n       \t^"},
		{"a function that calls itself", "func rec(n int) int { if n == 0 { panic(\"deep\") }; return rec(n - 1) + 1 }\nrec(3)", "panic: deep\nCell[5]:1:35 in rec\n   1 | func rec(n int) int { if n == 0 { panic(\"deep\") }; return rec(n - 1) + 1 }\n                                         ^\n" +
			"Cell[5]:1:59 in rec, 3 times\n   1 | func rec(n int) int { if n == 0 { panic(\"deep\") }; return rec(n - 1) + 1 }\n                                                                 ^\nCell[5]:2:1\n   2 | rec(3)\n       ^"},
		{"very many calls", "func a(n int) {\n\tif n == 0 {\n\t\tpanic(1)\n\t}\n\tb(n - 1)\n}\nfunc b(n int) {\n\ta(n)\n}\na(50)", "panic: 1\nCell[6]:3:3 in a\n   3 | \t\tpanic(1)\n       \t\t^\n" +
			"Cell[6]:8:2 in b\n   8 | \ta(n)\n       \t^\nCell[6]:5:2 in a\n   5 | \tb(n - 1)\n       \t^\n" +
			strings.Repeat("Cell[6]:8:2 in b\nCell[6]:5:2 in a\n", 3) + "Cell[6]:8:2 in b\n… 82 more calls …\n" + strings.Repeat("Cell[6]:5:2 in a\nCell[6]:8:2 in b\n", 4) + "Cell[6]:5:2 in a\nCell[6]:10:1\n  10 | a(50)\n       ^"},
		{"a named string", "type name string\npanic(name(\"a\\nb\"))", "panic: main.name(\"a\nb\")\nCell[7]:2:1\n   2 | panic(name(\"a\\nb\"))\n       ^"},
		{"a named number", "type number int\nfunc p() { panic(number(-4)) }\np()", "panic: main.number(-4)\nCell[8]:2:12 in p\n   2 | func p() { panic(number(-4)) }\n                  ^\nCell[8]:3:1\n   3 | p()\n       ^"},
		{"a named complex number", "type point complex128\npanic(point(1+2i))", "panic: main.point(1+2i)\nCell[9]:2:1\n   2 | panic(point(1+2i))\n       ^"},
		{"a method value of nil", "var s fmt.Stringer\nf := s.String", "panic: runtime error: invalid memory address or nil pointer dereference\nCell[10]:2:6\n   2 | f := s.String\n            ^"},
		{"a value's method through nil", "type T struct{ a int; next *T }\nfunc (t T) get() int { return t.a }\nfunc next(t *T) int { return t.next.get() }\nnext(&T{})", "panic: runtime error: invalid memory address or nil pointer dereference\nCell[11]:3:30 in next\n   3 | func next(t *T) int { return t.next.get() }\n                                    ^\nCell[11]:4:1\n   4 | next(&T{})\n       ^"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := nb.traceback(tt.code); got != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
	long := nb.traceback("len(\"" + strings.Repeat("가", 5000) + "\") + undefinedL")
	lines := strings.Split(long, "\n")
	if len(lines) != 3 || len(lines[1]) > 300 || !strings.Contains(lines[1], "undefinedL") {
		t.Errorf("a long line is shown as %q", long)
	}
}

// TestGoroutinePanics shows the panics of goroutines, which cost no variable: as
// the error of their cell, or beside it when that is over.
func TestGoroutinePanics(t *testing.T) {
	nb := open(t)
	nb.run("v := 1\ntype T struct{ p *int }\nfunc (t T) get() int { return *t.p }\nfunc work(n int) { if n == 0 { panic(\"deep\") }; work(n-1) }")
	for _, tt := range []struct{ code, want string }{
		{"go work(2)\nselect {}", "!! Panic: deep"},
		{"var wg sync.WaitGroup\nwg.Go(func() { panic(v) })\nwg.Wait()", "imported sync\n!! Panic: 1"},
		{"wg2 := new(sync.WaitGroup)\nwg2.Add(1)\ngo func() { defer wg2.Done(); T{}.get() }()\nwg2.Wait()", "imported sync\n!! RuntimeError: invalid memory address or nil pointer dereference"},
		{"go T{}.get()\nselect {}", "!! RuntimeError: invalid memory address or nil pointer dereference"},
		{"go strings.Repeat(\"x\", -1)\nselect {}", "imported strings\n!! Panic: strings: negative Repeat count"},
		{"zero := 0\ngo func() { _ = 1 / zero }()\nselect {}", "!! RuntimeError: integer divide by zero"},
		{"done := make(chan bool)\ngo func() { defer close(done); defer func() { fmt.Println(recover()) }(); panic(\"caught\") }()\n<-done\nv", "imported fmt\ncaught\n=> 1"},
		{"go func() { defer func() { panic(\"second\") }(); panic(\"first\") }()\nselect {}", "!! Panic: second"},
		{"%%native\ngo func() { panic(\"compiled\") }()\nselect {}", "!! Panic: compiled"},
		{"%%native\nfunc bad(s string, xs ...int) int { return xs[5] }\ngo bad(\"x\", 1, 2)\nselect {}", "!! RuntimeError: index out of range [5] with length 2"},
		{"%%native\nwg3 := new(sync.WaitGroup)\nwg3.Go(func() { panic(\"compiled\") })\nwg3.Wait()", "imported sync\n!! Panic: compiled"},
		{"srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))\n_, err := http.Get(srv.URL)\nsrv.Close()\nerrors.Is(err, io.EOF)", "imported errors, io, net/http, net/http/httptest\n=> true"},
		{"time.AfterFunc(time.Millisecond, func() { panic(\"timer\") })\nselect {}", "imported time\n!! Panic: timer"},
		{"v", "=> 1"},
	} {
		if got := strings.ReplaceAll(nb.run(tt.code), "compiling …\n", ""); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.code, got, tt.want)
		}
	}

	told := make(chan string, 1)
	nb.s.SetBackground(func(e Event) { told <- e.(Stream).Text })
	nb.run("gate := make(chan int)\ngo func() {\n\t<-gate\n\twork(0)\n}()")
	got := nb.run("gate <- 1\ntime.Sleep(time.Second)\nv")
	if got == "=> 1" { // it came after the cell
		got = <-told
	}
	if !strings.Contains(got, "panic in a goroutine: deep") || !strings.Contains(got, "Cell[16]:4:2") {
		t.Errorf("got %q", got)
	}
}

// A goroutine may end the evaluator while no cell runs: here when the test says
// so, after the cell's end.
func TestDeathBetweenCells(t *testing.T) {
	later, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	nb := open(t)
	nb.run("v := 1\nfunc f() int { return 5 }")
	if got := nb.run(fmt.Sprintf("c, err := net.Dial(\"tcp\", %q)\nif err != nil { panic(err) }\ngo func() {\n\tc.Read(make([]byte, 1))\n\tos.Exit(4)\n}()", later.Addr())); got != "imported net, os\n" {
		t.Fatalf("got %q", got)
	}
	nb.s.procMu.Lock()
	p := nb.s.process
	nb.s.procMu.Unlock()
	goroutine, err := later.Accept()
	if err != nil {
		t.Fatal(err)
	}
	goroutine.Close()
	<-p.Done()
	got := strings.NewReplacer(red, "", bold, "", dim, "", reset, "").Replace(nb.run("f()"))
	want := "Before this cell: the evaluator exited with status 4 (os.Exit or log.Fatal)\nA new evaluator is ready with every definition. Lost variables: v, c, err.\n=> 5"
	if got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if got := nb.run("f()"); got != "=> 5" {
		t.Errorf("got %q", got)
	}
}

// The program that runs cells may be gone for a while, and so may the folder.
func TestNoEvaluator(t *testing.T) {
	self, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program, folder := filepath.Join(dir, "program"), filepath.Join(dir, "folder")
	put := func() {
		if err := os.Symlink(self, program); err != nil {
			t.Skip(err)
		}
	}
	put()
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(Config{Evaluator: []string{program, "evaluator"}, Worker: []string{program, "worker"}, Dir: folder, Library: os.DirFS("..")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nb := &notebook{t: t, s: s}
	nb.run("import \"os\"\nv := 1\nfunc f() int { return 5 }")
	os.Remove(program)
	got := nb.traceback("os.Exit(3)")
	for _, want := range []string{"status 3", program + ", the program that runs cells, is gone", "Lost variables: v."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q says nothing of %q", got, want)
		}
	}
	if got := nb.run("f()"); !strings.Contains(got, "is gone") {
		t.Errorf("got %q", got)
	}
	put()
	os.Remove(folder)
	if got := nb.run("f()"); got != "=> 5" {
		t.Errorf("got %q", got)
	}
	if got := nb.run("%cd " + dir + "\n%pwd"); got != dir+"\n"+dir+"\n" {
		t.Errorf("got %q", got)
	}
}
