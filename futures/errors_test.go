package futures_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paracell/paracell/futures"
)

func init() { futures.Register(fails, panics); futures.RegisterType(reflect.TypeFor[coded]()) }

// coded is an error that callers look into.
type coded struct{ Code int }

func (c coded) Error() string        { return fmt.Sprintf("code %d", c.Code) }
func (c coded) Is(target error) bool { return c.Code == 404 && target == fs.ErrNotExist }

// stacked is an error with a stack, as libraries have them.
type stacked struct{}

func (stacked) Error() string { return "stacked" }

func (stacked) Format(s fmt.State, _ rune) {
	fmt.Fprint(s, "stacked")
	if s.Flag('+') {
		fmt.Fprint(s, "\nmain.f\n\tf.go:3")
	}
}

// unprintable is an error whose text can't be had.
type unprintable struct{ text *string }

func (e unprintable) Error() string { return *e.text }

// fails in as many ways as there are to fail.
func fails(how string) (int, error) {
	if how, ok := strings.CutPrefix(how, "nested "); ok {
		pool := futures.NewProcessPoolExecutor(1)
		defer pool.Shutdown(true, false)
		_, err := futures.SubmitErr(pool, fails, how).Result()
		if how, ok := strings.CutPrefix(how, "nested "); ok {
			return 0, fmt.Errorf("around %s: %w", how, err)
		}
		return 0, err
	}
	switch how {
	case "wrapped":
		return 0, fmt.Errorf("reading: %w", io.EOF)
	case "joined":
		return 0, fmt.Errorf("both: %w", errors.Join(io.EOF, os.ErrNotExist))
	case "stacked":
		return 0, fmt.Errorf("with a stack: %w", stacked{})
	case "unprintable":
		return 0, unprintable{}
	case "panic":
		panic(fmt.Errorf("reading: %w", io.EOF))
	case "coded":
		return 0, errors.Join(io.EOF, fmt.Errorf("coded: %w", coded{404}))
	case "missing":
		_, err := os.Open("/missing/file")
		return 0, fmt.Errorf("opening: %w", err)
	case "number":
		return strconv.Atoi("x")
	case "panic coded":
		panic(coded{404})
	}
	return quit(3), nil
}

// TestErrorStories compares what %+v tells of an error that crossed between
// processes; %v is the error's own text.
func TestErrorStories(t *testing.T) {
	const task = "github.com/paracell/paracell/futures_test.fails, in worker process <n>:\n"
	const stack = "goroutine 1 [running]:\npanic(<...>)\n\t<panic.go>\ngithub.com/paracell/paracell/futures_test.fails(<...>)\n\t<errors_test.go>"
	for how, c := range map[string]struct {
		text, story string
		is          []error
	}{
		"wrapped": {"reading: EOF", task + "*fmt.wrapError: reading: EOF\n    *errors.errorString: EOF", []error{io.EOF}},
		"joined": {"both: EOF\nfile does not exist", task + "*fmt.wrapError: both: EOF\nfile does not exist\n" +
			"    *errors.joinError: EOF\n    file does not exist\n        *errors.errorString: EOF\n        *errors.errorString: file does not exist", []error{io.EOF, os.ErrNotExist}},
		"stacked": {"with a stack: stacked", task + "*fmt.wrapError: with a stack: stacked\n    futures_test.stacked: stacked\n        main.f\n        \tf.go:3", nil},
		"unprintable": {"%!v(PANIC=Error method: runtime error: invalid memory address or nil pointer dereference)",
			task + "futures_test.unprintable: %!v(PANIC=Error method: runtime error: invalid memory address or nil pointer dereference)", nil},
		"panic":          {"panic: reading: EOF", "in worker process <n>:\n" + stack, []error{io.EOF}},
		"nested wrapped": {"reading: EOF", task + "*fmt.wrapError: reading: EOF\n    " + task + "    *fmt.wrapError: reading: EOF\n        *errors.errorString: EOF", []error{io.EOF}},
		"nested panic":   {"panic: reading: EOF", "in worker process <n>:\nin worker process <n>:\n" + stack, []error{io.EOF}},
		"nested nested wrapped": {"around wrapped: reading: EOF", task + "*fmt.wrapError: around wrapped: reading: EOF\n    *fmt.wrapError: reading: EOF\n        " +
			task + "        *fmt.wrapError: reading: EOF\n            " + task + "            *fmt.wrapError: reading: EOF\n                *errors.errorString: EOF", []error{io.EOF}},
		"exit": {"A process in the process pool was terminated abruptly while the future was running or pending.",
			"worker process <n> terminated abruptly with exit status 3\n\n    last words", nil},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			pool := newPool(t, 1)
			_, err := futures.SubmitErr(pool, fails, how).Result()
			if err == nil || err.Error() != c.text {
				t.Fatalf("the error is %q", err)
			}
			if got := fmt.Sprint(err); got != c.text {
				t.Errorf("%%v shows %q", got)
			}
			if got := fmt.Sprintf("%q", err); got != fmt.Sprintf("%q", c.text) {
				t.Errorf("%%q shows %s", got)
			}
			got := fmt.Sprintf("%+v", err)
			for find, replace := range map[string]string{`process \d+`: "process <n>", `\({?0x.*\)`: "(<...>)", `\t.*/(\w+\.go):\d+.*`: "\t<$1>"} {
				got = regexp.MustCompile(find).ReplaceAllString(got, replace)
			}
			if want := c.text + "\n\n" + c.story; got != want {
				t.Errorf("%%+v shows\n%s\nand not\n%s", got, want)
			}
			for _, target := range []error{io.EOF, os.ErrNotExist, os.ErrExist} {
				is := false
				for _, e := range c.is {
					is = is || e == target
				}
				if errors.Is(err, target) != is {
					t.Errorf("errors.Is(%v) is %v", target, !is)
				}
			}
		})
	}
}

// What a task fails with can be looked into as if it had failed here, if its type
// is known here.
func TestErrorsAs(t *testing.T) {
	pool := newPool(t, 1)
	for _, nested := range []string{"", "nested "} {
		failure := func(how string) error { return futures.SubmitErr(pool, fails, nested+how).Exception() }
		for _, how := range []string{"coded", "panic coded"} {
			var c coded
			if err := failure(how); !errors.As(err, &c) || c.Code != 404 || !errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
				t.Errorf("%s%s: %v, %+v", nested, how, c, err)
			}
		}
		var p *fs.PathError
		if err := failure("missing"); !errors.As(err, &p) || p.Op != "open" || p.Path != "/missing/file" || !errors.Is(err, fs.ErrNotExist) || !errors.Is(p, fs.ErrNotExist) {
			t.Errorf("%+v, %+v", p, err)
		}
		var n *strconv.NumError
		if err := failure("number"); !errors.As(err, &n) || n.Num != "x" || !errors.Is(n.Err, strconv.ErrSyntax) || !errors.Is(err, strconv.ErrSyntax) {
			t.Errorf("%+v, %+v", n, err)
		}
	}
}

// panics with values of many kinds.
func panics(i int) int { panic(panicked[i]) }

var panicked = []any{42, "a string", Point{1, 2, "a struct"}, []string{"a slice"}, coded{3}, make(chan int), errors.New("an error")}

func TestPanicValues(t *testing.T) {
	pool := newPool(t, 1)
	for i, v := range panicked {
		_, err := futures.Submit(pool, panics, i).Result()
		var p *futures.PanicError
		if !errors.As(err, &p) || p.Type != fmt.Sprintf("%T", v) || !strings.HasPrefix(p.Stack, "goroutine ") {
			t.Errorf("%v: %+v", v, err)
			continue
		}
		switch v.(type) {
		case chan int:
			v = nil
		case error:
			if !errors.As(err, new(*futures.RemoteError)) {
				t.Errorf("%v: %#v", v, err)
			}
			p.Value, v = fmt.Sprint(p.Value), fmt.Sprint(v)
		}
		if !reflect.DeepEqual(p.Value, v) {
			t.Errorf("%v came as %v", v, p.Value)
		}
	}
}

func TestBrokenThreadPoolsStory(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	pool := futures.NewThreadPoolExecutor(1, futures.Initializer(setUpFails, "no database"))
	defer pool.Shutdown(true, false)
	err := futures.Submit(pool, square, 1).Exception()
	if got := fmt.Sprintf("%+v", err); got != "A thread initializer failed, the thread pool is not usable anymore\n\nno database" {
		t.Errorf("%s", got)
	}
}
