package main

import "fmt"

func positive(n int) bool { return n > 0 }

func main() {
	x, list, p := 5, []int{1, 2}, &struct{ n int }{3}
	fmt.Println(positive((x)) && positive((x)), positive((list[0])) || positive((p.n)))
	if positive((x)) && !positive((-x)) {
		fmt.Println((x)+(p.n)*(list[1]), -(x), (len(list)))
	}
	(p).n++
	(list)[0] = (x)
	fmt.Println((*p).n, list, (int)(2.0), (fmt.Sprint)((x)))
}
