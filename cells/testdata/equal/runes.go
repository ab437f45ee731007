package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func main() {
	s := "héllo, 世界"
	fmt.Println(len(s), utf8.RuneCountInString(s), reverse(s))
	for i, r := range s {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	for i := 0; i < 3; i++ {
		fmt.Printf("%x %c|", s[i], s[i])
	}
	b := []byte("abc")
	b[0] = 'X'
	fmt.Println(string(b), string(rune(65)), 'a'+1, string('a'+2))
	fmt.Printf("%c %U %q %d\n", '世', '世', '世', '世')
	up := strings.Map(func(r rune) rune {
		if unicode.IsLower(r) {
			return unicode.ToUpper(r)
		}
		if r == ',' {
			return -1
		}
		return r
	}, s)
	fmt.Println(up, s[1:3] == "é", s > "ha", strings.IndexRune(s, '界'))
	for i, r := range "a\xffb" {
		fmt.Print(i, r, " ")
	}
	bs := append([]byte("x"), "yz"...)
	n := copy(bs, "QQ")
	fmt.Println(string(bs), n, utf8.ValidString("a\xff"))
	counts := map[rune]int{}
	for _, r := range "banana" {
		counts[r]++
	}
	fmt.Println(counts['a'], counts['n'], counts)
	raw := `a\n"b"`
	fmt.Println(raw, len(raw), "\t|\u00e9|\x41|\101")
}
