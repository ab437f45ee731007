package cells

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/syntax"
)

// Inspect answers inspect_request: what the name at the cursor, a byte offset
// into code, denotes; or else the function whose call the cursor stands in.
// The bundle holds text/plain and text/markdown. Detail 1 adds the source of
// what the session defined. It may be called while a cell runs.
func (s *Session) Inspect(ctx context.Context, code string, cursor, detail int) (bundle MIMEBundle, found bool) {
	cursor = max(0, min(cursor, len(code)))
	defer func() {
		if recover() != nil { // as in Complete
			bundle, found = nil, false
		}
	}()
	return s.inspect(ctx, code, cursor, detail)
}

func (s *Session) inspect(ctx context.Context, code string, cursor, detail int) (MIMEBundle, bool) {
	r := regionAt(code, cursor)
	switch r.kind {
	case inGo:
		return s.inspectGo(ctx, code, cursor, r, detail)
	case inLineMagic, inCellMagic, inArguments:
		if m, ok := magic.Lookup(r.magic); ok {
			return MIMEBundle{"text/plain": m.Text(), "text/markdown": m.Markdown()}, true
		}
	}
	return nil, false
}

func (s *Session) inspectGo(ctx context.Context, code string, cursor int, r region, detail int) (MIMEBundle, bool) {
	start, end := identifierAt(r.text, cursor)
	if tokens, open := lexemes(r.text[:cursor]); open {
		last := tokens[len(tokens)-1]
		if last.tok == token.COMMENT {
			return nil, false
		}
		// In a string: only a call around it can be meant.
		start, end = last.offset, last.offset
	}
	// What a cell says behind the cursor matters when it can be read.
	whole := r.text + code[len(r.text):]
	if r.magic == "" {
		whole = goOnly(code)
	}
	for _, p := range []*site{
		s.newSite(ctx, whole, "", r.alone),
		s.newSite(ctx, r.text[:end], whole[end:], r.alone),
		s.newSite(ctx, syntax.Heal(r.text[:end]), whole[end:], r.alone),
	} {
		if p == nil {
			continue
		}
		if obj := p.identified(start, end); obj != nil {
			return p.describe(ctx, obj, detail), true
		}
		if word, ok := keywords[r.text[start:end]]; ok {
			return word.bundle(), true
		}
		if obj := p.callee(min(cursor, end)); obj != nil {
			return p.describe(ctx, obj, detail), true
		}
	}
	return nil, false
}

// identified returns what the identifier between two offsets denotes, nil where
// there is none that is known.
func (p *site) identified(start, end int) types.Object {
	if start == end {
		return nil
	}
	nodes := p.enclosing(func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && p.cell.Offset(id.Pos()) == start
	})
	if len(nodes) == 0 {
		return nil
	}
	id := nodes[len(nodes)-1].(*ast.Ident)
	if obj := p.object(id); obj != nil || len(nodes) < 2 {
		return obj
	}
	// A type's method or field is named so, as go doc has it.
	if sel, ok := nodes[len(nodes)-2].(*ast.SelectorExpr); ok && sel.Sel == id && p.info.Types[sel.X].IsType() {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(p.info.Types[sel.X].Type), true, p.pkg, id.Name)
		return obj
	}
	return nil
}

// object returns what an identifier denotes, nil when that is unknown.
func (p *site) object(id *ast.Ident) types.Object {
	obj := p.info.Uses[id]
	if obj == nil {
		obj = p.info.Defs[id]
	}
	if obj == nil && p.ready && p.pkg.Scope().Lookup(id.Name) == nil {
		// A package's name alone.
		if path := p.session.standardPackage(id.Name); path != "" {
			if imported, err := p.Import(path); err == nil {
				obj = types.NewPkgName(token.NoPos, p.pkg, id.Name, imported)
			}
		}
	}
	if v, ok := obj.(*types.Var); ok && v.Type() == types.Typ[types.Invalid] {
		return nil
	}
	return obj
}

// callee returns the function of the innermost call around an offset, or the
// type of the literal there.
func (p *site) callee(at int) types.Object {
	around := func(open, end token.Pos) bool {
		return open.IsValid() && p.cell.Offset(open) < at && (!end.IsValid() || at <= p.cell.Offset(end)+1)
	}
	nodes := p.enclosing(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return around(n.Lparen, n.Rparen)
		case *ast.CompositeLit:
			return around(n.Lbrace, n.Rbrace)
		case *ast.FuncLit:
			return around(n.Body.Lbrace, n.Body.Rbrace)
		}
		return false
	})
	if len(nodes) == 0 {
		return nil
	}
	var x ast.Expr
	switch n := nodes[len(nodes)-1].(type) {
	case *ast.CallExpr:
		x = n.Fun
	case *ast.CompositeLit:
		x = n.Type
	}
	for x != nil {
		switch f := x.(type) {
		case *ast.Ident:
			return p.object(f)
		case *ast.SelectorExpr:
			return p.object(f.Sel)
		case *ast.ParenExpr:
			x = f.X
		case *ast.IndexExpr:
			x = f.X
		case *ast.IndexListExpr:
			x = f.X
		case *ast.StarExpr:
			x = f.X
		default:
			return nil
		}
	}
	return nil
}

// typeString says a type as a cell would write it.
func typeString(t types.Type) string { return types.TypeString(t, qualifier) }

// qualifier says a package as a cell would.
func qualifier(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}
