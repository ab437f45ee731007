package main

import "fmt"

type box[T any] struct{ v T }

func (b box[T]) get() T { return b.v }

type fail string

func (f fail) Error() string { return string(f) }

func main() {
	b := box[func() int]{func() int { return 7 }}
	p, list, m := new(func() int), make([]func() int, 1), map[string]func() int{}
	var array [1]func() int
	s := struct{ f func() int }{}
	*p = b.get()
	list[0] = b.get()
	array[0] = b.get()
	m["a"] = b.get()
	s.f = b.get()
	fmt.Println((*p)(), list[0](), array[0](), m["a"](), s.f())

	f, ok := error(fail("e")).(fail)
	fmt.Println(error(fail("e")) == nil, error(fail("e")) != error(fail("f")), f, ok)
}
