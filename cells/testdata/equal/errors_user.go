package main

import (
	"errors"
	"fmt"
)

type NotFound struct{ name string }

func (e *NotFound) Error() string { return e.name + " not found" }

type Code int

func (c Code) Error() string { return fmt.Sprintf("code %d", int(c)) }

type wrapped struct {
	op  string
	err error
}

func (w *wrapped) Error() string { return w.op + ": " + w.err.Error() }
func (w *wrapped) Unwrap() error { return w.err }

func find(n string) error {
	if n == "" {
		return &wrapped{"find", Code(7)}
	}
	return fmt.Errorf("lookup: %w", &NotFound{n})
}

func main() {
	err := find("x")
	var nf *NotFound
	fmt.Println(err, errors.As(err, &nf), nf.name)
	err = find("")
	var c Code
	fmt.Println(err, errors.As(err, &c), c)
	fmt.Println(errors.Is(err, Code(7)), errors.Is(err, Code(8)))
	var w *wrapped
	fmt.Println(errors.As(err, &w), w.op)
	var e error = Code(3)
	fmt.Println(e == Code(3), e.Error())
}
