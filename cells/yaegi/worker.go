package yaegi

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
)

// A library declares units when what they declare is asked for: a task needs few
// of a long notebook's, and a worker is to be ready soon. No entry is run:
// variables have the zero values of their types.
type library struct {
	in        *interpreter
	units     []eval.Unit
	declared  []bool                 // units
	having    map[string][]int       // the units that a name of theirs comes with, by its name
	imports   map[string]eval.Import // by name; they are shared by units
	functions map[string]string      // functions by the names that the user knows
	captures  map[string][]string    // the variables that functions use, by the names that the user knows
	variables map[string]string      // and what they are
}

// newLibrary returns a library of the units. Those that declare types it declares
// at once, for any value may be of one.
func newLibrary(units []eval.Unit) (*library, error) {
	l := &library{
		in:        newInterp(nil),
		units:     units,
		declared:  make([]bool, len(units)),
		having:    map[string][]int{},
		imports:   map[string]eval.Import{},
		functions: map[string]string{},
	}
	var typed []int
	for n, u := range units {
		compiled := false
		for _, im := range u.Imports {
			l.imports[im.Name] = im
			compiled = compiled || im.File != ""
		}
		for name := range freshNames(u) {
			if _, imported := l.imports[name]; !imported && l.having[name] == nil {
				l.having[name] = []int{n} // who has a name first declares it
			}
		}
		for _, to := range u.Links { // who has the newest one of a name is mentioned nowhere
			if have := l.having[to.Name]; !slices.Contains(have, n) {
				l.having[to.Name] = append(have, n)
			}
		}
		maps.Copy(l.functions, u.Funcs)
		if len(u.Funcs) > 0 {
			l.captures, l.variables = u.Captures, u.Variables
		}
		if compiled || u.Types {
			typed = append(typed, n)
		}
	}
	return l, l.declare(typed...)
}

// declare declares units and all that they mention, in the order of the session.
func (l *library) declare(units ...int) error {
	need := map[int]bool{}
	bind := map[string]bool{}
	for len(units) > 0 {
		n := units[0]
		units = units[1:]
		if need[n] || l.declared[n] {
			continue
		}
		need[n] = true
		for _, to := range l.units[n].Links {
			units = append(units, l.having[to.Name]...)
		}
		for name := range freshNames(l.units[n]) {
			units = append(units, l.having[name]...)
			if _, ok := l.imports[name]; ok {
				bind[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(bind)) {
		if im := l.imports[name]; im.File == "" { // else its unit is one of them
			if err := l.in.bindImport(im); err != nil {
				return fmt.Errorf("import %q: %w", im.Path, err)
			}
		}
	}
	for _, n := range slices.Sorted(maps.Keys(need)) {
		if err := l.in.declare(l.units[n]); err != nil {
			return fmt.Errorf("%s: %s", l.units[n].Name, refused(err).Message)
		}
		l.declared[n] = true
	}
	return nil
}

// find returns functions, which are declared for that, by the names that the user
// knows. It leaves out those that there aren't.
func (l *library) find(names ...string) (map[string]reflect.Value, error) {
	var units []int
	var calls strings.Builder
	for _, name := range names {
		if own := l.functions[name]; own != "" {
			units = append(units, l.having[own]...)
			fmt.Fprintf(&calls, "func init() { %s.Func(%q, %s) }\n", enterName, name, own)
			generic, _, _ := strings.Cut(name, "[")
			for _, v := range l.captures[generic] {
				for own := range freshNames(eval.Unit{Source: l.variables[v]}) {
					units = append(units, l.having[own]...)
				}
				fmt.Fprintf(&calls, "func init() { %s.Func(%q, &%s) }\n", enterName, v, l.variables[v])
			}
		}
	}
	if calls.Len() == 0 {
		return nil, nil
	}
	if err := l.declare(units...); err != nil {
		return nil, err
	}
	l.in.functions = map[string]reflect.Value{}
	if err := l.in.declare(eval.Unit{Name: "functions from " + names[0], Source: calls.String()}); err != nil {
		return nil, fmt.Errorf("look up functions: %s", refused(err).Message)
	}
	return l.in.functions, nil
}

// freshNames are those in a unit that may be of it or another one: a session makes
// each of them unlike all others (lower.Fresh).
func freshNames(u eval.Unit) map[string]bool {
	fresh := map[string]bool{}
	add := func(text string) {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			stem := strings.TrimRight(word, "0123456789")
			if stem != word && stem != compile.Dot && strings.HasSuffix(stem, compile.Dot) {
				fresh[word] = true
			}
		}
	}
	add(u.Source)
	for _, to := range u.Links {
		add(to.Function)
	}
	return fresh
}

func (i *interpreter) declare(u eval.Unit) error {
	p, err := i.load(u, false)
	if err != nil {
		return err
	}
	_, err = i.in.Execute(p)
	return err
}

// function is told of a function, for the code that find adds.
func (i *interpreter) function(name string, f any) { i.functions[name] = reflect.ValueOf(f) }
