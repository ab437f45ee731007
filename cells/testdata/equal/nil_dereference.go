package main

import (
	"fmt"
	"reflect"
	"time"
)

func kind(v any) string {
	switch v := reflect.ValueOf(v); v.Kind() {
	case reflect.String:
		return "string " + v.String()
	case reflect.Int, reflect.Int64:
		return "int"
	default:
		return "other"
	}
}
func day(t time.Time) string {
	switch d := t.Weekday(); d {
	case time.Monday:
		return "mon"
	case time.Sunday, time.Saturday:
		return "weekend"
	}
	switch t.Month() {
	case time.March:
		return "march"
	}
	return "?"
}
func try(s string, f func()) {
	defer func() { fmt.Println(s, recover()) }()
	f()
}
func h() (bad bool, n int) {
	defer func() { recover() }()
	var p *int
	return true, *p
}
func ts[T any](i any) string {
	switch i.(type) {
	case T:
		return "T"
	case int:
		return "int"
	}
	return "?"
}

func main() {
	fmt.Println(kind("a"), kind(1), kind(func() {}))
	d := time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC)
	fmt.Println(day(d), day(d.AddDate(0, 0, 6)), day(d.AddDate(0, 0, 2)))
	fmt.Println(h())
	m := map[any]int{}
	k := []int{}
	try("m[k]", func() { _ = m[k] })
	try("v,ok", func() { _, _ = m[k] })
	try("delete", func() { delete(m, k) })
	try("deref", func() { var m [2]*int; _ = *m[1] })
	try("map insert", func() { var p *int; m[0] = *p })
	try("map op", func() { var p *int; m[0] += *p })
	fmt.Println(len(m))
	try("nil method", func() { var e error; f := e.Error; fmt.Println("no", f) })
	try("nil defer", func() { var e error; defer e.Error(); fmt.Println("no") })
	try("deref2", func() { var pp **int; fmt.Println(**pp) })
	try("star field", func() { var p *struct{ a int }; fmt.Println((*p).a) })
	try("copy", func() { var p *[3]int; a := *p; fmt.Println(a) })
	try("rangecopy", func() {
		var p *[3]int
		for _, x := range *p {
			fmt.Println(x)
		}
	})
	try("addr", func() { var p *int; q := &*p; fmt.Println(q == nil) })
	try("cond", func() {
		var p *bool
		if *p {
			fmt.Println("x")
		}
	})
	try("arg", func() { var p *int; fmt.Println(*p + 1) })
	try("switch", func() {
		var p *int
		switch *p {
		case 1:
		}
	})
	try("ret", func() { _ = func() int { var p *int; return *p }() })
	try("str", func() { var p *string; fmt.Println(len(*p)) })
	fmt.Println(ts[any](1), ts[float64](1), ts[int](1), ts[string](1.5))
	mm := map[float64]int{}
	z := 0.0
	mm[z/z] = 1
	clear(mm)
	fmt.Println(len(mm))
	switch []int(nil) {
	case nil:
		fmt.Println("nil slice")
	}
	ch1 := make(chan int)
	var ch2 <-chan int = ch1
	fmt.Println(ch1 == ch2, ch2 != ch1)
	switch ch1 {
	case ch2:
		fmt.Println("same")
	}
	var ptrs [2]*int
	c := make(chan int, 1)
	for i := range ptrs {
		c <- i
		select {
		case x := <-c:
			ptrs[i] = &x
		}
	}
	fmt.Println(*ptrs[0], *ptrs[1])
	x := []int{1}
	two := []int{2}
	y := x
	y[0] += func() int { y = two; return 5 }()
	fmt.Println(x[0]+two[0], len(y))
}
