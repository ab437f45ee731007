package main

import "fmt"

type E struct{ msg string }

func (e *E) Error() string {
	if e == nil {
		return "nil E"
	}
	return e.msg
}

func get(fail bool) error {
	var e *E
	if fail {
		e = &E{"failed"}
	}
	return e
}

func plain() error { return nil }

func main() {
	err := get(false)
	fmt.Println(err == nil, err.Error())
	fmt.Println(get(true))
	fmt.Println(plain() == nil)
}
