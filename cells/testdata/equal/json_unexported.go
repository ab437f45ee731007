package main

import (
	"encoding/json"
	"fmt"
)

type Base struct{ ID int }

type T struct {
	Base
	Name string
	priv int
}

func main() {
	b, err := json.Marshal(T{Base{1}, "n", 2})
	fmt.Println(string(b), err)
}
