package futures_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/paracell/paracell/futures"
)

// What useLimit uses beside its argument, in a worker.
var (
	limit int
	words map[string][]string
)

type unknownHere struct{ N int }

type usage struct {
	Limit int
	Words map[string][]string
}

func useLimit(change int) usage {
	u := usage{limit, words}
	limit += change
	return u
}

func init() {
	futures.Register(useLimit)
	futures.SetVariable("limit", &limit)
	futures.SetVariable("words", &words)
}

// TestVariablesTravel has tasks use variables of a host, as they are when the tasks
// are submitted.
func TestVariablesTravel(t *testing.T) {
	futures.RegisterStartMethod("with variables", func(context.Context) (*exec.Cmd, error) { return exec.Command(os.Args[0]), nil })
	number, list, missing := 1, any(map[string][]string{"a": {"x"}, "none": nil}), false
	futures.RegisterVariables("with variables", func(task string) []futures.Variable {
		if task != futures.NameOf(useLimit) {
			return nil
		}
		vars := []futures.Variable{{"limit", func() any { return number }}, {"words", func() any { return list }}}
		if missing {
			vars = append(vars, futures.Variable{Name: "missing", Value: func() any { return 1 }})
		}
		return vars
	})
	pool := newPool(t, 1, futures.StartMethod("with variables"))
	uses := func(f *futures.Future[usage], limit, words int) {
		t.Helper()
		if u, err := f.Result(); err != nil || u.Limit != limit || len(u.Words) != words {
			t.Errorf("%+v, %v", u, err)
		}
	}
	g := newGate(t)
	holds := futures.Submit(pool, untilFile, string(g))
	first := futures.Submit(pool, useLimit, 0)
	number = 2
	second := futures.Submit(pool, useLimit, 0)
	list = nil
	results := futures.Map(pool, useLimit, []int{0, 0, 0})
	number = 4
	g.open()
	holds.Result()
	uses(first, 1, 2)
	uses(second, 2, 2)
	n := 0
	for u, err := range results {
		if n++; err != nil || u.Limit != 2 || u.Words != nil {
			t.Errorf("%+v, %v", u, err)
		}
	}
	if n != 3 {
		t.Errorf("%d results", n)
	}
	uses(futures.Submit(pool, useLimit, 5), 4, 0)
	uses(futures.Submit(pool, useLimit, 0), 9, 0) // it is the worker's own until it changes here
	number = 6
	uses(futures.Submit(pool, useLimit, 0), 6, 0)

	list = make(chan int)
	var p *futures.PicklingError
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || p.Name != "words" || !strings.HasSuffix(err.Error(), "useLimit: it uses the variable words: cannot pickle 'chan int' object: chan int can't cross to another process") {
		t.Errorf("%v", err)
	}
	if _, errs := collect(futures.Map(pool, useLimit, []int{1, 2})); len(errs) != 1 || !errors.As(errs[0], &p) {
		t.Errorf("%v", errs)
	}
	list = struct{ when unknownHere }{} // a type that no registered function mentions
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || !strings.Contains(err.Error(), "the variable words: it is no map[string][]string") {
		t.Errorf("%v", err)
	}
	list = pool
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || !strings.HasSuffix(err.Error(), "the variable words: cannot pickle 'futures.ProcessPoolExecutor' object: *futures.ProcessPoolExecutor can't cross to another process") {
		t.Errorf("%v", err)
	}
	list = fmt.Errorf("reading: %w", io.EOF)
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || !strings.Contains(err.Error(), "the variable words: a *futures.RemoteError is no map[string][]string") {
		t.Errorf("%v", err)
	}
	list = "of another type"
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || !strings.Contains(err.Error(), "the variable words: a string is no map[string][]string") {
		t.Errorf("%v", err)
	}
	list, missing = nil, true
	if err := futures.Submit(pool, useLimit, 0).Exception(); !errors.As(err, &p) || !strings.Contains(err.Error(), "no variable missing") {
		t.Errorf("%v", err)
	}
	if v, err := futures.Submit(pool, square, 3).Result(); v != 9 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}

// A worker that gives requests back still takes the values that came with them.
func TestVariablesOfTasksGivenBack(t *testing.T) {
	futures.RegisterStartMethod("with a number", func(context.Context) (*exec.Cmd, error) { return exec.Command(os.Args[0]), nil })
	number := 0
	futures.RegisterVariables("with a number", func(task string) []futures.Variable {
		return []futures.Variable{{"limit", func() any { return number }}}
	})
	pool := newPool(t, 2, futures.StartMethod("with a number"))
	for range 20 {
		for range 200 { // short ones, so that workers are handed several
			futures.Submit(pool, square, 1)
		}
		g := newGate(t)
		long := futures.Submit(pool, untilFile, string(g))
		var fs []*futures.Future[usage]
		base := number
		for range 200 {
			number++
			fs = append(fs, futures.Submit(pool, useLimit, 0))
		}
		number++
		late := futures.Submit(pool, untilFile, string(g))
		g.open()
		for i, f := range fs {
			if u, err := f.Result(); err != nil || u.Limit != base+i+1 {
				t.Fatalf("%+v, %v, not %d", u, err, base+i+1)
			}
		}
		long.Result()
		late.Result()
	}
}
