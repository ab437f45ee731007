package cells

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/pattern"
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
	vars    []*types.Var    // session variables that the cell defines, in order
	retyped map[string]*types.Var
	asides  []*aside // what does not fit any more, or not yet
	kept    []keeper // variables that keep an earlier type
	imports map[string]importedPackage
	dots    []string
	modules []string // packages of modules that it imports
	added   []string // standard packages that were imported without being asked
	stmts   []ast.Stmt
	show    ast.Expr // the last expression, when it has a value
}

// A diagnosis lists what is wrong with a cell.
type diagnosis struct{ mistakes []mistake }

func (d *diagnosis) Error() string { return d.mistakes[0].err.Error() }

// A mistake is the type checker's, with what may help; hint may be "".
type mistake struct {
	err  types.Error
	hint string
}

// check type-checks a parsed cell against the session.
func (s *Session) check(cell *syntax.Cell, name string) (c *checked, err error) {
	defer ourFault("checking the cell", &err)
	own, imports := declarations(cell, name)
	r := &redefinition{
		include: map[string]*declaration{},
		changed: map[string]bool{},
		aside:   map[string]*aside{},
		gone:    map[string]bool{},
		other:   map[string]bool{},
		own:     map[string]bool{},
		imports: map[string]string{},
		taken:   map[string]string{},
		former:  map[string]bool{},
	}
	for _, spec := range imports {
		n, p := importName(spec, s.importer), importPath(spec)
		if old, ok := s.scope.imports[n]; ok && old.path != p {
			r.taken[n] = p
		}
	}
	for n := range topLevelVars(cell.Body.List) {
		r.own[n] = true
	}
	var inits []*ast.FuncDecl
	for _, d := range own {
		for _, n := range d.names {
			r.own[n] = true
		}
		switch {
		case d.inited:
			inits = append(inits, d.node.(*ast.FuncDecl))
		case r.include[d.key()] != nil:
			r.twice = append(r.twice, d) // the checker says so
		default:
			r.include[d.key()] = d
		}
	}
	s.dropUnchanged(r.include)
	for _, d := range r.include {
		for _, n := range d.names {
			r.changed[n] = true
		}
	}
	s.includeMethods(r)

	// What a cell changes shows only when it is checked, and may drag more
	// along: so it is checked until nothing more comes up.
	const most = 100
	for range most {
		s.includeDependents(r)
		t := s.newTrial(r, &checked{
			cell: cell, name: name, inits: inits,
			imports: map[string]importedPackage{}, retyped: map[string]*types.Var{},
		}, imports)
		errs, again := t.run()
		switch {
		case again:
		case len(errs) > 0:
			return nil, &diagnosis{t.mistakes(errs)}
		default:
			t.added = slices.Sorted(maps.Values(r.imports))
			t.checked.asides = sortedAsides(r.aside)
			return t.checked, nil
		}
	}
	return nil, &bug{doing: "checking the cell", cause: "what it redefines has no end"}
}

// A redefinition is what a cell makes the session define again.
type redefinition struct {
	include map[string]*declaration // by key: the cell's own and what depends on them
	changed map[string]bool         // names whose meaning changes
	aside   map[string]*aside       // by key: what does not fit
	gone    map[string]bool         // names of what does not fit
	other   map[string]bool         // functions that are not called as they were
	own     map[string]bool         // names that the cell defines
	first   []types.Error           // of the first trial that set a function of the cell aside
	imports map[string]string       // standard packages that nobody imported: path by name
	taken   map[string]string       // packages that take names which others had: path by name
	former  map[string]bool         // by key: what keeps the packages before, since it does not fit those
	twice   []*declaration          // declared a second time in the cell
}

// A trial checks a cell once, as a package of its own into whose scope the
// session's objects are put.
type trial struct {
	*Session
	*redefinition
	*checked
	specs    []*ast.ImportSpec
	decls    []ast.Decl
	body     []ast.Stmt          // the cell's statements but for promoted ones
	top      map[string]ast.Stmt // the variables that statements define
	promoted map[string]bool     // those that belong to the package
	declared map[string]bool     // names of the package
	inDecls  map[string]bool     // identifiers in declarations
	names    map[string]bool     // identifiers anywhere
	grouped  []group             // variables that are sorted
	last     ast.Expr            // the cell's last statement, when it is an expression
}

func (s *Session) newTrial(r *redefinition, c *checked, specs []*ast.ImportSpec) *trial {
	c.pkg, c.info = types.NewPackage("main", "main"), lower.NewInfo()
	t := &trial{
		Session: s, redefinition: r, checked: c, specs: specs,
		body:     slices.Clone(c.cell.Body.List),
		top:      topLevelVars(c.cell.Body.List),
		promoted: map[string]bool{}, declared: map[string]bool{},
		inDecls: map[string]bool{}, names: map[string]bool{},
	}
	if n := len(t.body); n > 0 {
		if e, ok := t.body[n-1].(*ast.ExprStmt); ok {
			t.last = e.X
		}
	}
	return t
}

// run checks. It asks for another trial when it changed what to include.
func (t *trial) run() (errs []types.Error, again bool) {
	t.gather()
	t.promote()
	if t.retype() {
		return nil, true
	}
	t.resolve()
	files, hidden := t.files()
	conf := types.Config{
		Importer: t.importer,
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
		Error: func(err error) {
			var e types.Error
			if !errors.As(err, &e) || benign(e, t.last, t.top) {
				return
			}
			if name, _, is := strings.Cut(e.Msg, " already declared through import of "); !is || !hidden[name] {
				e.Msg = unqualified(e.Msg)
				errs = append(errs, e)
			}
		},
	}
	errs = t.aliasedReceivers(files)
	_ = types.NewChecker(&conf, t.fset, t.pkg, t.info).Files(files)
	switch {
	case t.blame(errs):
		return nil, true
	case slices.ContainsFunc(errs, func(e types.Error) bool { return strings.HasPrefix(e.Msg, unkeyed) }) && t.keyFields(files):
		return nil, true
	case t.addImports(errs, t.redefinition.imports):
		return nil, true
	case t.wait(errs):
		return nil, true
	case len(errs) > 0:
		if t.first != nil {
			errs = t.first // what waits is wanted at once
		}
		sortErrors(errs)
		for i := range errs {
			errs[i].Msg = t.explain(errs[i].Msg)
		}
		return errs, false
	}
	if errs := t.usedTooEarly(); len(errs) > 0 {
		return errs, false
	}
	if t.compare() || t.define() {
		return nil, true
	}
	t.record()
	return t.result(), false
}

// aliasedReceivers takes methods out whose receiver's name stands for a type of
// another cell: the checker knows only how those are declared that it checks.
func (t *trial) aliasedReceivers(files []*ast.File) (errs []types.Error) {
	alias := map[string]string{}
	for _, d := range t.decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, spec := range g.Specs {
				spec := spec.(*ast.TypeSpec)
				if id, ok := ast.Unparen(spec.Type).(*ast.Ident); ok && spec.Assign.IsValid() {
					alias[spec.Name.Name] = id.Name
				}
			}
		}
	}
	for _, f := range files {
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				return false
			}
			name := receiverBase(fn)
			of := name
			for range alias {
				of = cmp.Or(alias[of], of)
			}
			if _, isType := t.pkg.Scope().Lookup(of).(*types.TypeName); of == name || t.declared[of] || !isType {
				return false
			}
			errs = append(errs, types.Error{Fset: t.fset, Pos: fn.Recv.Pos(), Msg: fmt.Sprintf("cannot define new methods on %s, which stands for %s of another cell", name, of)})
			return true
		})
	}
	return errs
}

// keyFields gives literals their fields' names (lower.KeyFields).
func (t *trial) keyFields(files []*ast.File) (keyed bool) {
	for _, f := range files {
		keyed = lower.KeyFields(f, t.info) || keyed
	}
	return keyed
}

// gather lists the declarations: what the cell says, in its order, then what it
// drags along.
func (t *trial) gather() {
	var dragged []*declaration
	for _, key := range sortedKeys(t.include) {
		if d := t.include[key]; d.cell == t.name {
			t.checked.decls = append(t.checked.decls, d)
		} else {
			dragged = append(dragged, d)
		}
	}
	slices.SortStableFunc(t.checked.decls, func(a, b *declaration) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) })
	t.checked.decls = append(t.checked.decls, dragged...)

	for _, spec := range t.specs {
		t.decls = append(t.decls, &ast.GenDecl{Tok: token.IMPORT, TokPos: spec.Pos(), Specs: []ast.Spec{spec}})
	}
	seen := map[ast.Decl]bool{} // a const group stands under each of its names
	for _, d := range t.checked.decls {
		for _, n := range d.names {
			t.declared[n] = true
		}
		if !seen[d.node] {
			seen[d.node] = true
			t.decls = append(t.decls, d.node)
			identifiers(t.inDecls, d.node)
		}
	}
	for _, d := range t.checked.decls {
		parenthesize(d.node, t.declared, t.scope)
	}
	for _, d := range t.twice {
		t.decls = append(t.decls, d.node)
	}
	for _, f := range t.inits {
		t.decls = append(t.decls, f)
		identifiers(t.inDecls, f)
	}
	maps.Copy(t.names, t.inDecls)
	identifiers(t.names, t.cell.Body)
}

// promote makes variables that the cell's functions refer to the package's, and
// those that the values of such variables are made with. The others stay local to
// the statements, whose order then counts.
func (t *trial) promote() {
	t.grouped = t.groups()
	lift := make([]bool, len(t.body))
	wanted := maps.Clone(t.inDecls)
	for i, st := range slices.Backward(t.body) {
		lift[i] = t.grouping(i)
		for n, first := range t.top {
			lift[i] = lift[i] || first == st && wanted[n] && !t.declared[n]
		}
		if lift[i] {
			identifiers(wanted, st)
		}
	}
	for i, st := range t.body {
		if !lift[i] {
			continue
		}
		for _, spec := range packageVars(st, t.promoted) {
			t.decls = append(t.decls, &ast.GenDecl{Tok: token.VAR, TokPos: st.Pos(), Specs: []ast.Spec{spec}})
			for _, n := range spec.Names {
				if n.Name != "_" {
					t.promoted[n.Name] = true
					t.declared[n.Name] = true
				}
			}
		}
		t.body[i] = &ast.EmptyStmt{Semicolon: st.Pos(), Implicit: true}
	}
}

// retype declares anew the variables that live on with a type which is defined
// again but looks the same. It reports whether that drags more along.
func (t *trial) retype() (again bool) {
	var affected []string
	for n, v := range t.scope.vars {
		if mentions(v.obj.Type(), t.scope, t.changed) {
			affected = append(affected, n)
		}
	}
	slices.Sort(affected)
	for _, n := range affected {
		v := t.scope.vars[n]
		if t.declared[n] || t.top[n] != nil && !t.names[n] {
			continue
		}
		if !t.sameShape(v.obj.Type()) {
			t.keeps(n, v)
			continue
		}
		spec, pkgs := typeSpecFor(v.obj)
		if spec == nil {
			continue
		}
		for name, p := range pkgs {
			t.pkg.Scope().Insert(types.NewPkgName(token.NoPos, t.pkg, name, p))
		}
		t.decls = append(t.decls, &ast.GenDecl{Tok: token.VAR, TokPos: v.obj.Pos(), Specs: []ast.Spec{spec}})
		t.declared[n] = true
		t.retyped[n] = nil
		again = again || !t.changed[n] && t.used(n)
		t.changed[n] = true
	}
	return again
}

// used reports whether a declaration uses a name that is not defined again yet.
func (t *trial) used(name string) bool {
	for key, d := range t.scope.decls {
		if d.uses[name] && t.include[key] == nil && t.aside[key] == nil {
			return true
		}
	}
	return t.scope.awaited(name)
}

// resolve puts into scope all that is mentioned and that the session knows.
func (t *trial) resolve() {
	imported := map[string]bool{}
	for _, spec := range t.specs {
		imported[importName(spec, t.importer)] = true
	}
	for n := range t.names {
		if t.declared[n] || imported[n] || t.gone[n] {
			continue
		}
		if obj := t.scope.objs[n]; obj != nil {
			t.pkg.Scope().Insert(obj)
		} else if v := t.scope.vars[n]; v != nil && !v.lost {
			t.pkg.Scope().Insert(v.obj)
		} else if p, ok := t.scope.imports[n]; ok {
			t.insertImport(t.pkg, n, p.path)
		} else if p, ok := t.redefinition.imports[n]; ok {
			t.insertImport(t.pkg, n, p)
		} else if obj := t.dotImported(n); obj != nil {
			t.pkg.Scope().Insert(obj)
		}
	}
}

// dotImported is what the dot import of an earlier cell has by a name; of
// several the last one, as of all definitions.
func (t *trial) dotImported(name string) types.Object {
	if !token.IsExported(name) {
		return nil
	}
	for _, path := range slices.Backward(t.scope.dots) {
		if pkg, err := t.importer.Import(path); err == nil && pkg.Scope().Lookup(name) != nil {
			return pkg.Scope().Lookup(name)
		}
	}
	return nil
}

// files are the cell as Go: a file with its statements in a function, and one for
// each earlier declaration that goes on to mean a package by a name that something
// else has now. Package and file may not both have such a name, but for that the checker
// finds what is meant.
func (t *trial) files() (files []*ast.File, hidden map[string]bool) {
	hidden = map[string]bool{}
	apart := map[ast.Decl]bool{}
	for _, d := range t.checked.decls {
		file := &ast.File{Package: t.cell.Func.Pos(), Name: ast.NewIdent("main")}
		for _, n := range sortedKeys(d.pkgs) {
			if d.cell == t.name || !t.hides(n) && !t.former[d.key()] {
				continue
			}
			hidden[n] = true
			file.Decls = append(file.Decls, &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{
				&ast.ImportSpec{Name: ast.NewIdent(n), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(d.pkgs[n])}},
			}})
		}
		if len(file.Decls) > 0 {
			apart[d.node] = true
			file.Decls = append(file.Decls, d.node)
			files = append(files, file)
		}
	}
	body := t.cell.Body
	fn := &ast.FuncDecl{
		Name: &ast.Ident{NamePos: t.cell.Func.Name.NamePos, Name: "cell" + lower.Dot},
		Type: t.cell.Func.Type,
		Body: &ast.BlockStmt{Lbrace: body.Lbrace, List: t.body, Rbrace: body.Rbrace},
	}
	decls := slices.DeleteFunc(slices.Clone(t.decls), func(d ast.Decl) bool { return apart[d] })
	return append(files, &ast.File{Package: t.cell.Func.Pos(), Name: ast.NewIdent("main"), Decls: append(decls, fn)}), hidden
}

// hides reports whether a name that a package may have means something else.
func (t *trial) hides(name string) bool {
	return t.declared[name] || t.gone[name] || t.scope.objs[name] != nil || t.scope.vars[name] != nil
}

// blame sets earlier declarations aside that do not fit: that is not the cell's
// fault. It reports whether there were any.
func (t *trial) blame(errs []types.Error) bool {
	found := map[*declaration]bool{}
	for _, e := range errs {
		d := t.dependentAt(e.Pos, t.checked)
		if d == nil || found[d] {
			continue
		}
		found[d] = true
		if !t.keepPackages(d) {
			t.setAside(d, e, nil)
		}
	}
	return len(found) > 0
}

// keepPackages has an earlier declaration keep the packages that it was written
// with. It reports whether that is a change.
func (t *trial) keepPackages(d *declaration) bool {
	if t.former[d.key()] {
		return false
	}
	for n, path := range d.pkgs {
		now := t.scope.imports[n].path
		if t.taken[n] != "" {
			now = t.taken[n]
		}
		if now != "" && now != path && !t.hides(n) {
			t.former[d.key()] = true
			return true
		}
	}
	return false
}

// usedTooEarly finds statements that use a promoted variable above its
// definition: the package would let them.
func (t *trial) usedTooEarly() (errs []types.Error) {
	for id, obj := range t.info.Uses {
		if t.promoted[obj.Name()] && obj.Parent() == t.pkg.Scope() && id.Pos() < obj.Pos() && !t.together(id.Pos(), obj.Pos()) && within(id.Pos(), t.cell.Body) && !inFuncLit(id.Pos(), t.cell.Body) {
			errs = append(errs, types.Error{Fset: t.fset, Pos: id.Pos(), Msg: fmt.Sprintf("undefined: %s (the cell defines it further down, in line %d)", id.Name, t.fset.Position(obj.Pos()).Line)})
		}
	}
	return errs
}

// define notes the session variables that the statements define. It reports
// whether one of them changes what an earlier declaration means.
func (t *trial) define() (again bool) {
	for _, st := range t.cell.Body.List {
		for _, id := range definedBy(st) {
			v, ok := t.info.Defs[id].(*types.Var)
			if !ok || id.Name == "_" {
				continue
			}
			t.vars = append(t.vars, v)
			old := t.scope.vars[id.Name]
			switch {
			case old != nil && types.Identical(old.obj.Type(), v.Type()) && t.retyped[id.Name] == nil:
			case old == nil && t.scope.objs[id.Name] == nil && t.scope.decls[id.Name] == nil && !t.scope.awaited(id.Name):
			case !t.changed[id.Name]:
				t.changed[id.Name] = true
				again = again || t.used(id.Name)
			}
		}
	}
	for n := range t.retyped {
		if v, ok := t.pkg.Scope().Lookup(n).(*types.Var); ok {
			t.retyped[n] = v
		} else {
			delete(t.retyped, n)
		}
	}
	return again
}

// compare notes which functions are not called as they were. It reports whether
// there are more than were known.
func (t *trial) compare() (more bool) {
	for n := range t.include {
		f, ok := t.pkg.Scope().Lookup(n).(*types.Func)
		if ok && !t.other[n] && !calledAlike(t.scope.objs[n], f) {
			t.other[n] = true
			more = true
		}
	}
	return more
}

// record notes what the cell imports and what each declaration uses.
func (t *trial) record() {
	for _, spec := range t.specs {
		p := strings.Trim(spec.Path.Value, "`\"")
		if t.importer.Modular(p) {
			t.checked.modules = append(t.checked.modules, p)
		}
		switch n := importName(spec, t.importer); n {
		case "_":
		case ".":
			t.dots = append(t.dots, p)
		default:
			t.checked.imports[n] = importedPackage{p, t.name}
		}
	}
	for n, p := range t.redefinition.imports {
		t.checked.imports[n] = importedPackage{p, t.name}
	}
	for _, d := range t.checked.decls {
		d.uses, d.pkgs = map[string]bool{}, map[string]string{}
		ast.Inspect(d.node, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok {
					if pkg, ok := t.info.Uses[x].(*types.PkgName); ok {
						d.pkgs[x.Name] = pkg.Imported().Path()
						return false
					}
				}
			}
			id, ok := n.(*ast.Ident)
			if !ok || t.info.Uses[id] == nil {
				return true
			}
			obj := t.info.Uses[id]
			byDot := obj.Pkg() != nil && obj.Pkg() != t.pkg && obj.Parent() == obj.Pkg().Scope()
			if obj.Parent() == t.pkg.Scope() || t.defined(obj) || byDot {
				d.uses[id.Name] = true
			}
			return true
		})
	}
}

// result tells statements from the value that the cell ends in.
func (t *trial) result() []types.Error {
	t.stmts = t.sorted(t.cell.Body.List)
	if t.last == nil || t.cell.Silent || !showable(t.last, t.info) {
		return nil
	}
	if e := overflow(t.fset, t.last, t.info); e != nil {
		return []types.Error{*e}
	}
	t.show = t.last
	t.stmts = t.stmts[:len(t.stmts)-1]
	return nil
}

var mainDot = pattern.New(`\bmain\.\b`)

// unqualified leaves out the package where a message names a type of an earlier
// cell: to the checker each cell is a package of its own, to the user none is.
func unqualified(msg string) string {
	parts := strings.Split(msg, `"`)
	for i := 0; i < len(parts); i += 2 { // the others are quoted
		parts[i] = mainDot().ReplaceAllString(parts[i], "")
	}
	return strings.Join(parts, `"`)
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

func within(pos token.Pos, n ast.Node) bool { return n.Pos() <= pos && pos < n.End() }

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

// explain adds to an error what the session knows about the name in it.
func (t *trial) explain(msg string) string {
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok {
		return msg
	}
	if v := t.scope.vars[name]; v != nil && v.lost {
		return fmt.Sprintf("%s (its value was lost when the evaluator was replaced: run %s again)", msg, v.cell)
	}
	return msg
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
