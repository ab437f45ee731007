package main

import "fmt"

func main() {
	i := 0
loop:
	if i < 3 {
		fmt.Print(i, " ")
		i++
		goto loop
	}
outer:
	for i := 0; ; i++ {
		switch {
		case i == 1:
			continue outer
		case i == 3:
			break outer
		}
		for {
			if i > 1 {
				break
			}
			continue outer
		}
		fmt.Print("i", i, " ")
	}
	grid := [][]int{{1, 2}, {3, 4}, {5, 6}}
search:
	for y, row := range grid {
		for x, v := range row {
			if v == 4 {
				fmt.Println("found", x, y)
				break search
			}
		}
	}
sw:
	switch n := 2; n {
	case 2:
		for j := range 3 {
			if j == 1 {
				break sw
			}
			fmt.Println("j", j)
		}
		fmt.Println("unreachable")
	}
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
recv:
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				break recv
			}
			fmt.Println("got", v)
		}
	}
	fmt.Println("end")
}
