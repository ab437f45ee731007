package cells

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestInterruptLeavesOthers interrupts a cell while goroutines of an earlier one
// compute: they go on, and the cell's own end.
func TestInterruptLeavesOthers(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			nb := open(t)
			nb.run("import (\n\"fmt\"\n\"time\"\n)")
			nb.run("%engine " + engine)
			nb.run("loop, calls, own, owned := 0, 0, 0, 0\nstep := func(n int) int { return n + 1 }")
			nb.run("wait := func(c chan int) int { return <-c }")
			nb.run("go func() { for { loop++ } }()\ngo func() { for { calls = step(calls) } }()")
			for _, code := range []string{
				"for {}",
				"select {}",
				"time.Sleep(time.Hour)",
				"wait(make(chan int))",
				"for { own = step(own) }",
				"func spin() { for { owned++ } }\nspin()",
			} {
				want := "on\nclean\n!! KeyboardInterrupt: the cell was interrupted"
				if engine == "compiled" && !strings.Contains(code, "for {") {
					// What waits in compiled code stays behind.
					want = "on\n!! KeyboardInterrupt: the cell was interrupted"
				}
				code = "defer fmt.Println(\"clean\")\ngo func() { for { own++ } }()\ngo func() { for { owned = step(owned) } }()\nfmt.Println(\"on\")\n" + code
				ctx, cancel := context.WithCancel(t.Context())
				if got := nb.runContext(ctx, code, func(e Event) {
					if s, ok := e.(Stream); ok && s.Text == "on\n" {
						cancel()
					}
				}); got != want {
					t.Fatalf("%s\ngot %q", code, got)
				}
				ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
				if got := nb.runContext(ctx, "a, b := loop, calls\nfor loop == a || calls == b {}\n\"on\"", nil); got != "=> on" {
					t.Fatalf("%s: after it goroutines of an earlier cell stand still: %s", code, got)
				}
				cancel()
				if got := nb.run("a, b := own, owned\ntime.Sleep(20 * time.Millisecond)\nown == a && owned == b"); got != "=> true" {
					t.Errorf("%s: its goroutines go on: %s", code, got)
				}
			}
		})
	}
}
