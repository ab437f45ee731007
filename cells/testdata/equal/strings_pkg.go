package main

import (
	"fmt"
	"strings"
)

func main() {
	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteByte('!')
	sb.WriteRune('é')
	fmt.Println(sb.String(), sb.Len())
	fmt.Println(strings.Split("a,b,c", ","), strings.Fields(" a  b "), strings.Join([]string{"x", "y"}, "-"))
	before, after, ok := strings.Cut("key=value", "=")
	fmt.Println(before, after, ok)
	fmt.Println(strings.TrimFunc("xxaxx", func(r rune) bool { return r == 'x' }), strings.EqualFold("Go", "GO"))
	fmt.Println(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<a>"))
	for part := range strings.SplitSeq("a b c", " ") {
		fmt.Print(part, ";")
	}
	for line := range strings.Lines("one\ntwo\n") {
		fmt.Printf("%q ", line)
	}
	fmt.Println(strings.Count("cheese", "e"), strings.LastIndex("go gopher", "go"), strings.Title("ab cd"))
	fmt.Println(strings.Repeat("ab", 3), strings.TrimLeft("aab", "a"), strings.TrimPrefix("prefix", "pre"))
	s := ""
	for _, w := range strings.FieldsFunc("a1b2c", func(r rune) bool { return r >= '0' && r <= '9' }) {
		s += w
	}
	fmt.Println(s, strings.ContainsAny("abc", "xyzc"), strings.Compare("a", "b"))
	fmt.Printf("%5s|%-5s|%05d|%x|%8.3f|%+d|%t|%e|%g|%%|%q\n", "ab", "cd", 42, "hi", 3.14159, 5, true, 12345.678, 1e21, `a"b`)
	fmt.Printf("%[2]d %[1]d %*d|%v|%d\n", 1, 2, 5, 3, []byte("a"), []byte("a"))
	fmt.Printf("%d %!\n", "str")
	fmt.Println(fmt.Sprintf("%6.2f|%t|%p", 2.0/3, false, nil), fmt.Sprint("a", 1, 2, "b"), fmt.Sprintln("x", 1))
}
