package eval_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// BenchmarkUnit is the round trip of a trivial unit, early and late in a session.
func BenchmarkUnit(b *testing.B) {
	for _, before := range []int{0, 2000} {
		b.Run(fmt.Sprint(before, " before"), func(b *testing.B) {
			s := start(b)
			run := func() {
				u := s.unit("", "cell.Result(1)")
				if o := s.Run(context.Background(), u, eval.Handler{Emit: func(eval.Event) {}}); o.Kind != eval.Done {
					b.Fatal(o)
				}
			}
			for range before {
				run()
			}
			for b.Loop() {
				run()
			}
		})
	}
}

// BenchmarkStart is the time until an evaluator is ready, and its end.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		start(b).Close()
	}
}
