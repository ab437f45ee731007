package main

import "fmt"

func wrap(fn func(int) (int, error)) func(any) (any, error) {
	return func(a any) (any, error) { n, _ := a.(int); return fn(n) }
}

func main() {
	for _, v := range []any{1, nil, "a", 2} {
		r, _ := v.(int)
		fmt.Println(r)
	}
	for _, v := range []any{1, nil, "a", 2} {
		r, ok := v.(int)
		fmt.Println(r, ok)
	}
	for _, v := range []any{1, nil, "a", 2} {
		if r, ok := v.(int); !ok {
			fmt.Println(r, ok)
		}
	}
	m := map[string]int{"a": 1}
	for _, k := range []string{"a", "b", "a", "c"} {
		r, ok := m[k]
		fmt.Println(r, ok)
		q, _ := m[k]
		fmt.Println(q)
	}
	c := make(chan int, 2)
	c <- 1
	c <- 2
	close(c)
	for range 3 {
		r, ok := <-c
		fmt.Println(r, ok)
	}
	fmt.Println(wrap(func(int) (int, error) { return 0, fmt.Errorf("x") })(1))

	var p struct{ x, y int }
	places := map[string]struct{ x, y int }{"a": {1, 2}}
	found := false
	for _, k := range []string{"a", "b", "a"} {
		p, found = places[k]
		fmt.Println(p, found)
	}
	next := map[int]int{1: 2, 2: 3}
	for v, ok := next[1]; ok; v, ok = next[v] {
		fmt.Println(v)
	}
	for _, k := range []int{1, 5, 2} {
		if v, ok := next[k]; ok {
			fmt.Println("is", v)
		} else if w, ok := next[k-3]; ok || v == 0 {
			fmt.Println("is not", v, w)
		}
		switch v, ok := next[k]; {
		case ok:
			fmt.Println("yes", v)
		default:
			fmt.Println("no", v)
		}
	}
	list := []int{7}
	for _, v := range []any{0, "a"} {
		list[0], _ = v.(int)
		fmt.Println(list)
	}
}
