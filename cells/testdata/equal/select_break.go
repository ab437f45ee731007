package main

import "fmt"

func main() {
	c := make(chan int, 1)
	c <- 1
	for i := 0; i < 3; i++ {
		select {
		case <-c:
			if i >= 0 {
				break
			}
			fmt.Println("no")
		default:
			fmt.Println("default", i)
			if i > 1 {
				continue
			}
			break
		}
		fmt.Println("after", i)
	}
loop:
	for {
		select {
		case <-c:
		default:
			break loop
		}
	}
	for i := 0; i < 3; i++ {
		select {
		default:
			break
		}
		fmt.Print(i)
	}
sel:
	select {
	default:
		for {
			break sel
		}
	}
	fmt.Println()
	n := 0
again:
	for i := range 2 {
		fmt.Print(i, n, " ")
		if n++; n < 4 {
			goto again
		}
	}
back:
	select {
	case c <- n:
	default:
		fmt.Println("full", <-c)
		goto out
	}
	goto back
out:
	var x any = n
sw:
	switch x {
	case n:
		for {
			if n > 0 {
				break sw
			}
		}
		fmt.Println("no")
	}
ts:
	switch x := x.(type) {
	case fmt.Stringer:
	case int:
		for range x {
			break ts
		}
		fmt.Println("no")
	}
	fmt.Println("end")
}
