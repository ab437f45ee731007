package main

import (
	"fmt"
	"reflect"
)

type counter struct{ n int }

func (c *counter) Inc()       { c.n++ }
func (c *counter) reset()     { c.n = 0 }
func (c counter) Value() int  { return c.n }
func (c counter) secret() int { return 2 * c.n }

type both interface {
	Value() int
	secret() int
}

// Only compiled code has TypeFor.
func count[T any]() int {
	n := 0
	for range reflect.TypeFor[T]().Methods() {
		n++
	}
	_, secret := reflect.TypeFor[T]().MethodByName("secret")
	fmt.Println(secret, n == reflect.TypeFor[T]().NumMethod())
	return n
}

func main() {
	fmt.Println(count[counter](), count[*counter](), count[both]())
}
