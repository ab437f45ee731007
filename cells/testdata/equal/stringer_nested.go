package main

import "fmt"

type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string { return [...]string{"Red", "Green"}[c] }

type Car struct {
	Paint Color
	Name  string
}

func main() {
	fmt.Println([]Color{Green, Red})
	fmt.Println(map[string]Color{"a": Green})
	fmt.Println(Car{Green, "x"})
	fmt.Printf("%d %v\n", Green, []any{Red, 1})
}
