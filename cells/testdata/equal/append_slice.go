package main

import "fmt"

type list []list

func main() {
	xs := []any{1}
	xs = append(xs, xs)
	fmt.Println(len(xs), xs)
	rows := [][]int{{1}}
	row := []int{2, 3}
	rows = append(rows, row)
	rows = append(rows, row, row)
	rows = append(rows, rows...)
	fmt.Println(len(rows), rows)
	var l list
	l = append(l, l)
	fmt.Println(len(l), l[0] == nil)
	bs := [][]byte{}
	bs = append(bs, []byte("ab"), nil)
	fmt.Printf("%s\n", bs)
	ss := append([]any(nil), []string{"a"}, []string{"b", "c"})
	fmt.Println(len(ss), ss)
}
