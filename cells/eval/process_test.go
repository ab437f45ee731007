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

func start(t testing.TB) *session {
	t.Helper()
	s := &session{t: t}
	p, err := eval.Start(t.Context(), eval.Config{
		Command: []string{os.Args[0], "evaluator"},
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
