package main

import (
	"fmt"
	"strconv"
)

func main() {
	for _, s := range []string{"1", "x", "", "99999999999999999999", "-5"} {
		n, err := strconv.Atoi(s)
		fmt.Println(n, err)
	}
	f, err := strconv.ParseFloat("2.50", 64)
	fmt.Println(f, err, strconv.Itoa(7)+"!", strconv.Quote("a\n"), strconv.FormatInt(255, 16))
	b, err := strconv.ParseBool("true")
	fmt.Println(b, err)
	u, err := strconv.ParseUint("300", 10, 8)
	fmt.Println(u, err)
	s, err := strconv.Unquote(`"x\ty"`)
	fmt.Println(s, err, strconv.AppendInt(nil, 5, 2))
	if n, err := strconv.Atoi("12"); err != nil {
		fmt.Println("bad")
	} else if n > 10 {
		fmt.Println("big", n)
	}
}
