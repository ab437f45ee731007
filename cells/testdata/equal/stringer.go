package main

import "fmt"

type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string { return [...]string{"Red", "Green"}[c] }

type Point struct{ X, Y int }

func (p Point) String() string { return fmt.Sprintf("(%d;%d)", p.X, p.Y) }

type Ref struct{ n int }

func (r *Ref) String() string { return fmt.Sprint("ref ", r.n) }

func main() {
	fmt.Println(Red, Green, Point{1, 2}, &Ref{3})
	fmt.Printf("%v %s %v\n", Green, Red, Point{3, 4})
	s := fmt.Sprint(Green) + fmt.Sprintf("%s", &Ref{1})
	fmt.Println(s)
	var st fmt.Stringer = Green
	fmt.Println(st, st.String())
}
