package yaegi

import (
	"reflect"
	"slices"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

func TestLibraryDeclaresWhatIsMentioned(t *testing.T) {
	l, err := newLibrary([]eval.Unit{
		{
			Name:    "one",
			Imports: []eval.Import{{Path: "strings", Name: "stringsꞏ1"}},
			Source:  "func upꞏ2(s string) string { return stringsꞏ1.ToUpper(s) }\nfunc entryꞏ3() { panic(1) }",
			Entry:   "entryꞏ3",
			Funcs:   map[string]string{"up": "upꞏ2", "gone": "upꞏ2"},
		},
		{
			Name:   "two",
			Source: "type Pꞏ4 struct{ a, b int }\nfunc goneꞏ5(p Pꞏ4) int { return p.a + len(upꞏ2(\"abc\")) }",
			Types:  true,
			Funcs:  map[string]string{"gone": "goneꞏ5"},
		},
		{
			Name:   "three",
			Source: "func lowꞏ6(s string) string { return stringsꞏ1.ToLower(s) }\nfunc helpꞏ7() int { return 1 }\nfunc callꞏ8() int { return helpꞏ7() }",
			Funcs:  map[string]string{"low": "lowꞏ6", "call": "callꞏ8"},
			Links:  []eval.Link{{Name: "compiledꞏ12.Fꞏhelp", Function: "helpꞏ7"}},
		},
		{Name: "four", Source: "func badꞏ9() { missingꞏ10() }", Funcs: map[string]string{"bad": "badꞏ9"}},
		{
			Name:   "five",
			Source: "func helpꞏ11() int { return 2 }",
			Links:  []eval.Link{{Name: "compiledꞏ12.Fꞏhelp", Function: "helpꞏ11"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []bool{true, true, false, false, false}; !slices.Equal(l.declared, want) { // two, since it has a type, and what it calls
		t.Errorf("declared at once: %v", l.declared)
	}
	call := func(name string, args ...any) reflect.Value {
		t.Helper()
		functions, err := l.find(name)
		if err != nil {
			t.Fatal(err)
		}
		var in []reflect.Value
		for _, a := range args {
			in = append(in, reflect.ValueOf(a))
		}
		return functions[name].Call(in)[0]
	}
	if got := call("up", "ab").String(); got != "AB" {
		t.Errorf("up: %q", got)
	}
	functions, err := l.find("gone")
	if err != nil {
		t.Fatal(err)
	}
	if f := functions["gone"]; f.Type().NumIn() != 1 || f.Type().Out(0).Kind() != reflect.Int {
		t.Errorf("gone: %v", f.Type())
	} else if got := f.Call([]reflect.Value{reflect.Zero(f.Type().In(0))})[0].Int(); got != 3 {
		t.Errorf("gone: %d", got)
	}
	if got := call("low", "AB").String(); got != "ab" {
		t.Errorf("low: %q", got)
	}
	if got := call("call").Int(); got != 2 { // nothing mentions the newest version
		t.Errorf("call: %d", got)
	}
	if l.declared[3] {
		t.Error("a unit was declared that nothing mentions")
	}
	if functions, err := l.find("none"); functions != nil || err != nil {
		t.Error(functions, err)
	}
	if _, err := l.find("bad"); err == nil {
		t.Error("no error")
	}
}
