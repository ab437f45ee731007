package magic

import (
	"strconv"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	n := newNotepad(t)
	for _, name := range []string{"better_way.go", "beta/main.go", "best.txt", "benign x.ipynb", ".hidden.go", "better_test/x"} {
		n.write(name, "")
	}
	env := []string{"HOME=/", "HOST=x", "PATH=y"}
	for code, want := range map[string]string{
		"%ti|":                        "0: %time %timeit",
		"x := 1\n%ti|":                "7: %time %timeit",
		"%%ti|":                       "0: %%time %%timeit",
		"  %whos|":                    "2: %whos",
		"%zz|":                        "0:",
		"%run be|":                    `5: benign\ x.ipynb beta/ better_test/ better_way.go`,
		"%run benign\\ |":             `5: benign\ x.ipynb`,
		"%run ./bette|":               `5: ./better_test/ ./better_way.go`,
		"%run beta/|":                 `5: beta/main.go`,
		"%run .h|":                    `5: .hidden.go`,
		"%run better_way bes|":        `16: best.txt`,
		"!cat bes|":                   `5: best.txt`,
		"!bes|":                       `1: best.txt`,
		"%cd be|":                     `4: beta/ better_test/`,
		"%%writefile bes|\nx":         `12: best.txt`,
		"%env HO|":                    "5: HOME HOST",
		"%gil o|":                     "5: on off",
		"%start_method session comp|": "22: compiled",
		"%%bash\nls |":                "10:",
		"fmt.|":                       "go",
		"%time fmt.|":                 "go",
		"%%time\nfmt.|":               "go",
		"%%run\nfmt.|":                "go",
		"`\n%ti|":                     "go",
		"x|?":                         "go",
		"x?|":                         "go",
		"|":                           "go",
		"a %|":                        "go",
	} {
		cursor := strings.Index(code, "|")
		matches, start, ok := Complete(strings.Replace(code, "|", "", 1), cursor, n.dir, env)
		got := "go"
		if ok {
			got = strconv.Itoa(start) + ":"
			for _, m := range matches {
				got += " " + m.Text
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
	all, start, ok := Complete("%", 1, n.dir, env)
	if !ok || start != 0 || len(all) < 20 || all[0].Type != "magic" {
		t.Errorf("%v %d %v", all, start, ok)
	}
}

func TestBlank(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1\n%pwd\ny":          "x := 1\n    \ny",
		"%time f(x)\n":             "      f(x)\n",
		"%timeit -q -n 3 -r3 f(x)": "                    f(x)",
		"%time -x":                 "      -x",
		"%%time\nf(x)":             "      \nf(x)",
		"%time !ls":                "         ",
		"%%time\n!ls\nx":           "      \n   \nx",
		"%%bash\nls":               "      \n  ",
		"!ls\r\nx":                 "   \r\nx",
		"%run a \\\n b\nx":         "        \n  \nx",
		"한 := 1\n!에코\n한":           "한 := 1\n       \n한",
		"{\n%time x\n}":            "{\n%time x\n}",
		"plain":                    "plain",
	} {
		if got := Blank(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}
