package main

import (
	"fmt"
	"sort"
	"strings"
)

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type person struct {
	name string
	age  int
}

func main() {
	w := []string{"ccc", "a", "bb"}
	sort.Sort(byLen(w))
	fmt.Println(w)
	sort.Sort(sort.Reverse(sort.StringSlice(w)))
	fmt.Println(w)
	ps := []person{{"x", 3}, {"y", 1}, {"z", 2}}
	sort.Slice(ps, func(i, j int) bool { return ps[i].age < ps[j].age })
	fmt.Println(ps)
	sort.SliceStable(ps, func(i, j int) bool { return strings.Compare(ps[i].name, ps[j].name) < 0 })
	fmt.Println(ps)
	ints := []int{5, 2, 8}
	sort.Ints(ints)
	fmt.Println(ints, sort.SearchInts(ints, 5), sort.IsSorted(sort.IntSlice(ints)))
	fmt.Println(sort.Search(100, func(i int) bool { return i*i >= 50 }))
	sort.Stable(byLen(w))
	fmt.Println(w)
}
