package eval_test

import (
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// TestForget drops what units declared. What they left behind lives on.
func TestForget(t *testing.T) {
	s := start(t)
	s.done(s.unit("var get func() int\nvar ticks = make(chan int)", ""), "")
	first := s.unit("var old int\nfunc helper() int { return old }", "old = 5\nn := 1\nget = func() int { n++; return n + helper() }\ngo func() { m := 9; for { ticks <- m } }()\ncell.Result(get())")
	s.done(first, "[result 7]")
	then := s.unit("", "cell.Result(get(), <-ticks)")
	then.Forget = []string{first.Name, "never"}
	s.done(then, "[result 3 9]") // old has its value no more
	for _, name := range []string{"old", "helper", first.Entry} {
		if o, _ := s.run(s.unit("", "_ = "+name)); o.Kind != eval.Refused {
			t.Errorf("%s is still there: %+v", name, o)
		}
	}
	s.done(s.unit("var old string", `old = "new"; cell.Result(old, get())`), "[result new 4]")
}
