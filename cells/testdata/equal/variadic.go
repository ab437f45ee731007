package main

import (
	"fmt"
	"strings"
)

func sum(label string, xs ...int) string {
	t := 0
	for _, x := range xs {
		t += x
	}
	return fmt.Sprint(label, len(xs), t, xs == nil)
}

func pass(xs ...int) string { return sum("pass", xs...) }

func log(format string, args ...any) { fmt.Printf("log: "+format+"\n", args...) }

func change(xs ...int) { xs[0] = 100 }

type T struct{ parts []string }

func (t *T) add(ps ...string) *T { t.parts = append(t.parts, ps...); return t }

func three() (int, int, int) { return 1, 2, 3 }

func count(xs ...any) int { return len(xs) }

func main() {
	fmt.Println(sum("a"), sum("b", 1), sum("c", 1, 2, 3), pass(), pass(4, 5))
	xs := []int{1, 2}
	fmt.Println(sum("d", xs...))
	change(xs...)
	fmt.Println(xs)
	log("%d %s", 1, "x")
	log("plain")
	fmt.Println(strings.Join((&T{}).add("a").add("b", "c").add().parts, ""))
	fmt.Println(count(), count(nil), count(xs), count([]any{1, 2}...), count(three()))
	fmt.Println(three())
	args := []any{"x", 1, true}
	fmt.Println(args...)
	f := func(pre string, rest ...string) string { return pre + strings.Join(rest, pre) }
	fmt.Println(f("-", "a", "b"), f("+"))
	ys := append([]int{}, append([]int{1}, xs...)...)
	fmt.Println(ys)
	var fs []func(...int) string
	fs = append(fs, pass, func(x ...int) string { return "lit" })
	fmt.Println(fs[0](7), fs[1]())
}
