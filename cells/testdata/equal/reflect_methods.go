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
func (c counter) String() string {
	return fmt.Sprint("counter ", c.n)
}

type hidden struct{}

func (hidden) a() {}
func (hidden) z() {}

type both interface {
	Value() int
	secret() int
}

func main() {
	c := &counter{3}
	c.Inc()
	for _, t := range []reflect.Type{reflect.TypeOf(*c), reflect.TypeOf(c), reflect.TypeOf(hidden{}), reflect.TypeOf((*both)(nil)).Elem()} {
		fmt.Println(t, t.NumMethod())
		for i := range t.NumMethod() {
			fmt.Println(i, t.Method(i).Name, t.Method(i).Type)
		}
		for m := range t.Methods() {
			fmt.Println(m.Name)
		}
		_, value := t.MethodByName("Value")
		_, secret := t.MethodByName("secret")
		fmt.Println(value, secret)
	}
	v := reflect.ValueOf(c)
	fmt.Println(v.NumMethod(), v.MethodByName("reset").IsValid(), v.MethodByName("").IsValid())
	fmt.Println(v.MethodByName("Value").Call(nil)[0], v.Method(v.NumMethod() - 1).Call(nil)[0])
	for m, f := range v.Methods() {
		fmt.Println(m.Name, f.Type())
	}
	c.reset()
	fmt.Println(c, c.secret(), both(c).secret())
	defer func() { fmt.Println(recover()) }()
	var none reflect.Value
	fmt.Println(none.NumMethod())
}
