package main

import "fmt"

type Count int

func find(n int) int {
	for i := range n {
		if i*i > 50 {
			return i
		}
	}
	return -1
}

func main() {
	for i := range 3 {
		fmt.Print(i, " ")
	}
	for range 2 {
		fmt.Print("x ")
	}
	var c Count = 3
	for i := range c {
		fmt.Printf("%d ", i+1)
	}
	n := 4
	for i := range n {
		n = 2
		i += 10
		fmt.Print(i, " ")
	}
	fmt.Println(find(100), find(3))
outer:
	for i := range 3 {
		for j := range 3 {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Print(i, j, ";")
		}
	}
	var fs []func() int
	for i := range 3 {
		fs = append(fs, func() int { i *= 2; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	var u uint8 = 3
	for i := range u {
		fmt.Print(i)
	}
	fmt.Println()
}
