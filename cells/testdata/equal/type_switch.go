package main

import (
	"errors"
	"fmt"
	"time"
)

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int:
		return fmt.Sprint("int ", x+1)
	case string, []byte:
		return fmt.Sprintf("text %s", x)
	case float64:
		return fmt.Sprint("float ", x/2)
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case error:
		return "error " + x.Error()
	case func(int) int:
		return fmt.Sprint("func ", x(3))
	case []int:
		return fmt.Sprint("ints ", len(x))
	case map[string]int:
		return fmt.Sprint("map ", x["a"])
	case time.Duration:
		return "duration " + x.String()
	case fmt.Stringer:
		return "stringer " + x.String()
	case *int:
		return fmt.Sprint("pointer ", *x)
	case chan int:
		return fmt.Sprint("chan ", cap(x))
	default:
		return fmt.Sprintf("other %T", x)
	}
}

func main() {
	n := 5
	for _, v := range []any{nil, 1, "a", []byte("b"), 2.5, true, false, errors.New("e"), func(i int) int { return i * i },
		[]int{1, 2}, map[string]int{"a": 4}, time.Second, time.UTC, &n, make(chan int, 3), uint8(1), []string{}, struct{}{}} {
		fmt.Println(kind(v))
	}
	var e error
	switch e.(type) {
	case nil:
		fmt.Println("no error")
	default:
		fmt.Println("error")
	}
	switch x := any(n).(type) {
	case int:
		x++
		fmt.Println(x, n)
	}
}
