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
