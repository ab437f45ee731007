package cells

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const gcdCell = `import "github.com/paracell/paracell/futures"

func gcd(pair [2]int) int {
	for i := min(pair[0], pair[1]); i > 0; i-- {
		if pair[0]%i == 0 && pair[1]%i == 0 {
			return i
		}
	}
	panic("not reachable")
}

numbers := [][2]int{{12, 18}, {100, 75}, {7, 5}}
`

const mapCell = `func all(e futures.Executor) (out []int) {
	for r, err := range futures.Map(e, gcd, numbers) {
		if err != nil {
			fmt.Println(err)
			return nil
		}
		out = append(out, r)
	}
	return out
}
`

func TestThreadPool(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run(mapCell)
	if got := nb.run("pool := futures.NewThreadPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)"); got != "=> [6 25 1]" {
		t.Errorf("got %q", got)
	}
	if got := nb.run("pool2 := futures.NewThreadPoolExecutor(2)\nf := futures.Submit(pool2, gcd, [2]int{9, 6})\nf.Result()"); got != "=> 3 <nil>" {
		t.Errorf("got %q", got)
	}
}

func TestThreadPoolErrors(t *testing.T) {
	nb := open(t)
	nb.run("func half(n int) (int, error) {\n\tif n%2 == 1 {\n\t\treturn 0, errors.New(\"odd\")\n\t}\n\treturn n / 2, nil\n}")
	if got := nb.run("pool := futures.NewThreadPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nfor n, err := range futures.MapErr(pool, half, []int{4, 5}) {\n\tfmt.Println(n, err)\n}\nfutures.SubmitErr(pool, half, 7).Exception()"); !strings.HasSuffix(got, "2 <nil>\n0 odd\n=> odd") {
		t.Errorf("got %q", got)
	}
}

func TestSpawnedWorkersKnowNothing(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run(mapCell)
	nb.run("%start_method spawn")
	got := nb.run("pool := futures.NewProcessPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)")
	for _, want := range []string{"Can't get attribute 'gcd'", "A process in the process pool was terminated abruptly"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestSessionWorkers(t *testing.T) {
	for _, kind := range []string{"compiled", "interpreted"} {
		t.Run(kind, func(t *testing.T) {
			nb := open(t)
			nb.run(gcdCell)
			nb.run(mapCell)
			nb.run("%start_method session " + kind)
			if got := nb.run("pool := futures.NewProcessPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)"); got != "=> [6 25 1]" {
				t.Errorf("got %q", got)
			}
			nb.run("limit := 10\nfunc limited(n int) int { return min(n, limit) }\npool2 := futures.NewProcessPoolExecutor(1)")
			// A worker knows what the very cell defines that starts it.
			if got := nb.run("func gcd(pair [2]int) int { return 42 }\nthird := futures.NewProcessPoolExecutor(1)\ndefer third.Shutdown(true, false)\nfutures.Submit(third, gcd, [2]int{1, 1}).Result()"); got != "=> 42 <nil>" {
				t.Errorf("got %q", got)
			}
			nb.run(gcdCell)
			for code, want := range map[string]string{
				"futures.Submit(pool2, limited, 30).Result()":                      "=> 10 <nil>",
				"futures.Submit(pool2, func(n int) int { return n }, 30).Result()": "Can't pickle function literal",
				"futures.Submit(pool2, gcd, [2]int{4, 6}).Result()":                "=> 2 <nil>",
				"for r := range futures.AsCompleted(context.Background(), []*futures.Future[int]{futures.Submit(pool2, gcd, [2]int{9, 6})}) { fmt.Print(r.Result()) }": "3 <nil>",
			} {
				if got := nb.run(code); !strings.Contains(got, want) {
					t.Errorf("%s: got %q, want %q", code, got, want)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			nb.runContext(ctx, "fmt.Println(0)\nfor {}", func(Event) { cancel() })
			if got := nb.run("futures.Submit(pool2, gcd, [2]int{4, 6}).Result()"); got != "=> 2 <nil>" {
				t.Errorf("after an interrupt: got %q", got)
			}
		})
	}
}

// An interpreted worker declares what its tasks mention; a value in an interface may
// be of any type that is defined.
func TestInterpretedWorkersKnowWhatTheyNeed(t *testing.T) {
	nb := open(t)
	for _, cell := range []string{
		"import \"github.com/paracell/paracell/futures\"\n\nfunc kind(x any) string { return fmt.Sprintf(\"%T %v\", x, x) }",
		"type celsius float64\nfunc (c celsius) String() string { return fmt.Sprintf(\"%.1f °C\", float64(c)) }",
		"import \"time\"\nfunc next(m time.Month) time.Month { return m + 1 }",
		"func one(n int) int { return n + 1 }\nfunc two(n int) int { return one(n) }",
		"func one(n int) int { return n + 2 }",
		"func base() int { return 1 }",
		"type sum struct{ N int }\nfunc (s sum) total() int { return s.N + base() }\nfunc total(s sum) int { return s.total() }",
		"func base() int { return 100 }",
		"pool := futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session interpreted\"))",
	} {
		if got := nb.run(cell); strings.Contains(got, "!!") {
			t.Fatal(got)
		}
	}
	for code, want := range map[string]string{
		"futures.Submit(pool, kind, any(celsius(21))).Result()":  "=> main.celsius 21.0 °C <nil>",
		"futures.Submit(pool, two, 4).Result()":                  "=> 6 <nil>",
		"futures.Submit(pool, total, sum{4}).Result()":           "=> 104 <nil>",
		"futures.Submit(pool, next, time.Month(4)).Result()":     "=> May <nil>",
		"futures.Submit(pool, strings.ToUpper, \"ab\").Result()": "=> AB <nil>",
	} {
		if got := nb.run(code); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}

// A pool's workers are replaced when what they run is defined later, or anew.
func TestWorkersKnowLaterDefinitions(t *testing.T) {
	for _, kind := range []string{"compiled", "interpreted"} {
		t.Run(kind, func(t *testing.T) {
			nb := open(t)
			nb.run("import \"github.com/paracell/paracell/futures\"\n\nfunc one(n int) int { return n + 1 }\nfunc id(int) int { return os.Getpid() }")
			nb.run("pool := futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session " + kind + "\"))\npid, _ := futures.Submit(pool, id, 1).Result()")
			for _, c := range [][2]string{
				{"futures.Submit(pool, one, 4).Result()", "=> 5 <nil>"},
				{"func later(n int) int { return n * 10 }\nfutures.Submit(pool, later, 4).Result()", "=> 40 <nil>"},
				{"func one(n int) int { return n + 2 }", ""},
				{"for r, err := range futures.Map(pool, one, []int{4}) { fmt.Println(r, err) }", "6 <nil>\n"},
				{"func two(n int) int { return one(n) }\nfutures.Submit(pool, two, 4).Result()", "=> 6 <nil>"},
				{"func one(n int) int { return n + 3 }\nfutures.Submit(pool, two, 4).Result()", "=> 7 <nil>"},
				{"pid, _ = futures.Submit(pool, id, 1).Result()", ""},
				{"func unused() {}", ""},
				{"again, _ := futures.Submit(pool, id, 1).Result()\nagain == pid", "=> true"},
			} {
				if got := nb.run(c[0]); !strings.HasSuffix(got, c[1]) || c[1] == "" && strings.Contains(got, "!!") {
					t.Errorf("%s: got %q, want %q", c[0], got, c[1])
				}
			}
		})
	}
}

// The notebook's types cross to its workers inside interfaces, as they are now, and
// come back in a task's error.
func TestTypesInInterfacesCross(t *testing.T) {
	nb := open(t)
	nb.run("import \"github.com/paracell/paracell/futures\"\n\ntype Shape interface{ Area() float64 }\ntype Square struct{ side float64; Tags []string }\nfunc (s Square) Area() float64 { return s.side * s.side }\ntype Circle struct{ R float64; next *Circle }\nfunc (c *Circle) Area() float64 { return 3 * c.R * c.R }\ntype Failure struct{ Code int }\nfunc (f *Failure) Error() string { return fmt.Sprint(\"code \", f.Code) }")
	nb.run("func area(s Shape) float64 { return s.Area() }\nfunc shape(n int) (Shape, error) {\n\tif n == 0 {\n\t\treturn nil, fmt.Errorf(\"no shape: %w\", &Failure{404})\n\t}\n\tif n == 1 {\n\t\treturn Square{2, []string{}}, nil\n\t}\n\treturn &Circle{R: 1}, nil\n}")
	nb.run("var pools []futures.Executor\nfor _, kind := range []string{\"compiled\", \"interpreted\"} {\n\tpools = append(pools, futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session \"+kind)))\n}")
	for _, c := range [][2]string{
		{"for _, p := range pools { fmt.Println(futures.Submit[Shape](p, area, Square{3, nil}).Result()) }", "9 <nil>\n9 <nil>\n"},
		{"for _, p := range pools { fmt.Println(futures.Submit[Shape](p, area, &Circle{R: 2}).Result()) }", "12 <nil>\n12 <nil>\n"},
		{"for _, p := range pools { r, err := futures.SubmitErr(p, shape, 1).Result(); fmt.Printf(\"%#v %v\\n\", r, err) }", "main.Square{side:2, Tags:[]string{}} <nil>\nmain.Square{side:2, Tags:[]string{}} <nil>\n"},
		{"for _, p := range pools { r, err := futures.SubmitErr(p, shape, 2).Result(); fmt.Printf(\"%T %v\\n\", r, err) }", "*main.Circle <nil>\n*main.Circle <nil>\n"},
		{"for _, p := range pools { var f *Failure; err := futures.SubmitErr(p, shape, 0).Exception(); fmt.Println(errors.As(err, &f), f.Code, err) }", "true 404 no shape: code 404\ntrue 404 no shape: code 404\n"},
		{"type Line struct{ length int }\nfunc (l Line) Area() float64 { return 0.5 }\nfor _, p := range pools { fmt.Println(futures.Submit[Shape](p, area, Line{3}).Result()) }", "0.5 <nil>\n0.5 <nil>\n"},
		{"func (s Square) Area() float64 { return -1 }\nfor _, p := range pools { fmt.Println(futures.Submit[Shape](p, area, Square{3, nil}).Result()) }", "-1 <nil>\n-1 <nil>\n"},
	} {
		if got := nb.run(c[0]); !strings.HasSuffix(got, c[1]) {
			t.Errorf("%s: got %q, want %q", c[0], got, c[1])
		}
	}
}

// Initializers and processes know the notebook's functions by their names, too.
func TestInitializersAndProcesses(t *testing.T) {
	for _, native := range []string{"", "%%native\n"} {
		if native != "" && testing.Short() {
			continue
		}
		nb := open(t)
		nb.run("import \"github.com/paracell/paracell/futures\"\n\nvar ready string\nfunc setUp(s string, n int) { fmt.Println(s, n) }\nfunc noWay(why string) error { return errors.New(why) }\nfunc one(int) int { return 1 }\nfunc exit(code int) { os.Exit(code) }")
		for _, kind := range []string{"compiled", "interpreted"} {
			nb.run("%start_method session " + kind)
			for i, c := range [][2]string{
				{"p := futures.NewProcessPoolExecutor(1, futures.Initializer(setUp, \"set up\", 7))\ndefer p.Shutdown(true, true)\nfutures.Submit(p, one, 1).Result()", "set up 7\n=> 1 <nil>"},
				{"p := futures.NewProcessPoolExecutor(1, futures.Initializer(noWay, \"no way\"))\ndefer p.Shutdown(true, true)\nfmt.Printf(\"%+v\\n\", futures.Submit(p, one, 1).Exception())", "Hint: the pool's initializer failed: its error is on stderr\n"},
				{"p := futures.NewThreadPoolExecutor(1, futures.Initializer(setUp, \"set up\", 8))\ndefer p.Shutdown(true, true)\nfutures.Submit(p, one, 1).Result()", "set up 8\n=> 1 <nil>"},
				{"q := futures.NewProcess(setUp, \"alone\", 9)\nfmt.Println(q.Start(), q.Join())\nfmt.Println(q.ExitCode())", "alone 9\n<nil> <nil>\n0 true\n"},
				{"q := futures.NewProcess(exit, 5)\nfmt.Println(q.Start(), q.Join())\nfmt.Println(q.ExitCode())", "<nil> <nil>\n5 true\n"},
			} {
				if native != "" && i%3 > 0 { // each has to be compiled
					continue
				}
				if got := nb.run(native + c[0]); !strings.HasSuffix(got, c[1]) {
					t.Errorf("%s%s: got %q, want %q", native, c[0], got, c[1])
				}
			}
		}
	}
}

// Tasks use the notebook's variables as they are when the tasks are submitted; one that
// can't cross is named.
func TestVariablesCross(t *testing.T) {
	for _, kind := range []string{"compiled", "interpreted"} {
		t.Run(kind, func(t *testing.T) {
			nb := open(t)
			nb.run("import \"github.com/paracell/paracell/futures\"\n\ntype point struct{ x int; tags []string }\nk := 3\nvar table = map[string][]point{\"a\": {{1, nil}, {2, []string{\"t\"}}}}\npattern := regexp.MustCompile(\"^a\")\nwhen := time.Unix(0, 0)\nvar any fmt.Stringer = time.Second\nch := make(chan int)\ndouble := func(n int) int { return 2 * n }\nvar mu sync.Mutex")
			nb.run("func times(n int) int { return n * k }\nfunc around(n int) int { return times(n) + 1 }\nfunc look(s string) int { return len(table[s]) }\nfunc (p point) scaled() int { return p.x * k }\nfunc scaled(p point) int { return p.scaled() }\nfunc match(s string) bool { mu.Lock(); defer mu.Unlock(); return pattern.MatchString(s) && when.Unix() == 0 && any.String() == \"1s\" }\nfunc send(n int) int { ch <- n; return double(n) }\nfunc count(n int) int { k += n; return k }")
			nb.run("p := futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session " + kind + "\"))")
			for _, c := range [][2]string{
				{"futures.Submit(p, times, 2).Result()", "=> 6 <nil>"},
				{"futures.Submit(p, look, \"a\").Result()", "=> 2 <nil>"},
				{"futures.Submit(p, scaled, point{5, nil}).Result()", "=> 15 <nil>"},
				{"futures.Submit(p, match, \"abc\").Result()", "=> true <nil>"},
				{"f := futures.Submit(p, around, 2)\nk = 10\ntable[\"a\"] = nil\ng := futures.Submit(p, around, 2)\nfmt.Println(f.Result())\nfmt.Println(g.Result())\nfmt.Println(futures.Submit(p, look, \"a\").Result())", "7 <nil>\n21 <nil>\n0 <nil>\n"},
				{"for r, err := range futures.Map(p, times, []int{1, 2}) { fmt.Println(r, err) }", "10 <nil>\n20 <nil>\n"},
				{"fmt.Println(futures.Submit(p, count, 5).Result())\nk", "15 <nil>\n=> 10"},
				{"k = 1\nfunc times(n int) int { return -n * k }\nfutures.Submit(p, around, 2).Result()", "=> -1 <nil>"},
				{"k := 2.5\nfunc half(n int) float64 { return float64(n) / k }\nfutures.Submit(p, half, 5).Result()", "=> 2 <nil>"},
				{"futures.Submit(p, send, 5).Result()", "=> 0 Can't pickle function main.send: it uses the variable main.ch: cannot pickle 'chan int' object: chan int can't cross to another process"},
				{"ch = nil\nfutures.Submit(p, send, 5).Result()", "=> 0 Can't pickle function main.send: it uses the variable main.double: cannot pickle 'func(int) int' object: func(int) int can't cross to another process"},
				{"futures.Submit(p, look, \"a\").Result()", "=> 0 <nil>"},
				{"q := futures.NewProcess(look, \"a\")\nfmt.Println(q.Start(), q.Join())\nq.ExitCode()", "=> 0 true"},
			} {
				if got := nb.run(c[0]); !strings.HasSuffix(got, c[1]) {
					t.Errorf("%s: got %q, want %q", c[0], got, c[1])
				}
			}
		})
	}
}

// Functions of other packages, and instances of generic ones, are tasks, too.
func TestOtherTasks(t *testing.T) {
	nb := open(t)
	nb.run("import \"github.com/paracell/paracell/futures\"\n\ntype point struct{ x int }\nfunc (p point) plus(n int) int { return p.x + n }\nk := 2\nfunc same[T any](t T) T { return t }\nfunc times[T int | float64](t T) T { return t * T(k) }")
	nb.run("var pools []futures.Executor\nfor _, kind := range []string{\"compiled\", \"interpreted\"} {\n\tpools = append(pools, futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session \"+kind)))\n}")
	for _, c := range [][2]string{
		{"futures.Submit(p, strings.ToUpper, \"a\").Result()", "A <nil>"},
		{"futures.SubmitErr(p, strconv.Atoi, \"x\").Result()", "0 strconv.Atoi: parsing \"x\": invalid syntax"},
		{"futures.Submit(p, same[point], point{3}).Result()", "{3} <nil>"},
		{"futures.Submit(p, same, \"inferred\").Result()", "inferred <nil>"},
		{"futures.Submit(p, times[float64], 2.5).Result()", "5 <nil>"},
		{"futures.Submit(p, slices.Max[[]int], []int{1, 5, 2}).Result()", "5 <nil>"},
		{"func() (int, error) { f := same[int]; return futures.Submit(p, f, 1).Result() }()", "0 Can't pickle the function that main.f holds: workers find a function by the name that it is declared with; hand it over by that"},
		{"futures.Submit(p, point{1}.plus, 1).Result()", "0 Can't pickle method value main.point.plus: its receiver would stay behind; declare a function that takes the receiver, or one that calls the method"},
		{"futures.Submit(p, func(n int) int { return n }, 1).Result()", "0 Can't pickle function literal main.Cell[11]:1.func1: it has no name that another process could know; declare it as a function"},
	} {
		if got := nb.run("for _, p := range pools { fmt.Println(" + c[0] + ") }"); !strings.HasSuffix(got, c[1]+"\n"+c[1]+"\n") {
			t.Errorf("%s: got %q, want %q", c[0], got, c[1])
		}
	}
	if got := nb.run("func same[T any](t T) T { fmt.Print(\"newly \"); return t }\nfor _, p := range pools { fmt.Println(futures.Submit(p, same, 7).Result()) }"); got != "newly 7 <nil>\nnewly 7 <nil>\n" {
		t.Errorf("got %q", got)
	}
	if got := nb.run("pids := pools[0].(*futures.ProcessPoolExecutor).PIDs()\nfutures.Submit(pools[0], same, 7).Result()\nfmt.Println(slices.Equal(pids, pools[0].(*futures.ProcessPoolExecutor).PIDs()))"); !strings.HasSuffix(got, "true\n") {
		t.Errorf("a worker went for nothing: got %q", got)
	}
}

// An interrupted cell takes the tasks along that it has given to pools, not those of
// earlier cells, and later cells can use the pools.
func TestInterruptEndsTasks(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run("func until(name string) int {\n\tfmt.Println(\"runs\")\n\tfor {\n\t\tif _, err := os.Stat(name); err == nil {\n\t\t\treturn 1\n\t\t}\n\t\ttime.Sleep(time.Millisecond)\n\t}\n}\ndir := " + strconv.Quote(t.TempDir()) + "\nvar pool futures.Executor")
	for _, make := range []string{
		`futures.NewThreadPoolExecutor(2)`,
		`futures.NewProcessPoolExecutor(2, futures.StartMethod("session compiled"))`,
		`futures.NewProcessPoolExecutor(2, futures.StartMethod("session interpreted"))`,
	} {
		nb.run("pool = " + make + "\nearlier := futures.Submit(pool, until, dir+\"/open\")\nfor !earlier.Running() { time.Sleep(time.Millisecond) }")
		ctx, cancel := context.WithCancel(t.Context())
		got := nb.runContext(ctx, "futures.Submit(pool, until, dir+\"/never\").Result()", func(e Event) {
			if s, ok := e.(Stream); ok && strings.Contains(s.Text, "runs") {
				cancel()
			}
		})
		if !strings.Contains(got, "KeyboardInterrupt") {
			t.Errorf("%s: got %q", make, got)
		}
		if got := nb.run("futures.Submit(pool, gcd, [2]int{4, 6}).Result()"); !strings.HasSuffix(got, "=> 2 <nil>") {
			t.Errorf("%s: after an interrupt: got %q", make, got)
		}
		if got := nb.run("os.WriteFile(dir+\"/open\", nil, 0o600)\nearlier.Result()"); !strings.HasSuffix(got, "=> 1 <nil>") {
			t.Errorf("%s: an earlier task: got %q", make, got)
		}
		if got := nb.run("os.Remove(dir + \"/open\")\npool.Shutdown(true, true)"); strings.Contains(got, "!!") {
			t.Errorf("%s: %q", make, got)
		}
		cancel()
	}
}

// A bar is shown when a Map begins and drawn over in place until it is over.
func TestMapProgress(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run("func some(pair [2]int) (int, error) {\n\tif pair[0] == 7 {\n\t\treturn 0, errors.New(\"no\")\n\t}\n\treturn gcd(pair), nil\n}")
	for _, pool := range []string{"futures.NewThreadPoolExecutor(2)", "futures.NewProcessPoolExecutor(2)"} {
		var shown []Display
		got := nb.runContext(t.Context(), "pool := "+pool+"\nfor range futures.MapErr(pool, some, numbers, futures.ShowProgress()) {\n}\npool.Shutdown(true, false)", func(e Event) {
			if d, ok := e.(Display); ok {
				shown = append(shown, d)
			}
		})
		if got != "" || len(shown) < 2 {
			t.Fatalf("%s: got %q, shown %v", pool, got, shown)
		}
		for i, d := range shown {
			if d.ID == "" || d.ID != shown[0].ID || d.Update != (i > 0) {
				t.Errorf("%s: display %d: id %q, update %v", pool, i, d.ID, d.Update)
			}
		}
		first, last := fmt.Sprint(shown[0].Data["text/plain"]), fmt.Sprint(shown[len(shown)-1].Data["text/plain"])
		if !strings.HasPrefix(first, "some   0% |") || !strings.HasSuffix(first, "| 0/3") {
			t.Errorf("%s: began with %q", pool, first)
		}
		if !strings.HasPrefix(last, "some 100% |") || !strings.Contains(last, "| 3/3 · ") || !strings.Contains(last, "/s · took ") || !strings.HasSuffix(last, " · 1 failed") {
			t.Errorf("%s: ended with %q", pool, last)
		}
		if html := fmt.Sprint(shown[len(shown)-1].Data["text/html"]); !strings.Contains(html, `<progress value="3" max="3"`) {
			t.Errorf("%s: %s", pool, html)
		}
	}
	if got := nb.run("var seen []futures.Progress\np3 := futures.NewThreadPoolExecutor(1)\nfor range futures.Map(p3, gcd, numbers, futures.OnProgress(func(p futures.Progress) { seen = append(seen, p) })) {\n}\nseen[len(seen)-1].Done"); got != "=> 3" {
		t.Errorf("got %q", got)
	}
}

// A pool's tasks, and futures that are waited for, have a bar as a Map has; an
// interrupted one says that it was stopped.
func TestProgressBars(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	last := func(ctx context.Context, code string, on func()) map[string]string {
		bars := map[string]string{}
		nb.runContext(ctx, code, func(e Event) {
			if d, ok := e.(Display); ok {
				bars[d.ID] = fmt.Sprint(d.Data["text/plain"])
				on()
			}
		})
		return bars
	}
	bars := last(t.Context(), `pool := futures.NewThreadPoolExecutor(2, futures.ShowProgress())
var fs []*futures.Future[int]
for _, n := range numbers {
	fs = append(fs, futures.Submit(pool, gcd, n))
}
for range futures.AsCompleted(context.Background(), fs, futures.ShowProgress()) {
}
pool.Shutdown(true, false)`, func() {})
	var pool, futures bool
	for _, bar := range bars {
		pool = pool || strings.HasPrefix(bar, "ThreadPoolExecutor 100% |") && strings.Contains(bar, "| 3/3 · ")
		futures = futures || strings.HasPrefix(bar, "100% |") && strings.Contains(bar, "| 3/3 · ")
	}
	if len(bars) != 2 || !pool || !futures {
		t.Errorf("got %q", bars)
	}
	nb.run("func pause(n int) int { time.Sleep(10 * time.Millisecond); return n }")
	ctx, interrupt := context.WithCancel(t.Context())
	bars = last(ctx, "threads := futures.NewThreadPoolExecutor(2)\nfor range futures.Map(threads, pause, make([]int, 100_000), futures.ShowProgress()) {\n}", interrupt)
	for _, bar := range bars {
		if !strings.HasPrefix(bar, "pause ") || !strings.Contains(bar, " · stopped after ") || !strings.HasSuffix(bar, " · interrupted") {
			t.Errorf("interrupted: %q", bar)
		}
	}
}

func TestPoolMagic(t *testing.T) {
	nb := open(t)
	display := func(code string) (got Display) {
		t.Helper()
		n := 0
		if out := nb.runContext(t.Context(), code, func(e Event) {
			if d, ok := e.(Display); ok {
				got, n = d, n+1
			}
		}); out != "" || n != 1 {
			t.Errorf("%s: showed %q and %d displays", code, out, n)
		}
		return got
	}
	if got := display("%pool").Data["text/plain"]; got != "The session has no pools." {
		t.Errorf("got %q", got)
	}
	nb.run(gcdCell)
	nb.run(mapCell)
	nb.run("threads := futures.NewThreadPoolExecutor(2)\nall(threads)\nthreads.Shutdown(true, false)")
	nb.run("workers := futures.NewProcessPoolExecutor(2)\nall(workers)")
	list := display("%pool")
	lines := strings.Split(fmt.Sprint(list.Data["text/plain"]), "\n")
	var rows []string
	for _, l := range lines {
		if strings.Contains(l, "Executor") {
			rows = append(rows, strings.Join(strings.Fields(l), " "))
		}
	}
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "1 ThreadPoolExecutor 2 shut down 3 0 0 0 ") || !strings.HasPrefix(rows[1], "2 ProcessPoolExecutor session 2 open 3 0 0 0 ") {
		t.Errorf("got %s", strings.Join(lines, "\n"))
	}
	if html := fmt.Sprint(list.Data["text/html"]); !strings.Contains(html, ">ProcessPoolExecutor</td>") {
		t.Errorf("got %s", html)
	}
	one := display("%pool 2")
	for _, want := range []string{"ProcessPoolExecutor(2), session, open: 3 done", "transfer", "\n     0  |"} {
		if got := fmt.Sprint(one.Data["text/plain"]); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if svg := fmt.Sprint(one.Data["image/svg+xml"]); !strings.HasPrefix(svg, "<svg") || !strings.Contains(svg, ">main.gcd</text>") {
		t.Errorf("got %s", svg)
	}
	var result Result
	nb.runContext(t.Context(), "%pool workers", func(e Event) { result, _ = e.(Result) })
	if svg := fmt.Sprint(result.Data["image/svg+xml"]); !strings.HasPrefix(svg, "<svg") {
		t.Errorf("%%pool workers: got %v", result.Data)
	}
	// The variables that hold a pool are its names.
	if got := nb.s.Complete(t.Context(), "%pool ", len("%pool ")).Matches; !slices.Equal(got, []string{"threads", "workers"}) {
		t.Errorf("%%pool completes as %q", got)
	}
	if got := nb.run("%pool 7"); got != "!! RuntimeError: the session has no pool 7; %pool lists them" {
		t.Errorf("got %q", got)
	}
	if got := nb.run("%pool nobody"); !strings.Contains(got, "undefined: nobody") {
		t.Errorf("got %q", got)
	}
}

// TestTaskTracebacks has a task panic in each kind of worker: the cell that takes
// its result shows the task's own places, in the user's cells.
func TestTaskTracebacks(t *testing.T) {
	nb := open(t)
	nb.run("import \"github.com/paracell/paracell/futures\"\n\nfunc inner(i int) int {\n\tlist := []int{1, 2, 3}\n\treturn list[i]\n}\n\nfunc outer(i int) int {\n\tsum := 1\n\tsum += inner(i)\n\treturn sum\n}")
	nb.run("func check(err error) {\n\tif err != nil {\n\t\tpanic(fmt.Errorf(\"a task: %w\", err))\n\t}\n}")
	places := regexp.MustCompile(`main\.inner\(.*\)\n\tCell\[1\]:5.*\nmain\.outer\(.*\)\n\tCell\[1\]:10`)
	for _, pool := range []string{
		`futures.NewThreadPoolExecutor(1)`,
		`futures.NewProcessPoolExecutor(1, futures.StartMethod("session compiled"))`,
		`futures.NewProcessPoolExecutor(1, futures.StartMethod("session interpreted"))`,
	} {
		got := nb.traceback("p := " + pool + "\ndefer p.Shutdown(true, false)\n_, err := futures.Submit(p, outer, 7).Result()\ncheck(err)")
		if !strings.HasPrefix(got, "panic: a task: panic: runtime error: index out of range [7] with length 3\n") || !places.MatchString(got) {
			t.Errorf("%s:\n%s", pool, got)
		}
		if strings.Contains(got, "in worker process ") != strings.Contains(pool, "Process") {
			t.Errorf("%s: which process?\n%s", pool, got)
		}
		if got := nb.run("p := " + pool + "\ndefer p.Shutdown(true, false)\nvar e *futures.PanicError\nerrors.As(futures.Submit(p, outer, 7).Exception(), &e)\nfmt.Println(e.Type, errors.As(e, new(*futures.RemoteError)))"); !regexp.MustCompile(`^(.*imported .*\n)?runtime\.(boundsE|E)rror (true|false)\n$`).MatchString(got) {
			t.Errorf("%s: got %q", pool, got)
		}
		if strings.Contains(got, "yaegi") || strings.Contains(got, "futures/") {
			t.Errorf("%s: places that are not the user's:\n%s", pool, got)
		}
	}
	got := nb.traceback("func fails(int) (int, error) { return 0, fmt.Errorf(\"reading: %w\", io.EOF) }\nq := futures.NewProcessPoolExecutor(1)\ndefer q.Shutdown(true, false)\ncheck(futures.SubmitErr(q, fails, 1).Exception())")
	if want := regexp.MustCompile(`\nmain\.fails, in worker process \d+:\n\*fmt\.wrapError: reading: EOF\n    \*errors\.errorString: EOF$`); !want.MatchString(got) {
		t.Errorf("got %s", got)
	}
}

// TestPackagesOfOneName has workers run functions that mean two packages by one name.
func TestPackagesOfOneName(t *testing.T) {
	nb := open(t)
	nb.run("import \"github.com/paracell/paracell/futures\"\nimport s \"strings\"\nfunc count(x string) int { return s.Count(x, \"a\") }")
	nb.run("import s \"strconv\"\nfunc both(x string) string { return s.Quote(x) + s.Itoa(count(x)) }")
	for _, kind := range []string{"interpreted", "compiled"} {
		if got := nb.run("pool := futures.NewProcessPoolExecutor(1, futures.StartMethod(\"session " + kind + "\"))\ndefer pool.Shutdown(true, false)\nfutures.Submit(pool, both, \"banana\").Result()"); got != "=> \"banana\"3 <nil>" {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
