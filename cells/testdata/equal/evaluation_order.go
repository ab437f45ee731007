package main

import "fmt"

func t(s string, v int) int { fmt.Print(s, " "); return v }

func arr() []int        { fmt.Print("arr "); return []int{1, 2, 3} }
func m() map[string]int { fmt.Print("m "); return map[string]int{"a": 1} }
func ptr() *int         { fmt.Print("ptr "); return new(int) }
func two() (int, int)   { return 1, 2 }

func main() {
	arr()[t("i", 1)] = t("v", 2)
	m()["x"], *ptr() = t("a", 1), t("b", 2)
	a := [...]int{t("1", 1), t("2", 2), 5: t("3", 3)}
	mm := map[int]int{t("k", 1): t("v", 2), t("k2", 3): t("v2", 4)}
	fmt.Println(a, mm)
	x := t("x", 1) + t("y", 2)*t("z", 3)
	fmt.Println(x, t("p", 1) < t("q", 2) && t("r", 1) > t("s", 0))
	var i int
	i, a[i] = 2, 9
	fmt.Println(i, a)
	s := []int{1, 2, 3, 4}
	s = append(s[:2], t("aa", 1), s[3])
	fmt.Println(s)
	i = 0
	s[i], i = 7, 3
	fmt.Println(s, i)
	p, q := 1, 2
	p, q = q, p+q
	fmt.Println(p, q)
	p, q = len("abc")+1, len("x")
	fmt.Println(p, q)
	x2, y2 := two()
	y2, x2 = two()
	fmt.Println(x2, y2)
	f := func() int { i++; return i }
	fmt.Println(f(), f(), f())
	z := []int{f(), f(), f()}
	fmt.Println(z)
	c := make(chan int, 1)
	ch := func() chan int { fmt.Print("ch "); return c }
	ch() <- t("send", 4)
	fmt.Println(<-ch())
	defer fmt.Println("deferred", t("darg", 1), f())
	defer func(n int) { fmt.Println("d2", n) }(t("d2arg", 5))
	k := 1
	k <<= t("sh", 3)
	s[t("idx", 0)] += t("add", 10)
	fmt.Println(k, s)
	switch t("tag", 2) {
	case t("c1", 1), t("c2", 2), t("c3", 3):
		fmt.Println("two")
	}
	s[t("inc", 1)]++
	fmt.Println(s)
}
