package cells

import (
	"context"
	"strings"
	"testing"
)

// TestEngines runs cells under each engine, and cells that share what others
// defined under another one.
func TestEngines(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cells []string // code and what it prints, in turn
	}{
		{"shown", []string{"%engine", "auto\n", "%engine compiled\n%engine", "compiled\n", "1 + 1", "=> 2"}},
		{"variables of interpreted cells", []string{
			"x, s := 5, []int{1, 2}", "",
			"%%native\nx++\ns = append(s, x)\nx", "=> 6",
			"s", "=> [1 2 6]",
			"x = 10", "",
			"%%native\nx", "=> 10",
		}},
		{"variables of compiled cells", []string{
			"%%native\nx, s := 5, []int{1, 2}", "",
			"x++\ns = append(s, x)\nx", "=> 6",
			"%%native\ns", "=> [1 2 6]",
			"p := &x\n*p = 7", "",
			"%%native\nx", "=> 7",
		}},
		{"a variable and an interpreted function that uses it", []string{
			"n := 1\nfunc inc() { n++ }", "",
			"%%native\ninc()\nn += 10\nn", "=> 12",
			"inc()\nn", "=> 13",
		}},
		{"unexported fields in later cells", []string{
			"type point struct{ x, y int }\nfunc (p *point) move(d int) { p.x += d }", "",
			"p := point{1, 2}\np.move(3)\np.y = 9\np", "=> {4 9}",
			"%%native\nq := point{y: 1}\nq.x, p.x = p.y, q.y\nq.move(1)\nps := []*point{{5, 6}, &q}\nps[0].x", "=> 5",
			"p", "=> {1 9}",
			"*ps[1]", "=> {10 1}",
		}},
		{"deferred functions of earlier cells that recover", []string{
			"func mend(err *error) {\n\tif r := recover(); r != nil {\n\t\t*err = fmt.Errorf(\"mended %v\", r)\n\t}\n}\ntype T struct{}\nfunc (T) rescue() { fmt.Println(\"rescued\", recover()) }", "imported fmt\n",
			"func f() (err error) { defer mend(&err); panic(\"f\") }\nf()", "=> mended f",
			"%%native\nfunc g() (err error) { defer mend(&err); panic(\"g\") }\ng()", "=> mended g",
			"func h() { defer T{}.rescue(); panic(\"h\") }\nh()", "rescued h\n",
			"var err error\ndefer mend(&err)\npanic(\"top\")", "",
			"f()", "=> mended f",
		}},
		{"what interpreted cells put into interfaces", []string{
			"type code int\nfunc (c code) Error() string { return \"code\" }\nlist := []error{code(1)}", "",
			"%%native\n_, ok := list[0].(code)\nok", "=> true",
			"%%native\nlist[0] == error(code(1))", "=> true",
			"%%native\nvar kind string\nswitch list[0].(type) {\ncase code:\n\tkind = \"code\"\ndefault:\n\tkind = \"another\"\n}\nkind", "=> code",
			"list = append(list, code(1))\nlist[0] == list[1]", "=> true",
			"%%native\nerrors.Is(list[1], code(1))", "imported errors\n=> true",
			"seekers := []io.Seeker{strings.NewReader(\"\")}", "imported io, strings\n",
			"%%native\n_, ok = seekers[0].(*strings.Reader)\nok", "=> true",
		}},
		{"generic aliases of earlier cells", []string{
			"type set[K comparable] = map[K]struct{}\ntype pair[T any] = struct{ a, b T }", "",
			"type ints = set[int]\nfunc keys[K comparable](s set[K]) int { return len(s) }", "",
			"s := ints{1: {}, 2: {}}\np := pair[string]{\"x\", \"y\"}\nkeys(s)", "=> 2",
			"%%native\nvar m set[int] = s\nq := pair[string]{b: p.a}\nkeys(m) + len(q.b)", "=> 3",
		}},
		{"variables called as a package of their type", []string{
			"%%native\nimport \"crypto/sha256\"\nhash := sha256.New\nn := hash().Size()\nn", "=> 32",
			"hash().Size()", "=> 32",
			"%%native\nimport \"time\"\nfunc f(time time.Duration) string { d := func(x int) any { return time }; return fmt.Sprint(d(1)) }\nf(2)", "imported fmt\n=> 2ns",
		}},
		{"errors of the runtime that compiled code recovers", []string{
			"func try(f func()) (s string) {\n\tdefer func() { s = fmt.Sprintf(\"%T %[1]v\", recover()) }()\n\tf()\n\treturn\n}\nl, zero := []int{1}, 0\nvar x any = zero", "imported fmt\n",
			"try(func() { _ = l[zero+3] })", "=> runtime.boundsError runtime error: index out of range [3] with length 1",
			"try(func() { _ = l[zero-1] })", "=> runtime.boundsError runtime error: index out of range [-1]",
			"try(func() { _ = l[zero+2:] })", "=> runtime.boundsError runtime error: slice bounds out of range [2:1]",
			"try(func() { _ = (*[2]int)(l) })", "=> runtime.boundsError runtime error: cannot convert slice with length 1 to array or pointer to array with length 2",
			"try(func() { _ = x.(string) })", "=> *runtime.TypeAssertionError interface conversion: interface {} is int, not string",
			"try(func() { _ = x.(fmt.Stringer) })", "=> *runtime.TypeAssertionError interface conversion: int is not fmt.Stringer: missing method String",
			"try(func() { var p *int; *p = zero })", "=> runtime.errorString runtime error: invalid memory address or nil pointer dereference",
			"try(func() { _ = make(chan int, zero-1) })", "=> runtime.plainError makechan: size out of range",
		}},
		{"maps that interpreted cells make", []string{
			"type key struct {\n\ta, b int32\n\tname string\n\tc int8\n\tx any\n}\nk := key{1, 2, \"k\", 3, 4.5}", "",
			"m := map[key]int{k: 1}\npairs := map[[2]key]string{{k, {}}: \"pair\"}\nset := []map[struct{ n int; s string }]bool{{{1, \"s\"}: true}}", "",
			"%%native\nm[k]", "=> 1",
			"%%native\nm[key{}] = 2\npairs[[2]key{k}]", "=> pair",
			"%%native\nset[0][struct{ n int; s string }{1, \"s\"}]", "=> true",
			"m[key{}]", "=> 2",
		}},
		{"types that interpreted cells make", []string{
			"type point struct{ x int }\nvar a, b, c, d any = []point{{1}}, map[string][]int{\"a\": {2}}, [7]point{3: {4}}, func(p ...point) int { return len(p) }", "",
			"%%native\n_, ok := a.([]map[string]point)\na.([]point)[0].x + b.(map[string][]int)[\"a\"][0] + c.([7]point)[3].x + d.(func(...point) int)(point{})", "=> 8",
			"%%native\nfunc kind(x any) string {\n\tswitch x := x.(type) {\n\tcase []point:\n\t\treturn \"points\"\n\tcase map[string][]int, chan *point:\n\t\treturn fmt.Sprintf(\"one of two: %T\", x)\n\tcase nil:\n\t\treturn \"nil\"\n\t}\n\treturn \"another\"\n}\nfmt.Println(ok, kind(a), kind(b), kind(c), kind(nil), kind(make(chan *point)))", "imported fmt\nfalse points one of two: map[string][]int another nil one of two: chan *main.point\n",
			"func get[T any](x any) (v T, list, ok bool) {\n\tv, ok = x.(T)\n\tif !ok {\n\t\t_, list = x.([]T)\n\t}\n\treturn\n}\nfmt.Println(get[[]point](a))\nfmt.Println(get[point](a))\nfmt.Println(get[[8]point](c))", "[{1}] false true\n{0} true false\n[{0} {0} {0} {0} {0} {0} {0} {0}] false false\n",
			"%%native\nvar e, f any = [][]point{{{5}}}, chan<- []point(nil)", "",
			"switch e.(type) {\ncase [][]point:\n\tfmt.Println(\"lists\")\n}\n_, ok = f.(chan<- []point)\nok && e.([][]point)[0][0].x == 5", "lists\n=> true",
		}},
		{"types made of those that interpreted cells make", []string{
			"type point struct{ x int }\nlists := [][]point{{{1}}}\nby := map[string][]point{\"a\": {{2}}}\nfilter := func(ps []point) []point { return ps[:1] }", "",
			"%%native\nfunc count(l [][]point, m map[string][]point, f func([]point) []point) int { return len(l) + len(m[\"a\"]) + len(f(l[0])) }\nfunc both() ([][]point, map[string][]point) { return [][]point{{{3}, {4}}}, nil }\nvar kept [][]point", "",
			"count(lists, by, filter)", "=> 3",
			"kept = lists\nlists, by = both()\nlen(lists[0]) + len(by) + len(kept[0])", "=> 3",
			"var a, b any = []point{{5}}, []func([]point) []point{filter}", "",
			"%%native\nn := 0\nswitch a := a.(type) {\ncase map[string][]point:\ncase [][]point:\ncase chan []point:\ncase []point:\n\tn = a[0].x\ncase []map[int]point:\n}\n_, ok := b.([]func([]point) []point)\nfmt.Println(n, ok)", "imported fmt\n5 true\n",
			"type point struct{ x, y int }\nlists = nil\nmore := [][]point{{{1, 2}}}", "by (Cell[1]) keeps the type point as it was: define it again to have the new one\nfilter (Cell[1]) keeps the type point as it was: define it again to have the new one\nkept (Cell[2]) keeps the type point as it was: define it again to have the new one\nlists (Cell[1]) keeps the type point as it was: define it again to have the new one\n",
			"%%native\nfunc last(l [][]point) point { return l[len(l)-1][0] }", "",
			"last(more).y", "=> 2",
		}},
		{"variables of compiled cells that are defined again", []string{
			"%%native\nvar named interface{ Name() string }\nlist, err := []struct{ A int }{{1}}, io.EOF", "imported io\n",
			"var named interface{ Name() string }", "",
			"list, err := []struct{ A int }{{2}}, error(nil)\npanic(len(list))", "!! Panic: 1",
			"named == nil && err == io.EOF && list[0].A == 1", "=> true",
			"list, err := []struct{ A int }{{2}}, error(nil)", "",
			"%%native\nerr == nil && list[0].A == 2", "=> true",
		}},
		{"functions in variables of compiled cells", []string{
			"%%native\nvar f, g func(int) int\nfunc add(n int) func(int) int { return func(m int) int { return n + m } }", "",
			"f = add(2)\nf(1)", "=> 3",
			"f, g = add(3), f\nif f := add(4); f != nil {\n\tg = add(f(1))\n}\nf(1) + g(1)", "=> 10",
			"%%native\nf(1) + g(1)", "=> 10",
		}},
		{"channels of compiled cells", []string{
			"%%native\nch := make(chan int, 3)\nch <- 1\nch <- 2\nch <- 3\nclose(ch)", "",
			"select {\ncase v, ok := <-ch:\n\tfmt.Println(v, ok)\n}", "imported fmt\n1 true\n",
			"select {\ncase v := <-ch:\n\tfmt.Println(v)\ndefault:\n\tfmt.Println(\"none\")\n}", "2\n",
			"for v := range ch {\n\tfmt.Println(v)\n}\n_, ok := <-ch\nok", "3\n=> false",
			"ch = make(chan int, 1)\nselect {\ncase ch <- 4:\n}\n<-ch", "=> 4",
		}},
		{"literals of earlier types", []string{
			"type point struct{ x, y int; in struct{ z int } }", "",
			"%%native\nn := 0\nnext := func() int { n++; return n }\np := point{y: next(), x: next(), in: struct{ z int }{3}}\nps := []*point{{y: 1,\n\tx: p.x}, {1, 2, p.in}}\nfmt.Println(p, *ps[0], ps[1].in.z)", "imported fmt\n{2 1 {3}} {2 1 {0}} 3\n",
			"import \"unsafe\"\nunsafe.Offsetof(p.in)", "=> 16",
			"%%native\nps = append(ps, &point{\n\tx: 1,\n\ty: 2,\n}, &point{\n\t3, 4,\n\tstruct {\n\t\tz int\n\t}{\n\t\t5,\n\t},\n})\nvar q *point\nps[\n3].\nin.\nz++\n_ = q.x", "!! RuntimeError: invalid memory address or nil pointer dereference",
			"*ps[3]", "=> {3 4 {6}}",
		}},
		{"types declared by earlier ones", []string{
			"type T struct{ x, y int }\ntype S T\ns := S{1, 2}", "",
			"type U T\nfunc (u U) sum() int { return u.x + u.y }\nu := U{3, 4}\nu.sum() + s.x", "=> 8",
			"%%native\nw, p := U{y: 4, x: 3}, &S{5, 6}\np.x++\nw.y += s.y\nfmt.Println(T(w).x, U{1, 2}.y, []*U{{7, 8}, {y: 1}}[1].y, *p, w.sum())", "imported fmt\n3 2 1 {6 6} 9\n",
			"w.x + p.y", "=> 9",
		}},
		{"structs without a name in later cells", []string{
			"tests := []struct{ in string; want int }{{\"a\", 1}}\ndeep := struct{ a []map[string]*struct{ n int } }{[]map[string]*struct{ n int }{{\"k\": {5}}}}", "",
			"%%native\ntests = append(tests, struct{ in string; want int }{want: 3, in: \"b\"})\ntests[0].want += 6\np := &tests[1]\np.in = \"c\"\ndeep.a[0][\"k\"].n++\ntests", "=> [{a 7} {c 3}]",
			"tests[1].want++\ntests[1] == struct{ in string; want int }{\"c\", 4}", "=> true",
			"%%native\nany(tests[0]).(struct{ in string; want int }).want + deep.a[0][\"k\"].n", "=> 13",
			"%%native\nfunc swap(q struct{ a, b int }) struct{ b, a int } { return struct{ b, a int }{q.b, q.a} }", "",
			"r := swap(struct{ a, b int }{3, 4})\nr.a", "=> 3",
			"%%native\nr.b += 10\nswap(struct{ a, b int }{r.a, r.b}).b", "=> 14",
		}},
		{"a blank type parameter", []string{
			"type E[_ any] struct{}\nfunc (E[_]) N() int { return 1 }", "", "%%native\nfunc f[X any]() int { return E[*X]{}.N() }\nf[int]()", "=> 1",
		}},
		{"unexported methods of interfaces", []string{
			"type shape interface{ area() int }", "",
			"type square struct{ side int }\nfunc (s square) area() int { return s.side * s.side }", "",
			"shapes := []shape{square{2}}", "",
			"type rect struct{ w, h int }\nfunc (r rect) area() int { return r.w * r.h }\nshapes = append(shapes, rect{2, 3})", "",
			"sum := 0\nfor _, s := range shapes {\n\tsum += s.area()\n}\nsum", "=> 10",
			"%%native\nsum = 0\nfor _, s := range shapes {\n\tsum += s.area()\n}\nsum", "=> 10",
		}},
		{"generic types", []string{
			"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }\nfunc (s Stack[T]) Len() int { return len(s.items) }", "",
			"var a Stack[int]\na.Push(3)\na.Len()", "=> 1",
			"var b Stack[string]\nb.Push(\"x\")\nlen(b.items)", "=> 1",
			"%%native\nb.Push(\"y\")\nc := Stack[string]{items: b.items}\nc.Len()", "=> 2",
		}},
		{"variables of types that a package does not export", []string{
			"import (\"encoding/binary\"; \"fmt\")\nlittle := binary.LittleEndian", "",
			"%%native\nbig := binary.BigEndian\nlittle = binary.LittleEndian\nfmt.Printf(\"%T %T\", little, big)", "binary.littleEndian binary.bigEndian",
			"%%native\np := &big\np.Uint16([]byte{1, 2})", "=> 258",
			"fmt.Print(*p == big, any(little) == any(binary.LittleEndian), big.Uint16([]byte{1, 3}))", "true true 259",
			"func list[T any](v ...T) []T { return v }", "",
			"%%native\n\nl := list(big)", "!! CompileError: Cell[6]:3:1: a variable of type binary.bigEndian, which its package does not export, cannot be in a compiled cell; a program started with %%run can have it (give the variable an interface type, or keep it inside a function)",
		}},
		{"functions that look at what called them", []string{
			"import \"runtime\"\nfunc where() int { _, _, line, _ := runtime.Caller(1); return line }", "",
			"\n\nwhere()", "=> 3",
			"\nfunc outer() int { return where() }\nouter()", "=> 2",
			"%engine", "auto\n",
			"outer()", "=> 2",
		}},
		{"names of other cells' types", []string{
			"type foo int\nfunc (foo) bar() {}", "",
			"type box[T any] struct{ v T }", "",
			"import \"fmt\"\nvar x any = box[foo]{1}\nfmt.Printf(\"%T\", x)", "main.box[main.foo]",
			"_, ok := x.(box[foo])\nm := map[any]int{x: 2}\nfmt.Print(ok, m[box[foo]{1}])", "true 2",
			"func describe(x any) (text any) {\n\ttext = \"bar\"\n\tdefer func() {\n\t\tif r := recover(); r != nil {\n\t\t\ttext = r\n\t\t}\n\t}()\n\tx.(interface{ bar() }).bar()\n\treturn text\n}\nfmt.Print(describe(foo(1)), \", \", describe(x))", "bar, interface conversion: main.box[main.foo] is not interface { main.bar() }: missing method bar",
		}},
		{"a pool in compiled cells", []string{
			"%engine compiled\nimport \"github.com/paracell/paracell/futures\"\ntype pair [2]int\nfunc sum(p pair) int { return p[0] + p[1] }", "",
			"pool := futures.NewProcessPoolExecutor(1)\ntotal := 0\nfor n, err := range futures.Map(pool, sum, []pair{{1, 2}, {3, 4}}) {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\ttotal += n\n}\npool.Shutdown(true, false)\ntotal", "=> 10",
		}},
		{"native", []string{
			"func gcd(a, b int) int {\n\tif b == 0 {\n\t\treturn a\n\t}\n\treturn gcd(b, a%b)\n}\nfunc twice(a, b int) int { return 2 * gcd(a, b) }", "",
			"%native gcd", "",
			"twice(12, 18)", "=> 12",
			"func gcd(a, b int) int { return 1 }", "",
			"twice(12, 18)", "=> 2",
		}},
		{"a variable of the other engine is only set", []string{
			"kept := 7", "",
			"%engine compiled", "",
			"kept := 8", "",
			"kept", "=> 8",
			"var kept = 9", "",
			"kept", "=> 9",
		}},
		{"interpreted", []string{
			"%engine interpreted", "",
			"1 + 1", "=> 2",
			"type T struct{}", "!! CompileError: the cell declares a type or imports a package of a module, which takes the compiler, and the engine is interpreted: %engine auto lets it be compiled",
		}},
		{"a type changes while a variable has it", []string{
			"type T struct{ a int }\nv := T{1}", "",
			"func (t T) Get() int { return t.a }\nv.Get()", "=> 1",
			"func (t T) Get() int { return t.a + 1 }\nv.Get()", "=> 2",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			nb := open(t)
			for i := 0; i < len(tt.cells); i += 2 {
				if got := nb.run(tt.cells[i]); got != tt.cells[i+1] {
					t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+1, tt.cells[i], got, tt.cells[i+1])
				}
			}
		})
	}
}

// TestCompiledPanics shows where compiled code panicked.
func TestCompiledPanics(t *testing.T) {
	nb := open(t)
	nb.run("type T struct{ p *int }\n\nfunc (t T) get() int {\n\treturn *t.p\n}")
	got := nb.traceback("func f(t T) int { return t.get() }\nf(T{})")
	for _, want := range []string{"invalid memory address", "Cell[1]:4 in T.get", "Cell[2]:1:26 in f", "Cell[2]:2:1"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// TestCompiledDeath shows where compiled code ended the evaluator: in a goroutine
// that a package started.
func TestCompiledDeath(t *testing.T) {
	nb := open(t)
	nb.run("type T struct{ p *int }\n\nfunc (t T) get() int {\n\treturn *t.p\n}\nv := T{}")
	got := nb.traceback("%%native\nctx, cancel := context.WithCancel(context.Background())\ncontext.AfterFunc(ctx, func() {\n\tv.get()\n})\ncancel()\nselect {}")
	for _, want := range []string{"panic in a goroutine: runtime error: invalid memory address", "Cell[1]:4 in T.get", "Cell[2]:4", "Lost variables: v."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if got := nb.run("T{new(int)}.get()"); got != "=> 0" {
		t.Errorf("got %q", got)
	}
}

// TestInterruptCompiled ends compiled loops, and variables survive.
func TestInterruptCompiled(t *testing.T) {
	nb := open(t)
	nb.run("%engine compiled\nv := 1\ntype spinner struct{ n int }\nfunc (s *spinner) spin() { for { s.n++ } }")
	for _, code := range []string{"(&spinner{}).spin()", "for { v++ }", "var f func()\nf = func() { f2 := f; _ = f2; for i := range 1 << 62 { v = i } }\nf()"} {
		ctx, cancel := context.WithCancel(t.Context())
		nb.n++
		started := make(chan struct{})
		ended := make(chan Reply)
		go func() {
			ended <- nb.s.Execute(ctx, Request{Code: "fmt.Println(\"on\")\n" + code, Count: nb.n, Emit: func(e Event) {
				if s, ok := e.(Stream); ok && s.Text == "on\n" {
					close(started)
				}
			}})
		}()
		<-started
		cancel()
		if reply := <-ended; reply.Err == nil || reply.Err.Name != "KeyboardInterrupt" {
			t.Errorf("%s ended with %v", code, reply.Err)
		}
	}
	if got := nb.run("v > 0"); got != "=> true" {
		t.Errorf("got %q", got)
	}
}
