package main

import (
	"bytes"
	"errors"
	"fmt"
	html "html/template"
	"io"
	"os"
	"text/template"
)

type list []int

type function func(int) int

type number int

type empty struct{}

func (empty) String() string { return "empty" }

type again func() again

func endless() again { return nil }
func step() again    { return endless }

type againOf[T any] func() (T, againOf[T])

func endlessOf[T any]() againOf[T] { return nil }

func which(x any) {
	switch x.(type) {
	case list:
		fmt.Print("list ")
	case <-chan int:
		fmt.Print("receiver ")
	case function:
		fmt.Print("function ")
	case *html.Template:
		fmt.Print("html ")
	case *template.Template:
		fmt.Print("text ")
	case number:
		fmt.Print("number ")
	case []int, chan int:
		fmt.Print("no name ")
	case map[string]any:
		fmt.Print("map ")
	case nil:
		fmt.Print("nil ")
	case error:
		fmt.Print("error ")
	default:
		fmt.Print("other ")
	}
	switch x := x.(type) {
	case list:
		fmt.Println("list", x)
	case <-chan int:
		fmt.Println("receiver", x == nil)
	case function:
		fmt.Println("function", x(2))
	case *html.Template:
		fmt.Println("html", x.Name())
	case *template.Template:
		fmt.Println("text", x.Name())
	case number:
		fmt.Println("number", x)
	case []int, chan int:
		fmt.Println("no name", x == nil)
	case map[string]any:
		fmt.Println("map", len(x))
	case nil:
		fmt.Println("nil", x)
	case error:
		fmt.Println("error", x)
	default:
		fmt.Println("other", x == nil)
	}
}

func is(x any) {
	_, a := x.(list)
	_, b := x.(<-chan int)
	f, c := x.(function)
	_, d := x.(*html.Template)
	n, e := x.(number)
	_, g := x.([]int)
	_, h := x.(chan int)
	_, i := x.(func(int) int)
	fmt.Println(a, b, c, f == nil, d, e, n, g, h, i)
}

func main() {
	double := func(i int) int { return 2 * i }
	for _, x := range []any{
		list{1}, []int{1}, make(chan int), make(<-chan int), double, function(double), number(1), 1,
		html.New("a"), template.New("b"), map[string]any{"a": 1}, []any{}, nil, errors.New("an error"),
	} {
		which(x)
		is(x)
	}
	var r io.Reader = new(bytes.Buffer)
	switch r.(type) {
	case *os.File:
		fmt.Println("file")
	case io.Writer:
		fmt.Println("writer")
	}
	a, ok := r.(any)
	fmt.Println(a == r, ok)
	r = nil
	a, ok = r.(any)
	fmt.Println(a, ok)
	var e any = empty{}
	_ = e.(empty)
	v, ok := fmt.Stringer(empty{}).(empty)
	fmt.Println(v, ok, endless() == nil, endlessOf[int]() == nil, step()() == nil)
	_ = any([]int{}).(list)
}
