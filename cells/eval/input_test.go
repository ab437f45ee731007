package eval_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

func TestInput(t *testing.T) {
	for _, c := range []struct {
		name, body, want string
		lines            []string
		imports          []string
	}{
		{"scan", `var a, b string; fmt.Print("? "); fmt.Scan(&a); fmt.Scan(&b); fmt.Print(a+b)`, "? <one two>onetwo", []string{"one two"}, nil},
		{"scanln", `var a string; var n int; fmt.Scanln(&a, &n); fmt.Print(a, n)`, "<x 3>x3", []string{"x 3"}, nil},
		{"scan again", `var a, b string; fmt.Scan(&a); fmt.Scan(&b); fmt.Print(a+b)`, "<one><two>onetwo", []string{"one", "two"}, nil},
		{"scanf", `var n int; fmt.Scanf("%d", &n); fmt.Print(n+1)`, "<41>42", []string{"41"}, nil},
		{"fscan", `var n int; fmt.Fscan(os.Stdin, &n); fmt.Print(n+1)`, "<41>42", []string{"41"}, []string{"os"}},
		{"scan at the end", `var s string; _, err := fmt.Scan(&s); fmt.Print(err)`, "<EOF>EOF", nil, nil},
		{"scanner", `s := bufio.NewScanner(os.Stdin); for s.Scan() { fmt.Println(s.Text()) }`, "<a>a\n<b>b\n<EOF>", []string{"a", "b"}, []string{"bufio", "os"}},
		{"read all", `b, _ := io.ReadAll(os.Stdin); fmt.Print(len(b))`, "<abc><EOF>4", []string{"abc"}, []string{"io", "os"}},
		{"subprocess", `c := exec.Command("sh", "-c", "read x; echo got $x"); c.Stdin, c.Stdout = os.Stdin, os.Stdout; c.Run()`, "<it>got it\n", []string{"it"}, []string{"os", "os/exec"}},
		{"asked by hand", `s, err := cell.Input("name: ", true); fmt.Print(s, err)`, "<name: secret>secret<nil>", []string{"secret"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			// Each case twice: the end of input is for one unit.
			for range 2 {
				lines, got := c.lines, ""
				s.input = func(_ context.Context, prompt string, password bool) (string, error) {
					if password != (c.name == "asked by hand") {
						t.Errorf("password %v", password)
					}
					if len(lines) == 0 {
						got += "<EOF>"
						return "", io.EOF
					}
					line := lines[0]
					lines = lines[1:]
					got += "<" + prompt + line + ">"
					return line, nil
				}
				o := s.Run(t.Context(), s.unit("", c.body, append(c.imports, "fmt")...), eval.Handler{
					Emit:  func(e eval.Event) { got += show(e) },
					Input: s.input,
				})
				if o.Kind != eval.Done || got != c.want {
					t.Errorf("%s %s: got %q, want %q", o.Kind, o.Message, got, c.want)
				}
			}
		})
	}
}

func TestNoInput(t *testing.T) {
	s := start(t)
	s.done(s.unit("", `var s string; _, err := fmt.Scan(&s); fmt.Println(err); b, _ := io.ReadAll(os.Stdin); fmt.Println(len(b))`, "fmt", "io", "os"), "EOF\n0\n")
	s.done(s.unit("", `_, err := cell.Input("", false); fmt.Println(err)`, "fmt"), "this front end gives no input\n")
}

func TestInputInterrupted(t *testing.T) {
	s := start(t)
	s.input = func(context.Context, string, bool) (string, error) { return "kept", nil }
	for _, body := range []string{
		`var s string; fmt.Scan(&s); fmt.Scan(&s); fmt.Println("late", s)`,
		`b, _ := io.ReadAll(os.Stdin); fmt.Println("late", b)`,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		asked := 0
		s.input = func(ctx context.Context, _ string, _ bool) (string, error) {
			if asked++; asked == 1 {
				return "first", nil
			}
			cancel()
			<-ctx.Done()
			return "", errors.New("nobody there")
		}
		o, got := s.runIn(ctx, s.unit("", body, "fmt", "io", "os"), nil)
		if o.Kind != eval.Interrupted || got != "" {
			t.Errorf("%+v, showed %q", o, got)
		}
		s.input = func(context.Context, string, bool) (string, error) { return "next", nil }
		s.done(s.unit("", `var s string; fmt.Scan(&s); fmt.Print(s)`, "fmt"), "next")
	}
}
