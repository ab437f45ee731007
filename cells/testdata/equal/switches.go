package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("int %v", x)
	case string:
		return "string " + x
	case []int:
		return fmt.Sprint("slice ", len(x))
	case map[string]int:
		return fmt.Sprint("map ", x["a"])
	case func() int:
		return fmt.Sprint("func ", x())
	case error:
		return "error " + x.Error()
	case fmt.Stringer:
		return "stringer " + x.String()
	case *int:
		return fmt.Sprint("ptr ", *x)
	case bool:
		if x {
			return "true"
		}
		return "false"
	case [2]int:
		return fmt.Sprint(x[0] + x[1])
	case chan int:
		return fmt.Sprint("chan ", cap(x))
	case struct{ A int }:
		return fmt.Sprint("struct ", x.A)
	case rune:
		return "rune " + string(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	default:
		return fmt.Sprintf("other %T", x)
	}
}

func main() {
	n := 3
	for _, v := range []any{nil, 1, int64(2), "s", []int{1}, map[string]int{"a": 5}, func() int { return 9 }, io.EOF, time.Second, &n, true, [2]int{3, 4}, make(chan int, 2), struct{ A int }{6}, 'r', 2.5, uint8(3), errors.New("e"), os.ErrNotExist, any(nil), []any{1}} {
		fmt.Println(kind(v))
	}
	var e error
	_, isNil := e.(interface{ Timeout() bool })
	fmt.Println(isNil)
	var w io.Writer = os.Stdout
	if f, ok := w.(*os.File); ok {
		fmt.Println(f.Name())
	}
	_, ok := w.(io.Reader)
	fmt.Println(ok)
	var a any = 3
	if i, ok := a.(int); ok {
		fmt.Println(i + 1)
	}
	s, ok := a.(string)
	fmt.Printf("%q %v\n", s, ok)
	fmt.Println(a == 3, a == int64(3), a == any("3"), a != nil)
	switch a {
	case "3":
		fmt.Println("no")
	case 3:
		fmt.Println("yes")
	}
	var pe *os.PathError
	_, err := os.Open("/none")
	fmt.Println(errors.As(err, &pe), pe.Op, errors.Is(err, os.ErrNotExist))
	_, err = strconv.Atoi("x")
	var ne *strconv.NumError
	if errors.As(err, &ne) {
		fmt.Println(ne.Func, ne.Err == strconv.ErrSyntax)
	}
	m := map[any]string{1: "int", "1": "str", 1.0: "float", [1]int{1}: "arr"}
	fmt.Println(m[1], m["1"], m[1.0], m[[1]int{1}], m[int8(1)] == "")
	switch f := 2; {
	case f == 2 && ok:
		fmt.Println("a")
	case f == 2:
		fmt.Println("b")
	}
	switch n {
	}
	switch x := n * 2; x {
	case 1, 2, 3:
	case 4, 5, 6:
		fmt.Println("six")
	}
	func() {
		switch {
		case true:
			return
		}
		fmt.Println("never")
	}()
}
