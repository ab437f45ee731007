package cells

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkCell is a small cell in a session of so many, from the request to the
// reply: the whole way, of which the front end is a part.
func BenchmarkCell(b *testing.B) {
	for _, cells := range []int{10, 2000} {
		nb := open(b)
		run := func(code string) {
			nb.n++
			reply := nb.s.Execute(context.Background(), Request{Code: code, Count: nb.n, Store: true, Emit: func(Event) {}})
			if reply.Err != nil {
				b.Fatal(reply.Err)
			}
		}
		run("import \"fmt\"")
		for i := range cells / 2 {
			run(fmt.Sprintf("v%d := %d", i, i))
			run(fmt.Sprintf("func f%d(n int) int { return n + v%d }", i, i))
		}
		for name, code := range map[string]string{
			"value":      "1 + 1",
			"call":       "fmt.Sprint(f3(4))",
			"variable":   "x := f3(v2)\nx",
			"redefining": "func f4(n int) int { return n * v2 }\nf4(3)",
		} {
			b.Run(fmt.Sprintf("%s/%d", name, cells), func(b *testing.B) {
				for b.Loop() {
					run(code)
				}
			})
		}
	}
}
