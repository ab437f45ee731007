package cells

import (
	"context"
	"strings"
	"sync"
	"testing"
)

func TestInspect(t *testing.T) {
	nb := defined(t)
	for _, tt := range []struct {
		code   string // the cursor stands at ‸
		detail int
		want   []string // parts of text/plain, in order; none when nothing is found
	}{
		{"fmt.Print‸ln(1)", 0, []string{"func fmt.Println(a ...any) (n int, err error)\n\nPrintln formats using the default"}},
		{"fmt.Println(‸", 0, []string{"func fmt.Println("}},
		{"fmt.Println(\"a, ‸", 0, []string{"func fmt.Println("}},
		{"fmt.Println(\"a, ‸\", sq)", 0, []string{"func fmt.Println("}},
		{"fmt.Println(1, ‸", 0, []string{"func fmt.Println("}},
		{"fmt.Println(unknown‸", 0, []string{"func fmt.Println("}},
		{"fmt.Println(1)‸", 0, []string{"func fmt.Println("}},
		{"fmt.Println(sq‸", 0, []string{"var sq Square"}},
		{"fmt.Println(Double(‸), 2)", 0, []string{"func Double("}},
		{"go func() { ‸ }()", 0, nil},
		{"‸fmt.Println()", 0, []string{"package fmt // import \"fmt\"\n\nPackage fmt implements"}},
		{"fmt‸", 0, []string{"package fmt // import \"fmt\"\n\nPackage fmt implements"}},
		{"j‸", 0, []string{"package json // import \"encoding/json\""}},
		{"Double‸", 0, []string{"func Double(n int) int\n\nDouble doubles n.\n\nIt uses fmt.Sprint never:\n  - fast\n  - simple\n\nDefined in Cell[4], line 6.\n"}},
		{"Double‸", 1, []string{"Defined in Cell[4]", "func Double(n int) int { return 2 * n }"}},
		{"Map‸", 0, []string{"func Map[T, U any](xs []T, f func(T) U) (out []U)"}},
		{"sq‸", 0, []string{"var sq Square\n\nDefined in Cell[3], line 1."}},
		{"sq.Ar‸ea", 0, []string{"func (s Square) Area() float64\n"}},
		{"sq.Named(‸", 0, []string{"func (b *base) Named() string\n\nNamed tells the name.\n\nDefined in Cell[2], line 9."}},
		{"sq.Side‸", 0, []string{"field Side float64\n\nSide is in metres."}},
		{"Square{Side‸: 3}", 0, []string{"field Side float64\n"}},
		{"Square{‸", 0, []string{"type Square struct {"}},
		{"shape.Area‸", 0, []string{"func (Shape) Area() float64\n\nArea is in square metres."}},
		{"Square‸", 0, []string{"type Square struct {\n\tbase\n", "func (s *Square) Grow(by float64)\nfunc (s Square) Area() float64\n\nSquare is a shape.\n\nDefined in Cell[2], line 12."}},
		{"Shape‸", 0, []string{"type Shape interface {", "A Shape has an area."}},
		{"Limit‸", 0, []string{"const Limit = 10\n\nDefined in Cell[4]"}},
		{"fresh‸ := 3.5", 0, []string{"var fresh float64\n"}},
		{"// New is new.\nfunc New() {}\nNew‸()", 0, []string{"func New()\n\nNew is new."}},
		{"func f(a int) {\n\tfor _, b := range []string{} {\n\t\tb‸\n\t}\n}", 0, []string{"var b string\n"}},
		{"json.Decoder‸", 0, []string{"package json // import \"encoding/json\"\n\ntype Decoder struct {\n\t// contains filtered or unexported fields\n}\n\nfunc (dec *json.Decoder) Buffered() io.Reader\n", "A Decoder reads"}},
		{"http.Client{Timeout‸: 1}", 0, []string{"field Timeout time.Duration\n\nTimeout specifies"}},
		{"math.Pi‸", 0, []string{"const math.Pi = 3.14159\n\nhttps://oeis.org/A000796"}},
		{"time.Second‸", 0, []string{"const time.Second time.Duration = 1000000000\n"}},
		{"append(‸", 0, []string{"func append(slice []Type, elems ...Type) []Type\n\nThe append built-in function"}},
		{"error‸", 0, []string{"type error interface {\n\tError() string\n}\n\nThe error built-in"}},
		{"futures.NewThreadPoolExecutor‸", 0, []string{"func futures.NewThreadPoolExecutor(maxWorkers int", "NewThreadPoolExecutor makes a pool"}},
		{"%time Dou‸ble(3)", 0, []string{"func Double("}},
		{"%time‸", 0, []string{"%time STATEMENT"}},
		{"%gil o‸n", 0, []string{"%gil [on|off]"}},
		{"%%bash‸\nls", 0, []string{"%%bash"}},
		{"%%run\nfunc main() { Double‸() }", 0, nil},
		{"!l‸s", 0, []string{"!COMMAND"}},
		{"%nosuch‸", 0, nil},
		{"nosuch‸", 0, nil},
		{"for‸", 0, []string{"for i := range n { … }", "is Go's only loop", "https://go.dev/ref/spec#For_statements"}},
		{"x := func‸() {}", 0, []string{"func name(a, b int)"}},
		{"x = = 3\nfmt.Sprint‸(1)", 0, []string{"func fmt.Sprint("}},
		{"\"open\nsq.Side‸", 0, []string{"field Side float64"}},
		{"strings.Builder.Len‸", 0, []string{"func (b *strings.Builder) Len() int"}},
		{"http.Request.URL‸", 0, []string{"field URL *url.URL"}},
		{"time.Now().Unix‸()", 0, []string{"func (t time.Time) Unix() int64", "Unix returns t as a Unix time"}},
		{"http.MethodGet‸", 0, []string{"const http.MethodGet = \"GET\""}},
		{"var w io.Writer‸", 0, []string{"type Writer interface {\n\tWrite(p []byte) (n int, err error)\n}", "Writer is the interface"}},
		{"true‸", 0, []string{"true"}},
		{"nil‸", 0, []string{"nil"}},
		{"s := \"😀\"; Double‸", 0, []string{"func Double("}},
		{"// Double‸", 0, nil},
		{"\"Double‸\"", 0, nil},
		{"‸", 0, nil},
	} {
		code, at := cursor(t, tt.code)
		b, found := nb.s.inspect(context.Background(), code, at, tt.detail)
		text, _ := b["text/plain"].(string)
		if found != (tt.want != nil) {
			t.Errorf("%q: found %v\n%s", tt.code, found, text)
			continue
		}
		rest := text
		for _, want := range tt.want {
			_, after, ok := strings.Cut(rest, want)
			if !ok {
				t.Errorf("%q misses %q in\n%s", tt.code, want, text)
			}
			rest = after
		}
	}
}

func TestInspectMarkdown(t *testing.T) {
	nb := defined(t)
	b, _ := nb.s.Inspect(context.Background(), "Double", 6, 1)
	const want = "```go\nfunc Double(n int) int\n```\n\nDouble doubles n.\n\nIt uses [fmt.Sprint](https://pkg.go.dev/fmt#Sprint) never:\n\n  - fast\n  - simple\n\n*Defined in Cell[4], line 6.*\n\n```go\nfunc Double(n int) int { return 2 * n }\n```\n"
	if b["text/markdown"] != want {
		t.Errorf("got\n%s\nwant\n%s", b["text/markdown"], want)
	}
}

// TestInspectAnywhere puts the cursor everywhere: nothing may go wrong.
func TestInspectAnywhere(t *testing.T) {
	nb := defined(t)
	for _, d := range awkward {
		for at := range len(d) + 1 {
			b, found := nb.s.inspect(context.Background(), d, at, 1)
			if text, _ := b["text/plain"].(string); found != (text != "") {
				t.Errorf("%q at %d: found %v, text %q", d, at, found, text)
			}
		}
	}
}

// TestAskWhileRunning asks while a cell runs and others define things: for the
// race detector, and for whoever waits where it must not.
func TestAskWhileRunning(t *testing.T) {
	nb := defined(t)
	ask := func() {
		nb.s.Complete(context.Background(), "squares[0].Na", 13)
		nb.s.Complete(context.Background(), "func (s Square) M() { s.", 24)
		nb.s.Inspect(context.Background(), "sq.Area(Double(", 15, 1)
		nb.s.Inspect(context.Background(), "http.Client{}", 11, 1)
	}
	// A cell that ends only after it was asked about.
	asked := false
	nb.runContext(context.Background(), "fmt.Println(1)\nvar never chan int\nnever = make(chan int, 1); never <- 1; <-never", func(Event) {
		if !asked {
			asked = true
			ask()
		}
	})
	if !asked {
		t.Fatal("the cell showed nothing")
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				ask()
			}
		}
	})
	for range 3 {
		for _, d := range definitions {
			nb.run(d)
		}
		nb.run("type Square struct{ base; Side, More float64 }")
		nb.run("func (s Square) More2() float64 { return strings.Count(\"a\", \"a\") + s.More }")
	}
	close(stop)
	wg.Wait()
}
