package main

import "fmt"

var second = first + 1
var first = 10

func main() { fmt.Println(first, second) }
