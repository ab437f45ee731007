package main

import "fmt"

type pt struct{ x, y int }

func f(s string) int { fmt.Print(s, " "); return len(s) }

func two() (int, string) { return 7, "seven" }

func main() {
	a, b := 1, 2
	a, b = b, a
	fmt.Println(a, b)
	i := 0
	xs := []int{10, 20, 30}
	i, xs[i] = 2, 99
	fmt.Println(i, xs)
	xs[0], xs[2] = xs[2], xs[0]
	fmt.Println(xs)
	m := map[int]string{}
	m[f("a")], m[f("bb")] = "one", "two"
	fmt.Println(m)
	p := pt{1, 2}
	p.x, p.y = p.y, p.x
	fmt.Println(p)
	q := &p
	q, q.x = &pt{8, 8}, 50
	fmt.Println(p, *q)
	var s string
	a, s = two()
	fmt.Println(a, s)
	x, ok := m[1]
	fmt.Println(x, ok)
	a, c := a+1, a
	fmt.Println(a, c)
	fmt.Println(f("l")+f("mm")*f("nnn"), f("x") < f("yy"))
	l, r := f("x")+1, f("yy")
	fmt.Println(l, r)
	xs = append(xs[:1], xs[2])
	fmt.Println(xs, len(xs), cap(xs))
	t := append(xs[:0], 5, xs[0])
	fmt.Println(t)
	_, xs[0] = two2()
	fmt.Println(xs[0])
	k := 0
	ys := [3]int{}
	k, ys[k], ys[k+1] = 1, 5, 6
	fmt.Println(k, ys)
	var e any
	e, k = k, 3
	fmt.Println(e, k)
	xs[0] += xs[0]
	xs[f("z")-1] <<= 2
	fmt.Println(xs[0])
}

func two2() (string, int) { return "s", 77 }
