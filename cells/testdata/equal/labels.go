package main

import "fmt"

func main() {
	i := 0
again:
	if i < 3 {
		fmt.Print(i)
		i++
		goto again
	}
	fmt.Println()
outer:
	for i := 0; i < 3; i++ {
		for j := range 3 {
			switch {
			case j == 1:
				continue outer
			case i == 2:
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
sw:
	switch i {
	case 3:
		for {
			break sw
		}
		fmt.Println("never")
	}
	goto end
end:
	fmt.Println("end")
sel:
	for {
		select {
		default:
			break sel
		}
	}
	n := 0
l1:
	for {
	l2:
		for {
			n++
			if n > 5 {
				break l1
			}
			if n%2 == 0 {
				continue l1
			}
			continue l2
		}
	}
	fmt.Println(n)
	for k := 0; k < 2; k++ {
		goto next
	next:
		fmt.Print("k", k)
	}
	fmt.Println()
	switch x := 5; {
	case x > 3:
		fmt.Println("gt")
		fallthrough
	case x > 10:
		fmt.Println("ft")
	default:
		fmt.Println("d")
	}
	switch {
	default:
		fmt.Println("def")
		fallthrough
	case false:
		fmt.Println("f")
	}
	for i, x := 0, 10; i < x; i, x = i+1, x-2 {
		fmt.Print(i, x, " ")
	}
	fmt.Println()
}
