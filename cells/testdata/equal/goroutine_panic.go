package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("recovered", recover()) }()
		panic("inside")
	}()
	wg.Wait()
	fmt.Println("before")
	wait := make(chan int)
	go func() {
		var m map[string]int
		m["x"] = 1
	}()
	<-wait
	fmt.Println("never")
}
