package magic

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

var timeMagics = []Magic{
	{Name: "time", Usage: "%time STATEMENT, or %%time on a cell's first line", Line: true, Cell: true, run: runTime,
		Help: "run a statement or a cell once and tell how long it took",
		Doc:  "What is timed may hold magics. The CPU times are those of the evaluator: of all cores together, and without the processes that a pool or a magic starts."},
	{Name: "timeit", Usage: "%timeit [-n LOOPS] [-r RUNS] [-p DIGITS] [-q] STATEMENT, or %%timeit [OPTIONS] [SETUP] on a cell's first line", Line: true, Cell: true, run: runTimeit,
		Help: "run a statement or a cell many times and tell the mean time of one",
		Doc:  "Without -n, the loops are as many as take a fifth of a second. A cell's SETUP statement runs once before, as part of the session, and isn't timed. What the timed statements define stays inside them."},
}

func runTime(ctx context.Context, c *call) *Error {
	code := Code{Text: c.Body, Line: c.BodyLine, Name: c.unit}
	if c.Kind == Line {
		code = c.code(c.Args)
	} else if c.Args != "" {
		return c.usage("%%time takes no arguments")
	}
	if strings.TrimSpace(code.Text) == "" {
		return c.usage("there is nothing to time")
	}
	segments, bad := splitAt(code.Text, code.Line) // %time %run and %time !ls are fine
	if bad != nil {
		return bad
	}
	user, system, ok := c.CPU()
	began := time.Now()
	bad = run(ctx, c.Host, segments, c.unit, false)
	wall := time.Since(began)
	if bad != nil {
		return bad
	}
	text := ""
	if u, s, still := c.CPU(); ok && still && u >= user && s >= system {
		text = cpuTimes(u-user, s-system)
	}
	c.print(text + "Wall time: " + formatTime(wall, 3) + "\n")
	return nil
}

func cpuTimes(user, system time.Duration) string {
	return fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\n", formatTime(user, 3), formatTime(system, 3), formatTime(user+system, 3))
}

const timeitOptions = "n:r:p:q"

// Without -n, a run is to take at least this long.
const enough = 200 * time.Millisecond

func runTimeit(ctx context.Context, c *call) *Error {
	opts, rest, bad := c.options(c.Args, timeitOptions)
	if bad != nil {
		return bad
	}
	numbers := map[byte]int{'n': 0, 'r': 7, 'p': 3}
	for letter := range numbers {
		if value, ok := opts[letter]; ok {
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return c.usage(fmt.Sprintf("-%c needs a number from 1, not %q", letter, value))
			}
			numbers[letter] = n
		}
	}
	loops, runs, digits := numbers['n'], numbers['r'], numbers['p']

	code := c.code(rest)
	if c.Kind == Cell {
		if strings.TrimSpace(rest) != "" {
			if bad := c.RunGo(ctx, code); bad != nil {
				return bad
			}
		}
		code = Code{Text: c.Body, Line: c.BodyLine, Name: c.unit}
	}
	if strings.TrimSpace(code.Text) == "" {
		return c.usage("there is nothing to time")
	}
	if loops == 0 {
		for loops = 1; loops < 1e9; loops *= 10 {
			took, bad := c.RunGoN(ctx, code, loops)
			if bad != nil {
				return bad
			}
			if took >= enough {
				break
			}
		}
	}
	times := make([]time.Duration, runs)
	for i := range times {
		var bad *Error
		if times[i], bad = c.RunGoN(ctx, code, loops); bad != nil {
			return bad
		}
	}
	if _, quiet := opts['q']; !quiet {
		c.print(timeitReport(times, loops, digits))
	}
	return nil
}

func timeitReport(times []time.Duration, loops, digits int) string {
	best, worst, sum, squares := math.Inf(1), 0.0, 0.0, 0.0
	for _, t := range times {
		each := float64(t) / float64(loops)
		best, worst, sum = min(best, each), max(worst, each), sum+each
	}
	mean := sum / float64(len(times))
	for _, t := range times {
		d := float64(t)/float64(loops) - mean
		squares += d * d
	}
	spread := math.Sqrt(squares / float64(len(times)))
	text := ""
	if worst > 4*best && best > 0 && worst > 1000 {
		text = fmt.Sprintf("The slowest run took %.2f times as long as the fastest: something may be cached between runs.\n", worst/best)
	}
	return text + fmt.Sprintf("%s ± %s per loop (mean ± std. dev. of %s, %s each)\n",
		formatSeconds(mean/1e9, digits), formatSeconds(spread/1e9, digits), count(len(times), "run"), count(loops, "loop"))
}

// count is "1 run", "1,000 loops".
func count(n int, noun string) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return s + " " + noun
}

func formatTime(d time.Duration, digits int) string { return formatSeconds(d.Seconds(), digits) }

// formatSeconds writes a time as IPython does: "1min 3s", "12.3 ms", "450 ns".
func formatSeconds(s float64, digits int) string {
	if s >= 60 {
		var parts []string
		for _, unit := range []struct {
			name    string
			seconds float64
		}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
			if n := math.Floor(s / unit.seconds); n > 0 {
				parts = append(parts, fmt.Sprintf("%.0f%s", n, unit.name))
				s -= n * unit.seconds
			}
		}
		return strings.Join(parts, " ")
	}
	for _, unit := range []struct {
		name  string
		scale float64
	}{{"s", 1}, {"ms", 1e3}, {"µs", 1e6}} {
		if s*unit.scale >= 1 {
			return significant(s*unit.scale, digits) + " " + unit.name
		}
	}
	return significant(s*1e9, digits) + " ns"
}

// significant rounds to so many digits and drops zeros behind the point; whole
// digits stay, 437 with two digits is 440.
func significant(v float64, digits int) string {
	if v == 0 {
		return "0"
	}
	power := math.Pow(10, float64(digits)-1-math.Floor(math.Log10(v)))
	return strconv.FormatFloat(math.Round(v*power)/power, 'f', -1, 64)
}
