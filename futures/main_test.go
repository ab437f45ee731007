package futures_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

// The test binary is the worker, and plays the programs of guard_test.go.
func TestMain(m *testing.M) {
	if play := programs[os.Getenv(programEnv)]; play != nil {
		play()
		return
	}
	guard()
	// The race detector lets every process that ends sleep for a second.
	os.Setenv("GORACE", strings.TrimSpace("atexit_sleep_ms=0 "+os.Getenv("GORACE")))
	os.Exit(m.Run())
}

func guard() {
	futures.SetFinder(find)
	futures.FreezeSupport(square, double, divide, boom, quit, die, untilFile, untilCancelled, pid,
		echoBytes, echoFloats, echoString, echoPoint, echoPtr, echoAny, echoMap, echoTime, makeChan, badResult, noArgs,
		setUp, setUpFails, isSetUp, goexit, wrapped, eof, announce, pair2, nested, gcd, Point{}, unmarshalFails,
		touchThenWait, exitAfter, take, untilCollected)
}

// find makes known what nobody registers.
func find(name string) {
	if name == "found" || name == "" {
		futures.RegisterNamed("found", square)
	}
	if name == "" {
		futures.RegisterType(reflect.TypeFor[Found]())
	}
}

type Found struct{ N int }

const patience = 30 * time.Second

// eventually polls until cond holds.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out: %s", what)
		}
	}
}

func square(n int) int { return n * n }
func double(n int) int { return 2 * n }

func divide(n int) (int, error) {
	if n == 0 {
		return 0, errors.New("division by zero")
	}
	return 100 / n, nil
}

func boom(i int) int { return []int{1, 2, 3}[i] }
func quit(code int) int {
	os.Stderr.WriteString("last words\n")
	os.Exit(code)
	return 0
}
func die(int) int {
	kill(os.Getpid())
	select {}
}
func pid(int) int              { return os.Getpid() }
func goexit(int) int           { runtime.Goexit(); return 0 }
func wrapped(int) (int, error) { return 0, fmt.Errorf("reading: %w", os.ErrNotExist) }
func eof(int) (int, error)     { return 0, io.EOF }
func noArgs() int              { return 1 }
func announce(s string) int    { fmt.Println(s); return len(s) }
func exitAfter(n int) int      { return n }

// untilFile waits for a file, and returns how many bytes it holds; it gives up
// when the test's directory is gone.
func untilFile(name string) int {
	for exists(filepath.Dir(name)) {
		if b, err := os.ReadFile(name); err == nil {
			return len(b)
		}
		time.Sleep(time.Millisecond)
	}
	return -1
}

// touchThenWait says that it runs by a file of its own, then waits for a gate.
func touchThenWait(files [2]string) int {
	os.WriteFile(files[0], nil, 0o600)
	return untilFile(files[1])
}

// take is told when its argument is collected, for untilCollected.
func take(b []byte) int {
	runtime.AddCleanup(&b[0], func(gone chan struct{}) { close(gone) }, taken)
	return len(b)
}

func untilCollected(int) int { <-taken; return 0 }

var taken = make(chan struct{})

// untilCancelled says that it runs, then waits for its context.
func untilCancelled(ctx context.Context, name string) (int, error) {
	os.WriteFile(name, nil, 0o600)
	<-ctx.Done()
	return 0, ctx.Err()
}

func echoBytes(b []byte) []byte                   { return b }
func echoFloats(f []float64) []float64            { return f }
func echoString(s string) string                  { return s }
func echoAny(v any) any                           { return v }
func echoMap(m map[string][]int) map[string][]int { return m }
func echoTime(t time.Time) time.Time              { return t }
func pair2(p [2]int) struct{ Sum, Product int } {
	return struct{ Sum, Product int }{p[0] + p[1], p[0] * p[1]}
}
func makeChan(int) chan int   { return make(chan int) }
func badResult(int) any       { return unregistered{1} }
func echoPoint(p Point) Point { return p }
func echoPtr(p *Point) *Point { return p }

type unregistered struct{ N int }

type Point struct {
	X, Y int
	Name string
}

// fussy can't be decoded.
type fussy struct{ S string }

func (f fussy) MarshalBinary() ([]byte, error)  { return []byte(f.S), nil }
func (f *fussy) UnmarshalBinary(b []byte) error { panic("unmarshal " + string(b)) }
func unmarshalFails(fussy) int                  { return 1 }

var ready atomic.Value

func setUp(s string)            { ready.Store(s) }
func setUpFails(s string) error { return errors.New(s) }
func isSetUp(int) string        { s, _ := ready.Load().(string); return s }

// nested runs a pool inside a worker.
func nested(n int) (int, error) {
	pool := futures.NewProcessPoolExecutor(1)
	defer pool.Shutdown(true, false)
	return futures.Submit(pool, square, n).Result()
}

func gcd(p [2]int) int {
	for i := min(p[0], p[1]); i > 0; i-- {
		if p[0]%i == 0 && p[1]%i == 0 {
			return i
		}
	}
	return 0
}

// pools runs a test against each kind of executor.
func pools(t *testing.T, workers int, test func(t *testing.T, pool futures.Executor)) {
	for name, pool := range map[string]futures.Executor{
		"threads":   futures.NewThreadPoolExecutor(workers),
		"processes": futures.NewProcessPoolExecutor(workers),
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { pool.Shutdown(true, true) })
			test(t, pool)
		})
	}
}

// gate is a file that tasks wait for.
type gate string

func newGate(t testing.TB) gate {
	g := gate(filepath.Join(t.TempDir(), "gate"))
	t.Cleanup(g.open)
	return g
}

func (g gate) open() {
	tmp := string(g) + ".new"
	os.WriteFile(tmp, []byte("open"), 0o600)
	os.Rename(tmp, string(g))
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }

func alive(pid int) bool {
	if runtime.GOOS != "linux" {
		p, err := os.FindProcess(pid)
		return err == nil && p.Signal(syscall.Signal(0)) == nil
	}
	// A zombie is dead.
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

func kill(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		p.Kill()
	}
}
