package cells

import (
	"context"
	"testing"
)

// BenchmarkCell is a trivial cell, from the request to the reply.
func BenchmarkCell(b *testing.B) {
	nb := open(b)
	n := 0
	run := func() {
		n++
		reply := nb.s.Execute(context.Background(), Request{Code: "1 + 1", Count: n, Store: true, Emit: func(Event) {}})
		if reply.Err != nil {
			b.Fatal(reply.Err)
		}
	}
	run()
	for b.Loop() {
		run()
	}
}
