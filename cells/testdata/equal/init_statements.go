package main

import (
	"errors"
	"fmt"
	"os"
)

type Empty interface{}

type Named interface{ Name() string }

type T struct{}

func (T) Name() string { return "T" }

func f(n int) int { return n * 2 }

func pick(v Empty) string {
	switch x := v.(type) {
	default:
		return fmt.Sprint("default ", x)
	case Named:
		return x.Name()
	}
}

func main() {
	if a, b := f(1)+1, f(2); a < b {
		fmt.Println(a, b)
	}
	if a, b := 5, 4; a < b {
		fmt.Println("no")
	} else if c, d := f(a)+1, f(b); c > d {
		fmt.Println(c, d)
	}
	var nothing any
	if n, ok := nothing.(Named); ok {
		fmt.Println("no", n)
	} else {
		fmt.Println("not named")
	}
	nothing = T{}
	if n, ok := nothing.(Named); ok {
		fmt.Println(n.Name())
	}
	for i, j := f(0), f(5); i < j; i, j = i+1, j-2 {
		fmt.Println(i, j)
	}
	switch x, y := f(1), f(2); {
	case x < y:
		fmt.Println(x, y)
	}
	fmt.Println(pick(1), pick(T{}))
	var err error
	if _, err = os.Open("/none"); err != nil {
		fmt.Println(errors.Is(err, os.ErrNotExist))
	}
	var e Empty = 3
	if e == 3 {
		fmt.Println(e)
	}
	for i := range 3 {
		switch i {
		case 0:
			x := "text"
			defer func() { fmt.Println(x) }()
		case 1:
			x := 5
			defer func() { fmt.Println(x) }()
		default:
			x := []int{i}
			fmt.Println(x)
		}
	}
	m := map[string]Empty{"a": 1, "b": []int{1}}
	fmt.Println(m["a"], m["b"].([]int)[0])
}
