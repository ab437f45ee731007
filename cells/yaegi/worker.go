package yaegi

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/eval"
)

// LoadUnits declares what the units declare in a new interpreter, in order, and
// returns the functions that their Funcs name, by the names that the user
// knows. No entry is run: variables have the zero values of their types.
func LoadUnits(units []eval.Unit) (map[string]reflect.Value, error) {
	i := newInterp(nil)
	lowered := map[string]string{}
	for _, u := range units {
		if err := i.declare(u); err != nil {
			return nil, fmt.Errorf("%s: %s", u.Name, refused(err).Message)
		}
		maps.Copy(lowered, u.Funcs)
	}
	var calls strings.Builder
	for _, name := range slices.Sorted(maps.Keys(lowered)) {
		fmt.Fprintf(&calls, "func init() { %s.Func(%q, %s) }\n", enterName, name, lowered[name])
	}
	i.functions = map[string]reflect.Value{}
	if err := i.declare(eval.Unit{Name: "functions", Source: calls.String()}); err != nil {
		return nil, fmt.Errorf("look up functions: %s", refused(err).Message)
	}
	return i.functions, nil
}

func (i *interpreter) declare(u eval.Unit) error {
	p, err := i.load(u, false)
	if err != nil {
		return err
	}
	_, err = i.in.Execute(p)
	return err
}

// function is told of a function, for the code that LoadUnits adds.
func (i *interpreter) function(name string, f any) { i.functions[name] = reflect.ValueOf(f) }
