package compile

import (
	"fmt"
	"go/types"
)

// A type that its package does not export has no text: a variable of it gets its
// type from one that the package exports, by inference.

// Hidden returns the name that lowered code has for a type which a package other
// than the session's does not export, and which a variable has that it does.
func Hidden(name string) string { return "T" + Dot + name }

// Witness returns a variable that a package exports and that has the package's
// unexported type, or points to it; nil when there is none.
func Witness(t *types.TypeName) *types.Var {
	scope := t.Pkg().Scope()
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok && v.Exported() && typeName(v) == t {
			return v
		}
	}
	return nil
}

// typeName returns the type that a variable has, or points to, if it has a name.
func typeName(v *types.Var) *types.TypeName {
	t := v.Type()
	if isPointerType(t) {
		t = types.Unalias(t).(*types.Pointer).Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs().Len() > 0 {
		return nil
	}
	return n.Obj()
}

func isPointerType(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}

// witness returns the variable that tells the type of v, when that has no text.
func witness(v *types.Var) *types.Var {
	t := typeName(v)
	if t == nil || t.Pkg() == nil || t.Pkg().Path() == "main" || t.Exported() {
		return nil
	}
	return Witness(t)
}

// inferred declares the way to a variable whose type its witness tells.
func (e *exporter) inferred(v, witness *types.Var) {
	name := v.Name()
	from, to := "*T", "*T"
	switch has, wants := isPointerType(witness.Type()), isPointerType(v.Type()); {
	case has && !wants:
		from = "**T"
	case wants && !has:
		to = "**T"
	}
	of := e.u.importName(witness.Pkg().Name()+Dot, witness.Pkg().Path()) + "." + witness.Name()
	fmt.Fprintf(e.b, "func at%s%s[T any](_ %s, p unsafe%s.Pointer) %s { return (%s)(p) }\n\n", Dot, name, from, Dot, to, to)
	fmt.Fprintf(e.b, "var p%s%s = at%s%s(&%s, nil)\n\n", Dot, name, Dot, name, of)
	fmt.Fprintf(e.b, "func bind%s%s(p unsafe%s.Pointer) { p%s%s = at%s%s(&%s, p) }\n\n", Dot, name, Dot, Dot, name, Dot, name, of)
}
