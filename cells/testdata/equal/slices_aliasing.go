package main

import "fmt"

func grow(s []int) []int { s = append(s, 1); s[0] = 42; return s }

func main() {
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	b = append(b, 99)
	fmt.Println(a, b, len(b), cap(b))
	c := a[1:3:3]
	c = append(c, 77)
	fmt.Println(a, c, cap(a[2:]))
	n := copy(a[2:], a)
	fmt.Println(n, a)
	x := make([]int, 1, 10)
	y := grow(x)
	fmt.Println(x, y, len(x))
	z := grow([]int{5})
	fmt.Println(z)
	grid := make([][]rune, 3)
	for i := range grid {
		grid[i] = []rune("...")
	}
	grid[1][1] = '#'
	for _, row := range grid {
		fmt.Println(string(row))
	}
	rows := [][]int{{1}, {2, 3}, {}}
	rows[2] = append(rows[2], 4, 5)
	rows = append(rows, nil, []int{6})
	fmt.Println(rows, len(rows[3]), rows[3] == nil)
	var nilS []int
	fmt.Println(nilS == nil, len(nilS), append(nilS, 1))
	for range nilS {
		fmt.Println("never")
	}
	s := []string{"a", "b", "c"}
	s = append(s[:1], s[2:]...)
	fmt.Println(s, s[len(s)-1])
	s = append([]string{"z"}, s...)
	fmt.Println(s)
	m := [3]int{1, 2, 3}
	sl := m[:]
	sl[0] = 9
	sl = append(sl, 4)
	sl[1] = 8
	fmt.Println(m, sl)
	st := []int{}
	for i := range 5 {
		st = append(st, i)
	}
	for len(st) > 0 {
		top := st[len(st)-1]
		st = st[:len(st)-1]
		fmt.Print(top)
	}
	for i, v := range a {
		if i == 0 {
			a = append(a, 1)
			a[1] = 1000
		}
		fmt.Print(" ", v)
	}
	fmt.Println()
}
