package display

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// record collects what is shown while a test runs.
func record(t *testing.T) *[]Message {
	var got []Message
	SetSink(func(m Message) { got = append(got, m) })
	t.Cleanup(func() { SetSink(nil) })
	return &got
}

func TestConstructors(t *testing.T) {
	small := image.NewGray(image.Rect(0, 0, 3, 2))
	for _, c := range []struct {
		name, mime string
		data       Data
		want, text string
	}{
		{"HTML", "text/html", HTML("<p>a &lt; b</p><style>x{}</style>c"), "<p>a &lt; b</p><style>x{}</style>c", "a < b\nc"},
		{"Markdown", "text/markdown", Markdown("**x**"), "**x**", "**x**"},
		{"LaTeX", "text/latex", LaTeX(`\frac12`), `$$\frac12$$`, `\frac12`},
		{"LaTeX with dollars", "text/latex", LaTeX(`$x$`), `$x$`, `$x$`},
		{"SVG", "image/svg+xml", SVG("<svg/>"), "<svg/>", "SVG image"},
		{"JPEG", "image/jpeg", JPEG([]byte{1}), "AQ==", "JPEG image"},
		{"Text", "text/plain", Text("x"), "x", "x"},
	} {
		if c.data.MIME[c.mime] != c.want || c.data.String() != c.text {
			t.Errorf("%s: %q with text %q", c.name, c.data.MIME[c.mime], c.data)
		}
	}
	raw, err := base64.StdEncoding.DecodeString(Image(small).MIME["image/png"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(strings.NewReader(string(raw))); err != nil || img.Bounds() != small.Bounds() {
		t.Errorf("Image: %v", err)
	}
	if got := Image(small).String(); got != "PNG image, 3×2" {
		t.Errorf("Image's text: %q", got)
	}
	j := JSON(map[string]any{"big": int64(1) << 62})
	if got := string(j.MIME["application/json"].(json.RawMessage)); got != `{"big":4611686018427387904}` {
		t.Errorf("JSON: %s", got)
	}
	if got := JSON(make(chan int)).String(); !strings.Contains(got, "unsupported type") {
		t.Errorf("JSON of a channel: %q", got)
	}
}

type page struct{ name string }

func (p *page) HTML() string     { return "<b>" + p.name + "</b>" }
func (p *page) Markdown() string { return "**" + p.name + "**" }
func (p *page) String() string   { return "page" }

type rawBundle map[string]any

func (b rawBundle) MIMEBundle() map[string]any { return b }

func TestOf(t *testing.T) {
	d, rich := Of(&page{"x"})
	if !rich || d.MIME["text/html"] != "<b>x</b>" || d.MIME["text/markdown"] != "**x**" || d.String() != "page" {
		t.Errorf("methods: %v %v", d, rich)
	}
	if d, rich = Of(7); rich || d.String() != "7" || len(d.MIME) != 1 {
		t.Errorf("plain: %v %v", d.MIME, rich)
	}
	if d, rich = Of((*page)(nil)); rich || !strings.Contains(d.String(), "*display.page: its display method panicked") {
		t.Errorf("nil pointer: %v %v", d, rich)
	}
	d, rich = Of(rawBundle{
		"text/html": []byte("<i>"), "image/png": []byte{1, 2}, "application/json": map[string]int{"a": 1},
		"application/geo+json": []byte(`[1]`), "image/svg+xml": []byte("<svg/>"),
	})
	want := map[string]string{"text/html": "<i>", "image/png": "AQI=", "image/svg+xml": "<svg/>"}
	for mime, s := range want {
		if d.MIME[mime] != s {
			t.Errorf("bundle %s: %q", mime, d.MIME[mime])
		}
	}
	for mime, s := range map[string]string{"application/json": `{"a":1}`, "application/geo+json": `[1]`} {
		if raw, ok := d.MIME[mime].(json.RawMessage); !ok || string(raw) != s {
			t.Errorf("bundle %s: %v", mime, d.MIME[mime])
		}
	}
	if !rich || d.String() == "" {
		t.Errorf("bundle without text: %v", d.MIME)
	}
	if d, rich := Of(image.NewGray(image.Rect(0, 0, 1, 1))); !rich || d.MIME["image/png"] == nil {
		t.Errorf("image: %v", d.MIME)
	}
}

func TestShow(t *testing.T) {
	got := record(t)
	Show(1)
	ShowID("a", 2)
	Update("a", 3)
	h := Live("x")
	h.Update("y")
	HTML("<b>z</b>").Display()
	Clear(true)
	want := []Message{
		{Op: OpDisplay, Data: Text("1")},
		{Op: OpDisplay, Data: Text("2"), ID: "a"},
		{Op: OpUpdate, Data: Text("3"), ID: "a"},
		{Op: OpDisplay, Data: Text("x"), ID: h.ID()},
		{Op: OpUpdate, Data: Text("y"), ID: h.ID()},
		{Op: OpDisplay, Data: HTML("<b>z</b>")},
		{Op: OpClear, Wait: true},
	}
	if len(*got) != len(want) {
		t.Fatalf("%d messages: %v", len(*got), *got)
	}
	for i, m := range *got {
		w := want[i]
		if m.Op != w.Op || m.ID != w.ID || m.Wait != w.Wait || m.Data.String() != w.Data.String() || len(m.Data.MIME) != len(w.Data.MIME) {
			t.Errorf("message %d: %v, want %v", i, m, w)
		}
	}
	if h.ID() == Live(0).ID() {
		t.Error("two handles share an id")
	}
}

func TestWithoutNotebook(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	HTML("<b>bold</b>").Display()
	Clear(false)
	Update("a", 5)
	os.Stdout = stdout
	w.Close()
	if out, err := io.ReadAll(r); err != nil || string(out) != "bold\n5\n" {
		t.Errorf("%q %v", out, err)
	}
}

type inner struct{ Depth int }

type row struct {
	Name string
	inner
	Score  float64
	hidden int
	Err    error
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name string
		rows any
		want string
	}{
		{"structs", []row{{"a<b", inner{1}, 0.5, 9, nil}, {"c", inner{22}, 2, 9, errors.New("bad")}},
			"Name  Depth  Score  Err\na<b   1      0.5    \nc     22     2      bad"},
		{"pointers", []*row{{Name: "a"}, nil}, "Name  Depth  Score  Err\na     0      0      \n                    "},
		{"no structs", []row{}, "Name  Depth  Score  Err"},
		{"maps", []map[string]any{{"b": 1}, {"a": "x"}}, "a  b\n   1\nx  "},
		{"slices", [][]any{{"n", "sq"}, {1, 1}, {2, 4}}, "n  sq\n1  1\n2  4"},
		{"slices without heading", [][]int{{1, 2}, {3, 4}}, "1  2\n3  4"},
		{"ragged", [][]any{{1}, {2, "x"}}, "1  \n2  x"},
		{"scalars", []int{3, 4}, "3\n4"},
		{"mixed", []any{1, "a", nil}, "1\na"},
		{"times", []time.Time{time.Unix(0, 0).UTC()}, "1970-01-01 00:00:00 +0000 UTC"},
		{"map", map[int]string{10: "x", 9: "y"}, "key  value\n9    y\n10   x"},
		{"struct", &inner{3}, "field  value\nDepth  3"},
		{"nil", nil, "display.Table: the rows are nil"},
		{"number", 3, "display.Table: a int is not a table; give a slice of structs, maps or slices"},
	} {
		trim := func(s string) string {
			lines := strings.Split(s, "\n")
			for i := range lines {
				lines[i] = strings.TrimRight(lines[i], " ")
			}
			return strings.TrimRight(strings.Join(lines, "\n"), "\n")
		}
		if got := trim(Table(c.rows).String()); got != trim(c.want) {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
	page := Table([]row{{Name: "a<b"}}).MIME["text/html"].(string)
	if !strings.Contains(page, "a&lt;b") || !strings.Contains(page, `<th style="text-align:right">Depth`) {
		t.Errorf("html:\n%s", page)
	}
	long := Table(make([]int, maxRows+7))
	if !strings.HasSuffix(long.String(), "… 7 more rows of 507") || !strings.Contains(long.MIME["text/html"].(string), "7 more rows") {
		t.Errorf("a long table isn't cut: %.200s", long)
	}
}

func TestBars(t *testing.T) {
	d := Bars("Took <it>", "s", []string{"serial", "긴 이름", "bad", "debt", "∞"}, []float64{0.479, 0.485, math.NaN(), -0.2, math.Inf(1)})
	svg := d.MIME["image/svg+xml"].(string)
	dec := xml.NewDecoder(strings.NewReader(svg))
	bars := 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
			for _, a := range e.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") || strings.HasPrefix(a.Value, "-") {
					t.Errorf("rect has %s=%q", a.Name.Local, a.Value)
				}
			}
		}
	}
	if bars != 4 {
		t.Errorf("%d bars for four numbers", bars)
	}
	if !strings.Contains(svg, "0.479 s") || !strings.Contains(svg, "-0.2 s") {
		t.Errorf("figures are missing:\n%s", svg)
	}
	if got := strings.Split(d.String(), "\n"); len(got) != 6 || got[1] != "serial   0.479 s  "+strings.Repeat("█", 40) || !strings.HasPrefix(got[2], "긴 이름  0.485 s") {
		t.Errorf("text form:\n%s", d)
	}
	if got := Bars("", "", nil, []float64{1}).String(); got != "display.Bars: 0 labels but 1 values" {
		t.Errorf("mismatch: %q", got)
	}
	if svg := Bars("", "", nil, nil).MIME["image/svg+xml"].(string); !strings.HasSuffix(svg, "</svg>") {
		t.Errorf("empty: %q", svg)
	}
}

func TestProgress(t *testing.T) {
	got := record(t)
	clock := time.Unix(100, 0)
	p := newProgress("sum", 10, func() time.Time { return clock })
	p.Add(1) // too early to draw
	clock = clock.Add(time.Second)
	p.Add(3)
	clock = clock.Add(time.Second)
	p.Note("1 failed")
	p.Add(6)
	p.Close()
	var lines []string
	for _, m := range *got {
		lines = append(lines, m.Data.String())
		if m.ID == "" || m.ID != (*got)[0].ID {
			t.Errorf("id %q", m.ID)
		}
	}
	want := []string{
		"sum   0% |                    | 0/10",
		"sum  40% |████████            | 4/10 · 4/s · 1.5s left",
		"sum 100% |████████████████████| 10/10 · 5/s · took 2s · 1 failed",
		"sum 100% |████████████████████| 10/10 · 5/s · took 2s · 1 failed",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s", strings.Join(lines, "\n"))
	}
	unknown := NewProgress("", 0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { unknown.Add(1) })
	}
	wg.Wait()
	unknown.Close()
	if last := (*got)[len(*got)-1].Data.String(); !strings.HasPrefix(last, "8 · ") {
		t.Errorf("unknown total: %q", last)
	}
}
