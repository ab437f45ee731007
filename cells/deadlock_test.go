package cells

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var engines = []string{"interpreted", "compiled"}

// TestDeadlocks runs cells that can't go on, and says where each of their
// goroutines waits: state and line.
func TestDeadlocks(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			nb := open(t)
			nb.run("import \"github.com/paracell/paracell/futures\"\nkept := 7\nafter := func(c chan int) int { return <-c }")
			nb.run("%engine " + engine)
			for _, tt := range []struct{ name, code, want string }{
				{"send", "ch := make(chan int)\nch <- 1", "chan send 2"},
				{"receive", "ch := make(chan int)\n<-ch", "chan receive 2"},
				{"receive with ok", "ch := make(chan int)\n_, ok := <-ch\n_ = ok", "chan receive 2"},
				{"nil channel", "var ch chan int\n<-ch", "chan receive 2"},
				{"range", "ch := make(chan int, 1)\nch <- 1\nfor range ch {}", "chan receive 3"},
				{"full", "ch := make(chan int, 1)\nch <- 1\nch <- 2", "chan send 3"},
				{"select", "a, b := make(chan int), make(chan string)\nselect {\ncase <-a:\ncase b <- \"\":\n}", "select 2"},
				{"empty select", "select {}", "select (no cases) 1"},
				{"mutex", "var mu sync.Mutex\nmu.Lock()\nmu.Lock()", "sync.Mutex.Lock 3"},
				{"reader", "var mu sync.RWMutex\nmu.Lock()\nmu.RLock()", "sync.RWMutex.RLock 3"},
				{"wait group", "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", "sync.WaitGroup.Wait 3"},
				{"condition", "c := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\nc.Wait()", "sync.Cond.Wait 3"},
				{"each other", "a, b := make(chan int), make(chan int)\ngo func() {\n\ta <- <-b\n}()\nb <- <-a", "chan receive 5, chan receive 3"},
				{"workers", "in := make(chan int)\nvar wg sync.WaitGroup\nfor range 3 {\n\twg.Go(func() {\n\t\t<-in\n\t})\n}\nwg.Wait()", "sync.WaitGroup.Wait 8, 3 chan receive 5"},
				{"in a function", "func f(c chan int) {\n\tc <- 1\n}\nf(make(chan int))", "chan send 2 4"},
				{"in a closure of another cell", "after(make(chan int))", "chan receive 3 1"},
				{"a pool that waits for itself", "pool := futures.NewThreadPoolExecutor(1)\nf := futures.Submit(pool, func(n int) int {\n\tr, _ := futures.Submit(pool, func(n int) int { return n }, 2).Result()\n\treturn r\n}, 1)\nf.Result()", "select 6, select 3"},
				{"after sleeping", "time.Sleep(200 * time.Millisecond)\nselect {}", "select (no cases) 2"},
				{"a timer that was stopped", "t := time.NewTimer(time.Hour)\nt.Stop()\n<-t.C", "chan receive 3"},
				{"a ticker that nobody waits for", "t := time.NewTicker(time.Millisecond)\n_ = t\nselect {}", "select (no cases) 3"},
				{"a context that was cancelled", "ctx, cancel := context.WithTimeout(context.Background(), time.Hour)\ncancel()\n<-ctx.Done()\nselect {}", "select (no cases) 4"},
			} {
				t.Run(tt.name, func(t *testing.T) {
					nb.t = t
					traceback := nb.traceback(tt.code)
					rest, ok := strings.CutPrefix(traceback, "fatal error: all goroutines are asleep - deadlock!\n")
					if got := states(rest); !ok || got != tt.want {
						t.Errorf("it waits at %q, want %q\n%s", got, tt.want, traceback)
					}
					if got := nb.run("kept"); got != "=> 7" {
						t.Errorf("then %q", got)
					}
				})
			}
		})
	}
}

var (
	waiter   = regexp.MustCompile(`^goroutine \d+(?: and (\d+) more)? \[(.*)\]:$`)
	cellLine = regexp.MustCompile(`^Cell\[\d+\]:(\d+)`)
)

// states shortens what a traceback says of goroutines: their number above one,
// what they wait for, and the lines.
func states(traceback string) string {
	var all []string
	for line := range strings.SplitSeq(traceback, "\n") {
		if m := waiter.FindStringSubmatch(line); m != nil {
			state := strings.TrimSuffix(m[2], " (nil chan)") // the interpreter can't tell
			if n, _ := strconv.Atoi(m[1]); n > 0 {
				state = fmt.Sprint(n+1, " ", state)
			}
			all = append(all, state)
		} else if m := cellLine.FindStringSubmatch(line); m != nil && len(all) > 0 {
			all[len(all)-1] += " " + m[1]
		}
	}
	return strings.Join(all, ", ")
}

// TestNoDeadlock runs cells that wait for long, and come to an end.
func TestNoDeadlock(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(long)
		fmt.Fprint(w, "served")
	}))
	t.Cleanup(server.Close)
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			nb := open(t)
			nb.input = func(context.Context, string, bool) (string, error) {
				time.Sleep(long)
				return "typed", nil
			}
			nb.run("%engine " + engine)
			nb.run(fmt.Sprintf("import (\n\"context\"\n\"fmt\"\n\"net\"\n\"net/http\"\n\"io\"\n\"os\"\n\"os/exec\"\n\"os/signal\"\n\"sync\"\n\"syscall\"\n\"time\"\n\"github.com/paracell/paracell/futures\"\n)\nconst long = time.Duration(%d)\nconst url = %q\nfunc slow(n int) int { time.Sleep(long); return n }", long, server.URL))
			nb.run("later := make(chan string)\nn := 0\ngo func() { for { n++; if n > 400_000_000 { later <- \"later\" } } }()\n")
			for _, tt := range []struct{ name, code, want string }{
				{"sleep", "time.Sleep(long)\n1", "=> 1"},
				{"sleeping sender", "c := make(chan int)\ngo func() { time.Sleep(long); c <- 1 }()\n<-c", "=> 1"},
				{"After", "<-time.After(long)\n1", "=> 1"},
				{"AfterFunc", "c := make(chan int)\ntime.AfterFunc(long, func() { c <- 1 })\n<-c", "=> 1"},
				{"timer", "t := time.NewTimer(long)\n<-t.C\n1", "=> 1"},
				{"timer set anew", "t := time.NewTimer(time.Hour)\nt.Reset(long)\n<-t.C\n1", "=> 1"},
				{"ticker", "t := time.NewTicker(long)\ndefer t.Stop()\n<-t.C\n1", "=> 1"},
				{"select with a timeout", "select {\ncase <-make(chan int):\ncase <-time.After(long):\n}\n1", "=> 1"},
				{"context", "ctx, cancel := context.WithTimeout(context.Background(), long)\ndefer cancel()\n<-ctx.Done()\nctx.Err()", "=> context deadline exceeded"},
				{"mutex", "var mu sync.Mutex\nmu.Lock()\ntime.AfterFunc(long, mu.Unlock)\nmu.Lock()\n1", "=> 1"},
				{"wait group", "var wg sync.WaitGroup\nwg.Add(1)\ntime.AfterFunc(long, wg.Done)\nwg.Wait()\n1", "=> 1"},
				{"process", "exec.Command(\"sleep\", fmt.Sprint(long.Seconds())).Run()", ""},
				{"output of a process", "out, _ := exec.Command(\"sh\", \"-c\", fmt.Sprintf(\"sleep %f; echo 1\", long.Seconds())).Output()\nstring(out)", "=> 1\n"},
				{"network", "r, _ := http.Get(url)\nb, _ := io.ReadAll(r.Body)\nhttp.DefaultClient.CloseIdleConnections()\nstring(b)", "=> served"},
				{"deadline", "l, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\ndefer l.Close()\nl.(*net.TCPListener).SetDeadline(time.Now().Add(long))\n_, err := l.Accept()\nerr != nil", "=> true"},
				{"pipe", "r, w, _ := os.Pipe()\ntime.AfterFunc(long, func() { w.Close() })\nr.Read(make([]byte, 1))", "=> 0 EOF"},
				{"signal", "c := make(chan os.Signal, 1)\nsignal.Notify(c, syscall.SIGUSR1)\nexec.Command(\"sh\", \"-c\", fmt.Sprintf(\"(sleep %f; kill -USR1 %d) > /dev/null 2>&1 &\", long.Seconds(), os.Getpid())).Run()\n<-c\nsignal.Reset(syscall.SIGUSR1)", ""},
				{"input", "var s string\nfmt.Scan(&s)\ns", "=> typed"},
				{"thread pool", "pool := futures.NewThreadPoolExecutor(1)\ndefer pool.Shutdown(true, false)\nfutures.Submit(pool, slow, 1).Result()", "=> 1 <nil>"},
				{"process pool", "pool := futures.NewProcessPoolExecutor(1)\ndefer pool.Shutdown(true, false)\nfutures.Submit(pool, slow, 1).Result()", "=> 1 <nil>"},
				{"a goroutine of an earlier cell", "<-later", "=> later"},
			} {
				t.Run(tt.name, func(t *testing.T) {
					nb.t = t
					if got := nb.run(tt.code); got != tt.want {
						t.Errorf("got %q, want %q", got, tt.want)
					}
				})
			}
		})
	}
}

// long is how long cells wait: longer than the evaluator takes to find out that
// they would wait for ever.
const long = 700 * time.Millisecond
