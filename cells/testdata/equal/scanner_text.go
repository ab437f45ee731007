package main

import (
	"bufio"
	"fmt"
	"strings"
)

func main() {
	sc := bufio.NewScanner(strings.NewReader("one two\nthree\n\nfour"))
	n := 0
	for sc.Scan() {
		n++
		fmt.Printf("%d %q\n", n, sc.Text())
	}
	words := bufio.NewScanner(strings.NewReader("a bb  ccc"))
	words.Split(bufio.ScanWords)
	total := 0
	for words.Scan() {
		total += len(words.Text())
	}
	fmt.Println(total, words.Err())
	var a int
	var b string
	var c float64
	k, err := fmt.Sscanf("10 abc 2.5", "%d %s %f", &a, &b, &c)
	fmt.Println(k, err, a, b, c)
	k, err = fmt.Sscan("7 8", &a, &c)
	fmt.Println(k, err, a, c)
	_, err = fmt.Sscanf("x", "%d", &a)
	fmt.Println(err)
	r := bufio.NewReader(strings.NewReader("line1\nline2"))
	line, err := r.ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	line, err = r.ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	custom := bufio.NewScanner(strings.NewReader("1,2,3"))
	custom.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		for i, ch := range data {
			if ch == ',' {
				return i + 1, data[:i], nil
			}
		}
		if atEOF && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	})
	for custom.Scan() {
		fmt.Print(custom.Text(), ";")
	}
	fmt.Println()
}
