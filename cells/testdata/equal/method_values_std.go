package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
)

func main() {
	var b strings.Builder
	w := b.WriteString
	w("a")
	w("b")
	fmt.Println(b.String(), b.Len())
	r := strings.NewReplacer("a", "b")
	f := r.Replace
	r = strings.NewReplacer("a", "c")
	fmt.Println(f("aaa"), r.Replace("aaa"))
	d := time.Second
	str := d.String
	d = time.Hour
	fmt.Println(str(), d.String())
	g := time.Duration.String
	fmt.Println(g(time.Minute))
	h := (*bytes.Buffer).WriteString
	var buf bytes.Buffer
	h(&buf, "hey")
	fmt.Println(buf.String())
	var mu sync.Mutex
	lock, unlock := mu.Lock, mu.Unlock
	lock()
	unlock()
	fs := map[string]func(string) string{"up": strings.ToUpper, "trim": strings.TrimSpace}
	fmt.Println(fs["up"]("x"), fs["trim"](" y "))
	defer b.WriteString("x")
	go mu.Lock()
	t := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	y, m, dd := t.Date()
	fmt.Println(y, m, dd, t.Weekday(), t.Format(time.RFC3339))
	fn := fmt.Sprintf
	fmt.Println(fn("%d-%s", 1, "a"))
	var s fmt.Stringer = time.Second
	m2 := s.String
	s = time.Hour
	fmt.Println(m2(), s)
	func(f func(...any) string) { fmt.Println(f(1, 2)) }(fmt.Sprint)
}
