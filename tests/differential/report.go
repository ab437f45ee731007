package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

func write(file string, results []result) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, r := range results {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		w.Write(append(line, '\n'))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func read(file string) ([]result, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []result
	for d := json.NewDecoder(f); ; {
		var r result
		if err := d.Decode(&r); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, r)
	}
}

// summarize prints a line for each set, and the causes.
func summarize(out io.Writer, results []result, verbose bool) {
	if verbose {
		for _, r := range results {
			if r.Verdict != passed && r.Verdict != unusable {
				fmt.Fprintf(out, "%-8s %s/%s: %s [%s]\n", r.Verdict, r.Set, r.Name, r.Detail, r.Cause)
			}
		}
		fmt.Fprintln(out)
	}
	var sets []string
	bySet := map[string][]result{}
	for _, r := range results {
		if bySet[r.Set] == nil {
			sets = append(sets, r.Set)
		}
		bySet[r.Set] = append(bySet[r.Set], r)
	}
	if len(sets) > 1 {
		sets = append(sets, "all")
		bySet["all"] = results
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "set\tprograms")
	for _, v := range verdicts {
		fmt.Fprintf(w, "\t%s", v)
	}
	fmt.Fprintln(w, "\tinterpreted\tother stderr\tunusable\tmedian\ttotal")
	for _, name := range sets {
		row(w, name, bySet[name])
	}
	w.Flush()
	causesTable(out, results)
}

func row(w io.Writer, name string, results []result) {
	count := map[verdict]int{}
	var times []float64
	total, stderr, interpreted := 0.0, 0, 0
	for _, r := range results {
		count[r.Verdict]++
		if r.Verdict == unusable {
			continue
		}
		times = append(times, r.Seconds)
		total += r.Seconds
		if r.Engine == "interpreted" {
			interpreted++
		}
		if r.Stderr && r.Verdict == passed {
			stderr++
		}
	}
	slices.Sort(times)
	fmt.Fprintf(w, "%s\t%d", name, len(times))
	for _, v := range verdicts {
		fmt.Fprintf(w, "\t%d", count[v])
		if v == passed && len(times) > 0 {
			fmt.Fprintf(w, " (%.1f%%)", 100*float64(count[v])/float64(len(times)))
		}
	}
	median := 0.0
	if len(times) > 0 {
		median = times[len(times)/2]
	}
	fmt.Fprintf(w, "\t%.1f%%", 100*float64(interpreted)/float64(max(len(times), 1)))
	fmt.Fprintf(w, "\t%d\t%d\t%.3f s\t%.0f s\n", stderr, count[unusable], median, total)
}

func causesTable(out io.Writer, results []result) {
	type line struct {
		verdict verdict
		cause   string
	}
	count := map[line]int{}
	for _, r := range results {
		if r.Cause != "" {
			count[line{r.Verdict, r.Cause}]++
		}
	}
	if len(count) == 0 {
		return
	}
	lines := slices.SortedFunc(maps.Keys(count), func(a, b line) int {
		return cmp.Or(slices.Index(verdicts, a.verdict)-slices.Index(verdicts, b.verdict), count[b]-count[a], strings.Compare(a.cause, b.cause))
	})
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintf(w, "%s\t%d\t%s\n", l.verdict, count[l], l.cause)
	}
	w.Flush()
}

// changes says which programs came out otherwise than before.
func changes(out io.Writer, before, after []result) {
	old := map[program]result{}
	for _, r := range before {
		r.file = ""
		old[r.program] = r
	}
	better, worse := 0, 0
	fmt.Fprintln(out)
	for _, r := range after {
		key := r.program
		key.file = ""
		b, ok := old[key]
		if !ok || b.Verdict == r.Verdict {
			continue
		}
		switch passed {
		case r.Verdict:
			better++
		case b.Verdict:
			worse++
		}
		fmt.Fprintf(out, "%s/%s: %s, was %s %s%s\n", r.Set, r.Name, r.Verdict, b.Verdict, b.Detail, r.Detail)
	}
	fmt.Fprintf(out, "%d more are right, %d no longer\n", better, worse)
}
