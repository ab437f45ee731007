package compile

import (
	"go/types"
	"strings"
)

// typeText writes a type in the text of this package.
func (u *Unit) typeText(t types.Type) string {
	return types.TypeString(u.visible(t), func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return u.importName(p.Name(), p.Path())
	})
}

// visible sees to it that the text can name what a type is made of.
func (u *Unit) visible(t types.Type) types.Type {
	walk(t, map[types.Type]bool{}, func(n *types.Named) {
		obj := n.Origin().Obj()
		switch {
		case obj.Pkg() == nil:
		case obj.Pkg().Path() != "main":
			if !obj.Exported() {
				u.fail(obj.Pos(), "a value of type %s, which its package does not export,", n)
			}
		case obj.Parent() != obj.Pkg().Scope():
			u.fail(obj.Pos(), "type %s, which is a function's own,", obj.Name())
		default:
			u.Add(obj)
			if s, ok := u.c.symbols[obj]; ok && !u.has[obj] {
				u.alias(obj, u.need(s.pkg)+"."+s.name)
			}
		}
	})
	return t
}

func typeArgs(u *Unit, t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs().Len() == 0 {
		return ""
	}
	var args []string
	for a := range n.TypeArgs().Types() {
		args = append(args, u.typeText(a))
	}
	return "[" + strings.Join(args, ", ") + "]"
}

// Struct reports whether the interpreter cannot make a struct type itself: one
// with fields that are not exported, or embedded.
func Struct(t *types.Struct) bool {
	for f := range t.Fields() {
		if !f.Exported() || f.Embedded() {
			return true
		}
	}
	return false
}
