package main

import (
	"fmt"
	"iter"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("count ends")
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func pairs[K comparable, V any](ks []K, vs []V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i, k := range ks {
			if !yield(k, vs[i]) {
				return
			}
		}
	}
}

func search(want int) (at int, ok bool) {
	for i := range count(10) {
		if i*i == want {
			return i, true
		}
	}
	return -1, false
}

func nested() string {
outer:
	for i := range count(5) {
		for j := range count(5) {
			switch {
			case j == 1 && i == 0:
				continue outer
			case i == 1:
				break outer
			case i == 3:
				return "never"
			}
			fmt.Println("in", i, j)
		}
	}
	return "end"
}

func main() {
	for i := range count(3) {
		if i == 1 {
			continue
		}
		fmt.Println(i)
	}
	fmt.Println(search(16))
	fmt.Println(search(17))
	fmt.Println(nested())
	for k, v := range pairs([]string{"a", "b"}, []float64{1.5, 2.5}) {
		fmt.Println(k, v)
	}
	for range count(1) {
		fmt.Println("once")
	}
	var last int
	for last = range count(4) {
	}
	fmt.Println(last)
	next, stop := iter.Pull(count(2))
	fmt.Println(next())
	fmt.Println(next())
	fmt.Println(next())
	stop()
}
