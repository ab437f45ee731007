package eval_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/yaegi"
)

// The test binary plays the evaluator: a real process, killed and all.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "evaluator" {
		os.Exit(yaegi.Serve())
	}
	if len(os.Args) == 2 && os.Args[1] == "kernel" {
		kernel()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A session is an evaluator and what it showed.
type session struct {
	*eval.Process
	t      testing.TB
	units  int
	input  func(ctx context.Context, prompt string, password bool) (string, error)
	mu     sync.Mutex
	behind []eval.Event // shown while no unit ran
}

func start(t testing.TB, env ...string) *session {
	t.Helper()
	s := &session{t: t}
	p, err := eval.Start(t.Context(), eval.Config{
		Command: []string{os.Args[0], "evaluator"},
		Env:     append(os.Environ(), env...),
		Background: func(e eval.Event) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.behind = append(s.behind, e)
		},
		Answer: func(_ context.Context, kind string, payload []byte) ([]byte, error) {
			return fmt.Appendf(nil, "%s:%s", kind, payload), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	s.Process = p
	return s
}

// unit makes a unit of declarations, a %s for its own number, and a body.
func (s *session) unit(decls, body string, imports ...string) eval.Unit {
	s.units++
	u := eval.Unit{Name: fmt.Sprintf("cell%d", s.units), Entry: fmt.Sprintf("entry%d", s.units)}
	for _, path := range append(imports, yaegi.CellPath) {
		u.Imports = append(u.Imports, eval.Import{Path: path, Name: path[strings.LastIndex(path, "/")+1:]})
	}
	u.Source = fmt.Sprintf("func %s() {\n%s\n}\n%s", u.Entry, body, decls)
	return u
}

// run runs a unit and returns how it ended and what it showed, as text.
func (s *session) run(u eval.Unit) (eval.Outcome, string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	return s.runIn(ctx, u, nil)
}

// runIn calls saw, if any, with all that was shown so far at each event.
func (s *session) runIn(ctx context.Context, u eval.Unit, saw func(string)) (eval.Outcome, string) {
	var b strings.Builder
	o := s.Run(ctx, u, eval.Handler{
		Emit: func(e eval.Event) {
			b.WriteString(show(e))
			if saw != nil {
				saw(b.String())
			}
		},
		Input: s.input,
	})
	return o, b.String()
}

// show writes an event as text: standard output as it is, all else in brackets.
func show(e eval.Event) string {
	switch e := e.(type) {
	case eval.Stream:
		if e.Name == "stdout" {
			return e.Text
		}
		return "[" + e.Text + "]"
	case eval.Result:
		return fmt.Sprintf("[result %v]", e.Data["text/plain"])
	case eval.Display:
		return fmt.Sprintf("[display %v]", e.Data["text/plain"])
	case eval.Value:
		return fmt.Sprintf("[%s = %s]", e.Name, e.Text)
	}
	return fmt.Sprintf("[%T]", e)
}

func (s *session) done(u eval.Unit, want string) {
	s.t.Helper()
	o, got := s.run(u)
	if o.Kind != eval.Done {
		s.t.Fatalf("%s: %s %s %v\n%s\n%s", u.Name, o.Kind, o.Message, o.Frames, o.Detail, u.Source)
	}
	if got != want {
		s.t.Errorf("%s showed %q, want %q", u.Name, got, want)
	}
}

func TestRun(t *testing.T) {
	s := start(t)
	s.done(s.unit("var x int", `x = 41; fmt.Println("hello", x)`, "fmt"), "hello 41\n")
	s.done(s.unit("", `x++; cell.Result(x)`), "[result 42]")
	s.done(s.unit("", `cell.Result("a", 2, nil)`), "[result a 2 <nil>]")
	s.done(s.unit("", `cell.Var("x", x)`), "[x = 42]")
	s.done(eval.Unit{Name: "declarations", Source: "type T struct{ A int }"}, "")
}

func TestPanic(t *testing.T) {
	s := start(t)
	o, _ := s.run(s.unit("", `panic("boom")`))
	if o.Kind != eval.Panicked || o.Message != "boom" || o.Type != "string" {
		t.Errorf("got %+v", o)
	}
	s.done(s.unit("", `cell.Result("on")`), "[result on]")
}

func TestOrder(t *testing.T) {
	s := start(t)
	s.done(s.unit("", `
	fmt.Print("1 ")
	println("2")
	fmt.Print("3 ")
	fmt.Fprint(os.Stderr, "4")
	display.Show("5")
	fmt.Print("6 ")
	c := exec.Command("echo", "-n", "7 ")
	c.Stdout = os.Stdout
	c.Run()
	display.Show("8")
	os.Stdout.WriteString("9 ")
	cell.Result(10)`,
		"fmt", "os", "os/exec", "github.com/paracell/paracell/display"),
		"1 [2\n]3 [4][display 5]6 7 [display 8]9 [result 10]")
}

func TestManyLines(t *testing.T) {
	s := start(t)
	const n = 100_000
	o, got := s.run(s.unit("", fmt.Sprintf(`for i := 0; i < %d; i++ { fmt.Println(i) }`, n), "fmt"))
	if o.Kind != eval.Done {
		t.Fatal(o)
	}
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if len(lines) != n || lines[0] != "0" || lines[n-1] != fmt.Sprint(n-1) {
		t.Errorf("got %d lines", len(lines))
	}
}

// kernel starts an evaluator whose unit never ends, for TestKernelGone.
func kernel() {
	p, err := eval.Start(context.Background(), eval.Config{Command: []string{os.Args[0], "evaluator"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	u := eval.Unit{
		Name:    "cell1",
		Imports: []eval.Import{{Path: "fmt", Name: "fmt"}, {Path: "os/exec", Name: "exec"}},
		Source:  `func entry() { c := exec.Command("sleep", "1000"); c.Start(); fmt.Println(c.Process.Pid); for {} }`,
		Entry:   "entry",
	}
	p.Run(context.Background(), u, eval.Handler{Emit: func(e eval.Event) {
		if text, ok := e.(eval.Stream); ok {
			fmt.Println(p.PID(), text.Text)
		}
	}})
}

func TestStreams(t *testing.T) {
	s := start(t)
	big := strings.Repeat("0123456789abcdef", 1<<16)
	s.done(s.unit("", `os.Stdout.WriteString(strings.Repeat("0123456789abcdef", 1<<16))`, "os", "strings"), big)
	s.done(s.unit("", `os.Stdout.Write([]byte("a\xffb\xe2\x82")); os.Stdout.Write([]byte("\xac|\xe2\x82"))`, "os"), "a\xffb\u20ac|\xe2\x82")
	// A character is whole in each event, however it was written.
	o := s.Run(t.Context(), s.unit("", `
	for i := 0; i < 2000; i++ {
		for _, b := range []byte("\u20ac\u00e9\U0001F600") { os.Stdout.Write([]byte{b}) }
	}`, "os"), eval.Handler{Emit: func(e eval.Event) {
		if text := e.(eval.Stream).Text; strings.Contains(text, "\uFFFD") {
			t.Errorf("a character was cut: %q", text)
		}
	}})
	if o.Kind != eval.Done {
		t.Error(o)
	}
	// What looks like nothing special to a program is nothing special here.
	s.done(s.unit("", `os.Stdout.Write([]byte{0, 0, 1}); os.Stdout.Close(); cell.Result("still here")`, "os"), "\x00\x00\x01[result still here]")
	s.done(s.unit("", `cell.Result("and here")`), "[result and here]")
}

// A slow reader slows the unit down, and an interrupt reaches it nevertheless.
func TestBackPressure(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	o := s.Run(ctx, s.unit("", "for { fmt.Println(\"0123456789\") }", "fmt"), eval.Handler{Emit: func(eval.Event) {
		if n++; n == 3 {
			cancel()
		}
		time.Sleep(time.Millisecond)
	}})
	if o.Kind != eval.Interrupted {
		t.Errorf("%+v", o)
	}
}

func TestBackground(t *testing.T) {
	s := start(t)
	s.done(s.unit("var on chan bool", `on = make(chan bool); go func() { <-on; time.Sleep(20 * time.Millisecond); fmt.Println("behind"); display.Show("shown"); on <- true }()`,
		"fmt", "time", "github.com/paracell/paracell/display"), "")
	s.done(s.unit("", `on <- true`), "")
	behind := func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		var b strings.Builder
		for _, e := range s.behind {
			b.WriteString(show(e))
		}
		return b.String()
	}
	for deadline := time.Now().Add(10 * time.Second); behind() != "behind\n[display shown]"; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("background got %q", behind())
		}
	}
	s.done(s.unit("", `<-on`), "")
}

func TestValues(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		decls, value, want string
		imports            []string
	}{
		{"", `errors.New("bad")`, "bad", []string{"errors"}},
		{"type T2 struct { a int; B string }", `T2{1, "x"}`, "{1 x}", nil},
		{"type C3 int\nfunc (c C3) String() string { return \"C!\" }", `C3(1)`, "C!", nil},
		{"type E4 struct{}\nfunc (E4) Error() string { return \"E!\" }", `E4{}`, "E!", nil},
		{"", `map[string][]int{"a": {1, 2}}`, "map[a:[1 2]]", nil},
		{"type P6 struct{}\nfunc (P6) String() string { panic(\"oops\") }", `P6{}`, "%!v(PANIC=String method: oops)", nil},
		{"", `strings.Repeat("x", 10005)`, strings.Repeat("x", 10000) + "… (5 more characters)", []string{"strings"}},
	} {
		s.done(s.unit(c.decls, "cell.Result("+c.value+")", c.imports...), "[result "+c.want+"]")
	}
	var got eval.Event
	s.Run(t.Context(), s.unit("", `cell.Result(image.NewRGBA(image.Rect(0, 0, 2, 2)))`, "image"), eval.Handler{Emit: func(e eval.Event) { got = e }})
	if r, ok := got.(eval.Result); !ok || !strings.HasPrefix(fmt.Sprint(r.Data["image/png"]), "iVBOR") {
		t.Errorf("an image shows %v", got)
	}
}

func TestSettings(t *testing.T) {
	s := start(t)
	for _, set := range [][2]string{{"gil", "on"}, {"chdir", "/"}, {"setenv", "PARACELL_TEST=1"}} {
		if err := s.Set(set[0], set[1]); err != nil {
			t.Error(err)
		}
	}
	s.done(s.unit("", `d, _ := os.Getwd(); fmt.Print(runtime.GOMAXPROCS(0), d, os.Getenv("PARACELL_TEST"))`, "fmt", "os", "runtime"), "1/1")
	for _, set := range [][2]string{{"gil", "perhaps"}, {"chdir", "/nowhere"}, {"nothing", ""}} {
		if err := s.Set(set[0], set[1]); err == nil {
			t.Errorf("set %v", set)
		}
	}
}

func TestRefused(t *testing.T) {
	s := start(t)
	u := s.unit("", "x := 1\nx = undefined1")
	if o, _ := s.run(u); o.Kind != eval.Refused || len(o.Frames) != 1 || o.Frames[0].Line != 3 || o.Frames[0].Unit != u.Name {
		t.Errorf("%+v", o)
	}
	// Nothing of it has run.
	if o, printed := s.run(s.unit("", "println(1)\nvar u uintptr\nfor i := 0; i < 3; i++ {\nu++\n}")); o.Kind != eval.Refused || len(o.Frames) != 1 || len(printed) > 0 {
		t.Errorf("%+v, printed %v", o, printed)
	}
	if o, _ := s.run(s.unit("", "if {")); o.Kind != eval.Refused {
		t.Errorf("%+v", o)
	}
	if o, _ := s.run(s.unit("", "", "no/such/package")); o.Kind != eval.Refused {
		t.Errorf("%+v", o)
	}
	s.done(s.unit("", `cell.Result(1)`), "[result 1]")
}
