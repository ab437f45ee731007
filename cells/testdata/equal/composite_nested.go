package main

import "fmt"

type Leaf struct {
	V int
	S []string
}

type Node struct {
	Leaf
	Kids  []*Node
	Attrs map[string]Leaf
	Grid  [2][2]Leaf
}

var table = []struct {
	name string
	in   []int
	want map[string][]int
}{
	{"a", []int{1}, map[string][]int{"x": {1, 2}}},
	{name: "b"},
}

func main() {
	n := Node{
		Leaf:  Leaf{1, []string{"a"}},
		Kids:  []*Node{{Leaf: Leaf{V: 2}}, {Kids: []*Node{{Leaf: Leaf{3, nil}}}}},
		Attrs: map[string]Leaf{"k": {V: 4}},
		Grid:  [2][2]Leaf{{{V: 5}, {V: 6}}, {1: {V: 7}}},
	}
	fmt.Println(n.V, n.Kids[0].V, n.Kids[1].Kids[0].V, n.Attrs["k"].V, n.Grid[0][1].V, n.Grid[1][1].V, n.S[0])
	for _, t := range table {
		fmt.Println(t.name, len(t.in), t.want["x"])
	}
	ps := []*[]int{{1, 2}, {3}}
	fmt.Println(len(*ps[0]), (*ps[1])[0])
	m := map[string]*Leaf{"a": {V: 1}, "b": &Leaf{V: 2}}
	fmt.Println(m["a"].V + m["b"].V)
	anon := struct {
		A struct{ B int }
		C []struct{ D string }
	}{struct{ B int }{1}, []struct{ D string }{{"d"}}}
	fmt.Println(anon.A.B, anon.C[0].D, anon)
	arr := [...][]int{3: {1, 2}, 0: nil}
	fmt.Println(len(arr), arr[3])
	idx := []string{5: "five", "six", 1: "one"}
	fmt.Printf("%q\n", idx)
	if (Leaf{V: 1}).V == 1 {
		fmt.Println("literal in condition")
	}
	for _, l := range []Leaf{{V: 8}, {V: 9}} {
		fmt.Print(l.V)
	}
	fmt.Println(&Leaf{1, nil}, *&Leaf{2, nil}, (&Leaf{3, nil}).V)
}
