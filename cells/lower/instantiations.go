package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A generic definition is lowered once for each list of type arguments that is
// used: its body is checked again with every type parameter standing for its
// argument, so what is lowered is ordinary Go.

// funcInstance returns the name of an instantiated function.
// Task is what futures.NameOf says in it, "" for what it says by itself.
func (w *writer) funcInstance(at ast.Node, fn *types.Func, targs []types.Type, task string) string {
	key, short := w.instanceKey(fn, targs)
	key += task
	return w.u.helper(key, fn.Name()+short, func(c *chunk, name string) {
		w.u.native(fn, targs, c, name)
		if c.Len() > 0 {
			return
		}
		decl, info, err := w.genericFunc(fn)
		if err != nil {
			panic(&UnsupportedError{at.Pos(), fn.Pkg().Name() + "." + fn.Name(), err})
		}
		if decl == nil || decl.Body == nil {
			w.unsupported(at, "%s.%s", fn.Pkg().Name(), fn.Name())
		}
		var params []string
		for _, f := range decl.Type.TypeParams.List {
			for _, n := range f.Names {
				params = append(params, n.Name)
			}
		}
		w.u.instantiate(c, fn, decl, info, params, targs, name, nil, task)
	})
}

// typeInstance returns the name of an instantiated type.
func (w *writer) typeInstance(t *types.Named) string {
	obj := t.Origin().Obj()
	if t.Origin().NumMethods() == 0 {
		if _, ok := t.Underlying().(*types.Struct); !ok {
			return w.typ(t.Underlying()) // iter.Seq and the like
		}
	}
	var targs []types.Type
	for a := range t.TypeArgs().Types() {
		targs = append(targs, a)
	}
	key, short := w.instanceKey(obj, targs)
	return w.u.helper(key, obj.Name()+short, func(c *chunk, name string) {
		iw := &writer{chunk: c, u: w.u, info: w.info, pkg: w.pkg, locals: w.locals}
		text := iw.typ(t.Underlying())
		c.WriteString("type " + name + " " + text)
		decls, info := w.genericMethods(obj)
		for _, d := range decls {
			recv := receiverName(d)
			fn, _ := info.Defs[d.Name].(*types.Func)
			if fn == nil {
				continue
			}
			w.u.instantiate(w.u.chunk(), fn, d, info, recv.params, targs, d.Name.Name, &receiver{name, recv.pointer}, "")
		}
	})
}

// instanceKey identifies an instance; short is a readable ending for its name.
func (w *writer) instanceKey(obj types.Object, targs []types.Type) (key, short string) {
	var b strings.Builder
	path := ""
	if obj.Pkg() != nil {
		path = obj.Pkg().Path()
	}
	name := obj.Name()
	if bound := w.u.l.names.of(obj); bound != "" {
		name = bound // two versions of a cell's generic function differ
	}
	b.WriteString("instance " + path + "." + name + "[")
	for _, t := range targs {
		b.WriteString(w.typ(t) + ";")
		if n, ok := types.Unalias(t).(interface{ Obj() *types.TypeName }); ok {
			short += Dot + n.Obj().Name()
		} else if basic, ok := t.(*types.Basic); ok {
			short += Dot + basic.Name()
		}
	}
	return b.String(), short
}

// genericFunc finds the declaration of a generic function.
func (w *writer) genericFunc(fn *types.Func) (*ast.FuncDecl, *types.Info, error) {
	fn = fn.Origin()
	if g := w.u.l.generics[fn]; g != nil {
		d, _ := g.Decl.(*ast.FuncDecl)
		return d, g.Info, nil
	}
	src, err := w.u.l.importer.Source(fn.Pkg().Path())
	if err != nil {
		return nil, nil, err
	}
	obj := src.Pkg.Scope().Lookup(fn.Name())
	d, _ := src.Decls[obj].(*ast.FuncDecl)
	return d, src.Info, nil
}

// genericMethods finds the methods of a generic type.
func (w *writer) genericMethods(obj *types.TypeName) ([]*ast.FuncDecl, *types.Info) {
	if g := w.u.l.generics[obj]; g != nil {
		return g.Methods, g.Info
	}
	src, err := w.u.l.importer.Source(obj.Pkg().Path())
	if err != nil {
		return nil, nil
	}
	var out []*ast.FuncDecl
	for _, f := range src.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil && receiverName(d).base == obj.Name() {
				out = append(out, d)
			}
		}
	}
	return out, src.Info
}

// methodsOf writes the methods of a type of a package that is interpreted.
func (u *Unit) methodsOf(named *types.Named, name string, info *types.Info) {
	src, err := u.l.importer.Source(named.Obj().Pkg().Path())
	if err != nil {
		return
	}
	for _, f := range src.Files {
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Recv == nil || d.Body == nil {
				continue
			}
			recv := receiverName(d)
			if recv.base != named.Obj().Name() {
				continue
			}
			fn, _ := info.Defs[d.Name].(*types.Func)
			u.instantiate(u.chunk(), fn, d, info, nil, nil, d.Name.Name, &receiver{name, recv.pointer}, "")
		}
	}
}

type receiver struct {
	typ     string // lowered name of the receiver's base type
	pointer bool
}

type receiverParts struct {
	base    string
	params  []string
	pointer bool
}

// receiverName takes a method's receiver type apart.
func receiverName(d *ast.FuncDecl) receiverParts {
	var p receiverParts
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return p
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	if s, ok := t.(*ast.StarExpr); ok {
		p.pointer = true
		t = ast.Unparen(s.X)
	}
	var args []ast.Expr
	switch x := t.(type) {
	case *ast.IndexExpr:
		t, args = x.X, []ast.Expr{x.Index}
	case *ast.IndexListExpr:
		t, args = x.X, x.Indices
	}
	for _, a := range args {
		if id, ok := a.(*ast.Ident); ok {
			p.params = append(p.params, id.Name)
		}
	}
	if id, ok := t.(*ast.Ident); ok {
		p.base = id.Name
	}
	return p
}

// instantiate checks a generic body with its type parameters bound to targs and
// writes it into c as function name, or as method when recv is set.
func (u *Unit) instantiate(c *chunk, fn *types.Func, decl *ast.FuncDecl, info *types.Info, params []string, targs []types.Type, name string, recv *receiver, task string) {
	pkg := types.NewPackage(fn.Pkg().Path(), fn.Pkg().Name())
	scope := pkg.Scope()
	for i, p := range params {
		if p != "_" && i < len(targs) {
			scope.Insert(types.NewTypeName(token.NoPos, pkg, p, targs[i]))
		}
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := info.Uses[id]
		if obj == nil || obj.Name() == "" || scope.Lookup(id.Name) != nil {
			return true
		}
		switch o := obj.(type) {
		case *types.PkgName:
			scope.Insert(types.NewPkgName(token.NoPos, pkg, id.Name, o.Imported()))
		case *types.TypeName, *types.Func, *types.Var, *types.Const:
			if obj.Pkg() == nil || obj.Parent() == nil || obj.Pkg().Path() != pkg.Path() {
				return true
			}
			if _, isParam := obj.Type().(*types.TypeParam); isParam {
				return true
			}
			if obj.Parent() == obj.Pkg().Scope() || u.l.names.of(obj) != "" {
				scope.Insert(obj)
			}
		}
		return true
	})

	typ := *decl.Type
	typ.TypeParams = nil
	if decl.Recv != nil {
		typ.Params = &ast.FieldList{
			Opening: decl.Type.Params.Opening,
			List:    append([]*ast.Field{decl.Recv.List[0]}, decl.Type.Params.List...),
			Closing: decl.Type.Params.Closing,
		}
	}
	concrete := &ast.FuncDecl{Name: &ast.Ident{NamePos: decl.Name.NamePos, Name: "instance" + Dot}, Type: &typ, Body: decl.Body}
	file := &ast.File{Package: decl.Pos(), Name: ast.NewIdent(pkg.Name()), Decls: []ast.Decl{concrete}}
	KeyFields(decl, info)
	checked := NewInfo()
	// The generic body was checked. What a concrete one may add, such as a
	// constant that overflows in a branch that is never taken, does not matter.
	conf := types.Config{Importer: u.l.importer, Error: func(error) {}}
	_ = types.NewChecker(&conf, u.l.fset, pkg, checked).Files([]*ast.File{file})

	w := &writer{chunk: c, u: u, info: checked, pkg: pkg, locals: map[types.Object]string{}, task: task}
	obj, _ := checked.Defs[concrete.Name].(*types.Func)
	if obj == nil {
		w.unsupported(decl, "%s", fn.FullName())
	}
	w.mark(decl.Pos())
	sig := obj.Type().(*types.Signature)
	if recv != nil {
		star := ""
		if recv.pointer {
			star = "*"
		}
		rname := "_"
		if names := decl.Recv.List[0].Names; len(names) > 0 {
			rname = names[0].Name
			if r := checked.Defs[names[0]]; r != nil {
				rname = w.local(r)
			}
		}
		w.printf("func (%s %s%s) %s", rname, star, recv.typ, name)
		rest := make([]*types.Var, 0, sig.Params().Len()-1)
		for i := 1; i < sig.Params().Len(); i++ {
			rest = append(rest, sig.Params().At(i))
		}
		sig = types.NewSignatureType(nil, nil, nil, types.NewTuple(rest...), sig.Results(), sig.Variadic())
		w.signature(decl.Type, sig)
	} else {
		w.printf("func %s", name)
		w.signature(&typ, sig)
	}
	w.body(decl.Type, sig, decl.Body)
}

// NewInfo returns an Info that records all that lowering asks for.
func NewInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
}
