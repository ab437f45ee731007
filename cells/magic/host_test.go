package magic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/eval"
)

// notepad is a Host that writes down what is asked of it. Its Go is not run but
// noted; its programs and files are real.
type notepad struct {
	t   *testing.T
	mu  sync.Mutex
	out string // streams; "<stderr>" goes before what isn't stdout

	events  []eval.Event
	ran     []Code
	loops   []int
	fails   map[string]*Error // RunGo's answer by code
	each    time.Duration     // what one loop of RunGoN takes
	answers []string          // to Input; none left: io.EOF
	asked   []string
	deaf    bool // no input at all
	next    []string
	pages   []eval.MIMEBundle
	vars    []Variable
	history []Entry
	resets  int

	settings map[string]string
	dir      string
	env      []string
	engine   *build.Engine
}

func newNotepad(t *testing.T) *notepad {
	return &notepad{t: t, dir: t.TempDir(), env: os.Environ(), settings: map[string]string{SettingGIL: "off", SettingStartMethod: "session", SettingEngine: EngineAuto},
		engine: build.New(build.Config{Cache: filepath.Join(t.TempDir(), "cache")})}
}

// run runs a cell.
func (n *notepad) run(cell string) *Error { return n.runIn(n.t.Context(), cell) }

func (n *notepad) runIn(ctx context.Context, cell string) *Error {
	n.t.Helper()
	segments, err := Split(cell)
	if err != nil {
		return err
	}
	return Cells(ctx, n, segments)
}

// prints runs a cell that is to succeed and returns what it printed.
func (n *notepad) prints(cell string) string {
	n.t.Helper()
	n.out = ""
	if err := n.run(cell); err != nil {
		n.t.Fatalf("%s: %v\n%s", cell, err, strings.Join(err.Traceback, "\n"))
	}
	return n.out
}

func (n *notepad) write(name, text string) string {
	n.t.Helper()
	path := filepath.Join(n.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		n.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		n.t.Fatal(err)
	}
	return path
}

func (n *notepad) RunGo(_ context.Context, code Code) *Error {
	n.ran = append(n.ran, code)
	return n.fails[strings.TrimSpace(code.Text)]
}

func (n *notepad) RunGoN(_ context.Context, code Code, loops int) (time.Duration, *Error) {
	n.ran = append(n.ran, code)
	n.loops = append(n.loops, loops)
	return n.each * time.Duration(loops), n.fails[strings.TrimSpace(code.Text)]
}

func (n *notepad) CPU() (user, system time.Duration, ok bool) {
	calls := time.Duration(len(n.ran))
	return calls * 20 * time.Millisecond, calls * 1500 * time.Microsecond, true
}

func (n *notepad) Emit(e eval.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	if s, ok := e.(eval.Stream); ok {
		if s.Name != "stdout" {
			n.out += "<" + s.Name + ">"
		}
		n.out += s.Text
	}
}

func (n *notepad) Input(_ context.Context, prompt string, _ bool) (string, error) {
	n.asked = append(n.asked, prompt)
	switch {
	case n.deaf:
		return "", ErrNoInput
	case len(n.answers) == 0:
		return "", io.EOF
	}
	answer := n.answers[0]
	n.answers = n.answers[1:]
	return answer, nil
}

func (n *notepad) SetNextInput(text string, replace bool) {
	if !replace {
		n.t.Error("a new cell was asked for")
	}
	n.next = append(n.next, text)
}

func (n *notepad) Page(b eval.MIMEBundle) { n.pages = append(n.pages, b) }

func (n *notepad) Inspect(name string, detail int) (eval.MIMEBundle, bool) {
	if name != "known" {
		return nil, false
	}
	return eval.MIMEBundle{"text/plain": []string{"brief", "with source"}[detail]}, true
}

func (n *notepad) Variables(context.Context) ([]Variable, error) { return n.vars, nil }
func (n *notepad) Pools(_ context.Context, number int) error {
	if number > 2 {
		return errors.New("no such pool")
	}
	n.Emit(eval.Stream{Name: "stdout", Text: fmt.Sprintf("pool %d\n", number)})
	return nil
}
func (n *notepad) History() []Entry            { return n.history }
func (n *notepad) Reset(context.Context) error { n.resets++; return nil }
func (n *notepad) Dir() string                 { return n.dir }
func (n *notepad) Env() []string               { return slices.Clone(n.env) }
func (n *notepad) CellName() string            { return "Cell[3]" }
func (n *notepad) Native(_ context.Context, names []string) *Error {
	n.ran = append(n.ran, Code{Text: "native " + strings.Join(names, " ")})
	return nil
}
func (n *notepad) Build() *build.Engine       { return n.engine }
func (n *notepad) Setting(name string) string { return n.settings[name] }

func (n *notepad) Set(_ context.Context, setting, value string) error {
	name, _, _ := strings.Cut(value, "=")
	switch setting {
	case SettingDir:
		n.dir = value
	case SettingEnv, SettingNoEnv:
		n.env = slices.DeleteFunc(n.env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") })
		if setting == SettingEnv {
			n.env = append(n.env, value)
		}
	case SettingGIL, SettingStartMethod:
		n.settings[setting] = value
	default:
		return errors.New("there is no setting " + setting)
	}
	return nil
}
