package cells

import (
	"fmt"
	"strings"
	"testing"
)

// TestCallsByName holds what was made before a function is defined again to call
// the new one: by each engine, and from one to the other.
func TestCallsByName(t *testing.T) {
	for _, before := range []string{"auto", "compiled"} {
		for _, after := range []string{"auto", "compiled"} {
			t.Run(before+" "+after, func(t *testing.T) {
				nb := open(t)
				check := func(want string, code ...string) {
					t.Helper()
					for i, c := range code {
						if i == len(code)-1 {
							if got := nb.run(c); got != want {
								t.Errorf("%s\n got %q\nwant %q", c, got, want)
							}
						} else if got := nb.run(c); got != "" {
							t.Errorf("%s\n got %q", c, got)
						}
					}
				}
				all := func(n int) string { return "=> " + fmt.Sprint([]int{n, n, n, n, n, n, n, n, n}) + " 6" }
				check(all(6), "%engine "+before+"\nfunc f(n int) int { return n + 1 }", callers, "say()")
				check(all(10), "%engine "+after+"\nfunc f(n int) int { return n * 2 }", "say()")
				check(all(25), "%engine "+before+"\nfunc f(n int) int { return n * n }", "say()")

				// What fails or is only timed changes nothing.
				check("!! RuntimeError: index out of range [1] with length 0", "func f(n int) int { return -n }\n_ = []int{}[f(-1)]")
				check(all(25), "say()")
				check("env: A=1\n!! RuntimeError: index out of range [1] with length 0", "func f(n int) int { return -n }\n%env A=1\n_ = []int{}[f(-1)]")
				check(all(25), "say()")
				check("=> 9", "%timeit -q -n 1 -r 1 f(3)", "f(3)")

				// With other parameters or results it is another function.
				if got := nb.run("func f(n string) string { return n + \"?\" }"); !strings.Contains(got, "direct (Cell[2]) no longer fits") {
					t.Errorf("a function that does not fit: %q", got)
				}
				check("=> 50", "literal() + <-ask()")
			})
		}
	}
}

const callers = `literal := func() int { return f(5) }
deep := func() func() int { return func() int { return f(5) } }()
m := map[string]func(int) int{"f": f, "literal": func(n int) int { return f(n) }}
type box struct{ call func() int }
func (b box) method() int { return f(5) + b.call() - b.call() }
boxed := box{func() int { return f(5) }}
value := boxed.method
asked, told := make(chan bool), make(chan int)
go func() {
	for range asked {
		told <- f(5)
	}
}()
ask := func() chan int { go func() { asked <- true }(); return told }
passed := func() int { return func(g func(int) int) int { return g(5) }(f) }
stored := func() int { g := f; return g(5) }
deferred := func() (n int) {
	done := make(chan bool)
	defer func() { <-done }()
	defer tell(&n, done)
	return 0
}
func tell(n *int, done chan bool) { *n = f(5); go close(done) }
func direct() int { return f(5) }
func say() ([]int, int) {
	return []int{literal(), deep(), m["literal"](5), boxed.call(), value(), <-ask(), passed(), stored(), direct()}, m["f"](5)
}`

// TestCallsByNameInSessions runs cells under either engine.
func TestCallsByNameInSessions(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells []string // code and what it shows, in turn
	}{
		{"a handler", []string{
			"import (\"io\"; \"net/http\"; \"net/http/httptest\")\nfunc render(w io.Writer) { io.WriteString(w, \"old\") }\nfunc page(w http.ResponseWriter, r *http.Request) { render(w) }", "",
			"mux := http.NewServeMux()\nmux.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) { render(w) })\nmux.HandleFunc(\"/page\", page)\nfunc get(path string) string {\n\tw := httptest.NewRecorder()\n\tmux.ServeHTTP(w, httptest.NewRequest(\"GET\", path, nil))\n\treturn w.Body.String()\n}\nget(\"/\") + get(\"/page\")", "=> oldold",
			"func render(w io.Writer) { io.WriteString(w, \"new\") }", "",
			"get(\"/\") + get(\"/page\")", "=> newnew",
		}},
		{"recursion that runs", []string{
			"turn, said := make(chan bool), make(chan string)\nfunc version() string { return \"old\" }\nfunc again(n int) { <-turn; said <- fmt.Sprint(version(), n); again(n + 1) }\ngo again(1)\nturn <- true\n<-said", "imported fmt\n=> old1",
			"func version() string { return \"new\" }\nturn <- true\n<-said", "=> new2",
			"func again(n int) { <-turn; said <- fmt.Sprint(\"again\", n); again(n * 10) }\nturn <- true\n<-said", "=> new3",
			"turn <- true\n<-said", "=> again4",
			"turn <- true\n<-said", "=> again40",
		}},
		{"a timer", []string{
			"import \"time\"\nfired, wait := make(chan int), make(chan bool)\nfunc f() int { return 1 }\ntime.AfterFunc(0, func() { <-wait; fired <- f() });", "",
			"func f() int { return 2 }\nclose(wait)\n<-fired", "=> 2",
		}},
		{"a method of a type as it was", []string{
			"func name() string { return \"old\" }\ntype T struct{}\nfunc (T) String() string { return name() }\nvar s fmt.Stringer = T{}\ns.String()", "imported fmt\n=> old",
			"type T struct{ n int }", "", "func name() string { return \"new\" }\ns.String()", "=> new",
			"T{}.String()", "=> new",
		}},
		{"a type whose methods call a function", []string{
			"func name() string { return \"old\" }\ntype T struct{ n int }\nfunc (T) Name() string { return name() }\nvar x any = T{1}\nt := T{2}\nbump := func() int { t.n++; return t.n }", "",
			"func name() string { return \"new\" }", "", "x.(T).Name() + fmt.Sprint(bump(), t.n)", "imported fmt\n=> new3 3",
			"func name() []string { return nil }", "T.Name (Cell[1]) no longer fits and is set aside: Cell[1]:3:33: cannot use name() (value of type []string) as string value in return statement\n",
			"func name() string { return \"newest\" }\nT{}.Name()", "=> newest",
		}},
		{"a variable whose type gets another method", []string{
			"type T struct{ n int }\nfunc (t *T) Inc() { t.n++ }\nt, list := T{1}, []*T{{2}}\nbump := func() int { t.Inc(); list[0].Inc(); return t.n }\nfunc get() int { return t.n }\nbump()", "=> 2",
			"func (t *T) Inc() { t.n += 10 }\nt.Inc()\nbump()", "=> 13",
			"fmt.Sprint(t.n, get(), list[0].n)", "imported fmt\n=> 13 13 4",
			"func (t *T) Inc() { t.n += 100 }\nt.Inc()\n_ = []int{}[bump()]", "!! RuntimeError: index out of range [114] with length 0",
			"%%native\nt.Inc()\nt.n", "=> 124", "t = T{5}\nlist[0] = &t\nbump()", "=> 7", "t.n", "=> 7",
			"type T struct{ n int }\nfunc (t *T) Dec() { t.n-- }", "", "t.Dec()\nt.Inc()\nbump() + get()", "=> 36",
		}},
		{"parameters of a type that is defined anew", []string{
			"type P struct{ X int }\nfunc show(p P) int { return p.X }\np := P{1}\ncall := func() int { return show(p) }\ncall()", "=> 1",
			"func show(p P) int { return 10 * p.X }\ncall()", "=> 10",
			"type P struct{ X, Y int }\nfunc show(p P) int { return 100 * p.X }", "p (Cell[1]) keeps the type P as it was: define it again to have the new one\n",
			"call()", "=> 10",
		}},
		{"a function that comes back", []string{
			"func f() int { return 1 }\ncall := func() int { return f() }", "",
			"f := 5", "", "call()", "=> 1", "func f() int { return 2 }\ncall()", "=> 1",
			"call = func() int { return f() }\nfunc f() int { return 3 }\ncall()", "=> 3",
		}},
		{"an evaluator that died", []string{
			"func f() int { return 1 }", "", "func f() int { return 2 }\n_ = []int{}[f()]", "!! RuntimeError: index out of range [2] with length 0",
			"import \"os\"\nos.Exit(1)", "!! EvaluatorDied: the evaluator exited with status 1 (os.Exit or log.Fatal)",
			"call := func() int { return f() }\ncall()", "=> 1", "func f() int { return 3 }\ncall()", "=> 3",
		}},
		{"workers of a pool", []string{
			"import \"github.com/paracell/paracell/futures\"\nfunc f(n int) int { return n + 1 }\nfunc task(n int) int { return f(n) }", "",
			"func f(n int) int { return n + 2 }\n_ = []int{}[f(1)]", "!! RuntimeError: index out of range [3] with length 0",
			"func f(n int) int { return n + 3 }\n%env A=1\n_ = []int{}[f(1)]", "env: A=1\n!! RuntimeError: index out of range [4] with length 0",
			"func once() int {\n\tpool := futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session interpreted\"))\n\tdefer pool.Shutdown(true, false)\n\tn, err := futures.Submit(pool, task, 1).Result()\n\tif err != nil { panic(err) }\n\treturn n\n}\nonce()", "=> 2",
			"func f(n int) int { return n * 10 }\nonce()", "=> 10",
		}},
	} {
		for _, engine := range []string{"auto", "compiled"} {
			t.Run(tt.name+" "+engine, func(t *testing.T) {
				nb := open(t)
				nb.run("%engine " + engine)
				for i := 0; i < len(tt.cells); i += 2 {
					want := strings.ReplaceAll(tt.cells[i+1], "Cell[1]", "Cell[2]")
					if got := nb.run(tt.cells[i]); got != want {
						t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+2, tt.cells[i], got, want)
					}
				}
			})
		}
	}
}
