package futures_test

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

const abruptly = "A process in the process pool was terminated abruptly while the future was running or pending."

// broken checks that a future broke with its pool, and returns why.
func broken(t *testing.T, f *futures.Future[int]) (*futures.BrokenProcessPool, *futures.WorkerError) {
	t.Helper()
	_, err := f.Result()
	var b *futures.BrokenProcessPool
	if !errors.As(err, &b) || b.Message != abruptly {
		t.Fatalf("%T: %v", err, err)
	}
	var w *futures.WorkerError
	if !errors.As(err, &w) {
		t.Fatalf("no WorkerError in %v", err)
	}
	return b, w
}

func TestWorkerKilled(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(2)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	g := newGate(t)
	var fs []*futures.Future[int]
	for range 10 {
		fs = append(fs, futures.Submit(pool, untilFile, string(g)))
	}
	eventually(t, "both workers run", func() bool { return fs[0].Running() && fs[1].Running() })
	pids := pool.PIDs()
	if len(pids) != 2 {
		t.Fatalf("workers %v", pids)
	}
	kill(pids[0])
	own := make(map[*futures.BrokenProcessPool]bool)
	for _, f := range fs {
		b, w := broken(t, f)
		own[b] = true
		if w.PID != pids[0] || w.ExitCode != -9 || w.Status != "signal: killed" {
			t.Errorf("%+v", w)
		}
	}
	if len(own) != len(fs) {
		t.Error("futures share one error value")
	}
	_, err := futures.Submit(pool, square, 1).Result()
	if err == nil || err.Error() != "A child process terminated abruptly, the process pool is not usable anymore" {
		t.Errorf("later: %v", err)
	}
	pool.Shutdown(true, false)
	if alive(pids[1]) {
		t.Error("the other worker lives on")
	}
}

func TestWorkerExits(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	_, w := broken(t, futures.Submit(pool, quit, 7))
	if w.ExitCode != 7 || w.Status != "exit status 7" || w.Stderr != "last words" {
		t.Errorf("%+v", w)
	}
}

// overflow ends its process with the stacks of very many goroutines behind the reason.
func overflow(n int) int {
	for range 200 {
		go func() { select {} }()
	}
	debug.SetMaxStack(1 << 20)
	var calls func(int) int
	calls = func(n int) int { return calls(n+1) + 1 }
	return calls(n)
}

func init() { futures.Register(overflow) }

func TestFatalErrorIsTold(t *testing.T) {
	pool := newPool(t, 1)
	if _, w := broken(t, futures.Submit(pool, overflow, 1)); w.ExitCode != 2 || !strings.HasPrefix(w.Stderr, "fatal error: stack overflow\n") || len(w.Stderr) > 4<<10 {
		t.Errorf("%s: %s", w, w.Stderr)
	}
}

func TestWorkerDies(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	_, w := broken(t, futures.Submit(pool, die, 0))
	if w.ExitCode != -9 {
		t.Errorf("%+v", w)
	}
}

func TestCancelledFutureSurvivesTheBreak(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	g := newGate(t)
	first := futures.Submit(pool, untilFile, string(g))
	eventually(t, "the first runs", first.Running)
	second := futures.Submit(pool, square, 1)
	second.Cancel()
	pool.KillWorkers()
	broken(t, first)
	if _, err := second.Result(); !errors.Is(err, futures.CancelledError{}) {
		t.Errorf("%v", err)
	}
}

func TestTerminateAndKillWorkers(t *testing.T) {
	for name, end := range map[string]func(*futures.ProcessPoolExecutor){
		"terminate": (*futures.ProcessPoolExecutor).TerminateWorkers,
		"kill":      (*futures.ProcessPoolExecutor).KillWorkers,
	} {
		t.Run(name, func(t *testing.T) {
			end(futures.NewProcessPoolExecutor(1)) // one that has no workers
			pool := futures.NewProcessPoolExecutor(1)
			g := newGate(t)
			running := futures.Submit(pool, untilFile, string(g))
			eventually(t, "it runs", running.Running)
			pids := pool.PIDs()
			pending := futures.Submit(pool, square, 1)
			end(pool)
			broken(t, running)
			if _, err := pending.Result(); !errors.Is(err, futures.CancelledError{}) {
				t.Errorf("pending: %v", err)
			}
			end(pool)
			pool.Shutdown(true, false)
			if alive(pids[0]) {
				t.Error("the worker lives on")
			}
		})
	}
}

func unregisteredFunc(n int) int { return n }

func TestUnregistered(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	_, err := futures.Submit(pool, unregisteredFunc, 1).Result()
	var p *futures.PicklingError
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "unregisteredFunc: it is not registered; name it in futures.FreezeSupport") {
		t.Errorf("function: %v", err)
	}
	k := 3
	_, err = futures.Submit(pool, func(n int) int { return n * k }, 1).Result()
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "Can't pickle function literal") {
		t.Errorf("literal: %v", err)
	}
	_, err = futures.Submit(pool, (&scale{3}).times, 1).Result()
	if !errors.As(err, &p) || !strings.HasSuffix(p.Name, "futures_test.(*scale).times") || !strings.Contains(err.Error(), "its receiver would stay behind") {
		t.Errorf("method value: %v", err)
	}
	func() {
		defer func() {
			if r := recover(); !strings.Contains(fmt.Sprint(r), "does not tell its receiver") {
				t.Errorf("registered: %v", r)
			}
		}()
		futures.Register((&scale{3}).times)
	}()
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %v, %v", v, err)
	}
}

type scale struct{ by int }

func (s *scale) times(n int) int { return s.by * n }

func TestUnknownToTheWorker(t *testing.T) {
	futures.Register(tooLate)
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	b, w := broken(t, futures.Submit(pool, tooLate, 1))
	if !strings.Contains(w.Stderr, "AttributeError: Can't get attribute '") || !strings.Contains(w.Stderr, "on <module '__main__' (built-in)>") {
		t.Errorf("stderr: %s", w.Stderr)
	}
	if !strings.Contains(b.Hint, "FreezeSupport") || !strings.Contains(b.Hint, "tooLate") {
		t.Errorf("hint: %s", b.Hint)
	}
}

func tooLate(n int) int { return n }

func roundTrip[T any](t *testing.T, pool futures.Executor, fn func(T) T, values ...T) {
	t.Helper()
	for _, v := range values {
		got, err := futures.Submit(pool, fn, v).Result()
		if err != nil || !reflect.DeepEqual(got, v) {
			t.Errorf("%T: %.80v came back as %.80v, %v", v, v, got, err)
		}
	}
}

func TestValuesCross(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	big := slices.Repeat([]byte("0123456789abcdef"), 1<<20)
	roundTrip(t, pool, echoBytes, nil, []byte{}, []byte("x"), big)
	roundTrip(t, pool, echoFloats, nil, []float64{}, []float64{1.5, math.Inf(-1), math.Copysign(0, -1)}, slices.Repeat([]float64{math.Pi}, 1<<16))
	roundTrip(t, pool, echoString, "", "한글", string(big))
	roundTrip(t, pool, echoPoint, Point{}, Point{1, 2, "here"}, Point{Name: string(big)})
	roundTrip(t, pool, echoPtr, nil, &Point{3, 4, "there"})
	roundTrip[any](t, pool, echoAny, nil, 5, "s", []byte("b"), Point{1, 2, "in an interface"})
	roundTrip(t, pool, echoMap, map[string][]int{"a": {1, 2}, "b": {3}})
	roundTrip(t, pool, echoTime, time.Date(2026, 11, 22, 1, 2, 3, 4, time.UTC))
	roundTrip(t, pool, echoHidden, withName{"n", 1})
	roundTrip(t, pool, echoMatrix, nil, [][]float64{}, [][]float64{nil, {}, {1, 2}, slices.Repeat([]float64{3}, 1<<16)})
	roundTrip(t, pool, echoStrings, nil, []string{}, []string{"", string(big)})
	roundTrip(t, pool, echoUnnamed, unnamed{1, "x"})
	roundTrip(t, pool, echoPointers, nil, []*int{nil, new(int)})
	roundTrip(t, pool, echoKeys, map[any][]byte{1: nil, "s": {}, Point{1, 2, "key"}: {3}, [2]bool{true}: big})
	when := time.Date(2026, 11, 22, 1, 2, 3, 4, time.UTC)
	zero := 0
	roundTrip(t, pool, echoTree, tree{}, tree{
		name: "root", Next: &tree{name: "next"}, List: []tree{{name: "first"}, {}}, Map: map[string]*tree{"nil": nil, "empty": {Map: map[string]*tree{}}},
		Zero: &zero, Bytes: []byte{}, When: when, Large: big2(100), Any: when, Embedded: Embedded{"e"},
	})
	if re, err := futures.Submit(pool, echoPattern, regexp.MustCompile("a+")).Result(); err != nil || !re.MatchString("aa") {
		t.Errorf("%v, %v", re, err)
	}
	roundTrip[any](t, pool, echoAny, map[string]any{"n": 1, "list": []any{nil, "x", []any{}}, "when": when}, &Point{1, 2, "pointed to"},
		[3]int{1, 2, 3}, struct {
			X int
			Y []string `json:"y"`
		}{1, []string{"y"}}, time.Second, when, complex(1, 2), uintptr(7), []Point{{1, 2, "p"}}, map[Point]bool{{Name: "key"}: true}, [][]any{{1}, nil})
}

func big2(bits uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), bits) }

// What is pointed to several times is one thing on the other side, too, and what
// points to itself does.
func TestPointersCross(t *testing.T) {
	pool := newPool(t, 1)
	shared := &tree{name: "shared"}
	ring := &tree{name: "ring", Map: map[string]*tree{}}
	ring.Next, ring.Map["itself"] = ring, ring
	got, err := futures.Submit(pool, echoTree, tree{Next: shared, Map: map[string]*tree{"a": shared, "b": ring}}).Result()
	if err != nil || got.Next != got.Map["a"] || got.Next.name != "shared" {
		t.Fatalf("%v, %v", got, err)
	}
	if r := got.Map["b"]; r.Next != r || r.Map["itself"] != r || r.name != "ring" {
		t.Errorf("%+v", r)
	}
	if r, err := futures.Submit(pool, giveTree, "given").Result(); err != nil || r.Next != r || r.name != "given" {
		t.Errorf("%v, %v", r, err)
	}
	m := map[string]any{}
	m["itself"] = m
	back, err := futures.Submit[any](pool, echoAny, m).Result()
	if err != nil || reflect.ValueOf(back.(map[string]any)["itself"]).Pointer() != reflect.ValueOf(back).Pointer() {
		t.Errorf("%v", err)
	}
	long := &tree{}
	for range 100_000 {
		long = &tree{Next: long}
	}
	if r, err := futures.Submit(pool, echoTree, *long).Result(); err != nil || !reflect.DeepEqual(r, *long) {
		t.Errorf("a long list: %v", err)
	}
}

// An error inside a value crosses as itself when its type is known, else as one
// that says and wraps the same.
func TestErrorsInValuesCross(t *testing.T) {
	pool := newPool(t, 1)
	_, missing := os.Open(filepath.Join(t.TempDir(), "missing"))
	for _, c := range []struct{ err, is error }{
		{nil, nil},
		{io.EOF, io.EOF},
		{fmt.Errorf("reading: %w", io.EOF), io.EOF},
		{errors.Join(io.EOF, os.ErrExist), os.ErrExist},
		{missing, fs.ErrNotExist},
		{coded{7}, coded{7}},
	} {
		got, err := futures.Submit(pool, echoError, withError{c.err, 1}).Result()
		if err != nil || got.N != 1 || fmt.Sprint(got.Err) != fmt.Sprint(c.err) || !errors.Is(got.Err, c.is) {
			t.Errorf("%v came back as %v, %v", c.err, got.Err, err)
		}
	}
}

func TestFinderIsAskedForWhatNobodyRegistered(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	found := futures.Task{Name: "found", Result: reflect.TypeFor[int]()}
	if v, err := pool.SubmitTask(context.Background(), found, 3).Result(); v != 9 || err != nil {
		t.Error(v, err)
	}
	roundTrip[any](t, pool, echoAny, Found{4})
	found.Name = "lost"
	if v, err := pool.SubmitTask(context.Background(), found, 3).Result(); err == nil {
		t.Error(v)
	}
}

// Otherwise it would be with the worker until it has as much again, or for minutes.
func TestLargeArgumentIsCollectedAfterItsTask(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.KillWorkers() })
	if n, err := futures.Submit(pool, take, make([]byte, 8<<20)).Result(); n != 8<<20 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := futures.Submit(pool, untilCollected, 0).ResultTimeout(patience); err != nil {
		t.Error(err)
	}
}

type hidden struct{ X, y int }
type withName struct {
	Name   string
	secret int
}

// sealed holds what only its own package understands.
type sealed struct{ L *list.List }

func takesSealed(sealed) int                      { return 0 }
func takesChan(chan int) int                      { return 0 }
func takesPlain(h hidden) int                     { return h.y }
func echoTree(t tree) tree                        { return t }
func echoError(h withError) withError             { return h }
func giveTree(how string) *tree                   { t := &tree{name: how}; t.Next = t; return t }
func echoHidden(w withName) withName              { return w }
func echoMatrix(m [][]float64) [][]float64        { return m }
func echoStrings(s []string) []string             { return s }
func echoUnnamed(u unnamed) unnamed               { return u }
func echoPattern(p *regexp.Regexp) *regexp.Regexp { return p }
func echoPointers(p []*int) []*int                { return p }
func echoKeys(m map[any][]byte) map[any][]byte    { return m }

func init() {
	futures.Register(takesSealed, takesChan, takesPlain, echoTree, echoError, giveTree, echoHidden, echoMatrix, echoStrings, echoUnnamed, echoPattern, echoPointers, echoKeys)
}

// tree has places for all that has no end of its own.
type tree struct {
	name  string
	Next  *tree
	List  []tree
	Map   map[string]*tree
	Zero  *int
	Bytes []byte
	When  time.Time
	Large *big.Int
	Any   any
	Func  func()
	Embedded
}

type Embedded struct{ E string }

type unnamed = struct {
	X int
	s string
}

type withError struct {
	Err error
	N   int
}

func TestValuesThatCannotCross(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	refused := func(what string, err error, want string) {
		t.Helper()
		var p *futures.PicklingError
		if !errors.As(err, &p) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := futures.Submit(pool, takesChan, make(chan int)).Result()
	refused("a channel", err, "cannot pickle 'chan int' object")
	_, err = futures.Submit(pool, takesSealed, sealed{list.New()}).Result()
	refused("a field that only its package understands", err, "cannot pickle 'list.List' object: its field len is unexported, and only package container/list knows")
	itself := []any{nil}
	itself[0] = itself
	_, err = futures.Submit(pool, echoAny, any(itself)).Result()
	refused("a slice that holds itself", err, "does it hold itself?")
	_, err = futures.Submit(pool, makeChan, 0).Result()
	refused("a channel as result", err, "cannot pickle 'chan int' object")
	_, err = futures.Submit(pool, echoAny, any(unregistered{1})).Result()
	refused("an unknown type in an interface", err, "cannot pickle 'interface {}' object: interface {} holds a futures_test.unregistered: declare it as that type, or name a value of it in futures.FreezeSupport")
	_, err = futures.Submit(pool, badResult, 0).Result()
	refused("an unknown type as result", err, "interface {} holds a futures_test.unregistered: declare it")
	for at, v := range map[string]any{
		"holds.M[k][1].V holds a futures_test.unregistered:": holds{M: map[string][]holds{"k": {{}, {V: unregistered{1}}}}},
		"futures_test.holds.V can't cross":                   holds{V: make(chan int)},
		"futures_test.holds.V.f can't cross":                 holds{V: struct{ f func() }{func() {}}},
		"'chan int' object: futures_test.holds.V[1] can't":   holds{V: []any{nil, map[string]chan int{"x": make(chan int)}}},
	} {
		_, err = futures.Submit(pool, takesHolds, v.(holds)).Result()
		refused(at, err, at)
	}
	_, err = futures.Submit(pool, unmarshalFails, fussy{"x"}).Result()
	refused("a type that can't be decoded", err, "cannot unpickle 'futures_test.fussy' object: panic: unmarshal x")

	// Plain memory keeps unexported fields.
	if v, err := futures.Submit(pool, takesPlain, hidden{1, 2}).Result(); v != 2 || err != nil {
		t.Errorf("plain: %v, %v", v, err)
	}
	// The pool and its streams are as good as before.
	roundTrip(t, pool, echoPoint, Point{1, 2, "p"})
	roundTrip[any](t, pool, echoAny, Point{1, 2, "p"})
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %v, %v", v, err)
	}
}

// holds has places for what can't cross.
type holds struct {
	V any
	M map[string][]holds
}

func takesHolds(holds) int { return 0 }

func init() { futures.Register(takesHolds) }

func TestWrongArgument(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	name := futures.NameOf(square)
	for what, f := range map[string]*futures.AnyFuture{
		"another type":      pool.SubmitTask(context.Background(), futures.Task{Name: name, Arg: reflect.TypeFor[int]()}, "x"),
		"another signature": pool.SubmitTask(context.Background(), futures.Task{Name: name, Arg: reflect.TypeFor[string]()}, "x"),
	} {
		_, err := f.Result()
		var p *futures.PicklingError
		if !errors.As(err, &p) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if v, err := pool.SubmitTask(context.Background(), futures.Task{Name: name, Result: reflect.TypeFor[int]()}, 3).Result(); v != 9 || err != nil {
		t.Errorf("by name alone: %v, %v", v, err)
	}
}

func TestProcessesOnDemand(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(4)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	if n := len(pool.PIDs()); n != 0 {
		t.Errorf("%d processes before the first task", n)
	}
	var pids []int
	for range 10 {
		p, err := futures.Submit(pool, pid, 0).Result()
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, p)
	}
	if n := len(slices.Compact(pids)); n != 1 {
		t.Errorf("%d idle processes were not used again: %v", n, pids)
	}
}

func TestProcessSaturation(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(3)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	g := newGate(t)
	var fs []*futures.Future[int]
	for range 45 {
		fs = append(fs, futures.Submit(pool, untilFile, string(g)))
	}
	eventually(t, "three run", func() bool { return len(pool.PIDs()) == 3 && fs[2].Running() })
	g.open()
	for _, f := range fs {
		if v, err := f.Result(); v != 4 || err != nil {
			t.Fatalf("%v, %v", v, err)
		}
	}
	if n := len(pool.PIDs()); n != 3 {
		t.Errorf("%d processes", n)
	}
}

func TestStart(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(3)
	if err := pool.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(pool.PIDs()); n != 3 {
		t.Errorf("%d processes", n)
	}
	pool.Shutdown(true, false)
	if err := pool.Start(context.Background()); err == nil {
		t.Error("a pool that was shut down was started")
	}
}

func TestMaxTasksPerChild(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1, futures.MaxTasksPerChild(3))
	t.Cleanup(func() { pool.Shutdown(true, false) })
	count := make(map[int]int)
	for p, err := range futures.Map(pool, pid, make([]int, 10)) {
		if err != nil {
			t.Fatal(err)
		}
		count[p]++
	}
	if len(count) != 4 {
		t.Errorf("tasks by process: %v", count)
	}
	for p, n := range count {
		if n > 3 {
			t.Errorf("process %d ran %d tasks", p, n)
		}
	}
}

func TestInitializerFails(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(2, futures.Initializer(setUpFails, "no set-up"))
	t.Cleanup(func() { pool.Shutdown(true, false) })
	b, w := broken(t, futures.Submit(pool, square, 1))
	if !strings.Contains(w.Stderr, "Exception in initializer:") || !strings.Contains(w.Stderr, "no set-up") {
		t.Errorf("stderr: %s", w.Stderr)
	}
	if !strings.Contains(b.Hint, "initializer failed") {
		t.Errorf("hint: %s", b.Hint)
	}
}

func TestNestedPool(t *testing.T) {
	pool := futures.NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, false) })
	if v, err := futures.SubmitErr(pool, nested, 5).Result(); v != 25 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestWorkerThatCannotStart(t *testing.T) {
	for name, l := range map[string]futures.Launcher{
		"no program": func(context.Context) (*exec.Cmd, error) { return exec.Command("/nonexistent/program"), nil },
		"no command": func(context.Context) (*exec.Cmd, error) { return nil, errors.New("no command") },
	} {
		pool := futures.NewProcessPoolExecutor(2, futures.WithLauncher(l))
		_, err := futures.Submit(pool, square, 1).Result()
		var b *futures.BrokenProcessPool
		if !errors.As(err, &b) || !strings.Contains(err.Error(), "could not be started") {
			t.Errorf("%s: %v", name, err)
		}
		pool.Shutdown(true, false)
	}
	// A program that never comes to the guard.
	pool := futures.NewProcessPoolExecutor(2, futures.WithLauncher(func(context.Context) (*exec.Cmd, error) { return exec.Command("true"), nil }))
	_, w := broken(t, futures.Submit(pool, square, 1))
	if w.ExitCode != 0 {
		t.Errorf("%+v", w)
	}
	pool.Shutdown(true, false)
}

func TestUnknownStartMethod(t *testing.T) {
	if err := futures.SetStartMethod("teleport"); err == nil || err.Error() != "cannot find context for 'teleport'" {
		t.Errorf("%v", err)
	}
	pool := futures.NewProcessPoolExecutor(1, futures.StartMethod("teleport"))
	if _, err := futures.Submit(pool, square, 1).Result(); err == nil || !strings.Contains(err.Error(), "teleport") {
		t.Errorf("%v", err)
	}
	pool.Shutdown(true, false)
}

// A host, such as a notebook, has a launcher of its own, and functions under
// names that users know.
func TestRegisteredStartMethod(t *testing.T) {
	futures.RegisterStartMethod("host", func(ctx context.Context) (*exec.Cmd, error) {
		exe, err := os.Executable()
		cmd := exec.CommandContext(ctx, exe)
		cmd.Env = append(os.Environ(), programEnv+"=host")
		return cmd, err
	})
	pool := futures.NewProcessPoolExecutor(1, futures.StartMethod("host"))
	t.Cleanup(func() { pool.Shutdown(true, false) })
	task := futures.NewTask("user's square", square)
	f := futures.SubmitTask[int, int](context.Background(), pool, task, 6)
	if v, err := f.Result(); v != 36 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	b, _ := broken(t, futures.SubmitTask[int, int](context.Background(), pool, futures.NewTask("gcd", square), 6))
	if !strings.Contains(b.Hint, "gcd") {
		t.Errorf("hint: %s", b.Hint)
	}
}

// A worker that is interrupted before it is ready, with the program that a notebook's
// cell has started beside it, say, is replaced.
func TestInterruptedAtTheStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals")
	}
	starts := 0
	pool := newPool(t, 1, futures.WithLauncher(func(context.Context) (*exec.Cmd, error) {
		if starts++; starts < 3 {
			return exec.Command("sh", "-c", "kill -INT $$"), nil
		}
		return exec.Command(os.Args[0]), nil
	}))
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil || starts != 3 {
		t.Errorf("%d, %v, after %d starts", v, err, starts)
	}
}

// A host tells what has changed since a worker was started: another one runs what
// is submitted from then on, and the old one ends once it is done.
func TestChangedTasksGetNewWorkers(t *testing.T) {
	var version atomic.Int64
	changed := map[string]int{}
	futures.RegisterStartMethod("changing", func(ctx context.Context) (*exec.Cmd, error) {
		return exec.Command(os.Args[0]), nil
	})
	futures.RegisterVersions("changing", func(task string) int {
		if task == "" {
			return int(version.Load())
		}
		return changed[task]
	})
	pool := newPool(t, 2, futures.StartMethod("changing"))
	name := futures.NameOf(pid)
	ask := func() int {
		t.Helper()
		for p, err := range futures.Map(pool, pid, []int{1}) {
			q, err2 := futures.Submit(pool, pid, 1).Result()
			if p != q || err != nil || err2 != nil {
				t.Fatalf("%d, %v; %d, %v", p, err, q, err2)
			}
			return p
		}
		return 0
	}
	first := ask()
	version.Add(1) // of something else
	if p := ask(); p != first {
		t.Errorf("worker %d went for nothing, %d came", first, p)
	}
	g := newGate(t)
	files := [2]string{filepath.Join(t.TempDir(), "runs"), string(g)}
	held := futures.Submit(pool, touchThenWait, files)
	eventually(t, "it runs", func() bool { return exists(files[0]) })
	version.Add(1)
	changed[name] = 2
	second := ask()
	if second == first || !alive(first) {
		t.Errorf("%d, %d, alive: %v", first, second, alive(first))
	}
	g.open()
	if v, err := held.Result(); v != 4 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	eventually(t, "the old worker ends", func() bool { return !alive(first) })
	if p := ask(); p != second {
		t.Errorf("%d, then %d", second, p)
	}
}

// Tasks that a worker was handed beforehand don't wait for one that takes long.
func TestHandedBeforehandIsGivenBack(t *testing.T) {
	pool := newPool(t, 2)
	for range 20 {
		for range 200 { // short ones, so that workers are handed several
			futures.Submit(pool, square, 1)
		}
		g := newGate(t)
		long := futures.Submit(pool, untilFile, string(g))
		var fs []*futures.Future[int]
		for i := range 200 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		if _, left, err := futures.Wait(ctx, fs, futures.AllCompleted); len(left) > 0 || err != nil {
			t.Fatalf("%d wait, %v, %v", len(left), err, pool.Held())
		}
		cancel()
		g.open()
		if v, err := long.Result(); v != 4 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	}
}

// A MarshalBinary may end its goroutine: that of whoever submits to an idle
// worker, else one of the pool's own. Nobody may wait for ever then.
func TestMarshalThatEndsItsGoroutineBreaksThePool(t *testing.T) {
	isBroken := func(t *testing.T, err error) {
		t.Helper()
		var b *futures.BrokenProcessPool
		if !errors.As(err, &b) {
			t.Errorf("%T: %v", err, err)
		}
	}
	start := func(t *testing.T, opts ...futures.Option) *futures.ProcessPoolExecutor {
		t.Helper()
		pool := newPool(t, 1, opts...)
		if err := pool.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		return pool
	}
	ends := mood{Marshal: "goexit"}
	t.Run("idle", func(t *testing.T) {
		pool := start(t)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			futures.Submit(pool, ignore, ends)
		}()
		<-ended
		var err error
		eventually(t, "the pool is broken", func() bool {
			err = futures.Submit(pool, square, 3).Exception()
			return err != nil
		})
		isBroken(t, err)
	})
	t.Run("busy", func(t *testing.T) {
		pool := start(t)
		g := newGate(t)
		futures.Submit(pool, untilFile, string(g))
		f := futures.Submit(pool, ignore, ends)
		g.open()
		isBroken(t, f.Exception())
	})
	t.Run("map", func(t *testing.T) {
		n := 0
		for _, err := range futures.Map(start(t), ignore, []mood{{}, ends, {}}, futures.ChunkSize(3)) {
			isBroken(t, err)
			n++
		}
		if n != 3 {
			t.Errorf("%d outcomes", n)
		}
	})
	t.Run("initializer", func(t *testing.T) {
		pool := newPool(t, 1, futures.Initializer(ignore, ends))
		isBroken(t, futures.Submit(pool, square, 3).Exception())
	})
}

// A worker that is about to be handed a task is not idle: tasks submitted
// meanwhile go to another one, which is started for them.
func TestTasksSubmittedTogetherRunTogether(t *testing.T) {
	for range 30 {
		dir := t.TempDir()
		pool := newPool(t, 3)
		futures.Submit(pool, square, 3).Result() // one worker
		var together sync.WaitGroup
		for i := range 3 {
			together.Go(func() {
				me, other := filepath.Join(dir, fmt.Sprint(i)), filepath.Join(dir, fmt.Sprint((i+1)%3))
				if _, err := futures.Submit(pool, touchThenWait, [2]string{me, other}).ResultTimeout(patience); err != nil {
					t.Errorf("task %d: %v", i, err)
				}
			})
		}
		together.Wait()
		pool.Shutdown(true, false)
	}
}
