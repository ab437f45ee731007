package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/paracell/paracell/tests/differential/generate"
)

// fuzz runs generated programs and reduces those that differ. A program's seed
// is its name: -fuzz 1 -seed N makes it again.
func fuzz(ctx context.Context, s settings, b bench) error {
	dir, err := os.MkdirTemp("", "differential-fuzz")
	if err != nil {
		return err
	}
	b.golang.cache = filepath.Join(b.golang.scratch, "generated") // nobody needs them again
	var programs []program
	for i := range uint64(s.fuzz) {
		name := fmt.Sprintf("seed%d.go", s.seed+i)
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(generate.Program(s.seed+i)), 0o644); err != nil {
			return err
		}
		programs = append(programs, program{"generated", name, file})
	}
	results, err := b.all(ctx, programs, s.jobs)
	if err != nil {
		return err
	}
	var work sync.WaitGroup
	slots := make(chan struct{}, s.jobs)
	differ := 0
	for _, r := range results {
		if r.Verdict == passed || r.Verdict == unusable {
			os.Remove(r.file)
			continue
		}
		if differ++; differ > s.reduced {
			continue
		}
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if small, err := reduce(ctx, b, r); err != nil {
				fmt.Fprintf(os.Stderr, "differential: %s stays as it is: %v\n", r.file, err)
			} else if err := os.WriteFile(r.file, small, 0o644); err != nil {
				fmt.Fprintln(os.Stderr, "differential:", err)
			}
		})
	}
	work.Wait()
	summarize(os.Stdout, results, true)
	shown := 0
	for _, r := range results {
		if r.Verdict == passed || r.Verdict == unusable {
			continue
		}
		if shown++; shown > s.reduced {
			break
		}
		if text, err := os.ReadFile(r.file); err == nil {
			fmt.Printf("\n== %s: %s: %s\n%s", r.file, r.Verdict, r.Detail, text)
		}
	}
	return nil
}
