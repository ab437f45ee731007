package main

import (
	"errors"
	"fmt"
	"runtime"
)

func try(name string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(runtime.Error); ok {
			fmt.Println(name, "runtime error:", e.Error())
			return
		}
		if e, ok := r.(error); ok {
			fmt.Println(name, "error", e)
			return
		}
		fmt.Printf("%s %v %T\n", name, r, r)
	}()
	f()
}

func main() {
	var s []int
	var m map[string]int
	var p *int
	var st *struct {
		A [100]int
		B int
	}
	var fn func()
	var e error
	var a any = "x"
	var arr [3]int
	n, z := 5, 0
	neg := -1
	try("index", func() { _ = s[n] })
	try("index2", func() { arr[n]++ })
	try("index3", func() { _ = arr[neg+z] })
	try("index4", func() { _ = "abc"[n] })
	try("slice", func() { _ = s[n:] })
	try("slice2", func() { _ = s[1:z] })
	try("slice3", func() { _ = "abc"[n:] })
	try("slice4", func() { _ = arr[n:] })
	try("slice5", func() { _ = s[:n:z] })
	try("slice6", func() { _ = "abc"[2 : 1+z] })
	try("map", func() { m["a"] = 1 })
	try("mapread", func() { fmt.Println(m["a"]) })
	try("nil", func() { *p = 1 })
	try("nil2", func() { fmt.Println(*p) })
	try("field", func() { fmt.Println(st.B) })
	try("field2", func() { st.B = 2 })
	try("fn", func() { fn() })
	try("err", func() { fmt.Println(e.Error()) })
	try("div", func() { fmt.Println(n / z) })
	try("mod", func() { fmt.Println(n % z) })
	try("assert", func() { _ = a.(int) })
	try("assert2", func() { _ = a.(fmt.Stringer) })
	try("assert3", func() { var x any; _ = x.(int) })
	try("assert4", func() { _ = a.(error).Error() })
	try("shift", func() { fmt.Println(1 << neg) })
	try("make", func() { _ = make([]int, neg) })
	try("make2", func() { _ = make([]int, 1, z) })
	try("makechan", func() { _ = make(chan int, neg) })
	try("close", func() { c := make(chan int); close(c); close(c) })
	try("closenil", func() { var c chan int; close(c) })
	try("send", func() { c := make(chan int); close(c); c <- 1 })
	try("hash", func() { m := map[any]int{}; m[[]int{1}] = 2 })
	try("cmp", func() { var x, y any = []int{1}, []int{1}; fmt.Println(x == y) })
	try("panicnil", func() { panic(nil) })
	try("panicint", func() { panic(3) })
	try("panicerr", func() { panic(errors.New("mine")) })
	try("panicf", func() { panic(fmt.Sprintf("%d", 4)) })
	try("arrptr", func() { var ap *[3]int; fmt.Println(len(ap)); fmt.Println(ap[1]) })
	try("toarr", func() { s := []int{1}; _ = [2]int(s) })
	try("neglen", func() { _ = make(map[int]int, neg); fmt.Println("ok") })
	try("nilslice", func() { var ps *[]int; _ = (*ps)[0] })
	try("rangenil", func() {
		var ap *[3]int
		for i := range ap {
			fmt.Print(i)
		}
		fmt.Println()
		for _, v := range ap {
			fmt.Print(v)
		}
	})
	try("goexit", func() { defer fmt.Println("d"); defer func() { recover() }(); panic("x") })
	try("repanic", func() { defer func() { r := recover(); panic(fmt.Sprint("again ", r)) }(); panic("first") })
}
