package compile

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Door is a type of every package whose methods are what later packages call.
// Functions of their own would join a table of the linker, which a package must
// not have of those that it imports.
const Door = "X" + Dot

// door is the receiver of such a method. A generic one must be a function, and
// joins no table.
func door(params string) string {
	if params != "" {
		return ""
	}
	return "(" + Door + ") "
}

// inside names a function or variable in its own package: exported ones would
// join that table, and main is ours.
func inside(name string) string {
	if name == "main" || token.IsExported(name) {
		return Dot + name
	}
	return name
}

// An exporter writes what other packages and the interpreter need of this one.
type exporter struct {
	u    *Unit
	b    *strings.Builder // declarations
	list *strings.Builder // what Symbols returns: names and values in turn
}

// At begins the name of what is exported as what a pointer leads to.
const At = "*"

// export has the interpreter know the value of an expression by a name.
func (e *exporter) export(name, value string) {
	fmt.Fprintf(e.list, "\t\t%q, %s,\n", name, value)
}

func (e *exporter) member(m member) {
	if f, ok := m.Node.(*ast.FuncDecl); ok && f.Recv != nil {
		return
	}
	switch obj := m.obj.(type) {
	case *types.TypeName:
		e.typ(obj, m)
	case *types.Func:
		e.function(obj, m)
	}
}

// typ exports a type: its alias, and ways to its unexported fields.
func (e *exporter) typ(obj *types.TypeName, m member) {
	name := obj.Name()
	params, args := "", ""
	spec := m.Node.(*ast.GenDecl).Specs[0].(*ast.TypeSpec)
	if spec.TypeParams != nil {
		params, args = typeParams(e.u, m.Decl, spec.TypeParams)
	}
	fmt.Fprintf(e.b, "type T%s%s%s = %s%s\n\n", Dot, name, params, name, args)
	if params == "" && !isConstraint(obj.Type()) {
		e.export("T"+Dot+name, "(*"+name+")(nil)")
	}
	if st, ok := obj.Type().Underlying().(*types.Struct); ok && !obj.IsAlias() && Struct(st) {
		e.fields(st, obj, name, name+args, params)
	}
}

// isConstraint reports whether a type is an interface that no variable can have.
func isConstraint(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && !i.IsMethodSet()
}

// typeParams returns a declaration's type parameters, and the arguments that
// stand for them.
func typeParams(u *Unit, d *Decl, list *ast.FieldList) (params, args string) {
	r := &rewriter{u: u, d: d}
	r.walk(list)
	var names []string
	for _, f := range list.List {
		for _, n := range f.Names {
			name := n.Name
			if name == "_" { // the export must name it
				name = fmt.Sprintf("%s%d", Dot, len(names))
				r.replace(n.Pos(), n.End(), name)
			}
			names = append(names, name)
		}
	}
	return "[" + r.text(list.Opening+1, list.Closing) + "]", "[" + strings.Join(names, ", ") + "]"
}

// fields exports the unexported fields of a struct type, and how to make one.
func (e *exporter) fields(st *types.Struct, obj *types.TypeName, name, text, params string) {
	var in, made, args []string
	var earlier *field // of the type that this one is declared by
	for i := range st.NumFields() {
		f := st.Field(i)
		if f.Name() == "_" {
			continue
		}
		arg := fmt.Sprintf("a%d", i)
		ftext := e.u.typeText(f.Type())
		in = append(in, arg+" "+ftext)
		made, args = append(made, f.Name()+": "+arg), append(args, arg)
		if f.Exported() {
			continue
		}
		if old := e.u.c.owner[f]; old != nil && old.typ != nil && old.typ != obj {
			earlier = old // a type of an earlier one's struct
			continue
		}
		o := ownField(e.u.pkg, name, f)
		o.generic, o.typ = params != "", obj
		e.u.c.owner[f] = o
		fname := o.name
		fmt.Fprintf(e.b, "func %sG%s%s%s(p *%s) *%s { return &p.%s }\n", door(params), Dot, fname, params, text, ftext, f.Name())
		fmt.Fprintf(e.b, "func %sH%s%s%s(p %s) %s { return p.%s }\n", door(params), Dot, fname, params, text, ftext, f.Name())
	}
	value := fmt.Sprintf("&%s{%s}", text, strings.Join(made, ", "))
	if earlier != nil && earlier.pkg != e.u.pkg && !earlier.generic {
		value = fmt.Sprintf("(*%s)(%sNew%s%s(%s))", text, earlier.in(e.u.need(earlier.pkg)), Dot, earlier.base, strings.Join(args, ", "))
	}
	fmt.Fprintf(e.b, "func %sNew%s%s%s(%s) *%s { return %s }\n\n", door(params), Dot, name, params, strings.Join(in, ", "), text, value)
	if params == "" {
		e.export("New"+Dot+name, Door+"{}.New"+Dot+name)
	}
}

// function exports a function under a name that is.
func (e *exporter) function(obj *types.Func, m member) {
	d := m.Node.(*ast.FuncDecl)
	params, args := "", ""
	if d.Type.TypeParams != nil {
		params, args = typeParams(e.u, m.Decl, d.Type.TypeParams)
	}
	sig := obj.Signature()
	var in, out, pass []string
	for i := range sig.Params().Len() {
		arg, t := fmt.Sprintf("a%d", i), sig.Params().At(i).Type()
		if sig.Variadic() && i == sig.Params().Len()-1 {
			in = append(in, arg+" ..."+e.u.typeText(t.(*types.Slice).Elem()))
			pass = append(pass, arg+"...")
			continue
		}
		in = append(in, arg+" "+e.u.typeText(t))
		pass = append(pass, arg)
	}
	for v := range sig.Results().Variables() {
		out = append(out, e.u.typeText(v.Type()))
	}
	ret := ""
	if len(out) > 0 {
		ret = "return "
	}
	name := obj.Name()
	called := inside(name)
	typ := "func(" + strings.Join(in, ", ") + ") (" + strings.Join(out, ", ") + ")"
	if Linked(obj) {
		called = linkTo(name)
		fmt.Fprintf(e.b, "var %s %s\n\nfunc init() { %s = %s }\n\n", called, typ, called, inside(name))
	}
	fmt.Fprintf(e.b, "func %sF%s%s%s%s { %s%s%s(%s) }\n\n", door(params), Dot, name, params, strings.TrimPrefix(typ, "func"), ret, called, args, strings.Join(pass, ", "))
	if params != "" {
		return
	}
	if e.u.c.leaf(obj) {
		fmt.Fprintf(e.b, "func (%s) D%s%s%s { %s%s(%s) }\n\n", Door, Dot, name, strings.TrimPrefix(typ, "func"), ret, inside(name), strings.Join(pass, ", "))
	}
	fmt.Fprintf(e.b, "func (%s) V%s%s() %s { return %s }\n\n", Door, Dot, name, typ, called)
	if Linked(obj) {
		e.export(At+"F"+Dot+name, "&"+called)
		return
	}
	e.export("F"+Dot+name, called)
}

// Linked reports whether calls of a function by its name find its newest version,
// through a variable of the package that they are in, which the evaluator sets.
// Instances of a generic one are the compiler's own. And one that may have the
// compiler keep alive what its arguments were made of is called as it is.
func Linked(f *types.Func) bool {
	sig := f.Signature()
	return sig.Recv() == nil && sig.TypeParams() == nil && f.Name() != "_" && !takesAddresses(sig)
}

// linkTo names the variable that leads to the newest version of a function.
func linkTo(name string) string { return "l" + Dot + name }

// shaped exports a type without a name.
func (e *exporter) shaped(s shaped) {
	if st, ok := types.Unalias(s.typ).(*types.Struct); ok && shared(st) {
		e.u.visible(st)
		fmt.Fprintf(e.b, "type %s = %s\n", s.name, e.u.structText(st))
		e.export(s.name, "(*"+s.name+")(nil)")
		e.fields(st, nil, s.name, s.name, "")
		return
	}
	fmt.Fprintf(e.b, "type %s = %s\n", s.name, e.u.typeText(s.typ))
	e.export(s.name, "(*"+s.name+")(nil)")
	if st, ok := s.typ.Underlying().(*types.Struct); ok && Struct(st) {
		e.maker(st, s.name, s.typ)
	}
}

// maker exports how to make a struct for the interpreter alone.
func (e *exporter) maker(st *types.Struct, name string, t types.Type) {
	for f := range st.Fields() {
		if o := e.u.c.owner[f.Origin()]; o != nil && o.pkg != e.u.pkg {
			e.export("New"+Dot+name, o.in(e.u.need(o.pkg))+"New"+Dot+o.base+typeArgs(e.u, t))
			return
		}
	}
	var in, made []string
	for i := range st.NumFields() {
		f := st.Field(i)
		if f.Name() == "_" {
			continue
		}
		in = append(in, fmt.Sprintf("a%d %s", i, e.u.typeText(f.Type())))
		made = append(made, fmt.Sprintf("%s: a%d", f.Name(), i))
	}
	e.export("New"+Dot+name, fmt.Sprintf("func(%s) *%s { return &%s{%s} }", strings.Join(in, ", "), name, name, strings.Join(made, ", ")))
}

// variable exports one that this package keeps.
func (e *exporter) variable(v *types.Var) {
	e.u.at = v.Pos()
	defer func() { e.u.at = token.NoPos }()
	text := e.u.typeText(v.Type())
	name := inside(v.Name())
	fmt.Fprintf(e.b, "var %s %s\n\nfunc (%s) P%s%s() *%s { return &%s }\n\n", name, text, Door, Dot, v.Name(), text, name)
	e.export("P"+Dot+v.Name(), "&"+name)
}

// pointer declares the way to a variable that the interpreter keeps.
func (e *exporter) pointer(v *types.Var) {
	if _, ok := e.u.c.symbols[v]; ok {
		return
	}
	defer e.export("Bind"+Dot+v.Name(), "bind"+Dot+v.Name())
	if w := witness(v); w != nil {
		e.inferred(v, w)
		return
	}
	e.u.at = v.Pos()
	defer func() { e.u.at = token.NoPos }()
	text := e.u.typeText(v.Type())
	fmt.Fprintf(e.b, "var p%s%s *%s\n\nfunc bind%s%s(p unsafe%s.Pointer) { p%s%s = (*%s)(p) }\n\n", Dot, v.Name(), text, Dot, v.Name(), Dot, Dot, v.Name(), text)
}
