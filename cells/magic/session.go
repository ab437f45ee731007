package magic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var sessionMagics = []Magic{
	{Name: "who", Usage: "%who [TYPE…]", Line: true, run: runWho,
		Help: "list the session's variables, of the given types only"},
	{Name: "whos", Usage: "%whos [TYPE…]", Line: true, run: runWhos,
		Help: "list the session's variables with type and value"},
	{Name: "pool", Usage: "%pool [NUMBER|NAME]", Line: true, run: runPool,
		Help: "list the session's pools; of one, a Gantt chart of tasks by worker and where the time went",
		Doc:  "NUMBER is the list's, NAME the variable that holds the pool. The start of a worker, encoding, transfer, computing and being idle add up to the time that there was a worker."},
	{Name: "reset", Usage: "%reset [-f]", Line: true, run: runReset,
		Help: "forget every definition of the session; -f without asking",
		Doc:  "The history of cells stays."},
	{Name: "history", Usage: "%history [-n] [-l COUNT] [-g PATTERN] [NUMBERS…]", Line: true, run: runHistory,
		Help: "show the session's cells",
		Doc:  "-n numbers them, -l takes the last COUNT, -g those that match a regular expression. NUMBERS such as 2 or 4-6 pick cells by their execution count."},
}

func (c *call) variables(ctx context.Context) ([]Variable, *Error) {
	types, bad := c.words()
	if bad != nil {
		return nil, bad
	}
	all, err := c.Variables(ctx)
	if err != nil {
		return nil, failed("%"+c.Name, err)
	}
	all = slices.DeleteFunc(slices.Clone(all), func(v Variable) bool { return len(types) > 0 && !slices.Contains(types, v.Type) })
	if len(all) == 0 {
		if len(types) > 0 {
			c.print("No variables of type " + strings.Join(types, " or ") + ".\n")
		} else {
			c.print("The session has no variables.\n")
		}
	}
	return all, nil
}

func runWho(ctx context.Context, c *call) *Error {
	vars, bad := c.variables(ctx)
	if bad != nil || len(vars) == 0 {
		return bad
	}
	var names []string
	for _, v := range vars {
		names = append(names, v.Name)
	}
	c.print(strings.Join(names, "\t") + "\n")
	return nil
}

func runWhos(ctx context.Context, c *call) *Error {
	vars, bad := c.variables(ctx)
	if bad != nil || len(vars) == 0 {
		return bad
	}
	rows := [][]string{{"Variable", "Type", "Value"}}
	for _, v := range vars {
		rows = append(rows, []string{v.Name, v.Type, short(v.Value, 60)})
	}
	lines := columns(rows)
	rule := strings.Repeat("-", utf8.RuneCountInString(lines[0])+1)
	c.print(strings.Join(slices.Insert(lines, 1, rule), "\n") + "\n")
	return nil
}

// columns pads rows so that their columns stand below each other.
func columns(rows [][]string) (lines []string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+3)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// short is s on one line, cut when longer than n characters.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func runPool(ctx context.Context, c *call) *Error {
	if c.Args != "" && !isDigit(c.Args[0]) && c.Args[0] != '-' {
		code := c.code(c.Args)
		code.Text += ".Trace()"
		return c.RunGo(ctx, code)
	}
	number := 0
	if c.Args != "" {
		var err error
		if number, err = strconv.Atoi(c.Args); err != nil || number < 1 {
			return c.usage(fmt.Sprintf("%q is no pool's number", c.Args))
		}
	}
	if err := c.Pools(ctx, number); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return failed("%pool", err)
	}
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func runReset(ctx context.Context, c *call) *Error {
	opts, rest, bad := c.options(c.Args, "f")
	if bad != nil {
		return bad
	}
	if rest != "" {
		return c.usage("%reset does not know " + strconv.Quote(rest))
	}
	if _, force := opts['f']; !force {
		answer, err := c.Input(ctx, "Forget every variable, function, type and import of the session? (y/[n]) ", false)
		switch {
		case errors.Is(err, ErrNoInput):
			return c.usage("nobody can be asked here: say %reset -f")
		case err != nil && !errors.Is(err, io.EOF):
			return failed("%reset", err)
		}
		if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
			c.print("Nothing done.\n")
			return nil
		}
	}
	if err := c.Reset(ctx); err != nil {
		return failed("%reset", err)
	}
	return nil
}

func runHistory(_ context.Context, c *call) *Error {
	opts, rest, bad := c.options(c.Args, "nl:g:")
	if bad != nil {
		return bad
	}
	entries := c.History()
	if rest != "" {
		picked, err := pick(entries, strings.Fields(rest))
		if err != nil {
			return c.usage(err.Error())
		}
		entries = picked
	}
	if pattern, ok := opts['g']; ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return c.usage("-g: " + err.Error())
		}
		entries = slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !re.MatchString(e.Code) })
	}
	if last, ok := opts['l']; ok {
		n, err := strconv.Atoi(last)
		if err != nil || n < 0 {
			return c.usage("-l needs a number")
		}
		entries = entries[max(0, len(entries)-n):]
	}
	_, numbered := opts['n']
	var b strings.Builder
	for _, e := range entries {
		if numbered {
			fmt.Fprintf(&b, "%4d: ", e.Count)
		}
		b.WriteString(strings.TrimRight(e.Code, "\n") + "\n")
	}
	if b.Len() > 0 {
		c.print(b.String())
	}
	return nil
}

// pick takes the entries that ranges such as "3" and "4-6" name.
func pick(entries []Entry, ranges []string) (picked []Entry, err error) {
	for _, r := range ranges {
		from, to, isRange := strings.Cut(r, "-")
		first, err := strconv.Atoi(from)
		last := first
		if err == nil && isRange {
			last, err = strconv.Atoi(to)
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no cell's number or range of them", r)
		}
		for _, e := range entries {
			if first <= e.Count && e.Count <= last {
				picked = append(picked, e)
			}
		}
	}
	return picked, nil
}
