package cells

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/imports"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/syntax"
)

// checked is a cell that type-checks against the session: what it defines and
// all that must be defined again because of it.
type checked struct {
	cell    *syntax.Cell
	name    string // "Cell[3]"
	pkg     *types.Package
	info    *types.Info
	decls   []*declaration  // the cell's own that changed, then the dependents
	inits   []*ast.FuncDecl // init functions of the cell
	dropped []broken        // earlier declarations that no longer fit
	vars    []*types.Var    // session variables that the cell defines, in order
	retyped map[string]*types.Var
	imports map[string]importedPackage
	dots    []string
	added   []string // standard packages that were imported without being asked
	stmts   []ast.Stmt
	show    ast.Expr // the last expression, when it has a value
}

// broken is a declaration that a redefinition made invalid.
type broken struct {
	decl *declaration
	err  types.Error
}

// A diagnosis lists what is wrong with a cell.
type diagnosis struct{ errs []types.Error }

func (d *diagnosis) Error() string { return d.errs[0].Error() }

// check type-checks a parsed cell against the session.
func (s *Session) check(cell *syntax.Cell, name string) (c *checked, err error) {
	defer ourFault("checking the cell", &err)
	own, importSpecs := declarations(cell, name)
	c = &checked{cell: cell, name: name, imports: map[string]importedPackage{}, retyped: map[string]*types.Var{}}
	for _, d := range own {
		if d.inited {
			c.inits = append(c.inits, d.node.(*ast.FuncDecl))
		}
	}
	own = slices.DeleteFunc(own, func(d *declaration) bool { return d.inited })

	changed := map[string]bool{} // names whose meaning changes
	include := map[string]*declaration{}
	duplicate := map[*declaration]bool{}
	for _, d := range own {
		if include[d.key()] != nil {
			duplicate[d] = true // the checker says so
			continue
		}
		include[d.key()] = d
	}
	s.dropUnchanged(include)
	for _, d := range include {
		for _, n := range d.names {
			changed[n] = true
		}
	}
	s.includeMethods(include, changed, name)

	drop := map[string]bool{}
	added := map[string]string{}
	for attempt := 0; ; attempt++ {
		s.includeDependents(include, changed, drop)
		errs, retry := s.checkOnce(c, include, duplicate, importSpecs, changed, drop, added)
		if retry && attempt < 100 {
			continue
		}
		if len(errs) > 0 {
			return nil, &diagnosis{errs}
		}
		break
	}
	c.added = slices.Sorted(maps.Values(added))
	return c, nil
}

// dropUnchanged leaves out declarations that are alive with the same text: to
// run a cell again changes nothing for those who use it.
func (s *Session) dropUnchanged(include map[string]*declaration) {
	for key, d := range include {
		old := s.scope.decls[key]
		if old == nil || old.text != d.text || d.recv != "" {
			continue
		}
		if d.isType() {
			// A type is unchanged when its methods are.
			same := true
			for k, m := range include {
				if m.recv == d.names[0] && (s.scope.decls[k] == nil || s.scope.decls[k].text != m.text) {
					same = false
				}
			}
			for k, m := range s.scope.methods(d.names[0]) {
				if m.cell == old.cell && include[d.names[0]+"."+k] == nil {
					same = false // the method was taken out of the cell
				}
			}
			if !same {
				continue
			}
			for k, m := range include {
				if m.recv == d.names[0] {
					delete(include, k)
				}
			}
		}
		s.mu.Lock()
		old.cell = d.cell
		s.mu.Unlock()
		delete(include, key)
	}
	for key, d := range include {
		// A method alone, of a type that the cell does not declare.
		if d.recv != "" && include[d.recv] == nil {
			if old := s.scope.decls[key]; old != nil && old.text == d.text {
				delete(include, key)
			}
		}
	}
}

// includeMethods makes types and methods come together: a type that is defined
// again brings its methods, a new method brings its type.
func (s *Session) includeMethods(include map[string]*declaration, changed map[string]bool, cell string) {
	for _, d := range slices.Collect(maps.Values(include)) {
		if d.recv != "" && include[d.recv] == nil {
			if t := s.scope.decls[d.recv]; t != nil && t.isType() {
				include[d.recv] = t
				changed[d.recv] = true
			}
		}
	}
	for _, d := range slices.Collect(maps.Values(include)) {
		if !d.isType() {
			continue
		}
		old := s.scope.decls[d.names[0]]
		for k, m := range s.scope.methods(d.names[0]) {
			key := d.names[0] + "." + k
			if include[key] == nil && (d == old || old == nil || m.cell != old.cell) {
				include[key] = m
			}
		}
	}
}

// includeDependents adds every declaration that uses what changes, and what
// changes thereby.
func (s *Session) includeDependents(include map[string]*declaration, changed, drop map[string]bool) {
	for again := true; again; {
		again = false
		for _, key := range sortedKeys(s.scope.decls) {
			d := s.scope.decls[key]
			if include[d.key()] != nil || drop[d.key()] {
				continue
			}
			for n := range changed {
				if !d.uses[n] {
					continue
				}
				again = true
				include[d.key()] = d
				for _, own := range d.names {
					changed[own] = true
				}
				if d.recv != "" {
					changed[d.recv] = true
					if t := s.scope.decls[d.recv]; t != nil && include[d.recv] == nil {
						include[d.recv] = t
					}
				}
				if d.isType() || d.recv != "" {
					base := cmp.Or(d.recv, d.key())
					for k, m := range s.scope.methods(base) {
						if key := base + "." + k; include[key] == nil && !drop[key] {
							include[key] = m
						}
					}
				}
				break
			}
		}
	}
}

// checkOnce checks the cell with what is included. It asks to be called again
// when it changed what must be included.
func (s *Session) checkOnce(c *checked, include map[string]*declaration, duplicate map[*declaration]bool, specs []*ast.ImportSpec, changed, drop map[string]bool, added map[string]string) (errs []types.Error, retry bool) {
	pkg := types.NewPackage("main", "main")
	info := lower.NewInfo()
	c.pkg, c.info = pkg, info
	c.decls = c.decls[:0]
	c.dropped = nil
	clear(c.retyped)

	// What the cell says, in order; then what it drags along.
	var decls []ast.Decl
	for _, key := range sortedKeys(include) {
		d := include[key]
		if d.cell == c.name {
			c.decls = append(c.decls, d)
		}
	}
	for _, key := range sortedKeys(include) {
		if d := include[key]; d.cell != c.name {
			c.decls = append(c.decls, d)
		}
	}
	slices.SortStableFunc(c.decls, func(a, b *declaration) int {
		if a.cell == c.name && b.cell == c.name {
			return cmp.Compare(a.node.Pos(), b.node.Pos())
		}
		return 0
	})
	declared := map[string]bool{}
	names := map[string]bool{}
	for _, spec := range specs {
		decls = append(decls, &ast.GenDecl{Tok: token.IMPORT, TokPos: spec.Pos(), Specs: []ast.Spec{spec}})
	}
	seen := map[ast.Decl]bool{}
	inDecls := map[string]bool{}
	for _, d := range c.decls {
		for _, n := range d.names {
			declared[n] = true
		}
		if !seen[d.node] {
			seen[d.node] = true
			decls = append(decls, d.node)
			identifiers(inDecls, d.node)
		}
	}
	for _, d := range c.decls {
		parenthesize(d.node, declared, s.scope)
	}
	for d := range duplicate {
		decls = append(decls, d.node)
	}
	for _, f := range c.inits {
		decls = append(decls, f)
		identifiers(inDecls, f)
	}
	maps.Copy(names, inDecls)
	identifiers(names, c.cell.Body)

	// Variables that functions of the cell refer to belong to the package;
	// the others are the cell's own, in the order of its statements.
	top := topLevelVars(c.cell.Body.List)
	stmts := slices.Clone(c.cell.Body.List)
	promoted := map[string]bool{}
	for i, st := range stmts {
		lift := false
		for n, first := range top {
			lift = lift || first == st && inDecls[n] && !declared[n]
		}
		if !lift {
			continue
		}
		for _, spec := range packageVars(st, promoted) {
			decls = append(decls, &ast.GenDecl{Tok: token.VAR, TokPos: st.Pos(), Specs: []ast.Spec{spec}})
			for _, n := range spec.Names {
				if n.Name != "_" {
					promoted[n.Name] = true
					declared[n.Name] = true
				}
			}
		}
		stmts[i] = &ast.EmptyStmt{Semicolon: st.Pos(), Implicit: true}
	}

	// Variables that live on with a type that is defined again.
	for _, n := range sortedKeys(s.scope.vars) {
		v := s.scope.vars[n]
		if declared[n] || top[n] != nil && !names[n] || !mentions(v.obj.Type(), s.scope, changed) || !s.sameShape(v.obj.Type(), include) {
			continue
		}
		spec, pkgs := typeSpecFor(v.obj, changed)
		if spec == nil {
			continue
		}
		for name, p := range pkgs {
			pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, name, p))
		}
		decls = append(decls, &ast.GenDecl{Tok: token.VAR, TokPos: v.obj.Pos(), Specs: []ast.Spec{spec}})
		declared[n] = true
		c.retyped[n] = nil
	}

	// Everything else that is mentioned and known.
	ownImports := map[string]bool{}
	for _, spec := range specs {
		ownImports[importName(spec, s.importer)] = true
	}
	for n := range names {
		if declared[n] || ownImports[n] {
			continue
		}
		if obj := s.scope.objs[n]; obj != nil {
			pkg.Scope().Insert(obj)
		} else if v := s.scope.vars[n]; v != nil && !v.lost {
			pkg.Scope().Insert(v.obj)
		} else if p, ok := s.scope.imports[n]; ok {
			s.insertImport(pkg, n, p.path)
		} else if p, ok := added[n]; ok {
			s.insertImport(pkg, n, p)
		}
	}
	for _, p := range s.scope.dots {
		decls = append([]ast.Decl{dotImport(p)}, decls...)
	}

	fn := &ast.FuncDecl{Name: &ast.Ident{NamePos: c.cell.Func.Name.NamePos, Name: "cell" + lower.Dot}, Type: c.cell.Func.Type,
		Body: &ast.BlockStmt{Lbrace: c.cell.Body.Lbrace, List: stmts, Rbrace: c.cell.Body.Rbrace}}
	decls = append(decls, fn)
	file := &ast.File{Package: c.cell.Func.Pos(), Name: ast.NewIdent("main"), Decls: decls}

	var last ast.Expr
	if n := len(c.cell.Body.List); n > 0 {
		if e, ok := c.cell.Body.List[n-1].(*ast.ExprStmt); ok {
			last = e.X
		}
	}
	conf := types.Config{
		Importer: s.importer,
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && !benign(e, last, top) {
				errs = append(errs, e)
			}
		},
	}
	checker := types.NewChecker(&conf, s.fset, pkg, info)
	_ = checker.Files([]*ast.File{file})

	// Errors in earlier declarations are not this cell's fault.
	for i := 0; i < len(errs); i++ {
		d := s.dependentAt(errs[i].Pos, c)
		if d == nil {
			continue
		}
		if !drop[d.key()] {
			drop[d.key()] = true
			s.broken = append(s.broken, broken{d, errs[i]})
			delete(include, d.key())
			for _, n := range d.names {
				delete(changed, n)
				for _, m := range s.scope.methods(n) {
					delete(include, m.key())
					drop[m.key()] = true
				}
			}
		}
		retry = true
	}
	if retry {
		return nil, true
	}
	if slices.ContainsFunc(errs, func(e types.Error) bool { return strings.HasPrefix(e.Msg, unkeyed) }) && lower.KeyFields(file, info) {
		return nil, true
	}
	if s.addImports(errs, added) {
		return nil, true
	}
	if len(errs) > 0 {
		sortErrors(errs)
		for i := range errs {
			errs[i].Msg = s.explain(errs[i].Msg, drop)
		}
		return errs, false
	}
	for id, obj := range info.Uses {
		if promoted[obj.Name()] && obj.Parent() == pkg.Scope() && id.Pos() < obj.Pos() && within(id.Pos(), c.cell.Body) && !inFuncLit(id, c.cell.Body) {
			errs = append(errs, types.Error{Fset: s.fset, Pos: id.Pos(), Msg: fmt.Sprintf("undefined: %s (the cell defines it further down, in line %d)", id.Name, s.fset.Position(obj.Pos()).Line)})
		}
	}
	if len(errs) > 0 {
		return errs, false
	}

	// What the statements define becomes the session's.
	c.vars = c.vars[:0]
	taken := map[string]bool{}
	for _, st := range c.cell.Body.List {
		for _, id := range definedBy(st) {
			v, ok := info.Defs[id].(*types.Var)
			if !ok {
				continue
			}
			if id.Name == "_" {
				continue
			}
			c.vars = append(c.vars, v)
			taken[id.Name] = true
			old := s.scope.vars[id.Name]
			if old != nil && types.Identical(old.obj.Type(), v.Type()) && c.retyped[id.Name] == nil {
				continue
			}
			if old == nil && s.scope.objs[id.Name] == nil && s.scope.decls[id.Name] == nil {
				continue
			}
			if !changed[id.Name] {
				changed[id.Name] = true
				for _, d := range s.scope.decls {
					if d.uses[id.Name] && include[d.key()] == nil && !drop[d.key()] {
						retry = true
					}
				}
			}
		}
	}
	if retry {
		return nil, true
	}
	for n := range c.retyped {
		if v, ok := pkg.Scope().Lookup(n).(*types.Var); ok {
			c.retyped[n] = v
		} else {
			delete(c.retyped, n)
		}
	}
	for _, spec := range specs {
		p := strings.Trim(spec.Path.Value, "`\"")
		switch n := importName(spec, s.importer); n {
		case "_":
		case ".":
			c.dots = append(c.dots, p)
		default:
			c.imports[n] = importedPackage{p, c.name}
		}
	}
	for n, p := range added {
		c.imports[n] = importedPackage{p, c.name}
	}
	for _, d := range c.decls {
		d := d
		d.uses, d.pkgs = map[string]bool{}, map[string]string{}
		ast.Inspect(d.node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if p, ok := info.Uses[id].(*types.PkgName); ok {
					d.pkgs[id.Name] = p.Imported().Path()
					return true
				}
				if obj := info.Uses[id]; obj != nil && obj.Parent() == pkg.Scope() || s.known(obj) {
					d.uses[id.Name] = true
				}
			}
			return true
		})
	}
	c.stmts, c.show = c.cell.Body.List, nil
	if last != nil && !c.cell.Silent && showable(last, info) {
		if e := overflow(s.fset, last, info); e != nil {
			return []types.Error{*e}, false
		}
		c.show = last
		c.stmts = c.stmts[:len(c.stmts)-1]
	}
	return nil, false
}

// sortErrors sorts by position. An error that begins with a tab goes on with the
// one before it and stays there; it gets its own place in its text.
func sortErrors(errs []types.Error) {
	var head token.Pos
	for i, e := range errs {
		if more, ok := strings.CutPrefix(e.Msg, "\t"); ok && i > 0 {
			errs[i].Msg = fmt.Sprintf("\t%s: %s", e.Fset.Position(e.Pos), more)
			errs[i].Pos = head
		} else {
			head = e.Pos
		}
	}
	slices.SortStableFunc(errs, func(a, b types.Error) int { return cmp.Compare(a.Pos, b.Pos) })
}

// unkeyed begins the error that lower.KeyFields mends.
const unkeyed = "implicit assignment to unexported field"

// known reports whether obj is something that the session defined.
func (s *Session) known(obj types.Object) bool {
	if obj == nil {
		return false
	}
	if s.scope.objs[obj.Name()] == obj {
		return true
	}
	v := s.scope.vars[obj.Name()]
	return v != nil && v.obj == obj
}

// dependentAt returns the earlier declaration that a position lies in.
func (s *Session) dependentAt(pos token.Pos, c *checked) *declaration {
	for _, d := range c.decls {
		if d.cell != c.name && within(pos, d.node) {
			return d
		}
	}
	return nil
}

func within(pos token.Pos, n ast.Node) bool { return n.Pos() <= pos && pos < n.End() }

func inFuncLit(id *ast.Ident, body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncLit); ok && within(id.Pos(), f) {
			found = true
		}
		return !found
	})
	return found
}

// benign reports whether a cell may do what a Go file may not: leave imports
// and its own variables unused, end in a value, use what is defined later.
func benign(e types.Error, last ast.Expr, top map[string]ast.Stmt) bool {
	switch {
	case strings.HasSuffix(e.Msg, "imported and not used"), strings.Contains(e.Msg, "imported as ") && strings.HasSuffix(e.Msg, "and not used"):
		return true
	case strings.HasPrefix(e.Msg, "declared and not used: "):
		st := top[strings.TrimPrefix(e.Msg, "declared and not used: ")]
		if st == nil {
			return false
		}
		for _, id := range definedBy(st) {
			if id.Pos() == e.Pos {
				return true
			}
		}
	case strings.HasSuffix(e.Msg, "is not used") || strings.Contains(e.Msg, "is not used ("):
		return last != nil && within(e.Pos, last)
	case strings.HasPrefix(e.Msg, "initialization cycle"):
		return true
	}
	return false
}

// definedBy returns the identifiers that a top-level statement may define.
func definedBy(st ast.Stmt) []*ast.Ident {
	var out []*ast.Ident
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, lhs := range st.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					out = append(out, id)
				}
			}
		}
	case *ast.DeclStmt:
		if d := st.Decl.(*ast.GenDecl); d.Tok == token.VAR {
			for _, spec := range d.Specs {
				out = append(out, spec.(*ast.ValueSpec).Names...)
			}
		}
	}
	return out
}

// packageVars turns a statement that defines variables into package-level
// specs. A name in taken is defined already: `:=` assigns to it.
func packageVars(st ast.Stmt, taken map[string]bool) []*ast.ValueSpec {
	switch st := st.(type) {
	case *ast.AssignStmt:
		spec := &ast.ValueSpec{Values: st.Rhs}
		for _, lhs := range st.Lhs {
			id := lhs.(*ast.Ident)
			if taken[id.Name] {
				id = &ast.Ident{NamePos: id.NamePos, Name: "_"}
			}
			spec.Names = append(spec.Names, id)
		}
		return []*ast.ValueSpec{spec}
	case *ast.DeclStmt:
		var out []*ast.ValueSpec
		for _, spec := range st.Decl.(*ast.GenDecl).Specs {
			out = append(out, spec.(*ast.ValueSpec))
		}
		return out
	}
	return nil
}

// mentions reports whether t is made with a session type that changes.
func mentions(t types.Type, sc *scope, changed map[string]bool) bool {
	found := false
	walkNamed(t, map[types.Type]bool{}, func(n *types.Named) {
		if changed[n.Obj().Name()] && sc.objs[n.Obj().Name()] == n.Obj() {
			found = true
		}
	})
	return found
}

// sameShape reports whether every type that is defined again and that t
// mentions has the same text as before, so that values can live on.
func (s *Session) sameShape(t types.Type, include map[string]*declaration) bool {
	same := true
	walkNamed(t, map[types.Type]bool{}, func(n *types.Named) {
		name := n.Obj().Name()
		if d, old := include[name], s.scope.decls[name]; d != nil && s.scope.objs[name] == n.Obj() && (old == nil || old.text != d.text) {
			same = false
		}
	})
	return same
}

// walkNamed visits the named types that t is made of, fields included.
func walkNamed(t types.Type, seen map[types.Type]bool, visit func(*types.Named)) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		visit(t)
		for a := range t.TypeArgs().Types() {
			walkNamed(a, seen, visit)
		}
		if t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main" {
			walkNamed(t.Underlying(), seen, visit)
		}
	case *types.Pointer:
		walkNamed(t.Elem(), seen, visit)
	case *types.Slice:
		walkNamed(t.Elem(), seen, visit)
	case *types.Array:
		walkNamed(t.Elem(), seen, visit)
	case *types.Chan:
		walkNamed(t.Elem(), seen, visit)
	case *types.Map:
		walkNamed(t.Key(), seen, visit)
		walkNamed(t.Elem(), seen, visit)
	case *types.Struct:
		for f := range t.Fields() {
			walkNamed(f.Type(), seen, visit)
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			walkNamed(v.Type(), seen, visit)
		}
		for v := range t.Results().Variables() {
			walkNamed(v.Type(), seen, visit)
		}
	}
}

// typeSpecFor writes the declaration of a variable anew, so that the names in
// its type mean what they mean now. It returns nil when the type has no text.
func typeSpecFor(v *types.Var, changed map[string]bool) (*ast.ValueSpec, map[string]*types.Package) {
	pkgs := map[string]*types.Package{}
	text := types.TypeString(v.Type(), func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		name := strings.NewReplacer("/", lower.Dot, ".", lower.Dot, "-", lower.Dot).Replace(p.Path()) + lower.Dot
		pkgs[name] = p
		return name
	})
	x, err := parser.ParseExpr(text)
	if err != nil {
		return nil, nil
	}
	stamp(x, v.Pos())
	return &ast.ValueSpec{Names: []*ast.Ident{{NamePos: v.Pos(), Name: v.Name()}}, Type: x}, pkgs
}

// stamp gives every identifier of a synthetic expression a real position.
func stamp(x ast.Expr, pos token.Pos) {
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			id.NamePos = pos
		}
		return true
	})
}

// overflow is the error of a constant that the type it is shown with can't
// hold; to Go an unused constant is no mistake.
func overflow(fset *token.FileSet, e ast.Expr, info *types.Info) *types.Error {
	tv := info.Types[e]
	b, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || b.Info()&types.IsUntyped == 0 {
		return nil
	}
	fits := true
	switch b.Kind() {
	case types.UntypedInt, types.UntypedRune:
		_, fits = constant.Int64Val(constant.ToInt(tv.Value))
	case types.UntypedFloat:
		f, _ := constant.Float64Val(tv.Value)
		fits = !math.IsInf(f, 0)
	}
	if fits {
		return nil
	}
	to := types.Default(b)
	return &types.Error{Fset: fset, Pos: e.Pos(), Msg: fmt.Sprintf("cannot use %s (%s constant) as %s value (overflows)", types.ExprString(e), b, to)}
}

// showable reports whether the last expression has a value that a user wants
// to see: not what printing and writing return.
func showable(e ast.Expr, info *types.Info) bool {
	tv := info.Types[e]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if b, ok := tv.Type.(*types.Basic); ok && b.Kind() == types.Invalid {
		return false
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
			return true
		}
		return true
	}
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return true
	}
	switch fn := info.Uses[id].(type) {
	case *types.Builtin:
		return fn.Name() != "copy" && fn.Name() != "recover"
	case *types.Func:
		if fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && (strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint") || strings.HasPrefix(fn.Name(), "Scan") || strings.HasPrefix(fn.Name(), "Fscan")) {
			return false
		}
		if strings.HasPrefix(fn.Name(), "Write") && fn.Type().(*types.Signature).Recv() != nil {
			return false
		}
	}
	return true
}

// importName returns the name that an import gives a package.
func importName(spec *ast.ImportSpec, im *imports.Importer) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	p := strings.Trim(spec.Path.Value, "`\"")
	if pkg, err := im.Import(p); err == nil {
		return pkg.Name()
	}
	return path.Base(p)
}

func (s *Session) insertImport(pkg *types.Package, name, path string) {
	imported, err := s.importer.Import(path)
	if err != nil {
		return
	}
	pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, name, imported))
}

func dotImport(p string) ast.Decl {
	return &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
		Name: ast.NewIdent("."),
		Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + p + `"`},
	}}}
}

// addImports imports standard packages that the cell names without importing
// them. It reports whether it found any.
func (s *Session) addImports(errs []types.Error, added map[string]string) bool {
	found := false
	for _, e := range errs {
		name, ok := strings.CutPrefix(e.Msg, "undefined: ")
		if !ok || !token.IsIdentifier(name) || added[name] != "" || s.scope.vars[name] != nil {
			continue
		}
		if p := s.standardPackage(name); p != "" && s.followedByDot(e.Pos, name) {
			added[name] = p
			found = true
		}
	}
	return found
}

// followedByDot reports whether the identifier at pos is used as a package is.
func (s *Session) followedByDot(pos token.Pos, name string) bool {
	p := s.fset.Position(pos)
	lines := strings.Split(s.sources[p.Filename], "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return false
	}
	line := lines[p.Line-1]
	i := p.Column - 1 + len(name)
	return i < len(line) && line[i] == '.'
}

// standardPackage returns the import path that most programs mean by a package
// name, "" when there is none.
func (s *Session) standardPackage(name string) string {
	switch name { // where two packages share a name
	case "rand":
		return "math/rand"
	case "template":
		return "text/template"
	case "pprof":
		return "runtime/pprof"
	case "scanner":
		return "text/scanner"
	case "tabwriter":
		return "text/tabwriter"
	}
	best := ""
	for _, p := range s.importer.Paths() {
		if path.Base(p) == name && (best == "" || len(p) < len(best)) {
			best = p
		}
	}
	return best
}

// explain adds to an error what the session knows about the name in it.
func (s *Session) explain(msg string, drop map[string]bool) string {
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok {
		return msg
	}
	if v := s.scope.vars[name]; v != nil && v.lost {
		return fmt.Sprintf("%s (its value was lost when the evaluator was replaced: run %s again)", msg, v.cell)
	}
	return msg
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
