package main

import "fmt"

func f() string {
	type local struct{ a, b int }
	xs := []local{{1, 2}, {3, 4}}
	t := 0
	for _, x := range xs {
		t += x.a * x.b
	}
	return fmt.Sprint(t)
}

func g() int {
	type local int
	const k local = 5
	var l local = k * 2
	return int(l)
}

type Alias = map[string][]int
type Celsius float64
type Fahrenheit float64

func (c Celsius) F() Fahrenheit { return Fahrenheit(c*9/5 + 32) }

func init() { fmt.Println("init 1") }
func init() { fmt.Println("init 2", started) }

var started = start()

func start() string { fmt.Println("start"); return "yes" }

func main() {
	fmt.Println(f(), g())
	a := Alias{"x": {1}}
	a["x"] = append(a["x"], 2)
	fmt.Println(a, float64(Celsius(100).F()))
	var len = func(s string) int { return 99 }
	fmt.Println(len("x"))
	type node struct {
		next *node
		v    int
	}
	head := &node{&node{nil, 2}, 1}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	{
		x := 1
		{
			x := x + 1
			fmt.Println(x)
		}
		fmt.Println(x)
	}
	if v := 5; v > 3 {
		fmt.Println("big", v)
	} else if w := v * 2; w > 3 {
		fmt.Println(w)
	}
}
