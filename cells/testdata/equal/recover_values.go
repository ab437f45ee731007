package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func a() (err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
			err = errors.New("none")
		case string:
			err = errors.New("s " + x)
		case int:
			err = fmt.Errorf("i %d", x+1)
		case error:
			err = fmt.Errorf("e %w", x)
		default:
			err = fmt.Errorf("? %T", x)
		}
	}()
	panic(v)
}

var v any

func helper() any { return recover() }

func nested() {
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic("second")
	}()
	defer func() { fmt.Println("outer", recover()) }()
	panic("first")
}

func notDirect() {
	defer func() {
		fmt.Println("r", recover())
	}()
	defer func() { func() { fmt.Println("nope", recover()) }() }()
	panic("deep")
}
func direct() {
	defer helper()
	panic("h")
}
func loop() {
	for i := 0; i < 3; i++ {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Print(r, " ")
				}
			}()
			if i%2 == 0 {
				panic(i)
			}
		}()
	}
	fmt.Println()
}

func main() {
	for _, v = range []any{nil, "a", 3, io.EOF, 2.5, []int{1}, errors.New("z")} {
		err := a()
		fmt.Println(err, errors.Is(err, io.EOF))
	}
	nested()
	notDirect()
	direct()
	loop()
	fmt.Println(recover())
	defer fmt.Println("main deferred")
	defer func() {
		r := recover()
		fmt.Println("got", r)
		os.Exit(7)
	}()
	var m map[string][]int
	m["a"] = append(m["a"], 1)
}
