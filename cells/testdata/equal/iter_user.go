package main

import (
	"fmt"
	"iter"
	"slices"
)

func Filter[T any](s iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if keep(v) && !yield(v) {
				return
			}
		}
	}
}

func Map[T, U any](s iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for v := range s {
			if !yield(f(v)) {
				return
			}
		}
	}
}

func Take[T any](s iter.Seq[T], n int) iter.Seq[T] {
	return func(yield func(T) bool) {
		if n <= 0 {
			return
		}
		i := 0
		for v := range s {
			if !yield(v) {
				return
			}
			if i++; i == n {
				return
			}
		}
	}
}

func naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

type Tree[T any] struct {
	left, right *Tree[T]
	value       T
}

func (t *Tree[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) { t.push(yield) }
}

func (t *Tree[T]) push(yield func(T) bool) bool {
	if t == nil {
		return true
	}
	return t.left.push(yield) && yield(t.value) && t.right.push(yield)
}

func main() {
	even := Filter(naturals, func(i int) bool { return i%2 == 0 })
	squares := Map(even, func(i int) string { return fmt.Sprint(i * i) })
	fmt.Println(slices.Collect(Take(squares, 5)))
	t := &Tree[string]{&Tree[string]{nil, nil, "a"}, &Tree[string]{nil, nil, "c"}, "b"}
	for v := range t.All() {
		fmt.Print(v, " ")
		if v == "b" {
			break
		}
	}
	fmt.Println()
}
