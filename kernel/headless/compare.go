package headless

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is a cell whose outputs aren't those that were stored.
type Difference struct {
	Cell int    // as in CellError
	Code string // the cell's first line
	Diff string // lines that begin with "-" (stored), "+" (fresh) or " " (both)
}

func (d Difference) String() string {
	return fmt.Sprintf("cell [%d] %s: the output is not the stored one (- stored, + fresh)\n%s", d.Cell, d.Code, d.Diff)
}

// Compare holds a notebook's fresh outputs against the stored ones of the
// notebook that it was cloned from. The rule for what counts as equal stands in
// normalize.go.
func Compare(stored, fresh *Notebook) []Difference {
	var differences []Difference
	number := 0
	for i, c := range fresh.cells {
		if !c.runs() {
			continue
		}
		number++
		want := linesOf(stored.cells[i])
		got := linesOf(c)
		if !slices.EqualFunc(want, got, func(a, b line) bool { return a.key == b.key }) {
			differences = append(differences, Difference{number, firstLine(c.source), diff(want, got)})
		}
	}
	return differences
}

// line is a line of an output: compared by key, shown as text.
type line struct{ key, text string }

// linesOf is the outputs of a cell as lines. The order in which stdout and
// stderr alternate is no difference: they are gathered up to the next output of
// another kind.
func linesOf(c *cell) []line {
	outputs, err := storedOutputs(c.raw)
	if err != nil {
		return []line{{err.Error(), err.Error()}}
	}
	var list []line
	streams := map[string]string{}
	flush := func() {
		for _, name := range slices.Sorted(maps.Keys(streams)) {
			list = append(list, c.lines(name, overwrite(streams[name]))...)
		}
		clear(streams)
	}
	for _, o := range outputs {
		if o.kind == "stream" {
			streams[o.name] += o.text
			continue
		}
		flush()
		list = append(list, c.outputLines(o)...)
	}
	flush()
	return list
}

func (c *cell) outputLines(o *output) []line {
	if o.kind == "error" {
		return c.lines("error", o.ename+": "+o.evalue)
	}
	var list []line
	for _, mime := range slices.Sorted(maps.Keys(o.data)) {
		label := o.kind + " " + mime
		text, ok := o.data[mime].(string)
		if !ok {
			raw, err := json.Marshal(o.data[mime])
			if err != nil {
				raw = []byte(err.Error())
			}
			text = string(raw)
		}
		if strings.HasPrefix(mime, "image/") {
			text = ""
		}
		list = append(list, c.lines(label, text)...)
	}
	return list
}

// lines labels the lines of one output, so that the same text on stdout and in
// a result is not the same.
func (c *cell) lines(label, text string) []line {
	list := []line{{label, label + ":"}}
	if c.tagged("volatile") || text == "" {
		return list
	}
	for text := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		list = append(list, line{normalize(text, c.tagged("timings")), "  " + text})
	}
	return list
}

// diffLimit bounds the work and the length of a difference.
const diffLimit = 1000

// diff shows the lines that were removed and added, with a little of what is
// around them.
func diff(old, new []line) string {
	var b strings.Builder
	if max(len(old), len(new)) > diffLimit {
		at := 0
		for at < min(len(old), len(new)) && old[at].key == new[at].key {
			at++
		}
		fmt.Fprintf(&b, "%d lines were stored and %d are fresh; they part at line %d\n", len(old), len(new), at+1)
		old, new = old[at:min(at+3, len(old))], new[at:min(at+3, len(new))]
	}
	const context = 2
	edits := edit(old, new)
	skipped := false
	for i, e := range edits {
		near := false
		for j := max(0, i-context); j <= min(len(edits)-1, i+context); j++ {
			near = near || edits[j].sign != ' '
		}
		if near || e.heading {
			if skipped {
				b.WriteString("  …\n")
			}
			fmt.Fprintf(&b, "%c %s\n", e.sign, e.text)
		}
		skipped = !(near || e.heading)
	}
	return b.String()
}

type edited struct {
	sign    byte
	text    string
	heading bool
}

// edit turns old into new by the longest common subsequence of lines.
func edit(old, new []line) []edited {
	common := make([][]int, len(old)+1)
	for i := range common {
		common[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			if old[i].key == new[j].key {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var list []edited
	add := func(sign byte, l line) {
		list = append(list, edited{sign, l.text, !strings.HasPrefix(l.text, "  ")})
	}
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		switch {
		case i < len(old) && j < len(new) && old[i].key == new[j].key:
			add(' ', new[j])
			i++
			j++
		case j == len(new) || i < len(old) && common[i+1][j] >= common[i][j+1]:
			add('-', old[i])
			i++
		default:
			add('+', new[j])
			j++
		}
	}
	return list
}
