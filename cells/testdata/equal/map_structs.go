package main

import (
	"fmt"
	"sort"
)

type Emp struct {
	Name   string
	Salary float64
	Tags   []string
}

type Point struct{ X, Y int }

func main() {
	emps := map[string]Emp{"a": {"Ann", 10, nil}, "b": {Name: "Bob", Tags: []string{"x"}}}
	e := emps["a"]
	e.Salary *= 2
	fmt.Println(emps["a"].Salary, e.Salary)
	emps["a"] = e
	fmt.Println(emps["a"].Salary, emps["none"].Name == "", len(emps["b"].Tags))
	ptrs := map[string]*Emp{"p": {Name: "Pat"}}
	ptrs["p"].Salary += 5
	ptrs["p"].Tags = append(ptrs["p"].Tags, "t")
	fmt.Println(*ptrs["p"])
	visited := map[Point]bool{{0, 0}: true}
	dirs := [...]Point{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}
	p := Point{}
	for i := range 10 {
		d := dirs[i%4]
		p = Point{p.X + d.X*i, p.Y + d.Y*i}
		visited[p] = true
	}
	keys := make([]Point, 0, len(visited))
	for k := range visited {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if keys[i].X != keys[j].X {
			return keys[i].X < keys[j].X
		}
		return keys[i].Y < keys[j].Y
	})
	fmt.Println(len(visited), keys)
	groups := map[bool][]Emp{}
	for _, e := range emps {
		groups[e.Salary > 0] = append(groups[e.Salary > 0], e)
	}
	fmt.Println(len(groups[true]), len(groups[false]))
	counts := map[string]struct{ n, m int }{}
	c := counts["x"]
	c.n++
	counts["x"] = c
	fmt.Println(counts)
	nested := map[string]map[Point][]string{"q": {{1, 2}: {"a", "b"}}}
	fmt.Println(nested["q"][Point{1, 2}][1])
	fns := map[string]func() int{"one": func() int { return 1 }}
	if f, ok := fns["one"]; ok {
		fmt.Println(f())
	}
}
