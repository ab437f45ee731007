package compile

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An edit replaces the text between two positions.
type edit struct {
	from, to token.Pos
	text     string
}

// A rewriter writes a piece of the user's text for this package.
type rewriter struct {
	u      *Unit
	d      *Decl
	edits  []edit
	loops  bool                // let loops be interrupted
	calls  map[*ast.Ident]bool // names of functions that are called there
	direct bool                // calls of leaves need not look for newer versions
	named  *ast.StructType     // the struct of the type declaration that it is in

	deferred *ast.CallExpr // of the defer statement that it is in
}

func (r *rewriter) replace(from, to token.Pos, text string) {
	r.edits = append(r.edits, edit{from, to, text})
}

func (r *rewriter) insert(at token.Pos, text string) { r.replace(at, at, text) }

// text returns the source between two positions with what was rewritten in it.
func (r *rewriter) text(from, to token.Pos) string {
	slices.SortStableFunc(r.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	at := from
	for _, e := range r.edits {
		if e.from < at || e.to > to {
			continue // of another piece
		}
		b.WriteString(r.d.Text(at, e.from))
		b.WriteString(spread(e.text, strings.Count(r.d.Text(e.from, e.to), "\n")-strings.Count(e.text, "\n")))
		at = e.to
	}
	b.WriteString(r.d.Text(at, to))
	return b.String()
}

// spread adds newlines to a text, so that lines stay lines, where none ends a
// statement.
func spread(text string, lines int) string {
	if lines <= 0 {
		return text
	}
	at := len(text)
	switch dot := strings.LastIndexByte(text, '.'); {
	case strings.HasPrefix(text, ")"): // of a call
		return "," + strings.Repeat("\n", lines) + text
	case strings.HasPrefix(text, ","):
		at = 1
	case !strings.HasSuffix(text, "(") && dot >= 0:
		at = dot + 1
	}
	return text[:at] + strings.Repeat("\n", lines) + text[at:]
}

// writeDecl writes a declaration at its own line.
func (u *Unit) writeDecl(b *strings.Builder, m member) {
	r := &rewriter{u: u, d: m.Decl, loops: true}
	if f, ok := m.Node.(*ast.FuncDecl); ok && f.Body != nil {
		r.direct = u.renewed[m.obj] && !waits(f, m.Info)
	}
	from, to, prefix := m.Node.Pos(), m.Node.End(), ""
	if g, ok := m.Node.(*ast.GenDecl); ok && g.Tok == token.TYPE {
		from, to, prefix = g.Specs[0].Pos(), g.Specs[0].End(), "type "
	}
	r.walk(m.Node)
	if f, ok := m.Node.(*ast.FuncDecl); ok && f.Doc != nil {
		for _, c := range f.Doc.List { // what the user tells the compiler
			if strings.HasPrefix(c.Text, "//go:") {
				b.WriteString(c.Text + "\n")
			}
		}
	}
	u.line(b, from)
	fmt.Fprintf(b, "%s%s\n\n", prefix, r.text(from, to))
}

// line says where the text that follows comes from.
func (u *Unit) line(b *strings.Builder, pos token.Pos) {
	p := u.c.fset.Position(pos)
	fmt.Fprintf(b, "//line %s:%d\n", p.Filename, p.Line)
}

// walk collects the edits of a node.
func (r *rewriter) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			r.ident(n)
		case *ast.CallExpr:
			if tv := r.d.Info.Types[n]; tv.Value != nil && selected(n) == "Offsetof" && r.leadsAway(n.Args[0]) {
				r.replace(n.Pos(), n.End(), fmt.Sprintf("%s(%s)", r.u.text(tv.Type), tv.Value))
				return false
			}
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && n != r.deferred {
				if r.calls == nil {
					r.calls = map[*ast.Ident]bool{}
				}
				r.calls[id] = true
			}
			r.reflects(n)
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && len(n.Args) == 1 {
				if f, ok := r.d.Info.Uses[sel.Sel].(*types.Func); ok && f.FullName() == "(*sync.WaitGroup).Go" {
					r.goes(n.Args[0])
				}
			}
		case *ast.TypeAssertExpr:
			if n.Type != nil {
				r.asserts(n, n.Type)
			}
		case *ast.TypeSwitchStmt:
			r.switches(n)
		case *ast.FuncLit: // it may outlive what it calls
			direct := r.direct
			r.direct = false
			r.walk(n.Type)
			r.walk(n.Body)
			r.direct = direct
			return false
		case *ast.DeferStmt:
			r.deferred = n.Call // by itself, or it would not recover
		case *ast.SelectorExpr:
			return r.selector(n)
		case *ast.CompositeLit:
			return r.literal(n)
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && r.isField(id) {
				r.walk(n.Value) // a field is no name of the package
				return false
			}
		case *ast.Field:
			r.methodNames(n)
		case *ast.TypeSpec:
			if st, ok := ast.Unparen(n.Type).(*ast.StructType); ok && !n.Assign.IsValid() {
				r.named = st
			}
		case *ast.StructType:
			return r.structType(n)
		case *ast.FuncDecl:
			if n.Recv == nil && inside(n.Name.Name) != n.Name.Name {
				r.replace(n.Name.Pos(), n.Name.End(), inside(n.Name.Name))
			}
			if n.Recv != nil {
				if m := r.d.Info.Defs[n.Name]; m != nil {
					r.rename(n.Name, m)
				}
			}
			r.loop(n.Body)
		case *ast.GoStmt:
			r.goes(n.Call.Fun)
		case *ast.ForStmt:
			r.loop(n.Body)
		case *ast.RangeStmt:
			r.loop(n.Body)
		}
		return true
	})
}

// leadsAway reports whether only a function leads to what e selects.
func (r *rewriter) leadsAway(e ast.Expr) bool {
	s, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && r.d.Info.Selections[s] != nil && r.foreign(r.d.Info.Selections[s])
}

// selected returns the name behind the dot of what a call calls, "" without one.
func selected(call *ast.CallExpr) string {
	if s, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

func (r *rewriter) isField(id *ast.Ident) bool {
	v, ok := r.d.Info.Uses[id].(*types.Var)
	return ok && v.IsField()
}

// rename gives an identifier the name that compiled code has for a method.
func (r *rewriter) rename(id *ast.Ident, m types.Object) {
	if name := Method(m); name != id.Name {
		r.replace(id.Pos(), id.End(), name)
	}
}

// methodNames renames the methods of an interface.
func (r *rewriter) methodNames(f *ast.Field) {
	for _, id := range f.Names {
		if m, ok := r.d.Info.Defs[id].(*types.Func); ok {
			r.rename(id, m)
		}
	}
}

// loop lets a loop's body, or a function, end when its cell was interrupted.
func (r *rewriter) loop(body *ast.BlockStmt) {
	if body != nil && r.loops {
		r.insert(body.Lbrace+1, " check"+Dot+"();")
	}
}

// goes has the evaluator told when a function panics that a goroutine begins
// with. Functions whose type arguments are inferred stay as they are, and builtins.
func (r *rewriter) goes(fun ast.Expr) {
	fun = ast.Unparen(fun)
	if lit, ok := fun.(*ast.FuncLit); ok {
		r.insert(lit.Body.Lbrace+1, " defer panicked"+Dot+"();")
		return
	}
	if id := calledName(fun); id != nil {
		if _, inferred := r.d.Info.Instances[id]; inferred {
			return
		}
	}
	tv := r.d.Info.Types[fun]
	if !tv.IsValue() { // a builtin
		return
	}
	if sig, ok := tv.Type.Underlying().(*types.Signature); ok && !takesAddresses(sig) {
		r.insert(fun.Pos(), "go"+Dot+"(")
		r.insert(fun.End(), ")")
	}
}

// takesAddresses reports whether a function may have the compiler keep alive what
// its arguments were made of, which it does where it is called by its name.
func takesAddresses(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if strings.Contains(p.Type().String(), "uintptr") {
			return true
		}
	}
	return false
}

// calledName is the name of a function that is called by it.
func calledName(fun ast.Expr) *ast.Ident {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	}
	return nil
}

// preamble is what every package has: the way for interrupts to reach it, for
// panics of its goroutines to reach the evaluator, and main, which is never called
// but keeps what the evaluator looks for. It uses no predeclared name, since the
// user may have given it another meaning; and not package reflect, which would make
// every plugin half as large again, and take as much longer to load.
const preamble = `type ` + Door + ` struct{}

var stopping` + Dot + ` atomic` + Dot + `.Uint32
var leave` + Dot + `, panicked` + Dot + ` = func() {}, func() {}
var caught` + Dot + ` = func(f interface{}) interface{} { return f }

func check` + Dot + `() {
	if stopping` + Dot + `.Load() != 0 {
		leave` + Dot + `()
	}
}

func go` + Dot + `[F interface{}](f F) F {
	return caught` + Dot + `(f).(F)
}

//go:noinline
func Hooks` + Dot + `() (stopping *atomic` + Dot + `.Uint32, leave, panicked *func(), caught *func(interface{}) interface{}) {
	return &stopping` + Dot + `, &leave` + Dot + `, &panicked` + Dot + `, &caught` + Dot + `
}

func main() {
	Hooks` + Dot + `()
	Symbols` + Dot + `()
}

`

func (r *rewriter) ident(id *ast.Ident) {
	obj := r.d.Info.Uses[id]
	if obj == nil {
		return
	}
	if text := r.u.refer(obj, id.Name); text != id.Name {
		if v, ok := obj.(*types.Var); ok && v.Embedded() {
			return
		}
		if f, ok := obj.(*types.Func); ok && (!r.calls[id] || r.u.c.LooksAround(f)) {
			text = r.u.value(f, text)
		} else if ok && r.direct && r.u.c.leaf(f) {
			text = r.u.directly(f, text)
		}
		r.replace(id.Pos(), id.End(), text)
	}
}

// LooksAround reports whether a function of the session may look at what called
// it: then that must be compiled, and no function of ours.
func (c *Compiler) LooksAround(f *types.Func) bool {
	d, found := c.decls[f.Origin()], false
	if d == nil {
		return false
	}
	ast.Inspect(d.Node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && d.Info.Uses[id] != nil && d.Info.Uses[id].Pkg() != nil {
			switch d.Info.Uses[id].Pkg().Path() + "." + id.Name {
			case "runtime.Caller", "runtime.Callers", "runtime.Stack", "runtime/debug.Stack", "runtime/debug.PrintStack":
				found = true
			}
		}
		return !found
	})
	return found
}

// refer returns how the text of this package names an object that the user
// names so.
func (u *Unit) refer(obj types.Object, name string) string {
	obj = originOf(obj)
	switch o := obj.(type) {
	case *types.PkgName:
		return u.importName(name, o.Imported().Path())
	case *types.Var:
		if o.IsField() {
			return name
		}
		if _, known := u.vars(o); known {
			if slices.Contains(u.own, o) {
				return inside(name)
			}
			if s, ok := u.c.symbols[o]; ok {
				return "(*(" + u.need(s.pkg) + "." + Door + "{})." + s.name + "())"
			}
			return "(*p" + Dot + o.Name() + ")"
		}
	case *types.Func:
		if o.Signature().Recv() != nil {
			return Method(o)
		}
	}
	if obj.Pkg() == nil || obj.Parent() != obj.Pkg().Scope() {
		return name
	}
	if obj.Pkg().Path() != "main" { // by a dot import
		return u.importName(obj.Pkg().Name()+Dot, obj.Pkg().Path()) + "." + name
	}
	if u.has[obj] {
		if f, ok := obj.(*types.Func); ok {
			if Linked(f) {
				return linkTo(name)
			}
			return inside(name)
		}
		return name
	}
	s, ok := u.c.symbols[obj]
	if !ok {
		return name
	}
	text := u.need(s.pkg) + "." + s.name
	if f, ok := obj.(*types.Func); ok && f.Signature().TypeParams().Len() == 0 {
		text = "(" + u.need(s.pkg) + "." + Door + "{})." + s.name
	}
	if t, ok := obj.(*types.TypeName); ok {
		return u.alias(t, text)
	}
	return text
}

// value returns the text for an earlier package's function that is not called:
// the function itself, which knows its name, rather than a way to call it.
func (u *Unit) value(f *types.Func, text string) string {
	if s, ok := u.c.symbols[f]; ok && !u.has[f] && f.Signature().TypeParams().Len() == 0 {
		return strings.TrimSuffix(text, s.name) + "V" + strings.TrimPrefix(s.name, "F") + "()"
	}
	return text
}

// directly returns the text for a function that is called as it is now.
func (u *Unit) directly(f *types.Func, text string) string {
	if u.has[f] {
		return inside(f.Name())
	}
	if s, ok := u.c.symbols[f]; ok {
		return strings.TrimSuffix(text, s.name) + "D" + strings.TrimPrefix(s.name, "F")
	}
	return text
}

// alias lets the text call a type of an earlier package by the user's name.
func (u *Unit) alias(t *types.TypeName, text string) string {
	if _, done := u.aliases[t.Name()]; done {
		return t.Name()
	}
	u.aliases[t.Name()] = "= " + text // a constraint may lead here again
	if n, ok := t.Type().(interface{ TypeParams() *types.TypeParamList }); ok && n.TypeParams().Len() > 0 {
		var params, args []string
		for p := range n.TypeParams().TypeParams() {
			name := p.Obj().Name()
			if name == "_" {
				name = fmt.Sprintf("%s%d", Dot, len(args))
			}
			params = append(params, name+" "+u.typeText(p.Constraint()))
			args = append(args, name)
		}
		u.aliases[t.Name()] = "[" + strings.Join(params, ", ") + "] = " + text + "[" + strings.Join(args, ", ") + "]"
	}
	return t.Name()
}

// selector rewrites x.f: methods under their compiled name, unexported fields of
// earlier packages' structs through functions.
func (r *rewriter) selector(e *ast.SelectorExpr) bool {
	sel := r.d.Info.Selections[e]
	if sel == nil {
		return r.qualified(e)
	}
	if m, ok := sel.Obj().(*types.Func); ok {
		r.rename(e.Sel, m)
		r.walk(e.X)
		return false
	}
	if !r.foreign(sel) {
		r.walk(e.X)
		return false
	}
	// Every step of the path by itself.
	typ, x := sel.Recv(), e.X
	addressable := isPointer(typ) || r.d.Info.Types[x].Addressable()
	var open, shut []string
	for _, i := range sel.Index() {
		f := structOf(typ).Field(i)
		if o := r.u.fieldOf(typ, f); o != nil {
			pkg := r.u.need(o.pkg)
			as, end := "", "" // the type that the field is of
			if base := r.u.declaredBy(o, typ); base != "" {
				as, end = "(*"+base+")(", ")"
				if !isPointer(typ) && !addressable {
					as = base + "("
				}
			}
			switch {
			case isPointer(typ):
				open, shut = append(open, "(*"+o.in(pkg)+"G"+Dot+o.name+"("+as), append(shut, end+"))")
			case addressable:
				open, shut = append(open, "(*"+o.in(pkg)+"G"+Dot+o.name+"("+as+"&"), append(shut, end+"))")
			default:
				open, shut = append(open, o.in(pkg)+"H"+Dot+o.name+"("+as), append(shut, end+")")
			}
			addressable = isPointer(typ) || addressable
		} else {
			open, shut = append(open, ""), append(shut, "."+f.Name())
			addressable = isPointer(typ) || addressable
		}
		typ = f.Type()
	}
	slices.Reverse(open)
	r.insert(e.Pos(), strings.Join(open, ""))
	r.walk(e.X)
	r.replace(e.X.End(), e.Sel.End(), strings.Join(shut, ""))
	return false
}

// foreign reports whether a selection goes through an unexported field of an
// earlier package.
func (r *rewriter) foreign(sel *types.Selection) bool {
	typ := sel.Recv()
	for _, i := range sel.Index() {
		f := structOf(typ).Field(i)
		if r.u.fieldOf(typ, f) != nil {
			return true
		}
		typ = f.Type()
	}
	return false
}

// declaredBy returns the type that a field is of, "" when that is t itself or
// what t points to: another type may be declared by it.
func (u *Unit) declaredBy(o *field, t types.Type) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); o.typ == nil || o.generic || ok && n.Origin().Obj() == o.typ {
		return ""
	}
	return u.typeText(o.typ.Type())
}

// fieldOf returns an unexported field of an earlier package's struct; nil for
// others. The struct may be behind a pointer.
func (u *Unit) fieldOf(t types.Type, f *types.Var) *field {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return u.c.fieldOf(t, f, u.pkg)
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func structOf(t types.Type) *types.Struct {
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	return t.(*types.Struct)
}

// qualified rewrites pkg.Name.
func (r *rewriter) qualified(e *ast.SelectorExpr) bool {
	if id, ok := e.X.(*ast.Ident); ok {
		if _, isPkg := r.d.Info.Uses[id].(*types.PkgName); isPkg {
			r.ident(id)
			return false
		}
	}
	r.walk(e.X)
	return false
}

// structType names a struct type of an earlier package, and keeps one of this
// for later ones.
func (r *rewriter) structType(e *ast.StructType) bool {
	st, ok := r.d.Info.TypeOf(e).(*types.Struct)
	if !ok || e == r.named || !shared(st) {
		return true
	}
	r.u.visible(st)
	if s := r.u.shapeOf(st); s.pkg != r.u.pkg {
		r.replace(e.Pos(), e.End(), r.u.sharedText(st))
		return false
	}
	return true
}

// literal rewrites a composite literal of an earlier package's struct that has
// unexported fields.
func (r *rewriter) literal(e *ast.CompositeLit) bool {
	t := r.d.Info.TypeOf(e)
	elided := false
	if p, ok := t.Underlying().(*types.Pointer); ok { // &T left out in []*T{{…}}
		t, elided = p.Elem(), true
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return true
	}
	var o *field
	for f := range st.Fields() {
		if o == nil {
			o = r.u.fieldOf(t, f)
		}
	}
	if o == nil {
		return true
	}
	made, shut := o.in(r.u.need(o.pkg))+"New"+Dot+o.base+typeArgs(r.u, t), ""
	if r.u.declaredBy(o, t) != "" {
		made, shut = "(*"+r.u.typeText(t)+")("+made, ")"
	}
	values := map[int]ast.Expr{}
	inOrder, last := true, -1
	var written []int // fields in the order of the text
	for i, el := range e.Elts {
		at := i
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			for j := range st.NumFields() {
				if st.Field(j).Name() == kv.Key.(*ast.Ident).Name {
					at = j
				}
			}
			el = kv.Value
		}
		inOrder = inOrder && at > last
		last = at
		values[at] = el
		written = append(written, at)
	}
	if !inOrder {
		text := r.disordered(e, made, shut, t, written, values)
		if !elided {
			text = "(*" + text + ")"
		}
		r.replace(e.Pos(), e.End(), text)
		return false
	}
	if !elided {
		made, shut = "(*"+made, shut+")"
	}
	// The elements become arguments, and the fields left out are zero.
	at := e.Pos()
	var b strings.Builder
	b.WriteString(made + "(")
	for i := range st.NumFields() {
		f := st.Field(i)
		if f.Name() == "_" {
			continue
		}
		if v := values[i]; v != nil {
			r.replace(at, v.Pos(), b.String())
			b.Reset()
			r.walk(v)
			at = v.End()
			b.WriteString(", ")
			continue
		}
		fmt.Fprintf(&b, "*new(%s), ", r.u.typeText(f.Type()))
	}
	b.WriteString(")" + shut)
	r.replace(at, e.End(), b.String())
	return false
}

// disordered writes a literal whose fields stand in another order than in its
// type: they are evaluated as they stand.
func (r *rewriter) disordered(e *ast.CompositeLit, made, shut string, t types.Type, written []int, values map[int]ast.Expr) string {
	st := t.Underlying().(*types.Struct)
	var b strings.Builder
	fmt.Fprintf(&b, "func() *%s { ", r.u.typeText(t))
	for _, i := range written {
		v := &rewriter{u: r.u, d: r.d, loops: r.loops, direct: r.direct}
		v.walk(values[i])
		fmt.Fprintf(&b, "var f%s%d %s = %s; ", Dot, i, r.u.typeText(st.Field(i).Type()), v.text(values[i].Pos(), values[i].End()))
	}
	b.WriteString("return " + made + "(")
	// Lines stay lines, where one may end.
	b.WriteString(strings.Repeat("\n", strings.Count(r.d.Text(e.Pos(), e.End()), "\n")-strings.Count(b.String(), "\n")))
	for i := range st.NumFields() {
		switch f := st.Field(i); {
		case f.Name() == "_":
		case values[i] != nil:
			fmt.Fprintf(&b, "f%s%d, ", Dot, i)
		default:
			fmt.Fprintf(&b, "*new(%s), ", r.u.typeText(f.Type()))
		}
	}
	b.WriteString(")" + shut + " }()")
	return b.String()
}

// writeEntry writes a cell's statements as a function.
func (u *Unit) writeEntry(b *strings.Builder) {
	e := u.entry
	for i, f := range e.Inits {
		r := &rewriter{u: u, d: &e.Decl, loops: true, direct: true}
		r.walk(f)
		r.replace(f.Name.Pos(), f.Name.End(), fmt.Sprintf("init%s%d", Dot, i+1))
		u.line(b, f.Pos())
		fmt.Fprintf(b, "%s\n\n", r.text(f.Pos(), f.End()))
	}
	fmt.Fprintf(b, "//line %s:1\nfunc entry%s(result%s func(...interface{})) {\n", Generated, Dot, Dot)
	vars := 0 // init functions find the variables above the first statement set
	for len(e.Inits) > 0 && vars < len(e.Stmts) && isVarDecl(e.Stmts[vars]) {
		vars++
	}
	for i, s := range e.Stmts {
		if i == vars {
			u.callInits(b)
		}
		u.writeStmt(b, s)
	}
	if vars >= len(e.Stmts) {
		u.callInits(b)
	}
	if e.Show != nil {
		r := &rewriter{u: u, d: &e.Decl, loops: true, direct: true}
		r.walk(e.Show)
		text := r.text(e.Show.Pos(), e.Show.End())
		u.line(b, e.Show.Pos())
		switch _, call := ast.Unparen(e.Show).(*ast.CallExpr); {
		case !e.Silent:
			fmt.Fprintf(b, "result%s(%s)\n", Dot, text)
		case call:
			b.WriteString(text + "\n")
		default:
			b.WriteString("_ = " + text + "\n")
		}
	}
	b.WriteString("}\n\n")
}

func (u *Unit) callInits(b *strings.Builder) {
	if len(u.entry.Inits) > 0 {
		fmt.Fprintf(b, "//line %s:1\n", Generated)
	}
	for i := range u.entry.Inits {
		fmt.Fprintf(b, "init%s%d()\n", Dot, i+1)
	}
}

func isVarDecl(s ast.Stmt) bool {
	d, ok := s.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}

// writeStmt writes a statement of the cell. What it defines are variables of the
// package.
func (u *Unit) writeStmt(b *strings.Builder, s ast.Stmt) {
	d := &u.entry.Decl
	piece := func(n ast.Node) string {
		r := &rewriter{u: u, d: d, loops: true, direct: true}
		r.walk(n)
		return r.text(n.Pos(), n.End())
	}
	if decl, ok := s.(*ast.DeclStmt); ok {
		for _, spec := range decl.Decl.(*ast.GenDecl).Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			u.line(b, v.Pos())
			u.writeVar(b, v, piece)
		}
		return
	}
	u.line(b, s.Pos())
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		b.WriteString(piece(s) + "\n")
		return
	}
	r := &rewriter{u: u, d: d, loops: true, direct: true}
	r.walk(s)
	for _, lhs := range a.Lhs {
		if id, ok := lhs.(*ast.Ident); ok {
			u.define(r, id)
		}
	}
	r.replace(a.TokPos, a.TokPos+2, "=")
	b.WriteString(r.text(s.Pos(), s.End()) + "\n")
}

// define names a variable that a statement defines.
func (u *Unit) define(r *rewriter, id *ast.Ident) {
	if v := r.d.Info.Defs[id]; v != nil && id.Name != "_" {
		if text := u.refer(v, id.Name); text != id.Name {
			r.replace(id.Pos(), id.End(), text)
		}
	}
}

func (u *Unit) writeVar(b *strings.Builder, v *ast.ValueSpec, piece func(ast.Node) string) {
	blank := true
	var names []string
	for _, id := range v.Names {
		if id.Name == "_" {
			names = append(names, "_")
			continue
		}
		blank = false
		names = append(names, u.refer(u.entry.Info.Defs[id], id.Name))
	}
	if blank {
		b.WriteString("var " + strings.Join(names, ", "))
		if v.Type != nil {
			b.WriteString(" " + piece(v.Type))
		}
		for i, x := range v.Values {
			b.WriteString(map[bool]string{true: " = ", false: ", "}[i == 0] + piece(x))
		}
		b.WriteString("\n")
		return
	}
	if len(v.Values) == 0 {
		for i, id := range v.Names {
			if id.Name != "_" {
				fmt.Fprintf(b, "%s = *new(%s)\n", names[i], u.typeText(u.entry.Info.Defs[id].Type()))
			}
		}
		return
	}
	var values []string
	for _, x := range v.Values {
		values = append(values, piece(x))
	}
	fmt.Fprintf(b, "%s = %s\n", strings.Join(names, ", "), strings.Join(values, ", "))
}
