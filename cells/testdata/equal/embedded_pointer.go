package main

import "fmt"

type Engine struct{ hp int }

func (e *Engine) Start() string { e.hp++; return fmt.Sprint("started ", e.hp) }
func (e Engine) Power() int     { return e.hp }

type Car struct {
	*Engine
	Name string
}

type Starter interface{ Start() string }
type Powered interface {
	Starter
	Power() int
}

type ReadWriter interface {
	Reader
	Writer
}
type Reader interface{ Read() string }
type Writer interface{ Write(s string) }

type file struct{ data []string }

func (f *file) Read() string   { return fmt.Sprint(f.data) }
func (f *file) Write(s string) { f.data = append(f.data, s) }

type logged struct {
	ReadWriter
	n int
}

func (l *logged) Write(s string) {
	l.n++
	l.ReadWriter.Write("logged " + s)
}

type linked struct {
	*linked
	v int
}

func main() {
	c := Car{&Engine{100}, "x"}
	fmt.Println(c.Start(), c.Power(), c.hp)
	var s Starter = c
	fmt.Println(s.Start())
	var p Powered = c
	fmt.Println(p.Start(), p.Power())
	d := c
	d.Start()
	fmt.Println(c.hp)
	l := &logged{ReadWriter: &file{}}
	var rw ReadWriter = l
	rw.Write("a")
	rw.Write("b")
	fmt.Println(rw.Read(), l.n)
	var w Writer = rw
	w.Write("c")
	fmt.Println(l.Read())
	x := &linked{v: 1}
	y := linked{x, 2}
	fmt.Println(y.v, y.linked.v)
	start := c.Start
	fmt.Println(start())
	e := (*Engine).Start
	fmt.Println(e(c.Engine))
	g := Car.Power
	fmt.Println(g(c))
}
