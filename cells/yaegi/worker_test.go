package yaegi

import (
	"reflect"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

func TestLoadUnits(t *testing.T) {
	functions, err := LoadUnits([]eval.Unit{
		{
			Name:    "one",
			Imports: []eval.Import{{Path: "strings", Name: "strings"}},
			Source:  "func up1(s string) string { return strings.ToUpper(s) }\nfunc entry() { panic(1) }",
			Entry:   "entry",
			Funcs:   map[string]string{"up": "up1", "gone": "up1"},
		},
		{
			Name:   "two",
			Source: "type P2 struct{ a, b int }\nfunc gone2(p P2) int { return p.a + len(up1(\"abc\")) }",
			Funcs:  map[string]string{"gone": "gone2"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := functions["up"].Call([]reflect.Value{reflect.ValueOf("ab")})[0].String(); got != "AB" {
		t.Errorf("up: %q", got)
	}
	if f := functions["gone"]; f.Type().NumIn() != 1 || f.Type().Out(0).Kind() != reflect.Int {
		t.Errorf("gone: %v", f.Type())
	} else if got := f.Call([]reflect.Value{reflect.Zero(f.Type().In(0))})[0].Int(); got != 3 {
		t.Errorf("gone: %d", got)
	}
}

func TestLoadUnitsRefuses(t *testing.T) {
	if _, err := LoadUnits([]eval.Unit{{Name: "bad", Source: "func f() { g() }"}}); err == nil {
		t.Error("no error")
	}
}
