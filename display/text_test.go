package display

import (
	"errors"
	"fmt"
	"image"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"text/template"
	"time"
)

// What a notebook defines has types that no import path tells from those of
// interpreted code: unnamed ones stand for them here.
type node = struct {
	V    int
	Next any
}

type color int

func (c color) String() string { return [...]string{"red", "green"}[c] }

type bad struct{}

func (bad) String() string { panic("no") }

type failure struct{ code int }

func (f *failure) Error() string { return fmt.Sprint("code ", f.code) }

func TestSprint(t *testing.T) {
	n := 3
	pair := &struct{ A, B int }{1, 2}
	loop := &node{V: 1}
	loop.Next = &node{V: 2, Next: loop}
	var none *failure
	for _, tt := range []struct {
		v    any
		want string
	}{
		{nil, "<nil>"}, {5, "5"}, {-0.5, "-0.5"}, {1e100, "1e+100"}, {float32(0.1), "0.1"}, {3 + 4i, "(3+4i)"}, {true, "true"}, {'x', "120"}, {uint8(7), "7"},
		{"a b\n", "a b\n"}, {"", ""}, {[]string{"a", "b c", ""}, "[a b c ]"}, {[]byte("hi"), "[104 105]"}, {[2]bool{true}, "[true false]"},
		{[]any{1, "a", nil, 2.5}, "[1 a <nil> 2.5]"}, {[]int(nil), "[]"}, {map[string]int(nil), "map[]"},
		{map[string]int{"b": 2, "a": 1}, "map[a:1 b:2]"}, {map[int]string{10: "x", 9: "y"}, "map[9:y 10:x]"}, {map[any]int{"a": 1}, "map[a:1]"},
		{struct {
			A int
			b string
			C []int
		}{1, "x", nil}, "{1 x []}"},
		{pair, "&{1 2}"}, {[]any{pair, pair}, "[&{1 2} &{1 2}]"}, {map[string]*struct{ A, B int }{"p": pair}, "map[p:&{1 2}]"}, {&n, "&3"}, {&[]int{1}, "&[1]"},
		{loop, "&{1 &{2 &…}}"},
		{color(1), "green"}, {[]color{0, 1}, "[red green]"}, {map[color]int{1: 5}, "map[green:5]"}, {struct{ C color }{1}, "{green}"}, {struct{ c color }{1}, "{1}"},
		{errors.New("boom"), "boom"}, {[]error{errors.New("a"), nil}, "[a <nil>]"}, {&failure{3}, "code 3"}, {none, "<nil>"},
		{bad{}, "%!v(PANIC=String method: no)"},
		{1500 * time.Millisecond, "1.5s"}, {time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "2026-01-02 03:04:05 +0000 UTC"}, {big.NewInt(5), "5"},
		{sync.Mutex{}, "{{} {0 0}}"},
		{strings.ToUpper, "func(string) string"}, {(func())(nil), "<nil>"},
		{image.NewGray(image.Rect(0, 0, 3, 2)), "*image.Gray, 3×2"},
	} {
		if got := Sprint(tt.v); got != tt.want {
			t.Errorf("%#v: %q, want %q", tt.v, got, tt.want)
		}
		if _, same := tt.v.(image.Image); !same && !strings.ContainsAny(tt.want, "&…(") {
			if std := fmt.Sprint(tt.v); std != tt.want {
				t.Errorf("%#v: fmt writes %q", tt.v, std)
			}
		}
	}
	// Of other packages' types only the first pointer is followed, as fmt does.
	for _, v := range []any{template.New("x"), os.Stdout, &sync.Once{}} {
		if got, std := Sprint(v), fmt.Sprint(v); got != std {
			t.Errorf("%T: %q, fmt writes %q", v, got, std)
		}
	}
}

func TestSprintCuts(t *testing.T) {
	long := strings.Repeat("é", maxText)
	deep := []any{}
	for range 200 {
		deep = []any{deep}
	}
	wide := make([][]int, 5000)
	for i := range wide {
		wide[i] = make([]int, 2000)
	}
	for name, tt := range map[string]struct {
		v        any
		contains string
	}{
		"a slice":     {make([]int, 12345), "0 0 … (11345 more)]"},
		"a map":       {map[int]string{1: long, 2: "b", 3: "c"}, "… (5003 more characters) … (2 more)]"},
		"a string":    {long, "… (5000 more characters)"},
		"strings":     {[]string{long, "b", "c"}, "characters) … (2 more)]"},
		"a struct":    {struct{ A, B string }{long, "b"}, "… (1 more fields)}"},
		"rows":        {wide, "… (1000 more)] [0 0"},
		"nested deep": {deep, "[…]"},
	} {
		got := Sprint(tt.v)
		if !strings.Contains(got, tt.contains) || len(got) > maxText+200 {
			t.Errorf("%s: %d bytes, %.80q … %q", name, len(got), got, got[max(0, len(got)-80):])
		}
	}
}

// TestTables shows what is a table without being asked.
func TestTables(t *testing.T) {
	type pt struct{ X, Y int } // as a package's type: own() does not know it
	for _, tt := range []struct {
		v    any
		want string // the table's rows, - for an empty cell; "" for no table
	}{
		{[]struct {
			Name string
			age  int
		}{{"Ann", 3}, {"Bob", 4}}, "Name age|Ann 3|Bob 4"},
		{[]*struct{ A int }{{1}, nil}, "A|1|-"},
		{[]pt{{1, 2}}, "X Y|1 2"},
		{[]map[string]any{{"a": 1}, {"b": []int{2}}}, "a b|1 -|- [2]"},
		{map[string]int{"b": 2, "a": 1}, "key value|a 1|b 2"},
		{map[string]pt{"p": {1, 2}}, "key X Y|p 1 2"},
		{map[string]*pt{"p": {1, 2}, "q": nil}, "key X Y|p 1 2|q - -"},
		{[]struct{ Xa int }{{1}}, "a|1"},
		{[]any{pt{1, 2}, pt{3, 4}}, "X Y|1 2|3 4"},
		{[]int{1, 2}, ""}, {[]string{"a"}, ""}, {[][]int{{1}}, ""}, {[]pt{}, ""}, {map[string]int{}, ""}, {pt{1, 2}, ""}, {&pt{1, 2}, ""}, {nil, ""},
		{[]time.Time{{}}, ""}, {[]*big.Int{big.NewInt(1)}, ""}, {[]error{errors.New("a")}, ""}, {[]any{1, pt{}}, ""},
	} {
		d, rich := Of(tt.v)
		html, _ := d.MIME[mimeHTML].(string)
		if rich != (tt.want != "") {
			t.Errorf("%#v: rich is %v: %s", tt.v, rich, html)
		}
		if d.String() != Sprint(tt.v) {
			t.Errorf("%#v: the text is %q", tt.v, d)
		}
		if got := cellsOf(html); got != tt.want {
			t.Errorf("%#v:\n got %s\nwant %s", tt.v, got, tt.want)
		}
	}
	d, _ := Of(make([]pt, 250))
	if html := d.MIME[mimeHTML].(string); !strings.Contains(html, "… 150 more rows of 250") || strings.Count(html, "<tr>") != 101 {
		t.Errorf("a long table has %d rows and ends in %s", strings.Count(html, "<tr>"), html[len(html)-50:])
	}
}

// cellsOf writes a table's cells a row after the other.
func cellsOf(html string) string {
	var rows []string
	for _, row := range strings.Split(html, "<tr>")[min(1, len(html)):] {
		row, _, _ = strings.Cut(row, "</tr>")
		row = strings.ReplaceAll(row, "></td>", ">-</td>")
		rows = append(rows, strings.Join(strings.Fields(tags.ReplaceAllString(row, " ")), " "))
	}
	return strings.Join(rows, "|")
}
