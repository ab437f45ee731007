package main

// Calls of functions and closures, whose variables are new at each call.

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

func fresh(n int) (total int, text string) {
	var sum int
	var s string
	var list []int
	for i := 0; i < n; i++ {
		var twice int
		twice += 2 * i
		sum += twice
		s += "x"
		list = append(list, i)
	}
	return sum + len(list), s
}

func named(a, b int) (q, r int, err error) {
	if b == 0 {
		err = errors.New("zero")
		return
	}
	q, r = a/b, a%b
	return
}

func pointer(n int) *int { return &n }

func counter() func() int {
	n := 0
	return func() int { n++; return n }
}

func quicksort(xs []int) {
	if len(xs) < 2 {
		return
	}
	pivot, i := xs[0], 0
	for j := 1; j < len(xs); j++ {
		if xs[j] < pivot {
			i++
			xs[i], xs[j] = xs[j], xs[i]
		}
	}
	xs[0], xs[i] = xs[i], xs[0]
	quicksort(xs[:i])
	quicksort(xs[i+1:])
}

func permutations(prefix string, rest []string, yield func(string)) {
	if len(rest) == 0 {
		yield(prefix)
	}
	for i, r := range rest {
		others := append(append([]string{}, rest[:i]...), rest[i+1:]...)
		permutations(prefix+r, others, yield)
	}
}

func apply(f func(int) int, xs ...int) (out []int) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return
}

func compose(f, g func(int) int) func(int) int { return func(x int) int { return f(g(x)) } }

func double(x int) int { return 2 * x }

func fails(n int) int {
	if n == 0 {
		var list []int
		return list[n]
	}
	return fails(n-1) + 1
}

func guarded(n int) (s string) {
	defer func() { s = fmt.Sprint(s, recover()) }()
	s = "before "
	fails(n)
	return "after"
}

func recovers() any { return recover() }

func notDirectly() (r any) {
	defer func() {
		r = fmt.Sprint("outer ", recover())
	}()
	defer func() { recovers() }()
	panic("still")
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case error:
		return "error " + v.Error()
	case fmt.Stringer:
		return "stringer " + v.String()
	}
	return fmt.Sprintf("%T %v", v, v)
}

func swap(a, b string) (string, string) { return b, a }

func joined(a, b string) string { return a + "," + b }

func negative(x float64) float64 { return -x }

func same(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func array(a [3]int) []int { return a[:] }

type pair struct {
	a, b int
	f    func(int) int
}

func mended(p pair) pair { p.a, p.b = p.b, p.a; return p }

func defersIn(c chan int) (n int) {
	select {
	case n = <-c:
		defer func() { n *= 2 }()
	}
	return n + 1
}

func shadow(n int) int {
	x := n
	if n > 0 {
		x := shadow(n - 1)
		x++
		n += x
	}
	return x + n
}

func many(a int8, b uint16, c int32, d float32, e bool, f string, g []byte, h map[string]int, i chan int, j *int, k any, l error) string {
	return fmt.Sprint(a, b, c, d, e, f, g, h, i == nil, j == nil, k, l)
}

func main() {
	fmt.Println(fib(15), even(10), odd(10))
	for i := range 3 {
		fmt.Println(fresh(i))
	}
	fmt.Println(named(7, 2))
	fmt.Println(named(7, 0))
	q, _, err := named(9, 2)
	fmt.Println(q, err)
	p1, p2 := pointer(1), pointer(2)
	*p1 += 10
	fmt.Println(*p1, *p2)
	c1, c2 := counter(), counter()
	fmt.Println(c1(), c1(), c2(), c1())
	xs := []int{5, 2, 9, 1, 5, 6, 0}
	quicksort(xs)
	fmt.Println(xs)
	permutations("", []string{"a", "b", "c"}, func(s string) { fmt.Print(s, " ") })
	fmt.Println()
	fmt.Println(apply(double, 1, 2, 3), apply(func(x int) int { return x * x }, xs...), compose(double, fib)(7))
	fmt.Println(guarded(3), recovers(), notDirectly())
	fmt.Println(describe(nil), describe(errors.New("e")), describe(3), describe(&strings.Builder{}))
	fmt.Println(swap("a", "b"))
	fmt.Println(joined(swap("a", "b")))
	fmt.Println(same(negative(0)), same(negative(negative(0))))
	zero := 0.0
	fmt.Println(same(-zero), 1/negative(zero))
	a := [3]int{1, 2, 3}
	s := array(a)
	s[0] = 7
	fmt.Println(a, s, array(a))
	p := mended(pair{a: 1, b: 2, f: double})
	fmt.Println(p.a, p.b, p.f(4))
	fmt.Println(shadow(4))
	c := make(chan int, 1)
	c <- 4
	fmt.Println(defersIn(c))
	fmt.Println(many(-1, 2, 'x', 1.5, true, "s", []byte("b"), map[string]int{"k": 1}, nil, nil, 5, nil))

	var fs []func() int
	for i := range 3 {
		j := i * i
		fs = append(fs, func() int { j += i; return j })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	var walk func(n int) []int
	walk = func(n int) []int {
		if n == 0 {
			return nil
		}
		return append(walk(n-1), n)
	}
	fmt.Println(walk(5))
	var none func(int) int
	func() {
		defer func() { fmt.Println(recover()) }()
		none(1)
	}()
	sort.Slice(xs, func(i, j int) bool { return xs[i] > xs[j] })
	fmt.Println(xs)

	var wg sync.WaitGroup
	sums := make([]int, 8)
	for i := range sums {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := range 20 {
				total, _ := fresh(k)
				sums[i] += total + fib(8)
			}
		}()
	}
	wg.Wait()
	fmt.Println(sums)

	add := func(a, b int) int { return a + b }
	n := 0
	for i := range 5 {
		n = add(n, add(i, add(1, 1)))
	}
	fmt.Println(n)
	f := add
	add = func(a, b int) int { return a * b }
	fmt.Println(f(3, 4), add(3, 4))
	func(k int) { n += k }(5)
	fmt.Println(n, func() int { return n }())
	if even(4) && !odd(4) || even(3) {
		fmt.Println("branches")
	}
	for even(n) {
		n++
	}
	switch {
	case odd(n):
		fmt.Println("odd")
	}
}
