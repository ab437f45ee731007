package main

import "reflect"

type T struct{}

func (T) M() { println("M") }

// The compiler's type of the method is one that nothing else mentions.
func main() {
	f := reflect.ValueOf(T{}).Method(0).Interface().(func())
	f()
}
