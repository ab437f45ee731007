package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Functions that outlive the iteration in which a literal was evaluated, kept by
// compiled code, see the variables of that iteration.

type handler func()

type registry struct{ fs []func() }

func (r *registry) add(f func())       { r.fs = append(r.fs, f) }
func (r *registry) addAll(f ...func()) { r.fs = append(r.fs, f...) }
func (r *registry) addHandler(f handler) {
	r.fs = append(r.fs, f)
}
func (r *registry) addAny(f any) { r.fs = append(r.fs, f.(func())) }

func (r *registry) run(what string) {
	fmt.Print(what, ": ")
	for _, f := range r.fs {
		f()
	}
	fmt.Println()
	r.fs = nil
}

type adder interface{ add(func()) }

type holder struct {
	f func()
	g any
}

var reg registry

func keep(f func())                { reg.fs = append(reg.fs, f) }
func keepAll(f ...func())          { reg.fs = append(reg.fs, f...) }
func same[T any](x T) T            { return x }
func nested(f func(func()), n int) { f(func() { fmt.Print(n, " ") }) }

func main() {
	for i := range 3 {
		reg.add(func() { fmt.Print(i, " ") })
	}
	reg.run("method")
	for i := range 3 {
		reg.addAll(func() { fmt.Print(i, " ") }, func() { fmt.Print(-i, " ") })
	}
	reg.run("variadic")
	for i := range 3 {
		reg.addHandler(func() { fmt.Print(i, " ") })
	}
	reg.run("named")
	for i := range 3 {
		reg.addAny(func() { fmt.Print(i, " ") })
	}
	reg.run("any")
	for i := range 3 {
		adder(&reg).add(func() { fmt.Print(i, " ") })
	}
	reg.run("interface")
	for i := range 3 {
		add := reg.add
		add(func() { fmt.Print(i, " ") })
	}
	reg.run("method value")
	for i := range 3 {
		(*registry).add(&reg, func() { fmt.Print(i, " ") })
	}
	reg.run("method expression")
	for i := range 3 {
		keep(handler(func() { fmt.Print(i, " ") }))
	}
	reg.run("conversion")
	for i := range 3 {
		keep(same(func() { fmt.Print(i, " ") }))
		keepAll([]func(){func() { fmt.Print(i, " ") }}...)
	}
	reg.run("functions")
	for i := range 3 {
		h := holder{f: func() { fmt.Print(i, " ") }, g: func() { fmt.Print(i*i, " ") }}
		p := &holder{func() { fmt.Print(i, " ") }, nil}
		keepAll(h.f, h.g.(func()), p.f)
		p.f = func() { fmt.Print(i, "! ") }
		p.g = handler(func() { fmt.Print(i, "? ") })
		keepAll(p.f, p.g.(handler))
	}
	reg.run("struct")
	for i := range 2 {
		for j := 0; j < 2; j++ {
			k := i*10 + j
			reg.add(func() { k++; fmt.Print(i, j, k, " ") })
		}
	}
	reg.run("inner loop")
	for i := range 3 {
		func() {
			j := -i
			func() { reg.add(func() { fmt.Print(i, j, " ") }) }()
		}()
	}
	reg.run("inner function")
	for i := range 3 {
		nested(reg.add, i)
		nested(func(f func()) { reg.add(func() { fmt.Print(i, ":"); f() }) }, i)
	}
	reg.run("nested")
	for _, x := range []any{1, "a", 2.5, nil} {
		switch v := x.(type) {
		case int:
			reg.add(func() { fmt.Print("int ", v, " ") })
			keep(func() { fmt.Print("int ", v, " ") })
		case string, float64:
			v = fmt.Sprint(v, "!")
			keep(func() { fmt.Print(v, " ") })
		default:
			reg.add(func() { fmt.Print(v, " ") })
		}
	}
	reg.run("type switch")
	for i := 0; i < 3; i++ {
		reg.add(func() { fmt.Print(i, " ") })
		i := i + 10
		if i == 11 {
			continue
		}
		reg.add(func() { fmt.Print(i, " ") })
	}
	reg.run("shadow")
	for i, j := 0, 10; i < 3; i, j = i+1, j-1 {
		reg.add(func() { i++; fmt.Print(i, j, " ") })
		if i == 1 {
			i := "shadow"
			reg.add(func() { fmt.Print(i, " ") })
		}
	}
	reg.run("two")
	ch := make(chan int, 3)
	for i := range 3 {
		ch <- i
	}
	for range 3 {
		select {
		case v := <-ch:
			reg.add(func() { fmt.Print(v, " ") })
		}
	}
	reg.run("select")
	i := 0
again:
	j := i * 2
	reg.add(func() { fmt.Print(j, " ") })
	if i++; i < 3 {
		goto again
	}
	reg.run("goto")

	var once []func()
	var values []func() int
	for i := range 3 {
		once = append(once, sync.OnceFunc(func() { fmt.Print(i, " ") }))
		values = append(values, sync.OnceValue(func() int { return i }))
	}
	for i, f := range once {
		f()
		fmt.Print(values[i](), " ")
	}
	fmt.Println()
	mux := http.NewServeMux()
	for i := range 3 {
		mux.HandleFunc(fmt.Sprint("/", i), func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, i) })
		mux.Handle(fmt.Sprint("/h/", i), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, -i) }))
	}
	for i := range 3 {
		for _, path := range []string{"/", "/h/"} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprint(path, i), nil))
			fmt.Print(w.Body, " ")
		}
	}
	fmt.Println()
	var wg sync.WaitGroup
	sum := make([]int, 3)
	for i := range 3 {
		wg.Go(func() { sum[i] += i + 1 })
	}
	wg.Wait()
	fmt.Println(sum)
	out := make(chan int)
	for i := range 3 {
		time.AfterFunc(time.Duration(i)*20*time.Millisecond, func() { out <- i })
	}
	fmt.Println(<-out, <-out, <-out)
	func() {
		for i := range 3 {
			defer reg.run(fmt.Sprint("deferred ", i))
			defer reg.add(func() { fmt.Print(i, " ") })
		}
	}()
}
