package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

type Number interface {
	~int | ~int64 | ~float64
}

type ID int

func Sum[T Number](xs ...T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}

func Max[T cmp.Ordered](a, b T) T {
	if a > b {
		return a
	}
	return b
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func Reduce[T, A any](xs []T, init A, f func(A, T) A) A {
	for _, x := range xs {
		init = f(init, x)
	}
	return init
}

func Keys[M ~map[K]V, K comparable, V any](m M) int { return len(m) }

type Stringish interface{ String() string }

type name string

func (n name) String() string { return "<" + string(n) + ">" }

func Join[T Stringish](xs ...T) string {
	var parts []string
	for _, x := range xs {
		parts = append(parts, x.String())
	}
	return strings.Join(parts, ",")
}

func Ptr[T any](v T) *T { return &v }

func Zero[T any]() T {
	var z T
	return z
}

func Must[T any](v T, err error) (out T, e string) {
	if err != nil {
		return out, err.Error()
	}
	return v, ""
}

func IsEqual[T comparable](a, b T) bool { return a == b }

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[ID](4, 5))
	fmt.Println(Max("a", "b"), Max(3, 2))
	fmt.Println(Map([]int{1, 2}, func(i int) string { return strings.Repeat("x", i) }))
	fmt.Println(Reduce([]string{"a", "bb"}, 0, func(n int, s string) int { return n + len(s) }))
	fmt.Println(Keys(map[string]int{"a": 1}))
	fmt.Println(Join(name("a"), name("b")))
	p := Ptr(5)
	*p++
	fmt.Println(*p, Zero[string]() == "", Zero[*int]() == nil, Zero[[2]int]())
	fmt.Println(Must(1, nil))
	fmt.Println(Must("x", errors.New("bad")))
	fmt.Println(IsEqual(1, 1), IsEqual("a", "b"), IsEqual(struct{ a int }{1}, struct{ a int }{1}))
	f := Max[float64]
	fmt.Println(f(1, 2))
}
