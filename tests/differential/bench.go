package main

import (
	"context"
	"path/filepath"
	"sync"
)

// A bench runs programs both ways.
type bench struct {
	golang   reference
	paracell subject
}

func (b bench) one(ctx context.Context, p program) (result, error) {
	file, err := filepath.Abs(p.file)
	if err != nil {
		return result{}, err
	}
	p.file = file
	w, err := b.golang.run(ctx, p)
	if err != nil {
		return result{}, err
	}
	if w.Unusable != "" {
		return result{program: p, Verdict: unusable, Detail: w.Unusable}, nil
	}
	got, engine, err := b.paracell.run(ctx, p.file)
	if err != nil {
		return result{}, err
	}
	r, err := judge(p, w.outcome, got)
	r.Engine = engine
	if err != nil || r.Verdict != wrong {
		return r, err
	}
	// Is it the program that prints something else each time, or each day?
	again, err := b.golang.renew(ctx, p)
	switch {
	case err != nil:
		return r, err
	case again.Unusable != "":
		r.Verdict, r.Detail, r.Cause = unusable, again.Unusable, ""
	case again.Stdout != w.Stdout:
		r.Verdict, r.Detail, r.Cause = unusable, "prints something else each time", ""
	}
	return r, nil
}

// all runs the programs, some at a time, and returns the results in their
// order.
func (b bench) all(ctx context.Context, programs []program, jobs int) ([]result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]result, len(programs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for i := range next {
				var err error
				if results[i], err = b.one(ctx, programs[i]); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range programs {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	return results, context.Cause(ctx)
}
