package cells

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestValues shows the last expression of cells, in all its forms.
func TestValues(t *testing.T) {
	nb := open(t)
	for _, c := range []string{
		"import (\"errors\"; \"fmt\"; \"image\"; \"os\"; \"strings\"; \"time\"; \"github.com/paracell/paracell/display\")",
		"type P struct{ Name string; Age int }\ntype Node struct{ V int; Next *Node }",
		"ps := []P{{\"Ann\", 3}, {\"Bob\", 4}}\nfunc load() ([]P, error) { return ps, nil }\nfunc two() (int, string) { return 1, \"a\" }\nfunc fail() error { return errors.New(\"bad\") }\nfunc ok() error { return nil }",
	} {
		if got := nb.run(c); got != "" {
			t.Fatal(got)
		}
	}
	const none = "nothing"
	for _, tt := range []struct{ code, text, forms string }{
		{"ps", "[{Ann 3} {Bob 4}]", "text/html"},
		{"[]*P{&ps[0]}", "[&{Ann 3}]", "text/html"},
		{"map[string]P{\"a\": ps[0]}", "map[a:{Ann 3}]", "text/html"},
		{"map[string]int{\"b\": 2, \"a\": 1}", "map[a:1 b:2]", "text/html"},
		{"[]map[string]any{{\"a\": 1, \"b\": nil}}", "[map[a:1 b:<nil>]]", "text/html"},
		{"load()", "[{Ann 3} {Bob 4}] <nil>", "text/html"},
		{"ps[0]", "{Ann 3}", ""}, {"&ps[0]", "&{Ann 3}", ""},
		{"&Node{1, &Node{2, nil}}", "&{1 &{2 <nil>}}", ""},
		{"n := &Node{V: 1}\nn.Next = n\nn", "&{1 &…}", ""},
		{"two()", "1 a", ""}, {"fail()", "bad", ""}, {"ok()", none, ""}, {"err := ok()\nerr", "<nil>", ""},
		{"os.Mkdir(\"made\", 0o700)", none, ""}, {"os.Mkdir(\"made\", 0o700) != nil", "true", ""},
		{"fmt.Println()", none, ""}, {"[]string{\"a\", \"b c\"}", "[a b c]", ""}, {"[]byte(\"hi\")", "[104 105]", ""}, {"'x'", "120", ""}, {"1.0", "1", ""}, {"\"a\\nb\"", "a\nb", ""},
		{"time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)", "2026-01-02 03:04:05 +0000 UTC", ""}, {"1500 * time.Millisecond", "1.5s", ""},
		{"[]error{fail(), nil}", "[bad <nil>]", ""}, {"any(nil)", "<nil>", ""}, {"var e *P\ne", "<nil>", ""}, {"func(a int) {}", "func(int)", ""},
		{"image.NewGray(image.Rect(0, 0, 3, 2))", "PNG image, 3×2", "image/png"},
		{"display.HTML(\"<b>x</b>\")", "x", "text/html"}, {"display.HTML(\"<b>x</b>\");", none, ""},
		{"make([]int, 5000)", "[" + strings.Repeat("0 ", 1000) + "… (4000 more)]", ""},
		{"strings.Repeat(\"a\", 10500)", strings.Repeat("a", 10000) + "… (500 more characters)", ""},
	} {
		nb.n++
		var result *Result
		reply := nb.s.Execute(t.Context(), Request{Code: tt.code, Count: nb.n, Emit: func(e Event) {
			if r, ok := e.(Result); ok {
				result = &r
			}
		}})
		if reply.Err != nil {
			t.Errorf("%s: %v", tt.code, reply.Err)
			continue
		}
		text, forms := none, ""
		if result != nil {
			text, _ = result.Data["text/plain"].(string)
			forms = strings.Join(slices.DeleteFunc(slices.Sorted(maps.Keys(result.Data)), func(m string) bool { return m == "text/plain" }), " ")
		}
		if text != tt.text || forms != tt.forms {
			t.Errorf("%s\n got %.200q in %q\nwant %.200q in %q", tt.code, text, forms, tt.text, tt.forms)
		}
	}
}
