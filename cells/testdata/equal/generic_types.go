package main

import (
	"cmp"
	"fmt"
	"strings"
)

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return x, false
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}
func (s Stack[T]) Len() int { return len(s.items) }

type Pair[K cmp.Ordered, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) Less(o Pair[K, V]) bool { return p.Key < o.Key }

func MakePair[K cmp.Ordered, V any](k K, v V) Pair[K, V] { return Pair[K, V]{k, v} }

type List[T any] struct {
	head *node[T]
	n    int
}

type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Add(v T) *List[T] {
	l.head = &node[T]{v, l.head}
	l.n++
	return l
}

func (l *List[T]) Each(f func(T)) {
	for n := l.head; n != nil; n = n.next {
		f(n.v)
	}
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T)      { s[v] = struct{}{} }
func (s Set[T]) Has(v T) bool { _, ok := s[v]; return ok }
func NewSet[T comparable](vs ...T) Set[T] {
	s := make(Set[T])
	for _, v := range vs {
		s.Add(v)
	}
	return s
}

type Cache[K comparable, V any] struct {
	m    map[K]V
	load func(K) (V, error)
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{m: map[K]V{}, load: load}
}

func (c *Cache[K, V]) Get(k K) (V, error) {
	if v, ok := c.m[k]; ok {
		return v, nil
	}
	v, err := c.load(k)
	if err == nil {
		c.m[k] = v
	}
	return v, err
}

type Option[T any] func(*T)

func main() {
	var s Stack[string]
	s.Push("a")
	s.Push("b")
	fmt.Println(s.Pop())
	fmt.Println(s.Pop())
	fmt.Println(s.Pop())
	fmt.Println(s.Len())
	a, b := MakePair("x", 1), MakePair("y", 2)
	fmt.Println(a.Less(b), b.Less(a), a.Key, b.Val)
	var l List[float64]
	l.Add(1.5).Add(2.5)
	l.Each(func(f float64) { fmt.Print(f, " ") })
	set := NewSet(1, 2, 2)
	fmt.Println(l.n, len(set), set.Has(2), set.Has(5))
	loads := 0
	c := NewCache(func(k string) (int, error) {
		loads++
		if k == "" {
			return 0, fmt.Errorf("no key")
		}
		return len(strings.TrimSpace(k)), nil
	})
	fmt.Println(c.Get(" ab "))
	fmt.Println(c.Get(" ab "))
	fmt.Println(c.Get(""))
	fmt.Println(loads)
	type config struct{ n int }
	var o Option[config] = func(c *config) { c.n = 3 }
	var cfg config
	o(&cfg)
	fmt.Println(cfg.n)
}
