package main

import (
	"fmt"
	"regexp"
	"strings"
)

var word = regexp.MustCompile(`(?P<key>\w+)=(\d+)`)

func main() {
	fmt.Println(word.MatchString("a=1"), word.FindStringSubmatch("x abc=42 y"))
	fmt.Println(word.FindAllString("a=1 b=2", -1), word.FindStringIndex("..a=1"))
	fmt.Println(word.ReplaceAllString("a=1 b=2", "$2:${key}"))
	fmt.Println(word.ReplaceAllStringFunc("a=1", strings.ToUpper), word.SubexpNames()[1])
	_, err := regexp.Compile("a(b")
	fmt.Println(err)
	for _, m := range word.FindAllStringSubmatch("p=1,q=22", -1) {
		fmt.Println(m[1], m[2], len(m))
	}
	fmt.Println(regexp.MustCompile(`\s+`).Split("a  b c", -1))
}
