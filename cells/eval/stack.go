package eval

import (
	"slices"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
)

// A Place is a Frame of interpreted code as one number: unit, line and column.
// The evaluator's steps have it among their arguments, so that the traces which
// Go's runtime writes of stacks tell where user code is: the interpreter's own
// functions, which are all that is in them else, do not. Zero is no place.
type Place uint64

const (
	columnBits = 16
	lineBits   = 20
)

// Place returns the place of a frame; its unit's name ends in a number, which is
// unique in a session.
func (f Frame) Place() Place {
	n := unitNumber(f.Unit)
	if n <= 0 || n >= 1<<(64-lineBits-columnBits) || f.Line <= 0 || f.Line >= 1<<lineBits {
		return 0
	}
	return Place(n)<<(lineBits+columnBits) | Place(f.Line)<<columnBits | Place(min(max(f.Column, 0), 1<<columnBits-1))
}

// frame returns the place as a frame of the unit that has its number.
func (p Place) frame(units map[int]string) (Frame, bool) {
	unit, ok := units[int(p>>(lineBits+columnBits))]
	return Frame{
		Unit:   unit,
		Line:   int(p >> columnBits & (1<<lineBits - 1)),
		Column: int(p & (1<<columnBits - 1)),
	}, ok
}

// unitNumber returns the number that a unit's name ends in, or 0.
func unitNumber(unit string) int {
	digits := unit[len(strings.TrimRight(unit, "0123456789")):]
	n, _ := strconv.Atoi(digits)
	return n
}

// Units are the names of a session's units, by the numbers that they end in.
type Units map[int]string

// Add makes a unit known.
func (u Units) Add(name string) {
	if n := unitNumber(name); n > 0 {
		u[n] = name
	}
}

// Drop forgets a unit.
func (u Units) Drop(name string) { delete(u, unitNumber(name)) }

// A Goroutine is one as Go's runtime writes its stack.
type Goroutine struct {
	ID     int
	State  string  // what it waits for, in the runtime's words: "chan receive"
	Frames []Frame // of user code, innermost first
	Label  string  `json:"-"` // its labels, if they are shown
	Stack  string  `json:"-"` // the lines below the first
}

var (
	goroutineLine = pattern.New(`^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^]]*?)(?:, \d+ minutes)?(?:, locked to thread)?(?: labels:\{(.*)\})?\]:$`)
	// A step of the evaluator with its place and, where it may wait, what for.
	stepLine = pattern.New(`/cells/yaegi\.(stepAt|callAt|enterAt|waitAt)\(0x([0-9a-f]+)\??, 0x([0-9a-f]+)`)
	// A place in a compiled cell is in a file whose name is no path.
	compiledPlace = pattern.New(`^\t([^/].*):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=.*)?$`)
	compiledCall  = pattern.New(`^(main\.\S+)\(.*\)$`)
	elidedLine    = pattern.New(`^\.\.\.(\d+|additional) frames elided\.\.\.$`)
)

// A Wait is what a step of interpreted code may wait for.
type Wait uint8

const (
	WaitReceive Wait = iota + 1
	WaitSend
	WaitSelect
	WaitNothing // a select without cases
)

var waitStates = [...]string{"", "chan receive", "chan send", "select", "select (no cases)"}

// Goroutines reads what the runtime writes of goroutines' stacks. Units are those
// that places may be in.
func Goroutines(text string, units Units) (all []Goroutine) {
	for part := range strings.SplitSeq(text, "\n\n") {
		for head, rest := "", part; rest != ""; {
			head, rest, _ = strings.Cut(rest, "\n")
			if m := goroutineLine().FindStringSubmatch(head); m != nil {
				id, _ := strconv.Atoi(m[1])
				g := Goroutine{ID: id, State: m[2], Label: m[3], Stack: rest}
				g.read(units)
				all = append(all, g)
				break
			}
		}
	}
	return all
}

// read finds the user's places on the stack.
func (g *Goroutine) read(units Units) {
	call := ""
	for line := range strings.SplitSeq(g.Stack, "\n") {
		compiled := call
		call = ""
		if m := stepLine().FindStringSubmatch(line); m != nil {
			place, _ := strconv.ParseUint(m[2], 16, 64)
			f, ok := Place(place).frame(units)
			if w, _ := strconv.ParseUint(m[3], 16, 64); m[1] == "waitAt" && len(g.Frames) == 0 && w < uint64(len(waitStates)) {
				g.State = waitStates[w]
			}
			if ok {
				g.Frames = append(g.Frames, f)
			}
		} else if m := compiledPlace().FindStringSubmatch(line); m != nil && compiled != "" {
			n, _ := strconv.Atoi(m[2])
			g.Frames = append(g.Frames, Frame{Func: compiled, File: m[1], Line: n})
		} else if m := compiledCall().FindStringSubmatch(line); m != nil {
			call = m[1]
		} else if elidedLine().MatchString(line) && len(g.Frames) > 0 {
			g.Frames = append(g.Frames, Frame{Elided: true})
		}
	}
	for n := len(g.Frames); n > 0 && g.Frames[n-1].Elided; n = len(g.Frames) {
		g.Frames = slices.Delete(g.Frames, n-1, n)
	}
}
