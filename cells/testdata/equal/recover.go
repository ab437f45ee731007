package main

import (
	"errors"
	"fmt"
	"runtime"
)

func safe(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("runtime: %w", r)
		case error:
			err = fmt.Errorf("error: %w", r)
		default:
			err = fmt.Errorf("value: %v", r)
		}
	}()
	f()
	return nil
}

type bad struct{ p *int }

func nested() (s string) {
	defer func() {
		if r := recover(); r != nil {
			s += fmt.Sprint("outer ", r)
		}
	}()
	func() {
		defer func() {
			r := recover()
			s += fmt.Sprint("inner ", r, ", ")
			panic(fmt.Sprint("re-", r))
		}()
		panic("first")
	}()
	return "not reached"
}

func steps() {
	defer fmt.Println("steps 1")
	defer func() {
		defer func() { fmt.Println("second:", recover()) }()
		panic("in defer")
	}()
	fmt.Println("steps 0")
}

var errSentinel = errors.New("sentinel")

func main() {
	fmt.Println(safe(func() {}))
	fmt.Println(safe(func() { panic("text") }))
	fmt.Println(safe(func() { panic(42) }))
	err := safe(func() { panic(errSentinel) })
	fmt.Println(err, errors.Is(err, errSentinel))
	xs := []int{1, 2, 3}
	i := 5
	fmt.Println(safe(func() { fmt.Println(xs[i]) }))
	var m map[string]int
	fmt.Println(safe(func() { m["a"] = 1 }))
	var b *bad
	fmt.Println(safe(func() { fmt.Println(b.p) }))
	var p *int
	fmt.Println(safe(func() { *p = 1 }))
	fmt.Println(safe(func() { fmt.Println(*p) }))
	zero := 0
	fmt.Println(safe(func() { fmt.Println(1 / zero) }))
	var a any = "s"
	fmt.Println(safe(func() { fmt.Println(a.(int)) }))
	fmt.Println(safe(func() { fmt.Println(xs[1:2:2][0], xs[i:]) }) != nil)
	var f func()
	fmt.Println(safe(func() { f() }))
	ch := make(chan int)
	close(ch)
	fmt.Println(safe(func() { close(ch) }))
	fmt.Println(nested())
	steps()
	fmt.Println(recover() == nil)
	n := -1
	fmt.Println(safe(func() { _ = make([]int, n) }))
	var arr [3]int
	fmt.Println(safe(func() { arr[i] = 1 }))
	fmt.Println(safe(func() { _ = "abc"[i] }))
}
