package compile

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// typeText writes a type in the text of this package.
func (u *Unit) typeText(t types.Type) string {
	u.visible(t)
	return u.text(t)
}

func (u *Unit) text(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return u.importName("unsafe"+Dot, "unsafe") + ".Pointer"
		}
		return t.Name()
	case *types.Named:
		name := t.Obj().Name()
		if pkg := t.Obj().Pkg(); pkg != nil && pkg.Path() != "main" {
			name = u.importName(pkg.Name()+Dot, pkg.Path()) + "." + name
		}
		return name + u.list("[", t.TypeArgs(), "]")
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return "*" + u.text(t.Elem())
	case *types.Slice:
		return "[]" + u.text(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), u.text(t.Elem()))
	case *types.Map:
		return "map[" + u.text(t.Key()) + "]" + u.text(t.Elem())
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + u.text(t.Elem())
		case types.RecvOnly:
			return "<-chan " + u.text(t.Elem())
		}
		return "chan (" + u.text(t.Elem()) + ")"
	case *types.Signature:
		return "func" + u.signature(t)
	case *types.Struct:
		if shared(t) {
			return u.sharedText(t)
		}
		return u.structText(t)
	case *types.Interface:
		var parts []string
		for m := range t.ExplicitMethods() {
			parts = append(parts, Method(m)+u.signature(m.Signature()))
		}
		for e := range t.EmbeddedTypes() {
			parts = append(parts, u.text(e))
		}
		return "interface{ " + strings.Join(parts, "; ") + " }"
	case *types.Union:
		var parts []string
		for term := range t.Terms() {
			text := u.text(term.Type())
			if term.Tilde() {
				text = "~" + text
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, " | ")
	}
	panic(fmt.Sprintf("compile: type %v (%T) has no text", t, t))
}

func (u *Unit) structText(t *types.Struct) string {
	var b strings.Builder
	b.WriteString("struct{ ")
	for i := range t.NumFields() {
		f := t.Field(i)
		if !f.Embedded() {
			b.WriteString(f.Name() + " ")
		}
		b.WriteString(u.text(f.Type()))
		if tag := t.Tag(i); tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
		b.WriteString("; ")
	}
	return b.String() + "}"
}

// shared reports whether packages must share a struct type that has no name:
// two of them that write one with an unexported field have two types.
func shared(t *types.Struct) bool {
	ok := Struct(t)
	Walk(t, map[types.Type]bool{}, func(t types.Type) {
		switch t := t.(type) {
		case *types.TypeParam:
			ok = false
		case *types.Struct:
			for f := range t.Fields() {
				ok = ok && !(f.Embedded() && isAlias(f.Type())) // its name is the alias's
			}
		case *types.Named:
			obj := t.Origin().Obj()
			if pkg := obj.Pkg(); pkg != nil && (obj.Parent() != pkg.Scope() || pkg.Path() != "main" && !obj.Exported()) {
				ok = false
			}
		}
	})
	return ok
}

func isAlias(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.(*types.Alias)
	return ok
}

// sharedText names a struct type that packages share.
func (u *Unit) sharedText(t *types.Struct) string {
	s := u.shapeOf(t)
	if s.pkg == u.pkg {
		return s.name
	}
	return u.need(s.pkg) + "." + s.name
}

func (u *Unit) list(open string, args *types.TypeList, shut string) string {
	if args.Len() == 0 {
		return ""
	}
	var parts []string
	for a := range args.Types() {
		parts = append(parts, u.text(a))
	}
	return open + strings.Join(parts, ", ") + shut
}

// signature writes a function's type from its parameters on.
func (u *Unit) signature(s *types.Signature) string {
	var in, out []string
	for i := range s.Params().Len() {
		t := s.Params().At(i).Type()
		if slice, ok := t.(*types.Slice); ok && s.Variadic() && i == s.Params().Len()-1 {
			in = append(in, "..."+u.text(slice.Elem()))
			continue
		}
		in = append(in, u.text(t))
	}
	for v := range s.Results().Variables() {
		out = append(out, u.text(v.Type()))
	}
	return "(" + strings.Join(in, ", ") + ") (" + strings.Join(out, ", ") + ")"
}

// visible sees to it that the text can name what a type is made of.
func (u *Unit) visible(t types.Type) {
	Walk(t, map[types.Type]bool{}, func(t types.Type) {
		n, ok := t.(*types.Named)
		if !ok {
			return
		}
		obj := n.Origin().Obj()
		switch {
		case obj.Pkg() == nil:
		case obj.Pkg().Path() != "main":
			if !obj.Exported() {
				u.fail(u.place(obj), "a variable of type %s, which its package does not export,", types.TypeString(n, (*types.Package).Name))
				u.err.Hint = "give the variable an interface type, or keep it inside a function"
			}
		case obj.Parent() != obj.Pkg().Scope():
			u.fail(u.place(obj), "a variable of type %s, which is a function's own,", obj.Name())
		default:
			u.Add(obj)
			if s, ok := u.c.symbols[obj]; ok && !u.has[obj] {
				u.alias(obj, u.need(s.pkg)+"."+s.name)
			}
		}
	})
}

// place is where the variable is declared whose type is written, or else the type.
func (u *Unit) place(obj types.Object) token.Pos {
	if u.at.IsValid() {
		return u.at
	}
	return obj.Pos()
}

// typeArgs writes the type arguments of an instance.
func typeArgs(u *Unit, t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	u.visible(n)
	return u.list("[", n.TypeArgs(), "]")
}

// Struct reports whether the interpreter cannot make a struct type itself: one
// with fields that are not exported, or embedded, and that cells declare.
func Struct(t *types.Struct) bool {
	if t.NumFields() == 0 || t.Field(0).Pkg() == nil || t.Field(0).Pkg().Path() != "main" {
		return false
	}
	for f := range t.Fields() {
		if !f.Exported() || f.Embedded() {
			return true
		}
	}
	return false
}
