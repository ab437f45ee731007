package cells

import (
	"context"
	"strings"
	"testing"
)

// TestSemantics holds sessions to docs/cells.md, heading by heading.
func TestSemantics(t *testing.T) {
	for _, tt := range semantics {
		t.Run(tt.name, func(t *testing.T) {
			nb := open(t)
			for i := 0; i < len(tt.cells); i += 2 {
				if got := nb.run(tt.cells[i]); got != tt.cells[i+1] {
					t.Errorf("cell %d:\n%s\n got %q\nwant %q", i/2+1, tt.cells[i], got, tt.cells[i+1])
				}
			}
		})
	}
}

var semantics = []struct {
	name  string
	cells []string // each with what it shows
}{
	// Redefinition.
	{"callers follow a function", []string{
		"func f() int { return 1 }", "", "func g() int { return f() * 10 }", "", "h := func() int { return g() + 1 }", "",
		"func f() int { return 2 }", "", "g()", "=> 20", "h()", "=> 21",
	}},
	{"an alias of another cell's type has no methods of its own", []string{
		"type X string", "",
		"type A struct{ n int }\nfunc (a A) M() int { return a.n }\nfunc f() int { return A{3}.M() }", "",
		"type A = X", "A.M (Cell[2]) no longer fits and is set aside: Cell[2]:2:6: cannot define new methods on A, which stands for X of another cell\nf (Cell[2]) no longer fits and is set aside: Cell[2]:3:23: invalid composite literal type A\n",
		"A(\"x\")", "=> x",
		"func (a A) N() int { return 1 }", "!! CompileError: Cell[5]:1:6: cannot define new methods on A, which stands for X of another cell",
		"type A struct{ n int }\nf()", "=> 3",
	}},
	{"callers that don't fit are set aside until they do", []string{
		"func f() int { return 1 }", "", "func g() int { return f() + 1 }", "", "func h() int { return g() + 1 }", "",
		"func f() string { return \"a\" }",
		"g (Cell[2]) no longer fits and is set aside: Cell[2]:1:23: invalid operation: f() + 1 (mismatched types string and untyped int)\nh (Cell[3]) no longer fits and is set aside: Cell[3]:1:23: undefined: g\n",
		"h()", "!! CompileError: Cell[5]:1:1: undefined: h (h (Cell[3]) no longer fits and is set aside: Cell[3]:1:23: undefined: g)",
		"func f() bool { return true }", "", // said once
		"func f() int { return 5 }", "", "h()", "=> 7",
	}},
	{"a function with other parameters", []string{
		"func f(a int) int { return a }", "", "func g() int { return f(1) }", "",
		"func f(a, b int) int { return a + b }", "g (Cell[2]) no longer fits and is set aside: Cell[2]:1:26: not enough arguments in call to f\n\thave (number)\n\twant (int, int)\n",
		"func g() int { return f(1, 2) }", "", "g()", "=> 3",
	}},
	{"a variable that only the closure of another one uses", []string{
		"a, b := 1, 2\nsum := func() int { return a + b }\nfunc h() int { return sum() }\na = 5\nh()", "=> 7",
		"a := \"x\"\ntext := func() string { return a }\nfunc h() string { return text() }\nh()", "=> x", "sum()", "=> 7",
	}},
	{"the same cell again", []string{
		"n := 0\nfunc f() int { n++; return n }", "", "f()", "=> 1", "n := 0\nfunc f() int { n++; return n }", "", "f()", "=> 1",
	}},
	{"a constant", []string{
		"const K = 3", "", "func k() int { return K }", "", "const K = 4", "", "k()", "=> 4",
		"const K = \"a\"", "k (Cell[2]) no longer fits and is set aside: Cell[2]:1:23: cannot use K (untyped string constant \"a\") as int value in return statement\n",
		"func k() string { return K }", "", "k()", "=> a",
	}},
	{"a group of constants", []string{
		"const (\n\tA = iota\n\tB\n)", "", "func f() int { return A*10 + B }", "", "f()", "=> 1", "const (\n\tA = iota + 5\n\tB\n)", "", "f()", "=> 56",
	}},
	{"a variable of another type", []string{
		"x := 1\nfunc get() int { return x }", "",
		"x := \"a\"", "get (Cell[1]) no longer fits and is set aside: Cell[1]:2:25: cannot use x (variable of type string) as int value in return statement\n",
		"x := 7", "", "get()", "=> 7",
	}},
	{"a closure keeps its variable", []string{"x := 1\nf := func() int { return x }", "", "x := \"a\"", "", "f()", "=> 1", "x", "=> a"}},
	{"a type with another field", []string{
		"type P struct{ X int }\nfunc show(p P) int { return p.X }\np := P{1}", "",
		"type P struct{ X, Y int }", "p (Cell[1]) keeps the type P as it was: define it again to have the new one\n",
		"show(P{1, 2})", "=> 1", "p.X", "=> 1",
		"show(p)", "!! CompileError: Cell[5]:1:6: cannot use p (variable of struct type P) as P value in argument to show (p (Cell[1]) still has the type P as it was before: define p again)",
		"p := P{3, 4}\nshow(p)", "=> 3",
	}},
	{"a type of the same shape keeps its values", []string{
		"type P struct{ X int }\np := P{4}\nps := []P{p}\nm := map[string]*P{\"a\": &p}", "",
		"type P struct{ X int }\nfunc (p P) Twice() int { return 2 * p.X }", "",
		"p.Twice() + ps[0].Twice() + m[\"a\"].Twice()", "=> 24",
	}},
	{"a type whose text is the same and whose meaning is not", []string{
		"type A = []int\nconst N = 2\ntype B struct{ a A }\ntype C [N]int\nb, c := B{A{1}}, C{1, 2}", "",
		"type A = map[string]int", "b (Cell[1]) keeps the type B as it was: define it again to have the new one\n", "b", "=> {[1]}",
		"const N = 1", "c (Cell[1]) keeps the type C as it was: define it again to have the new one\n", "c", "=> [1 2]", "len(C{})", "=> 1",
	}},
	{"a type becomes another kind", []string{
		"type T struct{ n int }\nfunc (t T) N() int { return t.n }", "",
		"type T int", "T.N (Cell[1]) no longer fits and is set aside: Cell[1]:2:31: t.n undefined (type T has no field or method n, but does have method N)\n",
		"func (t T) N() int { return int(t) }", "", "T(5).N()", "=> 5",
	}},
	{"a type becomes a function, a function a variable, a variable a type", []string{
		"type T struct{}", "", "func T() int { return 1 }", "", "T()", "=> 1", "T := 5", "", "T", "=> 5", "type T []int", "", "T{1, 2}", "=> [1 2]",
	}},
	{"a method", []string{
		"type C struct{ n int }\nfunc (c C) Get() int { return c.n }\nc := C{4}", "", "func use() int { return c.Get() }", "",
		"func (c C) Get() int { return 10 * c.n }", "", "c.Get()", "=> 40", "use()", "=> 40",
		"func (c C) Get() string { return \"s\" }", "use (Cell[2]) no longer fits and is set aside: Cell[2]:1:25: cannot use c.Get() (value of type string) as int value in return statement\n",
		"c.Get()", "=> s",
	}},
	{"a method stays when its cell no longer has it, as a function does", []string{
		"type C struct{}\nfunc (C) A() int { return 1 }\nfunc (C) B() int { return 2 }", "", "type C struct{ n int }\nfunc (C) A() int { return 3 }", "", "C{}.A() + C{}.B()", "=> 5",
		"type C struct{ B int }", "C.B (Cell[1]) no longer fits and is set aside: Cell[1]:3:10: field and method with the same name B\n", "C{B: 4}.B", "=> 4",
	}},
	{"print and println", []string{
		"type C int\nfunc (C) String() string { return \"C\" }\nprint(\"a\", 1, C(2), 2.5, \"\\n\")\nprintln(\"a\", 1, C(2), nil == any(3))\nprintln()", "a122.5\na 1 2 false\n\n",
		"func f() {\n\tdefer print(\"b\", 1)\n\tprint()\n\tprint(\"a\", 'x')\n}\nf()", "a120b1",
	}},
	{"a value of a type as it was, in an interface", []string{
		"type T struct{ a int }\nfunc (T) String() string { return \"T\" }\nvar x any = T{1}\nvar s fmt.Stringer = T{2}", "imported fmt\n",
		"type T struct{ a, b int }", "",
		"switch x.(type) {\ncase T, *T:\n\tfmt.Print(1)\ndefault:\n\tfmt.Print(\"another\")\n}", "another",
		"switch x := x.(type) {\ncase T:\n\tfmt.Print(x.b)\ncase fmt.Stringer:\n\tfmt.Print(x)\n}", "T",
		"_, ok := s.(T)\nok", "=> false",
		"x.(T)", "!! Panic: interface conversion: interface {} is main.T, not main.T (types from different scopes)",
		"s.(T)", "!! Panic: interface conversion: fmt.Stringer is main.T, not main.T (types from different scopes)",
		"x = T{3, 4}\nx.(T).b", "=> 4",
	}},
	{"an interface that asks for more", []string{
		"type Shape interface{ Area() int }\ntype Sq struct{ s int }\nfunc (q Sq) Area() int { return q.s * q.s }\nfunc total(xs ...Shape) (n int) { for _, x := range xs { n += x.Area() }; return n }", "",
		"total(Sq{2}, Sq{3})", "=> 13",
		"type Shape interface{ Area() int; Name() string }", "",
		"total(Sq{2})", "!! CompileError: Cell[4]:1:7: cannot use Sq{…} (value of struct type Sq) as Shape value in argument to total: Sq does not implement Shape (missing method Name)",
		"func (Sq) Name() string { return \"sq\" }", "", "total(Sq{2})", "=> 4",
	}},
	{"an import by another name", []string{"import s \"strings\"", "", "s.ToUpper(\"a\")", "=> A", "import s \"strconv\"", "", "s.Itoa(5)", "=> 5", "import s \"strconv\"\nimport s2 \"strconv\"\ns2.Itoa(6)", "=> 6"}},
	{"a name for another package", []string{
		"import \"math/rand\"\nfunc half() int { return rand.New(rand.NewSource(1)).Intn(1) }\nfunc up(s string) string { return path.Base(s) + fmt.Sprint(half()) }", "imported fmt, path\n",
		"import path \"path/filepath\"\nimport \"math/rand/v2\"", "", "up(\"a/b\") + fmt.Sprint(rand.IntN(1))", "=> b00",
		"import path \"strconv\"", "", "up(\"a/c\")", "=> c0", "func half() int { return 7 }", "", "up(\"a/d\")", "=> d7",
		"import path \"errors\"\npath.New(up(\"a/e\"))", "=> e7",
	}},
	{"another package that has what is used", []string{
		"import t \"text/template\"\nfunc which() string { return reflect.TypeOf(t.New(\"\")).Elem().PkgPath() }\ntype T struct{}\nfunc (T) M() string { return which() + t.HTMLEscapeString(\"<\") }", "imported reflect\n",
		"T{}.M()", "=> text/template&lt;", "import t \"html/template\"", "", "T{}.M()", "=> html/template&lt;",
	}},
	{"a generic function", []string{
		"func Sum[T int | float64](xs ...T) (s T) { for _, x := range xs { s += x }; return }", "", "func both() float64 { return float64(Sum(1, 2)) + Sum(0.5) }", "", "both()", "=> 3.5",
		"func Sum[T int | float64](xs ...T) (s T) { return 42 }", "", "both()", "=> 84",
	}},
	// Order.
	{"recursion over cells", []string{
		"func even(n int) bool { if n == 0 { return true }; return odd(n - 1) }", "even (Cell[1]) waits for odd, which nothing defines yet\n",
		"even(2)", "!! CompileError: Cell[2]:1:1: undefined: even (even (Cell[1]) waits for odd, which nothing defines yet)",
		"func odd(n int) bool { if n == 0 { return false }; return even(n - 1) }", "", "even(10)", "=> true", "odd(7)", "=> true",
	}},
	{"recursion within a cell", []string{
		"even(3)\nfunc even(n int) bool { return n == 0 || odd(n-1) }\nfunc odd(n int) bool { return n != 0 && even(n-1) }", "=> false",
	}},
	{"a chain of functions to come", []string{
		"func a() int { return b() }", "a (Cell[1]) waits for b, which nothing defines yet\n", "func b() int { return c() }", "b (Cell[2]) waits for c, which nothing defines yet\n",
		"c := func() int { return 7 }", "", "a()", "=> 7",
	}},
	{"what a cell needs at once can't wait", []string{
		"func a() int { return b() }\na()", "!! CompileError: Cell[1]:1:23: undefined: b", "a()", "!! CompileError: Cell[2]:1:1: undefined: a",
	}},
	{"a method that waits", []string{
		"type T struct{ n int }\nfunc (t T) A() int { return helper(t) }", "T.A (Cell[1]) waits for helper, which nothing defines yet\n", "t := T{4}", "",
		"t.A()", "!! CompileError: Cell[3]:1:3: t.A undefined (type T has no field or method A) (T.A (Cell[1]) waits for helper, which nothing defines yet)",
		"func helper(t T) int { return t.n * 2 }", "", "t.A()", "=> 8",
	}},
	{"a method of a later cell", []string{
		"type Stack struct{ xs []int }\nfunc (s *Stack) PushAll(xs ...int) { for _, x := range xs { s.push(x) } }", "Stack.PushAll (Cell[1]) waits for Stack.push, which nothing defines yet\n",
		"func top(s *Stack) int { return s.top() }", "top (Cell[2]) waits for Stack.top, which nothing defines yet\n",
		"func (s *Stack) push(x int) { s.xs = append(s.xs, x) }\nfunc (s *Stack) top() int { return s.xs[len(s.xs)-1] }", "",
		"s := &Stack{}\ns.PushAll(1, 2)\ntop(s)", "=> 2",
		"func bad(s *Stack) { s.pushh(1) }", "!! CompileError: Cell[5]:1:24: s.pushh undefined (type *Stack has no field or method pushh) (did you mean push?)",
	}},
	{"methods in a later cell, by value and by pointer", []string{
		"type C struct{ n int }\nc := C{1}", "", "func (c *C) Inc() { c.n++ }", "", "func (c C) Get() int { return c.n }", "", "c.Inc()\nc.Inc()\nc.Get()", "=> 3",
		"type Getter interface{ Get() int }\nvar g Getter = &c\ng.Get()", "=> 3",
	}},
	{"types that need each other", []string{"type A struct{ b *B }\ntype B struct{ a *A; n int }\nA{&B{n: 3}}.b.n", "=> 3"}},
	// What Go forbids in a file and a cell may do.
	{"unused imports and variables", []string{"import (\n\t\"os\"\n\t\"fmt\"\n)\nx := 5", "", "var a, b = 1, 2", "", "a + b + x", "=> 8"}},
	{"unused in a function is Go's error", []string{"func f() { x := 1 }", "!! CompileError: Cell[1]:1:12: declared and not used: x (in a function each variable must be used; _ = x uses it)"}},
	{"package main on top", []string{"// A program.\npackage main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"ran\") }", "", "main()", "ran\n", "func main() { fmt.Println(\"again\") }", "", "main()", "again\n"}},
	{"init runs with its cell, once", []string{"import \"fmt\"\nn := 1\nfunc init() { n++; fmt.Println(\"one\") }\nfunc init() { fmt.Println(\"two\") }", "one\ntwo\n", "fmt.Println(\"next\")", "next\n", "init()", "!! CompileError: Cell[3]:1:1: undefined: init (init runs by itself, when its cell does)"}},
	{"deferred calls run when the cell ends", []string{"defer println(\"last\")\nprintln(\"first\")", "first\nlast\n", "println(\"next\")", "next\n", "defer func() { println(recover().(string)) }()\npanic(\"caught\")", "caught\n"}},
	{"dot and blank imports", []string{"import . \"strings\"", "", "ToUpper(\"a\")", "=> A", "func up(s string) string { return ToUpper(s) }\nup(\"b\")", "=> B", "import _ \"image/png\"", ""}},
	{"a definition hides what a dot import has", []string{
		"import . \"math\"\nfunc area(r float64) float64 { return Pow(r, 2) }\narea(3)", "=> 9",
		"func Sqrt(x float64) string { return \"mine\" }\nSqrt(4)", "=> mine",
		"func Pow(a, b float64) float64 { return -1 }", "", "area(3)", "=> -1", "Pi := 3\nPi + int(Floor(1.5))", "=> 4",
	}},
	{"blank identifiers", []string{"_ = 5", "", "_, b := 1, 2\nb", "=> 2", "var _ = b", "", "const _ = 1\nfunc _() {}\ntype _ struct{}", "", "for range 2 {}", "", "_", "!! CompileError: Cell[6]:1:1: cannot use _ as value or type"}},
	{"labels and goto", []string{
		"s := \"\"\nouter:\nfor i := range 3 {\n\tfor j := range 3 {\n\t\tif j == 1 { continue outer }\n\t\tif i == 2 { break outer }\n\t\ts += string(rune('a' + i))\n\t}\n}\ns", "=> ab",
		"i := 0\nagain:\ni++\nif i < 4 { goto again }\ni", "=> 4",
		"again:\nfor { break again }", "",
		"goto nowhere", "!! CompileError: Cell[4]:1:6: label nowhere not declared",
	}},
	// Names of the language and of packages.
	{"shadowed builtins", []string{
		"len := 3", "", "len", "=> 3", "func f() int { return len }\nf()", "=> 3",
		"true := false\ntrue", "=> false", "nil := 1\nnil", "=> 1", "type int string\nvar s int = \"x\"\ns", "=> x", "func print(s string) string { return s + \"!\" }\nprint(\"a\")", "=> a!",
	}},
	{"shadowed imports", []string{
		"import \"fmt\"", "", "fmt := 3\nfmt", "=> 3",
		"fmt.Println()", "!! CompileError: Cell[3]:1:5: fmt.Println undefined (type int has no field or method Println) (the variable fmt of Cell[2] hides package fmt)",
		"import \"fmt\"\nfmt.Sprint(1)", "=> 1", "func f(strings []string) int { return len(strings) }\nf(nil)", "=> 0",
	}},
	{"functions from before a package was hidden", []string{
		"import \"fmt\"\nfunc g() int { return 1 }\nfunc f() string { return fmt.Sprint(g()) }\ntype T struct{}\nfunc (T) M() string { return fmt.Sprint(\"M\", f()) }", "",
		"fmt := 3\nfunc h() int { return fmt }", "", "func g() string { return \"g\" }\nf() + T{}.M()", "=> gMg", "h()", "=> 3",
		"fmt, strings := 4, 5\nfunc g() int { return fmt }\nf()", "=> 4",
		"func fmt() int { return 6 }\nfunc g() string { return \"?\" }\nT{}.M()", "h (Cell[2]) no longer fits and is set aside: Cell[2]:2:23: cannot use fmt (value of type func() int) as int value in return statement\n=> M?",
		"func f() string { return fmt.Sprint(0) }", "!! CompileError: Cell[7]:1:30: fmt.Sprint undefined (type func() int has no field or method Sprint)",
		"%%native\nfunc g() string { return \"native\" }\nT{}.M()", "=> Mnative",
	}},
	{"a name of its own in a block", []string{"x := 1\n{\n\tx := 2\n\t_ = x\n}\nif x := 5; x > 2 {\n}\nx", "=> 1", "for i := range 3 { _ = i }\ni", "!! CompileError: Cell[2]:2:1: undefined: i"}},
	{"a standard package without import", []string{"strings.ToUpper(\"a\")", "imported strings\n=> A", "strings.ToUpper(\"b\")", "=> B", "rand.Intn(1)", "imported math/rand\n=> 0", "unsafe.Sizeof(int32(0))", "imported unsafe\n=> 4"}},
	// Failure.
	{"an error of compilation leaves nothing behind", []string{
		"b := 2\nc := undefinedName\nd := 3", "!! CompileError: Cell[1]:2:6: undefined: undefinedName", "b", "!! CompileError: Cell[2]:1:1: undefined: b",
		"func f() int { return \"a\" }", "!! CompileError: Cell[3]:1:23: cannot use \"a\" (untyped string constant) as int value in return statement", "f()", "!! CompileError: Cell[4]:1:1: undefined: f",
		"type T struct{}\nvar x T = 5", "!! CompileError: Cell[5]:2:11: cannot use 5 (untyped int constant) as T value in variable declaration", "T{}", "!! CompileError: Cell[6]:1:1: undefined: T",
	}},
	{"a panic leaves no definitions behind", []string{
		"n := 1\nfunc f() int { return 1 }\nvar q []int", "",
		"func f() int { return 2 }\nn := 2\nm := 3\ntype T struct{}\n_ = q[3]", "!! RuntimeError: index out of range [3] with length 0",
		"f()", "=> 1", "n", "=> 1", "m", "!! CompileError: Cell[5]:1:1: undefined: m", "T{}", "!! CompileError: Cell[6]:1:1: undefined: T",
		"n = 9\n_ = q[3]", "!! RuntimeError: index out of range [3] with length 0", "n", "=> 9", // an assignment has happened
	}},
	{"a redefinition that fails sets nothing aside", []string{
		"func f() int { return 1 }\nfunc g() int { return f() }\nvar q []int", "",
		"func f() string { return \"\" }\n_ = q[1]", "g (Cell[1]) no longer fits and is set aside: Cell[1]:2:23: cannot use f() (value of type string) as int value in return statement\n!! RuntimeError: index out of range [1] with length 0",
		"g()", "=> 1",
	}},
	{"pieces of a cell that fails", []string{
		"x := 1\nvar q []int", "",
		"x := 2\n%env A=1\nx, y := x+1, 0\n%timeit -q -n 2 -r 1 x := 9\nprintln(x)\n_ = q[1]", "env: A=1\n3\n!! RuntimeError: index out of range [1] with length 0", "x", "=> 1",
		"x := 5\n_ = q[1]", "!! RuntimeError: index out of range [1] with length 0", "x", "=> 1", "x := 6", "", "x := 7\n_ = q[2]", "!! RuntimeError: index out of range [2] with length 0", "x", "=> 6",
	}},
	{"several mistakes at once", []string{"a1\nb1\nc1", "!! CompileError: Cell[1]:1:1: undefined: a1 (and 2 more)"}},
	{"panics", []string{
		"panic(\"boom\")", "!! Panic: boom", "panic(fmt.Errorf(\"a: %w\", io.EOF))", "imported fmt, io\n!! Panic: a: EOF",
		"var m map[string]int\nm[\"a\"] = 1", "!! Panic: assignment to entry in nil map",
		"a, b := 1, 0\na / b", "!! RuntimeError: integer divide by zero",
		"var i any = \"x\"\ni.(int)", "!! Panic: interface conversion: interface {} is string, not int",
		"var p *struct{ X int }\np.X", "!! RuntimeError: invalid memory address or nil pointer dereference",
		"1 + 1", "=> 2",
	}},
	{"an exit loses the variables, not the definitions", []string{
		"v := 1\nfunc f() int { return 5 }", "", "import \"os\"\nos.Exit(3)", "!! EvaluatorDied: the evaluator exited with status 3 (os.Exit or log.Fatal)", "f()", "=> 5",
		"v", "!! CompileError: Cell[4]:1:1: undefined: v (its value was lost when the evaluator was replaced: run Cell[1] again)",
	}},
	// Values.
	{"the last expression", []string{
		"1 + 1", "=> 2", "x := 5", "", "x;", "", "x++", "", "if x > 1 { x = 0 }", "", "func none() {}\nnone()", "", "func two() (int, error) { return 3, nil }\ntwo()", "=> 3 <nil>",
		"two()\nx", "=> 0", "print()", "", "nil", "=> <nil>", "copy([]int{1}, []int{2})", "",
	}},
	{"a variable's value changes with its cell", []string{"x, err := strconv.Atoi(\"12\")\nx", "imported strconv\n=> 12", "x, err = strconv.Atoi(\"q\")\nerr", "=> strconv.Atoi: parsing \"q\": invalid syntax", "x, y := 3, 4\nx, y = y, x\nx*10 + y", "=> 43"}},
	{"goroutines live on", []string{"ch := make(chan int)\ngo func() { for i := 0; ; i++ { ch <- i } }()\n<-ch", "=> 0", "<-ch + <-ch", "=> 3", "panic(1)", "!! Panic: 1", "<-ch", "=> 3"}},
}

// TestInterrupt interrupts cells in whatever they do. What they defined is gone,
// the rest of the session is as it was.
func TestInterrupt(t *testing.T) {
	nb := open(t)
	nb.run("import (\"time\"; \"sync\"; \"fmt\")\nkept := 1\nn := 0\nch := make(chan int)\ngo func() { for i := 0; ; i++ { ch <- i } }()")
	for _, code := range []string{
		"for {}",
		"for { n++ }",
		"select {}",
		"time.Sleep(time.Hour)",
		"var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
		"var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
		"var never chan int\n<-never",
		"func f() { f2() }\nfunc f2() { for {} }\nf()",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		got := nb.runContext(ctx, "lost := 2\nfmt.Println(\"runs\")\n"+code, func(e Event) {
			if s, ok := e.(Stream); ok && strings.Contains(s.Text, "runs") {
				cancel()
			}
		})
		cancel()
		if want := "runs\n!! KeyboardInterrupt: the cell was interrupted"; got != want {
			t.Errorf("%s\n got %q\nwant %q", code, got, want)
		}
		if got := nb.run("lost"); !strings.Contains(got, "undefined: lost") {
			t.Errorf("%s\nleaves behind what it defined: %s", code, got)
		}
	}
	if got := nb.run("first := <-ch\nkept + <-ch - first"); got != "=> 2" {
		t.Errorf("got %q", got)
	}
}
