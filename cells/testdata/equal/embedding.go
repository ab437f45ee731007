package main

import "fmt"

type Base struct {
	ID   int
	name string
}

func (b Base) Describe() string { return fmt.Sprintf("base %d %s", b.ID, b.name) }
func (b *Base) Rename(n string) { b.name = n }
func (b Base) Hidden() string   { return "base" }

type Middle struct {
	*Base
	Extra string
}

func (m Middle) Hidden() string { return "middle over " + m.Base.Hidden() }

type Top struct {
	Middle
	Level int
}

type Describer interface{ Describe() string }

type Logger struct{ prefix string }

func (l Logger) Log(s string) { fmt.Println(l.prefix + s) }

type Service struct {
	Logger
	Describer
	n int
}

func main() {
	t := Top{Middle{&Base{1, "one"}, "e"}, 3}
	fmt.Println(t.ID, t.name, t.Describe(), t.Hidden(), t.Extra)
	t.Rename("uno")
	t.ID = 9
	fmt.Println(t.Describe(), t.Middle.Base.ID)
	var d Describer = t
	fmt.Println(d.Describe())
	d = &t
	fmt.Println(d.Describe())
	f := t.Describe
	t.Rename("later")
	fmt.Println(f())
	s := Service{Logger{"> "}, Base{7, "seven"}, 1}
	s.Log(s.Describe())
	g := s.Log
	s.prefix = "! "
	g("old prefix")
	s.Log("new prefix")
	u := t
	u.Middle.Base = &Base{5, "five"}
	fmt.Println(t.ID, u.ID)
}
