package compile

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// Methods that the user did not export are exported of the packages that cells
// are compiled in, and so package reflect would count them. What a cell asks of
// it goes through a function that leaves them out. They sort behind the others.

// A reflected function stands for a method of package reflect that its receiver
// becomes the first argument of.
type reflected struct {
	name string
	text string // %[1]s is its name, %[2]s package reflect, %[3]s package unicode
}

var reflecteds = map[string]*reflected{
	"(reflect.Type).NumMethod": {"numMethod", `func %[1]s(t %[2]s.Type) int {
	n := t.NumMethod()
	for t.Kind() != %[2]s.Interface && n > 0 && !%[3]s.IsUpper([]rune(t.Method(n - 1).Name)[0]) {
		n--
	}
	return n
}`},
	"(reflect.Value).NumMethod": {"numMethod", `func %[1]s(v %[2]s.Value) int {
	n := v.NumMethod()
	for n > 0 && v.Kind() != %[2]s.Interface && !%[3]s.IsUpper([]rune(v.Type().Method(n - 1).Name)[0]) {
		n--
	}
	return n
}`},
	"(reflect.Type).MethodByName": {"methodByName", `func %[1]s(t %[2]s.Type, name string) (%[2]s.Method, bool) {
	if t.Kind() != %[2]s.Interface && name != "" && !%[3]s.IsUpper([]rune(name)[0]) {
		return %[2]s.Method{}, false
	}
	return t.MethodByName(name)
}`},
	"(reflect.Value).MethodByName": {"methodByName", `func %[1]s(v %[2]s.Value, name string) %[2]s.Value {
	if v.IsValid() && v.Kind() != %[2]s.Interface && name != "" && !%[3]s.IsUpper([]rune(name)[0]) {
		return %[2]s.Value{}
	}
	return v.MethodByName(name)
}`},
	"(reflect.Type).Methods": {"methods", `func %[1]s(t %[2]s.Type) func(func(%[2]s.Method) bool) {
	return func(yield func(%[2]s.Method) bool) {
		t.Methods()(func(m %[2]s.Method) bool {
			return (t.Kind() == %[2]s.Interface || %[3]s.IsUpper([]rune(m.Name)[0])) && yield(m)
		})
	}
}`},
	"(reflect.Value).Methods": {"methods", `func %[1]s(v %[2]s.Value) func(func(%[2]s.Method, %[2]s.Value) bool) {
	return func(yield func(%[2]s.Method, %[2]s.Value) bool) {
		v.Methods()(func(m %[2]s.Method, f %[2]s.Value) bool {
			return (v.Kind() == %[2]s.Interface || %[3]s.IsUpper([]rune(m.Name)[0])) && yield(m, f)
		})
	}
}`},
}

// Reflected returns the function that a call must be of instead, its name and
// its text, and what the receiver is; none for other calls.
func Reflected(call *ast.CallExpr, info *types.Info) (name string, text func(name, reflect, unicode string) string, recv ast.Expr) {
	e, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", nil, nil
	}
	sel := info.Selections[e]
	if sel == nil || sel.Kind() != types.MethodVal || len(sel.Index()) > 1 || isPointer(sel.Recv()) {
		return "", nil, nil
	}
	r := reflecteds[sel.Obj().(*types.Func).FullName()]
	if r == nil {
		return "", nil, nil
	}
	kind := "OfType"
	if !types.IsInterface(sel.Recv()) {
		kind = "OfValue"
	}
	return r.name + kind, func(name, reflect, unicode string) string {
		return fmt.Sprintf(r.text, name, reflect, unicode)
	}, e.X
}

// reflects rewrites a call of such a method.
func (r *rewriter) reflects(call *ast.CallExpr) {
	name, text, recv := Reflected(call, r.d.Info)
	if recv == nil {
		return
	}
	name += Dot
	if !strings.Contains(r.u.helpers.String(), "func "+name+"(") {
		r.u.helpers.WriteString(text(name, r.u.importName("reflect"+Dot, "reflect"), r.u.importName("unicode"+Dot, "unicode")) + "\n\n")
	}
	after := ", "
	if len(call.Args) == 0 {
		after = ""
	}
	r.insert(call.Pos(), name+"(")
	r.replace(recv.End(), call.Lparen+1, after)
}
