package futures_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/paracell/paracell/futures"
)

// mood is a value that fails as it crosses.
type mood struct{ Marshal, Unmarshal string }

func act(how string) error {
	switch how {
	case "error":
		return errors.New("the error")
	case "panic":
		panic("the panic")
	case "exit":
		os.Exit(1)
	case "crash":
		die(0)
	case "goexit": // the nearest to Python's SystemExit
		runtime.Goexit()
	}
	return nil
}

func (m mood) MarshalBinary() ([]byte, error) {
	if err := act(m.Marshal); err != nil {
		return nil, err
	}
	return []byte(m.Unmarshal), nil
}

func (m *mood) UnmarshalBinary(b []byte) error { return act(string(b)) }

func ignore(mood) int                 { return 1 }
func makeMood(how [2]string) mood     { return mood{how[0], how[1]} }
func actNow(how string) (int, error)  { return 1, act(how) }
func largeAfter(name string) []byte   { untilFile(name); return make([]byte, 1<<20) }
func inThreads(n int) (int, error)    { return nested(n) }
func length2(b []byte) int            { return len(b) }
func exitLater(file [2]string) int    { touchThenWait(file); os.Exit(9); return 0 }
func actAlone(how string) error       { return act(how) }
func collectGarbage(int) int          { runtime.GC(); return 0 }
func procs(int) int                   { return runtime.GOMAXPROCS(0) }
func divideBy(n int) (float64, error) { return 0, errors.New("division by zero") }

func init() {
	futures.Register(watch, collectGarbage, ignore, makeMood, actNow, actAlone, largeAfter, length2, exitLater, procs, divideBy)
}

// watched is an argument that leaves a file when it is collected.
type watched struct {
	File string
	Self *watched // so that it is no tiny object, which is collected with others
}

func watch(w *watched) int {
	runtime.AddCleanup(w, func(name string) { os.WriteFile(name, nil, 0o600) }, w.File)
	return 1
}

// refused checks that a future alone failed, for what it can't send.
func refusedFuture(t *testing.T, pool futures.Executor, err error) {
	t.Helper()
	var p *futures.PicklingError
	if !errors.As(err, &p) {
		t.Errorf("%T: %v", err, err)
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}

// breaksPool checks that a pool breaks, and can be shut down.
func breaksPool(t *testing.T, submit func(pool futures.Executor) error) {
	t.Helper()
	pool := futures.NewProcessPoolExecutor(2)
	var b *futures.BrokenProcessPool
	if err := submit(pool); !errors.As(err, &b) {
		t.Errorf("%T: %v", err, err)
	}
	pool.Shutdown(true, false)
}

func sendMood(how string) func(t *testing.T) {
	return func(t *testing.T) {
		breaksPool(t, func(pool futures.Executor) error {
			return futures.Submit(pool, ignore, mood{"", how}).Exception()
		})
	}
}

func runAct(how string) func(t *testing.T) {
	return func(t *testing.T) {
		breaksPool(t, func(pool futures.Executor) error { return futures.SubmitErr(pool, actNow, how).Exception() })
	}
}

func returnMood(how string) func(t *testing.T) { return returnMood2(how, "") }

func returnMood2(marshal, unmarshal string) func(t *testing.T) {
	return func(t *testing.T) {
		breaksPool(t, func(pool futures.Executor) error {
			return futures.Submit(pool, makeMood, [2]string{marshal, unmarshal}).Exception()
		})
	}
}

var deadlockCases = map[string]func(*testing.T){
	"test_error_at_task_pickle": func(t *testing.T) {
		pool := newPool(t, 2)
		refusedFuture(t, pool, futures.Submit(pool, ignore, mood{"error", ""}).Exception())
		refusedFuture(t, pool, futures.Submit(pool, ignore, mood{"panic", ""}).Exception())
	},
	"test_exit_at_task_unpickle":  sendMood("exit"),
	"test_crash_at_task_unpickle": sendMood("crash"),
	"test_error_at_task_unpickle": func(t *testing.T) { // Python's pool breaks
		pool := newPool(t, 2)
		refusedFuture(t, pool, futures.Submit(pool, ignore, mood{"", "error"}).Exception())
		refusedFuture(t, pool, futures.Submit(pool, ignore, mood{"", "panic"}).Exception())
	},
	"test_crash_during_func_exec_on_worker": runAct("crash"),
	"test_exit_during_func_exec_on_worker":  runAct("exit"),
	"test_error_during_func_exec_on_worker": func(t *testing.T) {
		pool := newPool(t, 2)
		if err := futures.SubmitErr(pool, actNow, "error").Exception(); err == nil || err.Error() != "the error" {
			t.Errorf("%v", err)
		}
		var p *futures.PanicError
		if err := futures.SubmitErr(pool, actNow, "panic").Exception(); !errors.As(err, &p) || p.Message != "the panic" {
			t.Errorf("%v", err)
		}
	},
	"test_crash_during_result_pickle_on_worker": returnMood("crash"),
	"test_exit_during_result_pickle_on_worker":  returnMood("exit"),
	"test_error_during_result_pickle_on_worker": func(t *testing.T) {
		pool := newPool(t, 2)
		refusedFuture(t, pool, futures.Submit(pool, makeMood, [2]string{"error", ""}).Exception())
		refusedFuture(t, pool, futures.Submit(pool, makeMood, [2]string{"panic", ""}).Exception())
	},
	"test_error_during_result_unpickle_in_result_handler": func(t *testing.T) { // Python's pool breaks
		pool := newPool(t, 2)
		refusedFuture(t, pool, futures.Submit(pool, makeMood, [2]string{"", "error"}).Exception())
		refusedFuture(t, pool, futures.Submit(pool, makeMood, [2]string{"", "panic"}).Exception())
	},
	"test_exit_during_result_unpickle_in_result_handler": returnMood2("", "goexit"),
	"test_shutdown_deadlock": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(2)
		pool.Start(context.Background())
		f := futures.SubmitErr(pool, actNow, "crash")
		pool.Shutdown(true, false)
		var b *futures.BrokenProcessPool
		if err := f.Exception(); !errors.As(err, &b) {
			t.Errorf("%v", err)
		}
	},
	"test_shutdown_deadlock_pickle": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(2)
		pool.Start(context.Background())
		f := futures.Submit(pool, ignore, mood{"error", ""})
		pool.Shutdown(false, false)
		var p *futures.PicklingError
		if err := f.Exception(); !errors.As(err, &p) {
			t.Errorf("%v", err)
		}
		pool.Shutdown(true, false)
	},
	"test_crash_big_data": func(t *testing.T) {
		// The worker dies while it is written to.
		pool := futures.NewProcessPoolExecutor(1)
		pool.Start(context.Background())
		files := [2]string{filepath.Join(t.TempDir(), "runs"), string(newGate(t))}
		first := futures.Submit(pool, touchThenWait, files)
		eventually(t, "it runs", func() bool { return exists(files[0]) })
		second := futures.Submit(pool, length2, make([]byte, 50<<20))
		kill(pool.PIDs()[0])
		broken(t, first)
		broken(t, second)
		pool.Shutdown(true, false)
	},
	"test_gh105829_should_not_deadlock_if_wakeup_pipe_full": func(t *testing.T) {
		// Many more tasks than any pipe holds, to a worker that reads none.
		pool := futures.NewProcessPoolExecutor(1)
		g := newGate(t)
		futures.Submit(pool, untilFile, string(g))
		var fs []*futures.Future[int]
		for i := range 20_000 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		pool.Shutdown(false, false)
		g.open()
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				t.Fatalf("%d: %d, %v", i, v, err)
			}
		}
		pool.Shutdown(true, false)
	},
}

var threadPoolCases = map[string]func(*testing.T){
	"test_map_submits_without_iteration": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(2)
		finished := make(chan int, 10)
		futures.Map(pool, func(n int) int { finished <- n; return n }, count(10))
		pool.Shutdown(true, false)
		if len(finished) != 10 {
			t.Errorf("%d were run", len(finished))
		}
	},
	"test_default_workers": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(0)
		want := min(32, futures.CPUCount()+4)
		g := newGate(t)
		eventually(t, "the threads of other tests end", func() bool { return threads() == 0 })
		for range 2 * want {
			futures.Submit(pool, untilFile, string(g))
		}
		eventually(t, "all threads run", func() bool { return threads() >= want })
		if n := threads(); n != want {
			t.Errorf("%d workers, not %d", n, want)
		}
		g.open()
		pool.Shutdown(true, true)
	},
	"test_saturation": func(t *testing.T) { TestThreadSaturation(t) },
	"test_idle_thread_reuse": func(t *testing.T) {
		TestIdleThreadIsReused(t)
	},
	"test_process_fork_from_a_threadpool": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(2)
		defer pool.Shutdown(true, false)
		for v, err := range futures.MapErr(pool, inThreads, []int{3, 3}) {
			if v != 9 || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
	},
	"test_executor_map_current_future_cancel": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(1)
		stop := make(chan bool)
		ran := make(chan string, 3)
		wait := func(name string) int { ran <- name; <-stop; return 0 }
		first := futures.Submit(pool, wait, "first")
		_, errs := collect(futures.Map(pool, wait, []string{"second", "third"}, futures.Timeout(0)))
		if len(errs) != 1 || !errors.Is(errs[0], futures.TimeoutError{}) {
			t.Errorf("%v", errs)
		}
		close(stop)
		first.Result()
		pool.Shutdown(true, false)
		if len(ran) != 1 {
			t.Errorf("%d were run", len(ran))
		}
	},
}

// forced checks what TerminateWorkers and KillWorkers do.
func forced(signal int, end func(*futures.ProcessPoolExecutor)) func(*testing.T) {
	return func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(1)
		files := [2]string{filepath.Join(t.TempDir(), "runs"), string(newGate(t))}
		f := futures.Submit(pool, touchThenWait, files)
		eventually(t, "it runs", func() bool { return exists(files[0]) })
		end(pool)
		if _, w := broken(t, f); w.ExitCode != -signal {
			t.Errorf("%+v", w)
		}
		pool.Shutdown(true, false)
	}
}

var ends = []func(*futures.ProcessPoolExecutor){
	(*futures.ProcessPoolExecutor).TerminateWorkers,
	(*futures.ProcessPoolExecutor).KillWorkers,
}

var processPoolCases = map[string]func(*testing.T){
	"test_max_workers_too_large": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(62)
		defer pool.Shutdown(true, true)
		err := pool.Start(contextDone())
		if large := err != nil && err.Error() == "max_workers must be <= 61"; large != (runtime.GOOS == "windows") {
			t.Errorf("%v", err)
		}
	},
	"test_killed_child": func(t *testing.T) {
		pool := newPool(t, 1)
		g := newGate(t)
		f := futures.Submit(pool, untilFile, string(g))
		eventually(t, "it runs", f.Running)
		kill(pool.PIDs()[0])
		broken(t, f)
		var b *futures.BrokenProcessPool
		if err := futures.Submit(pool, square, 1).Exception(); !errors.As(err, &b) {
			t.Errorf("%v", err)
		}
	},
	"test_broken_process_pool_traceback": func(t *testing.T) {
		// Each future has an error of its own.
		pool := newPool(t, 1)
		g := newGate(t)
		a, b := futures.Submit(pool, untilFile, string(g)), futures.Submit(pool, untilFile, string(g))
		eventually(t, "it runs", a.Running)
		kill(pool.PIDs()[0])
		x, _ := broken(t, a)
		y, _ := broken(t, b)
		if x == y {
			t.Error("they share one")
		}
	},
	"test_map_chunksize": func(t *testing.T) {
		pool := newPool(t, 5)
		for _, n := range []int{6, 30, 60, 100} {
			mustSquares(t, futures.Map(pool, square, count(60), futures.ChunkSize(n)), 60)
		}
		_, errs := collect(futures.Map(pool, square, count(60), futures.ChunkSize(-1)))
		if len(errs) != 1 || errs[0].Error() != "chunksize must be >= 1." {
			t.Errorf("%v", errs)
		}
	},
	"test_traceback": func(t *testing.T) {
		pool := newPool(t, 1)
		var p *futures.PanicError
		if err := futures.Submit(pool, boom, 7).Exception(); !errors.As(err, &p) || !strings.Contains(p.Stack, "futures_test.boom(") || !strings.Contains(p.Stack, "main_test.go:") {
			t.Errorf("%+v", p)
		}
	},
	"test_traceback_when_child_process_terminates_abruptly": func(t *testing.T) {
		pool := newPool(t, 1)
		if _, w := broken(t, futures.Submit(pool, quit, 99)); w.Error() == "" || !strings.Contains(w.Error(), "terminated abruptly with exit status 99") {
			t.Errorf("%v", w)
		}
	},
	"test_saturation": func(t *testing.T) {
		pool := newPool(t, 3)
		g := newGate(t)
		for range 15 * 3 {
			futures.Submit(pool, untilFile, string(g))
		}
		eventually(t, "they run", func() bool { return len(pool.PIDs()) == 3 })
		g.open()
	},
	"test_idle_process_reuse_one": func(t *testing.T) {
		pool := newPool(t, 4)
		for i := range 3 {
			futures.Submit(pool, square, i).Result()
		}
		if n := len(pool.PIDs()); n != 1 {
			t.Errorf("%d workers", n)
		}
	},
	"test_idle_process_reuse_multiple": func(t *testing.T) {
		pool := newPool(t, 4)
		for range 3 {
			a, b := futures.Submit(pool, square, 1), futures.Submit(pool, square, 2)
			a.Result()
			b.Result()
		}
		if n := len(pool.PIDs()); n > 2 {
			t.Errorf("%d workers", n)
		}
	},
	"test_max_tasks_per_child": func(t *testing.T) {
		pool := newPool(t, 1, futures.MaxTasksPerChild(3))
		var pids []int
		for i := range 7 {
			pid, err := futures.Submit(pool, pid, i).Result()
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
		if p := slices.Compact(pids); len(p) != 3 {
			t.Errorf("%v", p)
		}
	},
	"test_max_tasks_per_child_defaults_to_spawn_context": func(t *testing.T) {
		pool := newPool(t, 1, futures.MaxTasksPerChild(3))
		if m := pool.Trace().StartMethod; m != futures.Spawn {
			t.Errorf("%s", m)
		}
	},
	"test_ressources_gced_in_workers": func(t *testing.T) {
		// A worker does not hold what a task was given.
		pool := newPool(t, 1)
		name := filepath.Join(t.TempDir(), "collected")
		if v, err := futures.Submit(pool, watch, &watched{File: name}).Result(); v != 1 || err != nil {
			t.Fatalf("%d, %v", v, err)
		}
		eventually(t, "the worker lets go of the argument", func() bool {
			futures.Submit(pool, collectGarbage, 0).Result()
			return exists(name)
		})
	},
	"test_max_tasks_per_child_pending_tasks_gh115634": func(t *testing.T) {
		// More tasks than the workers may run, all queued before any ends.
		pool := newPool(t, 2, futures.MaxTasksPerChild(1))
		var fs []*futures.Future[int]
		for i := range 10 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
	},
	"test_shutdown_no_wait_max_tasks_gh119592": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(2, futures.MaxTasksPerChild(1))
		var fs []*futures.Future[int]
		for i := range 10 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		pool.Shutdown(false, false)
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
		pool.Shutdown(true, false)
	},
	"test_force_shutdown_during_max_tasks_worker_exit": func(t *testing.T) {
		for _, end := range ends {
			pool := futures.NewProcessPoolExecutor(1, futures.MaxTasksPerChild(1))
			var fs []*futures.Future[int]
			for i := range 5 {
				fs = append(fs, futures.Submit(pool, square, i))
			}
			fs[0].Result()
			end(pool) // the worker is about to leave
			pool.Shutdown(true, false)
			for _, f := range fs {
				if !f.Done() {
					t.Errorf("%v", f)
				}
			}
		}
	},
	"test_failed_worker_replacement_breaks_pool": func(t *testing.T) {
		starts := 0
		pool := newPool(t, 1, futures.MaxTasksPerChild(1), futures.WithLauncher(onlyOnce(&starts)))
		if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		var b *futures.BrokenProcessPool
		if err := futures.Submit(pool, square, 3).Exception(); !errors.As(err, &b) || !strings.Contains(err.Error(), "no more") {
			t.Errorf("%v", err)
		}
	},
	"test_max_tasks_early_shutdown": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(3, futures.MaxTasksPerChild(1))
		var fs []*futures.Future[int]
		for i := range 6 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		pool.Shutdown(true, false)
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
	},
	"test_terminate_workers": forced(15, (*futures.ProcessPoolExecutor).TerminateWorkers),
	"test_kill_workers":      forced(9, (*futures.ProcessPoolExecutor).KillWorkers),
	"test_force_shutdown_workers": func(t *testing.T) {
		for _, end := range ends {
			pool := futures.NewProcessPoolExecutor(2)
			pool.Start(context.Background())
			pids := pool.PIDs()
			end(pool)
			pool.Shutdown(true, false)
			if len(pids) != 2 || alive(pids[0]) || alive(pids[1]) {
				t.Errorf("%v", pids)
			}
		}
	},
	"test_force_shutdown_workers_dead_workers": func(t *testing.T) {
		for _, end := range ends {
			pool := futures.NewProcessPoolExecutor(1)
			broken(t, futures.Submit(pool, quit, 1))
			end(pool)
			pool.Shutdown(true, false)
		}
	},
	"test_force_shutdown_workers_not_started_yet": func(t *testing.T) {
		for _, end := range ends {
			pool := futures.NewProcessPoolExecutor(1)
			end(pool)
			pool.Shutdown(true, false)
			if n := len(pool.PIDs()); n != 0 {
				t.Errorf("%d workers", n)
			}
		}
	},
	"test_force_shutdown_workers_stops_pool": func(t *testing.T) {
		for _, end := range ends {
			pool := futures.NewProcessPoolExecutor(1)
			futures.Submit(pool, square, 1).Result()
			end(pool)
			if err := futures.Submit(pool, square, 1).Exception(); err == nil {
				t.Error("it takes tasks")
			}
			pool.Shutdown(true, false)
		}
	},
}

func contextDone() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

var shutdownCases = map[string]func(*testing.T){
	"test_run_after_shutdown": both(1, func(t *testing.T, pool futures.Executor) {
		pool.Shutdown(true, false)
		var e *futures.RuntimeError
		if err := futures.Submit(pool, square, 2).Exception(); !errors.As(err, &e) {
			t.Errorf("%v", err)
		}
	}),
	"test_hang_issue12364": both(5, func(t *testing.T, pool futures.Executor) {
		var fs []*futures.Future[int]
		for i := range 50 {
			fs = append(fs, futures.Submit(pool, square, i))
		}
		pool.Shutdown(true, false)
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
	}),
	"test_cancel_futures": both(5, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		var fs []*futures.Future[int]
		for range 50 {
			fs = append(fs, futures.Submit(pool, untilFile, string(g)))
		}
		eventually(t, "one runs", fs[0].Running)
		pool.Shutdown(false, true)
		g.open()
		pool.Shutdown(true, false)
		cancelled := 0
		for _, f := range fs {
			if f.Cancelled() {
				cancelled++
			} else if v, err := f.Result(); v != 4 || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		}
		if cancelled < 20 || cancelled == 50 {
			t.Errorf("%d cancelled", cancelled)
		}
	}),
	"test_hang_gh83386": both(1, func(t *testing.T, pool futures.Executor) {
		g := newGate(t)
		f := futures.Submit(pool, untilFile, string(g))
		eventually(t, "it runs", f.Running)
		pool.Shutdown(false, false)
		g.open()
		pool.Shutdown(true, false)
		if v, err := f.Result(); v != 4 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	}),
	"test_hang_gh94440": both(1, func(t *testing.T, pool futures.Executor) {
		// A future that is cancelled at once, right before the end.
		g := newGate(t)
		first := futures.Submit(pool, untilFile, string(g))
		eventually(t, "it runs", first.Running)
		futures.Submit(pool, square, 1).Cancel()
		g.open()
		pool.Shutdown(true, false)
	}),
	"test_context_manager_shutdown": both(5, func(t *testing.T, pool futures.Executor) {
		func() {
			defer pool.Shutdown(true, false)
			mustSquares(t, futures.Map(pool, square, count(9)), 9)
		}()
		if err := futures.Submit(pool, square, 1).Exception(); err == nil {
			t.Error("it takes tasks")
		}
	}),
	"test_shutdown_no_wait": both(5, func(t *testing.T, pool futures.Executor) {
		m := futures.Map(pool, square, count(9))
		pool.Shutdown(false, false)
		mustSquares(t, m, 9)
	}),
	"test_threads_terminate": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(3)
		for i := range 3 {
			futures.Submit(pool, square, i)
		}
		pool.Shutdown(true, false)
		eventually(t, "the goroutines end", func() bool { return threads() == 0 })
	},
	"test_cancel_futures_wait_false": func(t *testing.T) {
		pool := futures.NewThreadPoolExecutor(1)
		g := newGate(t)
		first := futures.Submit(pool, untilFile, string(g))
		second := futures.Submit(pool, square, 1)
		eventually(t, "it runs", first.Running)
		pool.Shutdown(false, true)
		if !second.Cancelled() {
			t.Errorf("%v", second)
		}
		g.open()
		if v, err := first.Result(); v != 4 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	},
	"test_processes_terminate": func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(3)
		pool.Start(context.Background())
		mustSquares(t, futures.Map(pool, square, count(20)), 20)
		pids := pool.PIDs()
		pool.Shutdown(true, false)
		for _, pid := range pids {
			if alive(pid) {
				t.Errorf("%d lives on", pid)
			}
		}
	},
	"test_shutdown_gh_132969_case_1": shutsDownWhileItFails(false),
	"test_shutdown_gh_132969_case_2": shutsDownWhileItFails(true),
}

// shutsDownWhileItFails ends a pool, with tasks left, as a worker is on its way
// out.
func shutsDownWhileItFails(wait bool) func(*testing.T) {
	return func(t *testing.T) {
		pool := futures.NewProcessPoolExecutor(1, futures.MaxTasksPerChild(1))
		files := [2]string{filepath.Join(t.TempDir(), "runs"), string(newGate(t))}
		f := futures.Submit(pool, exitLater, files)
		late := futures.Submit(pool, square, 1)
		eventually(t, "it runs", func() bool { return exists(files[0]) })
		os.WriteFile(files[1], []byte("open"), 0o600)
		pool.Shutdown(wait, false)
		broken(t, f)
		broken(t, late)
		pool.Shutdown(true, false)
	}
}

// onlyOnce launches this program once, and then no more.
func onlyOnce(starts *int) futures.Launcher {
	return func(context.Context) (*exec.Cmd, error) {
		if *starts++; *starts > 1 {
			return nil, errors.New("no more")
		}
		return exec.Command(os.Args[0]), nil
	}
}
