package eval_test

import (
	"context"
	"strings"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// interrupt runs a unit until it has printed "go" and then cancels it.
func (s *session) interrupt(u eval.Unit) (eval.Outcome, string) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	return s.runIn(ctx, u, func(shown string) {
		if strings.Contains(shown, "go\n") {
			cancel()
		}
	})
}

func TestInterrupt(t *testing.T) {
	s := start(t)
	s.done(s.unit("var kept, x int\nvar closure func() int\nvar queue chan int", `
	kept = 1
	n := 41
	closure = func() int { n++; return n }
	queue = make(chan int, 1)`), "")
	for _, c := range []struct {
		name, body, after string
		imports           []string
	}{
		{"busy loop", `for { x++ }`, "", nil},
		{"printing loop", `for { fmt.Println("and on") }`, "", nil},
		{"sleep", `time.Sleep(time.Hour); fmt.Println("late")`, "", []string{"time"}},
		{"receive", `<-make(chan int); fmt.Println("late")`, "", nil},
		{"send", `make(chan int) <- 1; fmt.Println("late")`, "", nil},
		{"empty select", `select {}`, "", nil},
		{"select", `select { case <-make(chan int): case <-make(chan string): }; fmt.Println("late")`, "", nil},
		{"range", `for range make(chan int) {}; fmt.Println("late")`, "", nil},
		{"input", `var s string; fmt.Scan(&s); fmt.Println("late")`, "", nil},
		{"mutex", `var m sync.Mutex; m.Lock(); m.Lock(); fmt.Println("late")`, "", []string{"sync"}},
		{"wait group", `
		var g sync.WaitGroup
		g.Add(1)
		go func() {
			defer g.Done()
			for { x++ }
		}()
		g.Wait()
		fmt.Println("late")`, "", []string{"sync"}},
		{"sleeping workers", `
		var g sync.WaitGroup
		for i := 0; i < 3; i++ {
			g.Add(1)
			go func() {
				defer g.Done()
				time.Sleep(time.Hour)
			}()
		}
		g.Wait()
		fmt.Println("late")`, "", []string{"sync", "time"}},
		{"deferred", `
		defer fmt.Println("native")
		defer func() { fmt.Println("clean", kept) }()
		fmt.Println("go")
		for { x++ }`, "clean 1\nnative\n", nil},
		{"deferred in a sleep", `
		defer func() { fmt.Println("clean"); fmt.Println("up") }()
		fmt.Println("go")
		time.Sleep(time.Hour)`, "clean\nup\n", []string{"time"}},
		{"compiled caller", `sort.Slice([]int{1, 2}, func(i, j int) bool { for { x++ }; return true }); fmt.Println("late")`, "", []string{"sort"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.input = func(ctx context.Context, _ string, _ bool) (string, error) {
				<-ctx.Done()
				return "", ctx.Err()
			}
			body := c.body
			if !strings.Contains(body, `"go"`) {
				body = "fmt.Println(\"go\")\n" + body
			}
			o, got := s.interrupt(s.unit("", body, append(c.imports, "fmt")...))
			if o.Kind != eval.Interrupted {
				t.Fatalf("%+v", o)
			}
			_, after, _ := strings.Cut(got, "go\n")
			if after != c.after && c.name != "printing loop" {
				t.Errorf("showed %q after the interrupt, want %q", after, c.after)
			}
			s.done(s.unit("", `cell.Result(kept)`), "[result 1]")
			s.done(s.unit("", `queue <- 7; cell.Result(<-queue)`), "[result 7]")
		})
	}
	s.t = t
	s.done(s.unit("", `cell.Result(closure())`), "[result 42]")
	if len(s.behind) > 0 {
		t.Errorf("shown afterwards: %q", s.behind)
	}
}

// A goroutine that waits while a later unit is interrupted goes on.
func TestInterruptSparesEarlierGoroutines(t *testing.T) {
	s := start(t)
	s.done(s.unit("var in, out chan int", `
	in, out = make(chan int), make(chan int)
	go func() { for v := range in { out <- v * 2 } }()`), "")
	o, _ := s.interrupt(s.unit("", `
	waits := regexp.MustCompile("\\[select[^\\]]*\\]:\n(.*\n){1,12}.*yaegi.rangingChannel")
	b := make([]byte, 1<<20)
	for !waits.Match(b[:runtime.Stack(b, true)]) {}
	fmt.Println("go")
	for {}`, "fmt", "regexp", "runtime"))
	if o.Kind != eval.Interrupted {
		t.Fatalf("%+v", o)
	}
	s.done(s.unit("", `in <- 21; cell.Result(<-out)`), "[result 42]")
}

// What is interrupted in compiled code for good ends when it comes back, and
// shows nothing.
func TestInterruptedStaysBehind(t *testing.T) {
	s := start(t)
	s.done(s.unit("var m sync.Mutex", `m.Lock()`, "sync"), "")
	o, _ := s.interrupt(s.unit("", `
	go func() {
		b := make([]byte, 1<<20)
		for !bytes.Contains(b[:runtime.Stack(b, true)], []byte("[sync.Mutex.Lock")) {}
		fmt.Println("go")
	}()
	m.Lock()
	fmt.Println("late")
	for { fmt.Println("later") }`, "bytes", "fmt", "runtime"))
	if o.Kind != eval.Interrupted {
		t.Fatalf("%+v", o)
	}
	// The one that is left behind takes the lock, and keeps it.
	s.done(s.unit("", `m.Unlock(); for m.TryLock() { m.Unlock() }; cell.Result("taken")`), "[result taken]")
	s.done(s.unit("", `time.Sleep(50 * time.Millisecond); cell.Result("quiet")`, "time"), "[result quiet]")
	if len(s.behind) > 0 {
		t.Errorf("shown afterwards: %q", s.behind)
	}
}

// A process that does not react at all is ended.
func TestInterruptEnds(t *testing.T) {
	s := start(t)
	o, _ := s.interrupt(s.unit("", `
	c := exec.Command("sh", "-c", "kill -STOP $PPID; echo go")
	c.Stdout = os.Stdout
	c.Run()`, "os", "os/exec"))
	if o.Kind != eval.Died || !strings.Contains(o.Message, "did not react") {
		t.Errorf("%+v", o)
	}
}
