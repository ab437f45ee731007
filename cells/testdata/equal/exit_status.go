package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

var global = 5
var table = map[string]func(int) int{"double": func(i int) int { return 2 * i }, "global": func(i int) int { return i + global }}

func init() { global *= 2 }
func init() { global++ }

func multi() (int, string, error)          { return 1, "two", nil }
func take(i int, s string, e error) string { return fmt.Sprint(i, s, e) }
func variadic(pre string, xs ...any) int   { return len(xs) }
func ptr[T any](v T) *T                    { return &v }

func main() {
	fmt.Println(take(multi()))
	fmt.Println(global, table["double"](4), table["global"](1))
	fmt.Println(variadic("a"), variadic("a", 1, nil, "x"), variadic("a", []any{1, 2}...), variadic("a", []int{1, 2}))
	words := strings.Fields("the quick brown the lazy the")
	count := map[string]int{}
	for _, w := range words {
		count[w]++
	}
	keys := make([]string, 0)
	for k := range count {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if count[keys[i]] != count[keys[j]] {
			return count[keys[i]] > count[keys[j]]
		}
		return keys[i] < keys[j]
	})
	fmt.Println(keys, count)
	x := 10
	px := &x
	ppx := &px
	**ppx = 20
	fmt.Println(x, *ptr(3), px == *ppx)
	a, b := 1, 2
	a, b = b, a
	{
		a := a + 10
		a++
		b = a
	}
	fmt.Println(a, b)
	if a := 5; a > 3 {
		a++
		fmt.Println(a)
	}
	fmt.Println(a)
	var arr [3]*int
	for i := range arr {
		arr[i] = &i
	}
	fmt.Println(*arr[0], *arr[1], *arr[2])
	type pt struct{ x, y int }
	fmt.Fprintln(os.Stderr, "err")
	fmt.Fprintf(os.Stdout, "%5d|%-5s|%05.2f|%x|%q|%v|%+d|%t|%c|%U|%e|%8.3f|%p\n", 42, "ab", 3.14159, 255, "q", []string{"a"}, 5, true, 'z', 'z', 12345.678, 2.5, nil)
	fmt.Printf("%v %v %T %T %d%%\n", nil, [3]bool{true}, []any{1}, map[string][]int{}, 5)
	fmt.Printf("%d %s\n", "str", 5)
	fmt.Printf("%!|%z %d\n", 1)
	fmt.Println(strings.Map(func(r rune) rune { return r + 1 }, "abc"))
	var sb strings.Builder
	fmt.Fprintf(&sb, "%03d", 7)
	fmt.Println(sb.String())
	os.Exit(func() int { fmt.Println("bye"); return 3 }())
}
