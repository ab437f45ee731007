package main

import (
	"fmt"
	"strings"
)

type res struct{ name string }

func (r res) close() { fmt.Println("close", r.name) }
func (r *res) free() { fmt.Println("free", r.name) }

func show(label string, n int) int { fmt.Println(label, n); return n }

func multi() (string, int) { return "pair", 2 }

func take(s string, n int) { fmt.Println("took", s, n) }

func run() (out string) {
	defer func() { out += "!" }()
	x := 1
	defer fmt.Println("x was", x)
	x = 2
	defer func(v int) { fmt.Println("v", v, "x", x) }(x)
	x = 3
	defer show("deferred", show("now", x))
	r := res{"a"}
	defer r.close()
	defer r.free()
	r.name = "b"
	f := func() { fmt.Println("old f") }
	defer f()
	f = func() { fmt.Println("new f") }
	for i := 0; i < 3; i++ {
		defer fmt.Println("loop", i)
		defer func(n int) { fmt.Println("arg", n) }(i * 10)
		defer func() { fmt.Println("capture", i) }()
	}
	for _, s := range []string{"p", "q"} {
		defer res{s}.close()
		rr := res{s + "2"}
		defer rr.free()
		rr.name += "!"
	}
	m := map[string]int{"a": 1, "b": 2}
	defer delete(m, "a")
	defer func() { fmt.Println(len(m)) }()
	var sb strings.Builder
	defer sb.WriteString("unused")
	defer take(multi())
	fs := []func(){func() { fmt.Println("f0") }, func() { fmt.Println("f1") }}
	for i := range fs {
		defer fs[i]()
	}
	return "result"
}

func main() {
	fmt.Println(run())
}
