package main

import "fmt"

func main() {
	s := make([]int, 3, 10)
	t := append(s, 1)
	u := append(s, 2)
	fmt.Println(t, u, len(s), cap(s))
	s = []int{1, 2, 3, 4, 5}
	s = append(s[:1], s[2:]...)
	fmt.Println(s, cap(s))
	n := len(s)
	s = append(s[:n-1], 50, s[n-1])
	fmt.Println(s)
	a := [5]int{1, 2, 3, 4, 5}
	b := a[1:3:4]
	b = append(b, 100)
	b = append(b, 200)
	b[0] = -1
	fmt.Println(a, b, len(b))
	c := a
	c[0] = 77
	pa := &a
	pa[1] = 88
	fmt.Println(a, c, len(pa), pa[1:2])
	copy(s[1:], s)
	fmt.Println(copy(s, []int{9}), s)
	var nilS []int
	fmt.Println(nilS == nil, len(nilS), append(nilS, nilS...) == nil, append([]int{}, nilS...) == nil)
	m := [][]int{{1}, {2, 3}}
	m[0] = append(m[0], m[1]...)
	for i := range m {
		m[i][0] *= 10
	}
	fmt.Println(m, len(m[0]))
	bs := append([]byte("ab"), "cd"...)
	bs = append(bs, 'e')
	fmt.Println(copy(bs, "zz"), string(bs))
	arr := [2]int(s[:2])
	ap := (*[2]int)(s)
	ap[0] = 1000
	fmt.Println(arr, s[0])
	x := [3]string{2: "c", 0: "a"}
	y := [...]int{5: 1, 2, 1: 7}
	fmt.Println(x, len(y), y, x == [3]string{"a", "", "c"})
	clear(s)
	fmt.Println(s)
	z := s[:0]
	for _, v := range []int{1, 2, 3} {
		if v%2 == 1 {
			z = append(z, v)
		}
	}
	fmt.Println(z, s)
	i := 0
	i, s[i] = 1, 5
	s[i], i = 6, 0
	s[0], s[1] = s[1], s[0]
	fmt.Println(s, i)
	str := "hello, 世界"
	fmt.Println(str[1:3], len(str), str[7:10], str[len(str)-1], []byte(str)[:2])
	var grid [3][3]rune
	for i := range grid {
		for j := range grid[i] {
			grid[i][j] = '.'
		}
	}
	grid[1][1] = 'X'
	for _, row := range grid {
		fmt.Print(string(row[:]), " ")
	}
	fmt.Println()
	st := []struct{ a, b int }{{1, 2}, {3, 4}}
	for i := range st {
		st[i].a += st[i].b
	}
	pst := &st[0]
	st = append(st, struct{ a, b int }{5, 6})
	pst.a = 0
	fmt.Println(st, *pst)
	st[1].b++
	mp := map[string]*int{}
	k := 3
	mp["k"] = &k
	*mp["k"]++
	fmt.Println(k)
	ms := map[string][]int{}
	ms["a"] = append(ms["a"], 1, 2)
	ms["a"][0]++
	mm := map[string]map[string]int{"x": {}}
	mm["x"]["y"]++
	mm["x"]["y"] += 4
	fmt.Println(ms, mm, len(mm["none"]))
	type key struct{ a, b int }
	mk := map[[2]int]string{{1, 2}: "ok"}
	fmt.Println(mk[[2]int{1, 2}])
}
