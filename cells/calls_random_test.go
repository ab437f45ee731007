package cells

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCallsByNameAtRandom holds sessions of random cells, which define functions
// again, fail, and make closures, to a model of them: a call finds the newest version
// of a function that no failed cell defined.
func TestCallsByNameAtRandom(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := &model{Rand: rand.New(rand.NewPCG(seed, 0)), nb: open(t), compiled: seed == 0}
			for i := range m.functions {
				m.functions[i] = m.version(i)
			}
			m.run(m.text(0, 1, 2, 3))
			for range 60 {
				m.step()
			}
		})
	}
}

// A model knows what functions and closures of a session return.
type model struct {
	*rand.Rand
	nb        *notebook
	compiled  bool // some cells are
	log       []string
	functions [4]version
	closures  []func(n int) int
}

// A version of a function adds to its argument, and what one of a higher number
// returns for that, if it calls one.
type version struct{ adds, calls int }

func (m *model) version(i int) version {
	v := version{adds: m.IntN(100)}
	if higher := i + 1 + m.IntN(4); higher < len(m.functions) {
		v.calls = higher
	}
	return v
}

// call returns what a function returns.
func (m *model) call(i, n int) int { return m.functions[i].call(m, n) }

func (v version) call(m *model, n int) int {
	if v.calls > 0 {
		return n + v.adds + m.call(v.calls, n)
	}
	return n + v.adds
}

// text declares functions.
func (m *model) text(functions ...int) string {
	var b strings.Builder
	for _, i := range functions {
		v := m.functions[i]
		fmt.Fprintf(&b, "func f%d(n int) int {\n\tsum := n + %d\n", i, v.adds)
		if v.calls > 0 {
			fmt.Fprintf(&b, "\tsum += f%d(n)\n", v.calls)
		}
		b.WriteString("\treturn sum\n}\n")
	}
	return b.String()
}

// run runs a cell and returns what it shows.
func (m *model) run(code string) string {
	if m.compiled && m.IntN(10) == 0 {
		code = "%%native\n" + code
	}
	m.log = append(m.log, code)
	return m.nb.run(code)
}

func (m *model) expect(code, want string) {
	m.nb.t.Helper()
	if got := m.run(code); got != want {
		m.nb.t.Fatalf("got %q, want %q of the last of\n%s", got, want, strings.Join(m.log, "\n---\n"))
	}
}

// step runs a cell or two.
func (m *model) step() {
	switch i := m.IntN(len(m.functions)); m.IntN(4) {
	case 0: // define some anew
		before := m.functions
		j := (i + 1) % len(m.functions)
		m.functions[i], m.functions[j] = m.version(i), m.version(j)
		text := m.text(i, j)
		if m.IntN(4) == 0 {
			m.functions = before
			m.expect(text+"_ = []int{}[1]", "!! RuntimeError: index out of range [1] with length 0")
			return
		}
		m.expect(text, "")
	case 1: // make a closure
		name := fmt.Sprintf("c%d", len(m.closures))
		switch m.IntN(4) {
		case 0:
			m.expect(fmt.Sprintf("%s := func(n int) int { return f%d(n) }", name, i), "")
			m.closures = append(m.closures, func(n int) int { return m.call(i, n) })
		case 1:
			m.expect(fmt.Sprintf("%s := func(n int) (sum int) {\n\tgot := make(chan int)\n\tgo func() { got <- f%d(n) }()\n\tdefer func() { sum += f%d(n) }()\n\treturn <-got\n}", name, i, i), "")
			m.closures = append(m.closures, func(n int) int { return 2 * m.call(i, n) })
		case 2:
			m.expect(fmt.Sprintf("%s := func(n int) int {\n\tg := f%d\n\treturn func(f func(int) int) int { return f(n) + g(n) }(f%d)\n}", name, i, i), "")
			m.closures = append(m.closures, func(n int) int { return 2 * m.call(i, n) })
		case 3:
			kept := m.functions[i]
			m.expect(fmt.Sprintf("%s := f%d", name, i), "")
			m.closures = append(m.closures, func(n int) int { return kept.call(m, n) })
		}
	default: // call
		m.expect(fmt.Sprintf("f%d(3)", i), fmt.Sprint("=> ", m.call(i, 3)))
		if len(m.closures) > 0 {
			c := m.IntN(len(m.closures))
			m.expect(fmt.Sprintf("c%d(5)", c), fmt.Sprint("=> ", m.closures[c](5)))
		}
	}
}
