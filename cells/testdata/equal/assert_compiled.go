package main

import (
	"fmt"
	"os"
)

type timeout interface{ Timeout() bool }

func main() {
	_, err := os.Open("/none")
	_, ok := err.(timeout)
	fmt.Println(ok)
}
