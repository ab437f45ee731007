package main

import "fmt"

type T struct {
	a int
	b string
}

func point() struct{ X, Y int } { return struct{ X, Y int }{3, 4} }

func main() {
	p := point()
	fmt.Println(p.X+p.Y, p)
	q := struct{ X, Y int }{3, 4}
	fmt.Println(p == q)
	t1, t2 := T{1, "x"}, T{1, "x"}
	fmt.Println(t1 == t2, t1 != T{2, "x"}, &t1 == &t2)
	t2 = t1
	t2.a = 5
	fmt.Println(t1.a, t2.a)
	cases := []struct {
		in   string
		want int
	}{{"a", 1}, {"bb", 2}}
	for i, c := range cases {
		c.want *= 10
		fmt.Println(i, c.in, c.want, cases[i].want)
	}
	set := map[struct{ a, b int }]bool{{1, 2}: true}
	fmt.Println(set[struct{ a, b int }{1, 2}], set[struct{ a, b int }{2, 1}])
	var e struct{}
	fmt.Println(e == struct{}{}, e)
	pp := &p
	pp.X = 10
	cp := *pp
	cp.Y = 0
	fmt.Println(p, cp, *pp)
	ch := make(chan struct{ n int }, 1)
	ch <- struct{ n int }{5}
	fmt.Println((<-ch).n)
	ts := []T{{1, "a"}, {2, "b"}}
	for i := range ts {
		ts[i].a *= 3
	}
	r := &ts[0]
	r.b = "changed"
	fmt.Println(ts)
	arr := [2]T{}
	arr[1].a = 7
	brr := arr
	brr[1].a = 8
	fmt.Println(arr, brr)
	func(t T) { t.a = 1000 }(ts[0])
	fmt.Println(ts[0].a)
}
