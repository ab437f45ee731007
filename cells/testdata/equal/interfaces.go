package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}

type Named interface{ Name() string }

type NamedShape interface {
	Shape
	Named
}

type Square struct{ s float64 }
type Circle struct{ r float64 }

func (q Square) Area() float64       { return q.s * q.s }
func (q Square) Perimeter() float64  { return 4 * q.s }
func (q Square) Name() string        { return "square" }
func (c *Circle) Area() float64      { return math.Pi * c.r * c.r }
func (c *Circle) Perimeter() float64 { return 2 * math.Pi * c.r }

type upper struct{ r io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	copy(p, strings.ToUpper(string(p[:n])))
	return n, err
}

func total(shapes ...Shape) (sum float64) {
	for _, s := range shapes {
		sum += s.Area()
	}
	return
}

func main() {
	shapes := []Shape{Square{2}, &Circle{1}}
	for _, s := range shapes {
		if n, ok := s.(Named); ok {
			fmt.Println(n.Name())
		}
		if _, ok := s.(*Circle); ok {
			fmt.Println("a circle")
		}
		fmt.Printf("%.2f %.2f\n", s.Area(), s.Perimeter())
	}
	fmt.Printf("%.3f\n", total(shapes...))
	var ns NamedShape = Square{3}
	var sh Shape = ns
	fmt.Println(sh.Area(), sh.(NamedShape).Name())
	b, err := io.ReadAll(upper{strings.NewReader("hello")})
	fmt.Println(string(b), err)
	var nothing Shape
	fmt.Println(nothing == nil)
	_, ok := nothing.(Named)
	fmt.Println(ok)
	var any1, any2 any = 1, 1
	fmt.Println(any1 == any2, any1 != nil, any1.(int)+1)
	m := map[any]string{1: "int", "a": "string", 2.5: "float"}
	fmt.Println(m[1], m["a"], m[2.5], len(m["zz"]))
	anon := struct {
		io.Reader
		n int
	}{strings.NewReader("xyz"), 2}
	p := make([]byte, 2)
	n, _ := anon.Read(p)
	fmt.Println(n, string(p))
}
