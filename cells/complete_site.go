package cells

import (
	"context"
	"errors"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/cells/syntax"
)

// A site is where the cursor stands in the Go of a cell, and what names and
// expressions mean there. It is made from a copy of the session's scope, so
// that a cell can run meanwhile.
type site struct {
	session *Session
	scope   *scope
	fset    *token.FileSet // of the cell's text alone
	cell    *syntax.Cell
	pkg     *types.Package
	info    *types.Info
	ready   bool // the standard library's type information is there
}

// mark ends the identifier at a cursor where one is still being typed. It is a
// letter that no user types, so nothing has such a name.
const mark = lower.Dot

// newSite reads Go text that breaks off behind before. Alone means that the
// text is a program of its own, which knows nothing of the session. It returns
// nil for text that can't be read.
func (s *Session) newSite(ctx context.Context, before, after string, alone bool) *site {
	p := &site{session: s, scope: newScope(), fset: token.NewFileSet(), ready: s.typesReady(ctx)}
	if !alone {
		s.mu.RLock()
		p.scope = s.scope.clone()
		s.mu.RUnlock()
	}
	if p.cell = syntax.Unfinished(p.fset, "cell", before, after); p.cell == nil {
		return nil
	}
	if more := p.beside(); more != "" {
		if full := syntax.Unfinished(p.fset, "cell", before, after+more); full != nil {
			p.cell = full
		}
	}
	p.check()
	return p
}

// patience is how long an answer waits for the type information that a first
// start makes. Without it only the session's own names are known.
const patience = 500 * time.Millisecond

// typesReady reports whether packages can be imported at once. The goroutine
// that waits ends with the first start's work, which is everybody's.
func (s *Session) typesReady(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.importer.Warm() }()
	select {
	case err := <-done:
		return err == nil
	case <-ctx.Done():
		return false
	}
}

// Import implements types.Importer.
func (p *site) Import(path string) (*types.Package, error) {
	if !p.ready {
		return nil, errors.New("no type information yet")
	}
	return p.session.importer.Import(path)
}

// check type-checks the text as far as it makes sense.
func (p *site) check() {
	p.pkg = types.NewPackage("main", "main")
	p.info = lower.NewInfo()
	var decls []ast.Decl
	declared := map[string]bool{}
	inDecls := map[string]bool{}
	for _, d := range p.cell.Decls {
		if _, bad := d.(*ast.BadDecl); bad {
			continue
		}
		decls = append(decls, d)
		declares(declared, d)
		identifiers(inDecls, d)
	}
	for _, d := range decls {
		parenthesize(d, declared, p.scope)
	}

	// As in a cell that runs: what its functions refer to belongs to the package.
	// A function that is being written may refer to anything.
	writing := false
	for n := range inDecls {
		writing = writing || strings.HasSuffix(n, mark)
	}
	top := topLevelVars(p.cell.Body.List)
	stmts := make([]ast.Stmt, 0, len(p.cell.Body.List))
	lifted := map[string]bool{}
	for _, st := range p.cell.Body.List {
		lift := false
		for n, first := range top {
			lift = lift || first == st && (writing || inDecls[n]) && !declared[n]
		}
		if !lift || !definesNames(st) {
			stmts = append(stmts, st)
			continue
		}
		for _, spec := range packageVars(st, lifted) {
			decls = append(decls, &ast.GenDecl{Tok: token.VAR, TokPos: st.Pos(), Specs: []ast.Spec{spec}})
			for _, n := range spec.Names {
				lifted[n.Name] = true
			}
		}
	}
	for n := range lifted {
		declared[n] = true
	}
	p.insert(declared, decls)
	for _, path := range p.scope.dots {
		decls = append([]ast.Decl{dotImport(path)}, decls...)
	}

	typ := &ast.FuncType{Params: &ast.FieldList{}}
	if p.cell.Func != nil {
		typ = p.cell.Func.Type
	}
	decls = append(decls, &ast.FuncDecl{Name: ast.NewIdent("cell" + lower.Dot), Type: typ,
		Body: &ast.BlockStmt{Lbrace: p.cell.Body.Lbrace, List: stmts, Rbrace: p.cell.Body.Rbrace}})
	conf := types.Config{
		Importer: p,
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
		Error:    func(error) {}, // the text is not finished
	}
	_ = types.NewChecker(&conf, p.fset, p.pkg, p.info).Files([]*ast.File{{Name: ast.NewIdent("main"), Decls: decls}})
}

// insert puts what the session knows into the package, but for what the cell
// declares itself.
func (p *site) insert(declared map[string]bool, decls []ast.Decl) {
	for n, obj := range p.scope.objs {
		if !declared[n] && obj != nil && obj.Parent() != nil {
			p.pkg.Scope().Insert(obj)
		}
	}
	for n, v := range p.scope.vars {
		if !declared[n] {
			// A copy: to insert a variable would write to it.
			p.pkg.Scope().Insert(types.NewVar(v.obj.Pos(), v.obj.Pkg(), n, v.obj.Type()))
		}
	}
	if !p.ready {
		return
	}
	for n, imp := range p.scope.imports {
		if !declared[n] {
			p.session.insertImport(p.pkg, n, imp.path)
		}
	}
	// Standard packages that are used without being imported.
	use := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || declared[id.Name] || p.pkg.Scope().Lookup(id.Name) != nil || types.Universe.Lookup(id.Name) != nil {
			return true
		}
		if path := p.session.standardPackage(id.Name); path != "" {
			p.session.insertImport(p.pkg, id.Name, path)
		}
		return true
	}
	for _, d := range decls {
		ast.Inspect(d, use)
	}
	ast.Inspect(p.cell.Body, use)
}

// beside returns the session's declarations that must be checked with the cell:
// of types that it adds methods to, with the methods that they have, and of
// functions that were set aside.
func (p *site) beside() string {
	declared := map[string]bool{}
	own := map[string]bool{}
	var bases []string
	for _, d := range p.cell.Decls {
		declares(declared, d)
	}
	for _, d := range p.cell.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || len(f.Recv.List) == 0 {
			continue
		}
		base := receiverBase(f)
		own[base+"."+f.Name.Name] = true
		if t := p.scope.decls[base]; t != nil && t.isType() && !declared[base] {
			bases = append(bases, base)
			declared[base] = true
		}
	}
	var out strings.Builder
	for _, base := range bases {
		out.WriteString("\n" + p.scope.decls[base].text)
		for name, m := range p.scope.methods(base) {
			if !own[base+"."+name] {
				out.WriteString("\n" + m.text)
			}
		}
	}
	for _, key := range sortedKeys(p.scope.aside) {
		if d := p.scope.aside[key].decl; d.recv == "" && !declared[key] && !d.isType() {
			out.WriteString("\n" + d.text)
		}
	}
	return out.String()
}

// declares adds the package-level names that d declares.
func declares(names map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names[s.Name.Name] = true
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names[n.Name] = true
				}
			case *ast.ImportSpec:
				if s.Name != nil {
					names[s.Name.Name] = true
				}
			}
		}
	}
}

// definesNames reports whether st is more than a torso: all that it defines
// are identifiers.
func definesNames(st ast.Stmt) bool {
	a, ok := st.(*ast.AssignStmt)
	if !ok {
		return true
	}
	for _, lhs := range a.Lhs {
		if _, ok := lhs.(*ast.Ident); !ok {
			return false
		}
	}
	return true
}

// enclosing returns the nodes around the one that is wanted, outermost first,
// itself last.
func (p *site) enclosing(wanted func(ast.Node) bool) []ast.Node {
	var stack, found []ast.Node
	visit := func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if wanted(n) {
			found = append(found[:0], stack...)
		}
		return true
	}
	for _, d := range p.cell.Decls {
		ast.Inspect(d, visit)
	}
	if p.cell.Func != nil {
		ast.Inspect(p.cell.Func, visit)
	}
	return found
}

// innermost returns the scope that the last node of path stands in.
func (p *site) innermost(path []ast.Node) *types.Scope {
	for i := len(path) - 1; i >= 0; i-- {
		var n ast.Node = path[i]
		switch f := n.(type) {
		case *ast.FuncDecl:
			n = f.Type
		case *ast.FuncLit:
			n = f.Type
		}
		if s := p.info.Scopes[n]; s != nil {
			return s
		}
	}
	return p.pkg.Scope()
}

// A region is what kind of text a cursor stands in.
type region struct {
	kind  regionKind
	magic string // name of the magic whose line or body it is; "" for none
	from  int    // where the magic's name or arguments begin
	// For Go: the text up to the end of the cursor's line. What isn't Go is blank.
	text  string
	alone bool // the Go is a program of its own
}

type regionKind int

const (
	inGo regionKind = iota
	inLineMagic
	inCellMagic
	inArguments
	inOther // text in another language
)

var magicLine = pattern.New(`^(\s*)(%%?|!+|\?+)([\pL_][\pL\pN_]*)?(\s*)`)

// regionAt tells what kind of text the cursor stands in.
func regionAt(code string, cursor int) region {
	start := strings.LastIndexByte(code[:cursor], '\n') + 1
	end := len(code)
	if i := strings.IndexByte(code[cursor:], '\n'); i >= 0 {
		end = cursor + i
	}
	first := code[:len(code)-len(strings.TrimLeft(code, " \t\r\n"))]
	head := strings.LastIndexByte(first, '\n') + 1
	if strings.HasPrefix(code[head:], "%%") && head <= start {
		m := magicLine().FindStringSubmatch(code[head:])
		switch {
		case head == start:
			return magicRegion(code, cursor, head, m)
		case m[3] == "time" || m[3] == "timeit" || m[3] == "run":
			_, body, _ := strings.Cut(code[head:end], "\n")
			blank := end - len(body)
			return region{kind: inGo, magic: m[3], text: spaces(code[:blank]) + body, alone: m[3] == "run"}
		}
		return region{kind: inOther, magic: m[3]}
	}
	line := 1 + strings.Count(code[:start], "\n")
	if m := magicLine().FindStringSubmatch(code[start:end]); m != nil {
		probe := code[:start] + "%x"
		if segments, err := magic.Split(probe); err == nil && len(segments) > 0 {
			if last := segments[len(segments)-1]; last.Kind == magic.Line && last.Line == line {
				r := magicRegion(code, cursor, start, m)
				if r.kind == inGo {
					r.text = goOnly(code[:start]) + spaces(code[start:r.from]) + code[r.from:end]
				}
				return r
			}
		}
	}
	return region{kind: inGo, text: goOnly(code[:start]) + code[start:end]}
}

// magicRegion tells where in the line of a magic the cursor stands; m is what
// magicLine found in it.
func magicRegion(code string, cursor, start int, m []string) region {
	name := start + len(m[1])
	args := name + len(m[2]) + len(m[3]) + len(m[4])
	r := region{magic: m[3], from: name}
	switch {
	case cursor < name+len(m[2]) && m[2] != "%%" || cursor < name:
		r.kind = inOther
	case strings.HasPrefix(m[2], "!"):
		r.kind, r.magic, r.from = inArguments, "!", name+len(m[2])
	case strings.HasPrefix(m[2], "?"):
		r.kind, r.from = inGo, name+len(m[2])
	case cursor <= name+len(m[2])+len(m[3]):
		r.kind = inLineMagic
		if m[2] == "%%" {
			r.kind = inCellMagic
		}
	case m[2] == "%" && (m[3] == "time" || m[3] == "timeit"):
		r.kind, r.from = inGo, min(args, cursor)
	default:
		r.kind, r.from = inArguments, min(args, cursor)
	}
	return r
}

// goOnly blanks the magics in the lines above a cursor.
func goOnly(code string) string {
	segments, err := magic.Split(code)
	if err != nil {
		return code
	}
	lines := strings.SplitAfter(code, "\n")
	for _, s := range segments {
		if s.Kind == magic.Go {
			continue
		}
		for i := range 1 + strings.Count(s.Text, "\n") {
			if at := s.Line - 1 + i; at < len(lines) {
				lines[at] = spaces(lines[at])
			}
		}
	}
	return strings.Join(lines, "")
}

// spaces is text with a space for each byte but newlines.
func spaces(text string) string {
	out := []byte(text)
	for i, b := range out {
		if b != '\n' {
			out[i] = ' '
		}
	}
	return string(out)
}

// identifierAt returns the bounds of the identifier that the cursor stands in
// or behind; both are the cursor where there is none.
func identifierAt(text string, cursor int) (start, end int) {
	start, end = cursor, cursor
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:start])
		if !isLetter(r) && !unicode.IsDigit(r) {
			break
		}
		start -= n
	}
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if !isLetter(r) && !unicode.IsDigit(r) {
			break
		}
		end += n
	}
	if first, _ := utf8.DecodeRuneInString(text[start:end]); start < end && !isLetter(first) {
		return cursor, cursor
	}
	return start, end
}

func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) }

// A lexeme is a token of Go text.
type lexeme struct {
	tok    token.Token
	lit    string
	offset int
}

// lexemes scans text. Open means that the last one is a string, character or
// comment that goes on where the text ends.
func lexemes(text string) (list []lexeme, open bool) {
	var s scanner.Scanner
	bad := -1
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), func(pos token.Position, _ string) { bad = pos.Offset }, scanner.ScanComments)
	for {
		pos, t, lit := s.Scan()
		if t == token.EOF {
			break
		}
		if t == token.SEMICOLON && lit == "\n" && file.Offset(pos) == len(text) {
			continue
		}
		list = append(list, lexeme{t, lit, file.Offset(pos)})
	}
	if len(list) == 0 {
		return nil, false
	}
	switch last := list[len(list)-1]; last.tok {
	case token.STRING, token.CHAR:
		open = bad == last.offset
	case token.COMMENT:
		open = bad == last.offset || strings.HasPrefix(last.lit, "//") && !strings.HasSuffix(text, "\n")
	}
	return list, open
}
