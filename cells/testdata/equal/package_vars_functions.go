package main

import "fmt"

var first = next() + second

var second, third = next(), double(fourth)

var (
	_      = say("blank", third)
	fourth = 4
	count  int
	pair   = func() int { return last * 2 }
)

var u, v = both()

var last = v + 1

func both() (int, int) { return count, count + 1 }

func next() int {
	count++
	return count
}

func double(n int) int { return n * 2 }

func say(s string, n int) int {
	fmt.Println(s, n)
	return n
}

func init() { fmt.Println("init", first, last) }

func main() { fmt.Println(first, second, third, fourth, count, pair(), u, v, last) }
