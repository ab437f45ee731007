package futures_test

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/paracell/paracell/futures"
)

func join(t *testing.T, p *futures.Process) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.JoinContext(ctx); err != nil {
		t.Fatal(err)
	}
	code, ok := p.ExitCode()
	if !ok {
		t.Fatal("no exit code after Join")
	}
	return code
}

func TestProcess(t *testing.T) {
	for name, c := range map[string]struct {
		p    *futures.Process
		code int
	}{
		"returns":         {futures.NewProcess(square, 3), 0},
		"panics":          {futures.NewProcess(boom, 7), 1},
		"fails":           {futures.NewProcess(setUpFails, "x"), 1},
		"exits":           {futures.NewProcess(quit, 5), 5},
		"takes nothing":   {futures.NewProcess(noArgs), 0},
		"too many":        {futures.NewProcess(noArgs, 1), 1},
		"by a task":       {futures.NewProcess(futures.Task{Name: futures.NameOf(square)}, 3), 0},
		"nil for a slice": {futures.NewProcess(echoBytes, nil), 0},
	} {
		if err := c.p.Start(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if code := join(t, c.p); code != c.code {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}

func TestProcessLife(t *testing.T) {
	dir := t.TempDir()
	running := filepath.Join(dir, "running")
	p := futures.NewProcess(touchThenWait, [2]string{running, filepath.Join(dir, "never")})
	if p.IsAlive() || p.PID() != 0 || p.Join() == nil || p.Kill() == nil {
		t.Error("alive before Start")
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it runs", func() bool { return exists(running) })
	if _, ok := p.ExitCode(); ok || !p.IsAlive() || !alive(p.PID()) {
		t.Error("not alive")
	}
	var e *futures.RuntimeError
	if err := p.Start(); !errors.As(err, &e) {
		t.Errorf("a second Start: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	if err := p.JoinContext(ctx); !errors.Is(err, futures.TimeoutError{}) {
		t.Errorf("Join with a timeout: %v", err)
	}
	if want := regexp.MustCompile(`^<Process name='Process-\d+' pid=\d+ started>$`); !want.MatchString(p.String()) {
		t.Errorf("%s", p)
	}
	if err := p.Terminate(); err != nil {
		t.Error(err)
	}
	if code := join(t, p); code != -15 || p.IsAlive() {
		t.Errorf("exit code %d", code)
	}
	if err := p.Kill(); err != nil {
		t.Errorf("killing a dead process: %v", err)
	}
}

func TestProcessThatCannotStart(t *testing.T) {
	for name, p := range map[string]*futures.Process{
		"unregistered":   futures.NewProcess(unregisteredFunc, 1),
		"literal":        futures.NewProcess(func() {}),
		"not a function": futures.NewProcess(5),
		"nil":            futures.NewProcess(nil),
		"bad argument":   futures.NewProcess(takesChan, make(chan int)),
	} {
		if err := p.Start(); err == nil {
			t.Errorf("%s: started", name)
		}
	}
}
