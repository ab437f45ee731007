package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/compile"
)

// typ returns the lowered text of a type.
func (w *writer) typ(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch {
		case t.Kind() == types.UnsafePointer:
			return w.u.importName("unsafe", "unsafe") + ".Pointer"
		case t.Info()&types.IsUntyped != 0:
			if t.Kind() == types.UntypedNil {
				return "any"
			}
			return types.Default(t).String()
		}
		return t.Name()
	case *types.Named:
		return w.named(t)
	case *types.Pointer:
		return "*" + w.typ(t.Elem())
	case *types.Slice:
		return "[]" + w.typ(t.Elem())
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + w.typ(t.Elem())
	case *types.Map:
		return "map[" + w.typ(t.Key()) + "]" + w.typ(t.Elem())
	case *types.Chan:
		elem := w.typ(t.Elem())
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + elem
		case types.RecvOnly:
			return "<-chan " + elem
		}
		if strings.HasPrefix(elem, "<-") {
			return "chan (" + elem + ")"
		}
		return "chan " + elem
	case *types.Struct:
		if w.shaped(t) {
			return w.u.Compiled.Shape(t)
		}
		return w.structType(t)
	case *types.Signature:
		return "func" + w.signatureType(t)
	case *types.Interface:
		return w.interfaceType(t)
	case *types.Tuple:
		parts := make([]string, t.Len())
		for i := range parts {
			parts[i] = w.typ(t.At(i).Type())
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	panic(fmt.Sprintf("lower: type %v (%T) has no lowered form", t, t))
}

func (w *writer) named(t *types.Named) string {
	obj := t.Obj()
	switch {
	case obj.Pkg() == nil: // error, comparable
		return obj.Name()
	case isEmptyInterface(t):
		return "interface{}" // the interpreter takes a named one for one with methods
	case t.TypeArgs().Len() > 0 && ofCells(obj):
		return w.u.Compiled.Shape(t)
	case t.TypeArgs().Len() > 0:
		return w.typeInstance(t)
	}
	if name := w.u.l.names.of(obj); name != "" {
		return name
	}
	if name, ok := w.locals[obj]; ok {
		return name
	}
	if obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope() {
		return w.local(obj)
	}
	if obj.Pkg() == w.pkg || obj.Pkg().Path() == "main" {
		return w.local(obj)
	}
	if !obj.Exported() {
		if compile.Witness(obj) != nil {
			return w.u.importName(obj.Pkg().Path(), obj.Pkg().Name()) + "." + compile.Hidden(obj.Name())
		}
		if named := w.interpreted(obj); named != "" {
			return named
		}
	}
	return w.u.importName(obj.Pkg().Path(), obj.Pkg().Name()) + "." + obj.Name()
}

// ofCells reports whether cells declare an object.
func ofCells(obj types.Object) bool { return obj.Pkg() != nil && obj.Pkg().Path() == "main" }

// shaped reports whether a struct type of the user's is the compiler's, since
// the interpreter would give its fields other names.
func (w *writer) shaped(t *types.Struct) bool {
	return w.u.Compiled != nil && t.NumFields() > 0 && ofCells(t.Field(0)) && compile.Struct(t)
}

func isEmptyInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

// interpreted makes an interpreted copy of an unexported type of a package
// whose generic code is interpreted.
func (w *writer) interpreted(obj *types.TypeName) string {
	src, err := w.u.l.importer.Source(obj.Pkg().Path())
	if err != nil {
		return ""
	}
	spec, _ := src.Decls[obj].(*ast.TypeSpec)
	if spec == nil {
		obj, _ = src.Pkg.Scope().Lookup(obj.Name()).(*types.TypeName)
		if spec, _ = src.Decls[obj].(*ast.TypeSpec); spec == nil {
			return ""
		}
	}
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return ""
	}
	key := "type " + obj.Pkg().Path() + "." + obj.Name()
	return w.u.helper(key, obj.Name(), func(c *chunk, name string) {
		iw := &writer{chunk: c, u: w.u, info: src.Info, pkg: obj.Pkg(), locals: map[types.Object]string{}}
		iw.printf("type %s %s", name, iw.typ(named.Underlying()))
		w.u.methodsOf(named, name, src.Info)
	})
}

func (w *writer) structType(t *types.Struct) string {
	var b strings.Builder
	b.WriteString("struct {")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			b.WriteString("; ")
		}
		if f.Embedded() {
			b.WriteString(w.typ(f.Type()))
		} else {
			name := f.Name()
			if name == "_" { // the interpreter has it that fields differ in name
				name = "blank" + Dot + strconv.Itoa(i)
			}
			b.WriteString(name + " " + w.typ(f.Type()))
		}
		if tag := t.Tag(i); tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
	}
	b.WriteString("}")
	return b.String()
}

// fieldName returns the name of a field in lowered code: an embedded field is
// called after its type, which may have a fresh name.
func (w *writer) fieldName(f *types.Var) string {
	if !f.Embedded() || ofCells(f) {
		return f.Name()
	}
	typ := strings.TrimPrefix(w.typ(f.Type()), "*")
	return typ[strings.LastIndexByte(typ, '.')+1:]
}

func (w *writer) signatureType(s *types.Signature) string {
	var b strings.Builder
	b.WriteString("(")
	for i := range s.Params().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		t := s.Params().At(i).Type()
		if s.Variadic() && i == s.Params().Len()-1 {
			b.WriteString("..." + w.typ(elemOf(t)))
		} else {
			b.WriteString(w.typ(t))
		}
	}
	b.WriteString(")")
	b.WriteString(w.resultTypes(s))
	return b.String()
}

func (w *writer) resultTypes(s *types.Signature) string {
	switch s.Results().Len() {
	case 0:
		return ""
	case 1:
		return " " + w.typ(s.Results().At(0).Type())
	}
	return " " + w.typ(s.Results())
}

func (w *writer) interfaceType(t *types.Interface) string {
	if t.NumMethods() == 0 {
		return "interface{}"
	}
	var b strings.Builder
	b.WriteString("interface {")
	for i := range t.NumMethods() {
		m := t.Method(i)
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(m.Name() + w.signatureType(m.Type().(*types.Signature)))
	}
	b.WriteString("}")
	return b.String()
}

// elemOf returns the element type of a variadic parameter's type.
func elemOf(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return types.Typ[types.Byte] // append([]byte, string...)
}
