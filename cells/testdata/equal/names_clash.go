package main

import "fmt"

func t(s string, v int) int { fmt.Print(s, " "); return v }

func r() (_, x int) { return t("r", 1), 2 }

func blank(v any) (s string) {
	switch c := v.(type) {
	case fmt.Stringer:
		s = c.String()
	case int:
		s = fmt.Sprint(t("c", c))
	}
	return
}

func main() {
	m, p := map[string]int{}, new(int)
	m["x"], *p = t("a", 1), t("b", 2)
	switch t("tag", 2) {
	case t("c1", 1), t("c2", 2), t("c3", 3):
		fmt.Println("two", m, *p)
	}
	a, b := r()
	a, b = b, a
	fmt.Println(a, b, blank(3))
}
