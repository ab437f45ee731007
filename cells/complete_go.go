package cells

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"path"
	"strings"

	"github.com/paracell/paracell/cells/syntax"
)

// completeGo completes Go.
func (s *Session) completeGo(ctx context.Context, code string, cursor int, r region) Completions {
	none := Completions{Start: cursor, End: cursor}
	tokens, open := lexemes(r.text[:cursor])
	if open {
		if tokens[len(tokens)-1].tok == token.STRING && inImport(tokens) {
			return s.completeImport(ctx, tokens[len(tokens)-1], cursor)
		}
		return none
	}
	start, end := identifierAt(r.text, cursor)
	if start == cursor && len(tokens) > 0 {
		// No identifier can follow a literal, as in 3.14.
		if last := tokens[len(tokens)-1]; last.tok.IsLiteral() && last.offset+len(last.lit) == cursor {
			return none
		}
	}
	m := &matches{prefix: r.text[start:cursor]}
	after := r.text[end:] + code[len(r.text):]
	p, nodes := s.siteOf(ctx, r.text[:cursor], after, m.prefix, r.alone)
	if len(nodes) == 0 {
		// What stands above may be in the way.
		if healed := syntax.Heal(r.text[:cursor]); healed != r.text[:cursor] {
			if q, found := s.siteOf(ctx, healed, after, m.prefix, r.alone); p == nil || len(found) > 0 {
				p, nodes = q, found
			}
		}
	}
	if p == nil {
		return none
	}
	if len(nodes) == 0 {
		// The parser dropped it, as it does with half a keyword such as "cas".
		p.names(m, nil)
		return m.completions(start, cursor)
	}
	id := nodes[len(nodes)-1].(*ast.Ident)
	if _, defines := p.info.Defs[id]; defines {
		return none
	}
	var parent ast.Node = &ast.BadStmt{}
	if len(nodes) > 1 {
		parent = nodes[len(nodes)-2]
	}
	switch parent := parent.(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			p.members(m, parent.X)
			return m.completions(start, cursor)
		}
	case *ast.BranchStmt:
		p.labels(m, nodes)
		return m.completions(start, cursor)
	case *ast.LabeledStmt, *ast.ImportSpec:
		return none
	case *ast.FuncDecl:
		if parent.Name == id {
			return none
		}
	case *ast.CompositeLit:
		if parent.Type != id && !p.fields(m, parent) {
			return m.completions(start, cursor)
		}
	}
	p.names(m, nodes)
	return m.completions(start, cursor)
}

// siteOf reads text up to a cursor behind prefix, and returns the nodes around the
// identifier there, itself last.
func (s *Session) siteOf(ctx context.Context, before, after, prefix string, alone bool) (*site, []ast.Node) {
	p := s.newSite(ctx, before+mark, after, alone)
	if p == nil {
		return nil, nil
	}
	return p, p.enclosing(func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && id.Name == prefix+mark
	})
}

// labels adds the labels of the function that the last of nodes stands in.
func (p *site) labels(m *matches, nodes []ast.Node) {
	var body ast.Node = p.cell.Body
	for _, n := range nodes {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			body = n
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			m.add(l.Label.Name, kindInstance, 0)
		}
		return true
	})
}

// members adds what may follow x and a dot.
func (p *site) members(m *matches, x ast.Expr) {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := p.info.Uses[id].(*types.PkgName); ok {
			scope := pkg.Imported().Scope()
			for _, n := range scope.Names() {
				if token.IsExported(n) {
					m.add(n, kindOf(scope.Lookup(n)), 0)
				}
			}
			return
		}
	}
	tv := p.info.Types[x]
	if tv.Type == nil || tv.IsVoid() || tv.IsBuiltin() {
		return
	}
	if tv.IsType() {
		set := types.NewMethodSet(tv.Type)
		for sel := range set.Methods() {
			addMember(m, sel.Obj(), 0)
		}
		return
	}
	addFields(m, tv.Type)
	for sel := range methodsOf(tv.Type) {
		addMember(m, sel.Obj(), len(sel.Index()))
	}
}

// methodsOf is every method that a variable of the type can be asked for: those of
// its pointer too.
func methodsOf(t types.Type) iter.Seq[*types.Selection] {
	if _, pointer := types.Unalias(t).(*types.Pointer); pointer || types.IsInterface(t) {
		return types.NewMethodSet(t).Methods()
	}
	return types.NewMethodSet(types.NewPointer(t)).Methods()
}

// addFields adds the fields of a struct or a pointer to one, and those that its
// embedded fields promote, the shallow before the deep.
func addFields(m *matches, t types.Type) {
	seen := map[types.Type]bool{}
	level := []types.Type{t}
	for depth := 1; len(level) > 0; depth++ {
		var next []types.Type
		for _, t := range level {
			s := structOf(t)
			if s == nil || seen[s] {
				continue
			}
			seen[s] = true
			for f := range s.Fields() {
				addMember(m, f, depth)
				if f.Embedded() {
					next = append(next, f.Type())
				}
			}
		}
		level = next
	}
}

// structOf returns the struct that t is or points to, nil for another type.
func structOf(t types.Type) *types.Struct {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

// addMember adds a field or method that a cell can reach.
func addMember(m *matches, obj types.Object, rank int) {
	if obj.Exported() || obj.Name() != "_" && obj.Pkg() != nil && obj.Pkg().Path() == "main" {
		m.add(obj.Name(), kindOf(obj), rank)
	}
}

// fields adds the fields that a struct literal does not set yet. It reports
// whether anything else may stand there.
func (p *site) fields(m *matches, lit *ast.CompositeLit) bool {
	t := p.info.Types[lit].Type
	if t == nil {
		return true
	}
	s := structOf(t)
	if s == nil {
		return true
	}
	set := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				set[id.Name] = true
			}
		}
	}
	for f := range s.Fields() {
		if !set[f.Name()] {
			addMember(m, f, -1)
		}
	}
	return len(set) == 0
}

// names adds the names in scope at the last of nodes, keywords among them.
func (p *site) names(m *matches, nodes []ast.Node) {
	scope, at := p.pkg.Scope(), token.NoPos
	if len(nodes) > 0 {
		scope, at = p.innermost(nodes), nodes[len(nodes)-1].Pos()
	}
	onlyTypes := wantsType(nodes)
	for s, rank := scope, 0; s != nil; s = s.Parent() {
		switch s {
		case p.pkg.Scope():
			rank = 1
		case types.Universe:
			rank = 2
		}
		for _, n := range s.Names() {
			_, obj := scope.LookupParent(n, at)
			if obj == nil || strings.HasSuffix(n, mark) || n == "_" {
				continue
			}
			switch obj.(type) {
			case *types.TypeName, *types.PkgName:
			default:
				if onlyTypes {
					continue
				}
			}
			m.add(n, kindOf(obj), rank)
		}
	}
	for _, k := range keywordsAt(nodes, onlyTypes) {
		m.add(k, kindKeyword, 3)
	}
	if m.prefix == "" || !p.ready {
		return
	}
	for _, imp := range p.session.importer.Paths() {
		// Only those that their name alone imports.
		if n := path.Base(imp); strings.HasPrefix(n, m.prefix) && p.session.standardPackage(n) == imp {
			m.add(n, kindModule, 4)
		}
	}
}

// wantsType reports whether only a type can stand where the last of nodes does.
func wantsType(nodes []ast.Node) bool {
	if len(nodes) < 2 {
		return false
	}
	id := nodes[len(nodes)-1]
	switch n := nodes[len(nodes)-2].(type) {
	case *ast.Field:
		return n.Type == id
	case *ast.ValueSpec:
		return n.Type == id
	case *ast.TypeSpec:
		return n.Type == id
	case *ast.ArrayType:
		return n.Elt == id
	case *ast.MapType:
		return n.Key == id || n.Value == id
	case *ast.ChanType, *ast.TypeAssertExpr:
		return true
	case *ast.CompositeLit:
		return n.Type == id
	}
	return false
}

var (
	typeKeywords       = []string{"chan", "func", "interface", "map", "struct"}
	expressionKeywords = append([]string{"range"}, typeKeywords...)
	statementKeywords  = append([]string{"break", "case", "const", "continue", "default", "defer", "else", "fallthrough", "for", "go", "goto",
		"if", "import", "package", "return", "select", "switch", "type", "var"}, expressionKeywords...)
)

// keywordsAt lists those that can stand where the last of nodes does.
func keywordsAt(nodes []ast.Node, onlyTypes bool) []string {
	if onlyTypes {
		return typeKeywords
	}
	if len(nodes) < 2 {
		return statementKeywords
	}
	if _, ok := nodes[len(nodes)-2].(*ast.ExprStmt); ok {
		return statementKeywords
	}
	return expressionKeywords
}

// kindOf says what an object is in Jupyter's words.
func kindOf(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.Func, *types.Builtin:
		return kindFunction
	case *types.Const, *types.Nil:
		return kindConstant
	case *types.TypeName:
		return kindType
	case *types.PkgName:
		return kindModule
	case *types.Var:
		if obj.IsField() {
			return kindProperty
		}
	}
	return kindInstance
}

// inImport reports whether the last of tokens is an import's path.
func inImport(tokens []lexeme) bool {
	grouped, several := false, false
	for i := len(tokens) - 2; i >= 0; i-- {
		switch tokens[i].tok {
		case token.IMPORT:
			return grouped || !several
		case token.LPAREN:
			grouped = true
		case token.SEMICOLON:
			several = true
			if grouped {
				return false
			}
		case token.IDENT, token.PERIOD, token.STRING, token.COMMENT:
		default:
			return false
		}
	}
	return false
}

// completeImport completes the path of an import: from its beginning, or by its
// last element.
func (s *Session) completeImport(ctx context.Context, lit lexeme, cursor int) Completions {
	start := lit.offset + 1
	if !s.typesReady(ctx) {
		return Completions{Start: cursor, End: cursor}
	}
	prefix := lit.lit[1:]
	m := &matches{}
	for _, p := range s.importer.Paths() {
		switch {
		case strings.HasPrefix(p, prefix):
			m.add(p, kindModule, 0)
		case strings.HasPrefix(path.Base(p), prefix):
			m.add(p, kindModule, 1)
		}
	}
	return m.completions(start, cursor)
}
