// Differential runs Go programs with the real Go and with Paracell, and counts
// where the two differ and why.
//
//	go run ./tests/differential [flags] [SET|DIR|FILE...]
//	go run ./tests/differential -fuzz 200 -seed 1
//
// A program is right when its standard output and exit status are those of the
// program that `go build` makes. What that program wrote is kept by content, so
// only Paracell runs the second time. The sets are `equal`, our own programs,
// and `gotest`, the Go project's tests of its compiler that ship with Go; any
// folder of one-file programs is another.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"
)

type settings struct {
	every    int
	only     *regexp.Regexp
	jobs     int
	timeout  time.Duration
	engine   string
	paracell string
	cache    string
	out      string
	against  string
	verbose  bool

	fuzz    int
	seed    uint64
	reduced int
}

func main() {
	s, args, err := parse(os.Args[1:])
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		err = run(ctx, s, args)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(1)
	}
}

func parse(args []string) (settings, []string, error) {
	var s settings
	f := flag.NewFlagSet("differential", flag.ContinueOnError)
	f.IntVar(&s.every, "every", 1, "take every `N`th program of a set or folder")
	only := f.String("only", "", "take programs whose path matches `REGEXP`")
	f.IntVar(&s.jobs, "j", runtime.NumCPU(), "run `N` programs at once")
	f.DurationVar(&s.timeout, "timeout", 20*time.Second, "stop a program after this `TIME` in Paracell")
	f.StringVar(&s.engine, "engine", "", "pass --engine `NAME` on: auto, interpreted or compiled")
	f.StringVar(&s.paracell, "paracell", "", "the `BINARY` to measure; one is built when it is not given")
	f.StringVar(&s.cache, "cache", "", "where what Go printed is kept; a `DIR` of the user's caches by default")
	f.StringVar(&s.out, "o", "", "write a line of JSON for each program into `FILE`")
	f.StringVar(&s.against, "against", "", "say what changed since the `FILE` that -o wrote")
	f.BoolVar(&s.verbose, "v", false, "show every program that is not right")
	f.IntVar(&s.fuzz, "fuzz", 0, "generate `N` programs instead, and reduce those that differ")
	f.IntVar(&s.reduced, "reduce", 5, "reduce `N` of the generated programs that differ")
	f.Uint64Var(&s.seed, "seed", 1, "the first generated program's `NUMBER`")
	if err := f.Parse(args); err != nil {
		return s, nil, err
	}
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		return s, nil, fmt.Errorf("-only: %w", err)
	}
	if s.every < 1 || s.jobs < 1 {
		return s, nil, errors.New("-every and -j need a number of at least 1")
	}
	return s, f.Args(), nil
}

func run(ctx context.Context, s settings, args []string) error {
	if s.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		s.cache = filepath.Join(dir, "paracell-differential")
	}
	scratch, err := os.MkdirTemp("", "differential")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if s.paracell == "" {
		s.paracell = filepath.Join(scratch, "paracell")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.paracell, "github.com/paracell/paracell").CombinedOutput(); err != nil {
			return fmt.Errorf("cannot build paracell: %s", out)
		}
	}
	if s.paracell, err = filepath.Abs(s.paracell); err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, "go", "version").Output()
	if err != nil {
		return fmt.Errorf("cannot ask go for its version: %w", err)
	}
	b := bench{
		golang:   reference{cache: s.cache, scratch: scratch, version: string(version), timeout: time.Minute},
		paracell: subject{binary: s.paracell, engine: s.engine, scratch: scratch, timeout: s.timeout},
	}
	if s.fuzz > 0 {
		return fuzz(ctx, s, b)
	}
	if len(args) == 0 {
		args = []string{"equal"}
	}
	programs, err := collect(args, s.every, s.only)
	if err != nil {
		return err
	}
	results, failure := b.all(ctx, programs, s.jobs)
	if failure != nil && !errors.Is(failure, context.Canceled) {
		return failure
	}
	// What was interrupted tells of the programs that ran.
	results = slices.DeleteFunc(results, func(r result) bool { return r.Verdict == "" })
	if s.out != "" {
		if err := write(s.out, results); err != nil {
			return err
		}
	}
	summarize(os.Stdout, results, s.verbose)
	if s.against != "" {
		before, err := read(s.against)
		if err != nil {
			return err
		}
		changes(os.Stdout, before, results)
	}
	return failure
}
