package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

type person struct {
	name string
	age  int
}

func main() {
	xs := []int{3, 1, 4, 1, 5, 9, 2, 6}
	slices.Sort(xs)
	fmt.Println(xs)
	fmt.Println(slices.BinarySearch(xs, 4))
	fmt.Println(slices.Contains(xs, 9), slices.Index(xs, 5), slices.Max(xs), slices.Min(xs))
	slices.Reverse(xs)
	fmt.Println(xs, slices.Compact(slices.Clone(xs)))
	ps := []person{{"bo", 3}, {"al", 3}, {"cy", 1}}
	slices.SortFunc(ps, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name))
	})
	fmt.Println(ps)
	slices.SortStableFunc(ps, func(a, b person) int { return -cmp.Compare(a.age, b.age) })
	fmt.Println(ps)
	fmt.Println(slices.IndexFunc(ps, func(p person) bool { return p.age == 1 }))
	fmt.Println(slices.Equal([]string{"a"}, []string{"a"}), slices.Insert([]int{1, 4}, 1, 2, 3))
	fmt.Println(slices.Delete([]int{0, 1, 2, 3}, 1, 3), slices.Repeat([]int{1, 2}, 2))
	fmt.Println(slices.Collect(slices.Values([]int{1, 2})), slices.Sorted(slices.Values([]string{"b", "a"})))
	for i, v := range slices.Backward([]string{"x", "y"}) {
		fmt.Print(i, v, " ")
	}
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(c)
	}
	fmt.Println()
	at, ok := slices.BinarySearchFunc(ps, 3, func(p person, age int) int { return cmp.Compare(age, p.age) })
	fmt.Println(at, ok, slices.ContainsFunc(xs, func(x int) bool { return x > 8 }))
	fmt.Println(slices.MaxFunc(ps, func(a, b person) int { return cmp.Compare(a.name, b.name) }))
	fmt.Println(slices.Concat([]int{1}, []int{2, 3}), slices.DeleteFunc([]int{1, 2, 3}, func(i int) bool { return i%2 == 1 }))
}
