package cells

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cursor takes the mark ‸ out of code and returns where it stood.
func cursor(t *testing.T, code string) (string, int) {
	t.Helper()
	before, after, ok := strings.Cut(code, "‸")
	if !ok {
		t.Fatalf("no cursor in %q", code)
	}
	return before + after, len(before)
}

var definitions = []string{
	"import (\n\t\"net/http\"\n\tj \"encoding/json\"\n)",
	`// A Shape has an area.
type Shape interface {
	// Area is in square metres.
	Area() float64
}
type base struct{ name string }

// Named tells the name.
func (b *base) Named() string { return b.name }

// Square is a shape.
type Square struct {
	base
	// Side is in metres.
	Side float64
	tags []string
}
func (s Square) Area() float64 { return s.Side * s.Side }
func (s *Square) Grow(by float64) { s.Side += by }`,
	"sq := Square{Side: 2}\nvar shape Shape = sq\nsquares := []*Square{&sq}\nresult := 3",
	`// Double doubles n.
//
// It uses [fmt.Sprint] never:
//   - fast
//   - simple
func Double(n int) int { return 2 * n }
func Map[T, U any](xs []T, f func(T) U) (out []U) {
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
const Limit, limit2 = 10, "x"`,
}

// defined is a session that ran definitions.
func defined(t *testing.T) *notebook {
	nb := open(t)
	for _, d := range definitions {
		if out := nb.run(d); out != "" {
			t.Fatalf("%s\nshowed %s", d, out)
		}
	}
	return nb
}

func TestComplete(t *testing.T) {
	nb := defined(t)
	files(t, nb.s.Dir())
	if out := nb.run("%env PARACELL_TESTS=1"); out != "env: PARACELL_TESTS=1\n" {
		t.Fatal(out)
	}
	for _, tt := range []struct {
		code string // the cursor stands at ‸
		want string // the matches, each with its type
	}{
		{"fmt.Printl‸", "Println:function"},
		{"import \"fmt\"\nfmt.Printl‸", "Println:function"},
		{"fmt.printl‸", "Println:function"},
		{"import \"strings\"\nstrings.ToUpp‸", "ToUpper:function ToUpperSpecial:function"},
		{"type pair struct{ left, lower int }\nvar p pair\np.l‸", "left:property lower:property"},
		{"fallth‸", "fallthrough:keyword"},
		{"http.StatusO‸", "StatusOK:constant"},
		{"j.NewD‸", "NewDecoder:function"},
		{"json.NewD‸", "NewDecoder:function"},
		{"os.Arg‸", "Args:instance"},
		{"strings.Buil‸", "Builder:type"},
		{"x := strings.Builder{}\nx.WriteS‸", "WriteString:function"},
		{"resu‸", "result:instance"},
		{"Resu‸", "result:instance"},
		{"Doub‸", "Double:function"},
		{"Squ‸", "Square:type squares:instance"},
		{"squ‸", "squares:instance Square:type"},
		{"lim‸", "limit2:constant Limit:constant"},
		{"appe‸", "append:function"},
		{"var x uintp‸", "uintptr:type"},
		{"sq.‸", "Area:function Grow:function Side:property base:property tags:property Named:function name:property"},
		{"sq.‸Side", "Area:function Grow:function Side:property base:property tags:property Named:function name:property"},
		{"(&sq).Gr‸", "Grow:function"},
		{"squares[0].Na‸", "Named:function name:property"},
		{"for _, s := range squares { s.Si‸", "Side:property"},
		{"shape.‸", "Area:function"},
		{"shape.Area().‸", ""},
		{"func g() {\n\tlocal1 := sq\n\t{ local2 := 1 }\n\tloca‸\n\tlocal3 := 3\n}", "local1:instance"},
		{"func g(argu1 int) (argu2 string) {\n\treturn argu‸", "argu1:instance argu2:instance"},
		{"a1 := sq; if a2 := a1.Si‸", "Side:property"},
		{"if sq.Si‸ > 2 {\n}", "Side:property"},
		{"go sq.Gr‸", "Grow:function"},
		{"f(1, sq.Si‸, 2)", "Side:property"},
		{"Map(squares, func(s *Square) int {\n\treturn s.Si‸", "Side:property"},
		{"Square{Si‸", "Side:property"},
		{"Square{Side: 1, ta‸}", "tags:property"},
		{"Square{Side: 1, Si‸}", ""},
		{"[]*Square{{Si‸", "Side:property"},
		{"http.Client{Timeo‸", "Timeout:property"},
		{"p := struct{ One, Two int }{}\np.‸", "One:property Two:property"},
		{"func (s Square) Perimeter() float64 { return 4 * s.Si‸ }", "Side:property"},
		{"func (s Square) Perimeter() float64 {\n\tif true {\n\t\ts.Gr‸\n\t}\n}", "Grow:function"},
		{"type Named Square\nNamed{}.Si‸", "Side:property"},
		{"type Circle struct{ R float64 }\nfunc (c Circle) Area() float64 { return c.‸ }", "Area:function R:property"},
		{"later‸\nfunc laterOn() {}", "laterOn:function"},
		{"func use() { counte‸ }\ncounter := 1", ""},
		{"counter := 1\ncounte‸\nfunc use() {}", "counter:instance"},
		{"counter := 1\nfunc use() { counte‸ }", "counter:instance"},
		{"import \"encoding/js‸", "encoding/json:module"},
		{"import (\n\t\"fmt\"\n\tx \"text/templ‸\"\n)", "text/template:module text/template/parse:module"},
		{"import \"tabwri‸\"", "text/tabwriter:module"},
		{"import \"fmt\"\nx := \"tabwri‸\"", ""},
		{"tabwri‸", "tabwriter:module"},
		{"tabwriter.NewW‸", "NewWriter:function"},
		{"// sq.Si‸", ""},
		{"/* sq.Si‸ */", ""},
		{"\"sq.Si‸", ""},
		{"x := 3.‸", ""},
		{"x := 1e‸", ""},
		{"func Doub‸", ""},
		{"Doub‸ := 3", "Double:function"},
		{"var Doub‸", ""},
		{"nosuch.‸", ""},
		{"f)(sq.Si‸", ""},
		{"%ti‸", "%time:magic %timeit:magic"},
		{"x := 1\n  %unset‸", "%unset_env:magic"},
		{"%%writef‸", "%%writefile:magic"},
		{"%writef‸", ""},
		{"x := 7\nx %tim‸", "time:module"},
		{"%gil ‸", "off:keyword on:keyword"},
		{"%gil on ‸", ""},
		{"%engine ‸", "auto:keyword compiled:keyword interpreted:keyword"},
		{"%engine auto ‸", ""},
		{"%native Dou‸", "Double:function"},
		{"%native Double Dou‸", "Double:function"},
		{"%start_method s‸", "session:keyword spawn:keyword"},
		{"%start_method session c‸", "compiled:keyword"},
		{"%env PARACELL_T‸", "PARACELL_TESTS:instance"},
		{"%time sq.Si‸", "Side:property"},
		{"%time local := 1\nloc‸", ""},
		{"other := 1\n%time oth‸", "other:instance"},
		{"%%time\nsq.Si‸", "Side:property"},
		{"%%run\nfunc main() { sq.Si‸", ""},
		{"%%run\nimport \"fmt\"\nfunc main() { fmt.Printl‸", "Println:function"},
		{"%%bash\nsq.Si‸", ""},
		{"?Doub‸", "Double:function"},
		{"Doub‸?", "Double:function"},
		{"%run ‸", "folder/:path note\\ book.ipynb:path program.go:path"},
		{"%run program.go d‸", "data.txt:path"},
		{"%run folder/‸", "folder/inner.go:path"},
		{"%load da‸", "data.txt:path"},
		{"%load .hid‸", ".hidden:path"},
		{"%cd ‸", "folder/:path"},
		{"%%writefile -a da‸\ntext", "data.txt:path"},
		{"!cat da‸", "data.txt:path"},
		{"!cat note\\ b‸", "note\\ book.ipynb:path"},
		{"%run ../nowhere/‸", ""},
		{"%run -t pro‸", "program.go:path"},
		{"%run -‸", "-t:keyword"},
		{"x := 1\ngoto en‸\nend:", ""},
		{"end:\nfor {\n\tbreak en‸", "end:instance"},
		{"func f() {\nagain:\n\tgoto ag‸", "again:instance"},
		{"x y z\nsq.Si‸", "Side:property"},
		{"x = = 3\nlocal := sq\nlocal.Si‸", "Side:property"},
		{"\"open\nsq.Si‸", "Side:property"},
		{"}}}\nsq.Si‸", "Side:property"},
		{"func f() { x y }\nfunc g(q Square) { q.Si‸", "Side:property"},
		{"s := \"😀\"; sq.Si‸", "Side:property"},
	} {
		code, at := cursor(t, tt.code)
		c := nb.s.Complete(context.Background(), code, at)
		var got []string
		for i, m := range c.Matches {
			got = append(got, m+":"+c.Types[i])
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.code, got, tt.want)
		}
		if c.Start > at || c.End != at {
			t.Errorf("%q replaces %d to %d, the cursor is at %d", tt.code, c.Start, c.End, at)
		}
		if len(c.Matches) > 0 && !strings.EqualFold(code[c.Start:c.End], c.Matches[0][:at-c.Start]) && c.Types[0] != "module" {
			t.Errorf("%q replaces %q", tt.code, code[c.Start:c.End])
		}
	}
}

func files(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"program.go", "program_test.go", "note book.ipynb", "data.txt", ".hidden", "folder/inner.go"} {
		if err := os.WriteFile(filepath.Join(dir, f), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCompleteAside completes what waits for something.
func TestCompleteAside(t *testing.T) {
	nb := open(t)
	nb.run("func evenly(n int) bool { return oddly(n - 1) }")
	for _, code := range []string{"even‸", "func oddly(n int) bool { return even‸(n - 1) }"} {
		text, at := cursor(t, code)
		if c := nb.s.Complete(t.Context(), text, at); !slices.Equal(c.Matches, []string{"evenly"}) || c.Types[0] != "function" {
			t.Errorf("%s: %v %v", code, c.Matches, c.Types)
		}
	}
}

// TestCompleteNothing completes an empty cell: everything there is.
func TestCompleteNothing(t *testing.T) {
	nb := defined(t)
	c := nb.s.Complete(context.Background(), "", 0)
	for _, want := range []string{"sq", "Double", "http", "append", "for", "string"} {
		if !slices.Contains(c.Matches, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.Contains(c.Matches, "tabwriter") {
		t.Error("packages that nobody asked for are among the matches")
	}
}

// awkward cells to put the cursor into.
var awkward = append(slices.Clip(definitions),
	"%time sq.Grow(1)\n!ls\nfor i := range 3 {\n\tswitch x := any(i).(type) {\n\tcase int:\n\t\tfmt.Println(x, \"é\", 'a')\n\t}\n}",
	"%%time\nx",
	"\n\n%%run a b\nfunc main() {}",
	"%",
	"!",
	"?",
	"%%",
	"\xff.\x00")

// TestCompleteAnywhere puts the cursor everywhere: nothing may go wrong.
func TestCompleteAnywhere(t *testing.T) {
	nb := defined(t)
	for _, d := range awkward {
		for at := range len(d) + 1 {
			c := nb.s.complete(context.Background(), d, at)
			if c.Start > c.End || c.Start < 0 || c.End > len(d) || len(c.Matches) != len(c.Types) {
				t.Errorf("%q at %d: %+v", d, at, c)
			}
		}
	}
}

func TestCompleteOutside(t *testing.T) {
	nb := open(t)
	for _, at := range []int{-1, 4, 1 << 40} {
		if c := nb.s.Complete(context.Background(), "les", at); c.Start < 0 || c.End > 3 {
			t.Errorf("at %d: %+v", at, c)
		}
	}
}

// TestCompleteWithoutGo has neither a toolchain nor anything cached: what the
// session itself knows must do.
func TestCompleteWithoutGo(t *testing.T) {
	self, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(Config{Evaluator: []string{self, "evaluator"}, Worker: []string{"none"}, Dir: t.TempDir(), CacheDir: t.TempDir(), GoCommand: filepath.Join(t.TempDir(), "go")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nb := &notebook{t: t, s: s}
	if out := nb.run("v := struct{ Field int }{}"); out != "" {
		t.Fatal(out)
	}
	if c := s.Complete(context.Background(), "v.", 2); !slices.Equal(c.Matches, []string{"Field"}) {
		t.Errorf("members are %v", c.Matches)
	}
	if c := s.Complete(context.Background(), "fmt.", 4); len(c.Matches) != 0 {
		t.Errorf("a package that can't be read has %v", c.Matches)
	}
	if _, found := s.Inspect(context.Background(), "append(", 7, 0); !found {
		t.Error("append is unknown")
	}
}
