// Package syntax parses the Go of a cell: declarations and statements, mixed in
// any order.
package syntax

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// A Cell is parsed Go text. Positions in it are the cell's own: name, line and
// column.
type Cell struct {
	Decls  []ast.Decl     // imports, constants, types, functions: order does not matter
	Body   *ast.BlockStmt // statements, variable declarations among them, in order
	Func   *ast.FuncDecl  // the function that Body belongs to
	Silent bool           // the cell ends in a semicolon: its last value is not shown
	src    string
	files  [2]*token.File
	prefix [2]int

	comments []*ast.CommentGroup // around statements
}

// Text returns the cell's text between two positions.
func (c *Cell) Text(from, to token.Pos) string {
	for i, f := range c.files {
		if f != nil && int(from) >= f.Base() && int(from) <= f.Base()+f.Size() {
			a, b := f.Offset(from)-c.prefix[i], f.Offset(to)-c.prefix[i]
			if a < 0 || b > len(c.src) || a > b {
				return ""
			}
			return c.src[a:b]
		}
	}
	return ""
}

// Files are the files of the set that the cell's positions are in.
func (c *Cell) Files() (files []*token.File) {
	for _, f := range c.files {
		if f != nil {
			files = append(files, f)
		}
	}
	return files
}

// An Error is a cell that does not parse. Incomplete means that more text could
// mend it.
type Error struct {
	List       scanner.ErrorList
	Incomplete bool
	// Files are for a compiler to read, to hear its own words: the cell's
	// declarations, and its statements in a function. Positions are the cell's.
	// Each ends in a mistake, elsewhere, so that nothing but syntax is looked at.
	Files []string
}

func (e *Error) Error() string { return e.List.Error() }
func (e *Error) Unwrap() error { return e.List }

const (
	declPrefix = "package main\n" // a line of its own: a comment behind it would not be a declaration's
	stmtPrefix = "package main;func _(){"
)

// Parse parses Go text whose first line is line of the cell called name. Its
// error is an *Error; then nothing of the cell stays in fset.
func Parse(fset *token.FileSet, name string, line int, src string) (*Cell, error) {
	items, silent, err := split(name, line, src)
	decls, stmts := []byte(src), []byte(src)
	for _, at := range lineDirectives(src) { // lines are the cell's own
		decls[at], stmts[at] = ' ', ' '
	}
	for _, it := range items {
		switch it.kind {
		case packageClause:
			blank(decls, it)
			blank(stmts, it)
		case declaration:
			blank(stmts, it)
		case statement:
			blank(decls, it)
		}
	}
	c := &Cell{Silent: silent, src: src, Body: &ast.BlockStmt{}}
	if err == nil {
		err = c.parseBoth(fset, name, line, string(decls), string(stmts))
	}
	if err != nil {
		if bad := (*Error)(nil); errors.As(err, &bad) {
			here := fmt.Sprintf("/*line %s:%d:1*/", name, line)
			bad.Files = []string{declPrefix + here + string(decls) + mistake, stmtPrefix + here + string(stmts) + mistake}
		}
		return nil, err
	}
	if e := c.embeds(fset); e != nil {
		for _, f := range c.Files() {
			fset.RemoveFile(f)
		}
		return nil, &Error{List: scanner.ErrorList{e}}
	}
	return c, nil
}

// mistake stands behind a cell's text, and is one whatever that left open.
const mistake = "\n//line behind:1\n)}})\n"

// parseBoth parses the cell's declarations and its statements.
func (c *Cell) parseBoth(fset *token.FileSet, name string, line int, decls, stmts string) error {
	file, err := c.parse(fset, 0, name, line, declPrefix, decls, "")
	if err != nil {
		return err
	}
	c.Decls = file.Decls
	file, err = c.parse(fset, 1, name, line, stmtPrefix, stmts, "\n}")
	if err != nil {
		fset.RemoveFile(c.files[0])
		return err
	}
	c.comments = file.Comments
	c.Func = file.Decls[0].(*ast.FuncDecl)
	c.Body = c.Func.Body
	c.Body.List = ungrouped(c.Body.List)
	for n := len(c.Body.List); n > 0; n-- {
		if _, ok := c.Body.List[n-1].(*ast.EmptyStmt); !ok {
			break
		}
		c.Body.List = c.Body.List[:n-1] // so that the last one is the cell's value
	}
	return nil
}

// embeds finds a directive to embed files. It would do nothing: a cell has no folder.
func (c *Cell) embeds(fset *token.FileSet) *scanner.Error {
	for _, g := range c.comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				return &scanner.Error{Pos: fset.Position(c.Pos()), Msg: "a cell can embed no files: os.ReadFile reads one, and a program for %run can embed it"}
			}
		}
	}
	return nil
}

// lineDirectives returns where comments begin to say which line of which file
// follows.
func lineDirectives(src string) (places []int) {
	if !strings.Contains(src, "//line ") && !strings.Contains(src, "/*line ") {
		return nil
	}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, t, lit := s.Scan()
		switch {
		case t == token.EOF:
			return places
		case t == token.COMMENT && strings.HasPrefix(lit[2:], "line "):
			places = append(places, file.Offset(pos)+2)
		}
	}
}

// ungrouped takes var declarations in parentheses apart, so that each variable
// can be defined when it is needed.
func ungrouped(list []ast.Stmt) (out []ast.Stmt) {
	for _, s := range list {
		d, ok := s.(*ast.DeclStmt)
		g, isVar := (*ast.GenDecl)(nil), false
		if ok {
			g, isVar = d.Decl.(*ast.GenDecl)
		}
		if !isVar || g.Tok != token.VAR || len(g.Specs) < 2 {
			out = append(out, s)
			continue
		}
		for _, spec := range g.Specs {
			out = append(out, &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: spec.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}}})
		}
	}
	return out
}

func (c *Cell) parse(fset *token.FileSet, i int, name string, line int, prefix, src, suffix string) (*ast.File, error) {
	const mode = parser.ParseComments | parser.SkipObjectResolution
	f, err := parser.ParseFile(fset, name, prefix+src+suffix, mode)
	if late := (scanner.ErrorList)(nil); errors.As(err, &late) && slices.ContainsFunc(late, importsLate) {
		// A cell may import wherever it likes; the parser gives up after ten
		// such complaints unless it is to tell all.
		fset.RemoveFile(fset.File(f.FileStart))
		f, err = parser.ParseFile(fset, name, prefix+src+suffix, mode|parser.AllErrors)
	}
	var tf *token.File
	if f != nil {
		tf = fset.File(f.FileStart)
	}
	if tf != nil {
		c.files[i], c.prefix[i] = tf, len(prefix)
		tf.AddLineColumnInfo(len(prefix), name, line, 1)
	}
	var list scanner.ErrorList
	if errors.As(err, &list) {
		list = slices.DeleteFunc(list, importsLate)
		if len(list) == 0 {
			return f, nil
		}
		// The parser reported before the line information was there.
		for _, e := range list {
			e.Pos.Line -= strings.Count(prefix, "\n")
			if e.Pos.Line == 1 && !strings.HasSuffix(prefix, "\n") {
				e.Pos.Column -= len(prefix)
			}
			e.Pos.Line += line - 1
		}
		if tf != nil {
			fset.RemoveFile(tf)
		}
		return nil, &Error{List: tidy(list, len(prefix), line, src)}
	}
	return f, err
}

func importsLate(e *scanner.Error) bool {
	return e.Msg == "imports must appear before other declarations"
}

// tidy says errors behind the cell's text, in what it was wrapped with, in
// words that fit the cell and at its end.
func tidy(list scanner.ErrorList, prefix, line int, src string) scanner.ErrorList {
	text := strings.TrimRight(src, " \t\r\n")
	for _, e := range list {
		if e.Pos.Offset >= prefix+len(src) {
			e.Pos.Line = line + strings.Count(text, "\n")
			e.Pos.Column = len(text) - strings.LastIndexByte(text, '\n')
			if before, _, ok := strings.Cut(e.Msg, ", found "); ok {
				e.Msg = before + ", found the end of the cell"
			}
		}
		e.Pos.Column = max(e.Pos.Column, 1)
	}
	return list
}

type kind int

const (
	statement kind = iota
	declaration
	packageClause
)

// item is a top-level piece of a cell: text[start:end].
type item struct {
	kind       kind
	start, end int
}

func blank(text []byte, it item) {
	for i := it.start; i < it.end && i < len(text); i++ {
		if text[i] != '\n' {
			text[i] = ' '
		}
	}
}

type tok struct {
	tok    token.Token
	lit    string
	offset int
}

// split finds the top-level items of a cell and checks that its brackets match.
// With an error it returns items, too: the compiler is to read each as what it is.
func split(name string, line int, src string) (items []item, silent bool, err error) {
	fset := token.NewFileSet()
	file := fset.AddFile(name, -1, len(src))
	var s scanner.Scanner
	var list scanner.ErrorList
	s.Init(file, []byte(src), func(pos token.Position, msg string) {
		pos.Line += line - 1
		list.Add(pos, msg)
	}, 0)
	at := func(offset int) token.Position {
		p := file.Position(file.Pos(offset))
		p.Line += line - 1
		return p
	}
	var cur []tok
	var open []tok
	flush := func(end int) {
		if len(cur) > 0 {
			items = append(items, item{classify(cur), cur[0].offset, end})
			cur = nil
		}
	}
	for {
		pos, t, lit := s.Scan()
		offset := file.Offset(pos)
		if t == token.EOF {
			flush(len(src))
			break
		}
		silent = t == token.SEMICOLON && lit == ";" || silent && t == token.SEMICOLON
		switch t {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, tok{t, lit, offset})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) == 0 || closes[t] != open[len(open)-1].tok {
				list.Add(at(offset), fmt.Sprintf("syntax error: unexpected %s", t))
				flush(offset)
				return append(items, item{statement, offset, len(src)}), false, &Error{List: list}
			}
			open = open[:len(open)-1]
		case token.SEMICOLON:
			if len(open) == 0 {
				end := offset
				if lit == ";" {
					end++
				}
				if len(cur) == 0 && lit == ";" {
					// An empty statement, or in the head of a for.
					items = append(items, item{statement, offset, end})
				}
				flush(end)
				continue
			}
		}
		cur = append(cur, tok{t, lit, offset})
	}
	if len(list) > 0 {
		return items, false, &Error{List: list, Incomplete: incomplete(list)}
	}
	if len(open) > 0 {
		o := open[len(open)-1]
		list.Add(at(o.offset), fmt.Sprintf("syntax error: %s is not closed", o.tok))
		return items, false, &Error{List: list, Incomplete: true}
	}
	return items, silent, nil
}

var closes = map[token.Token]token.Token{
	token.RPAREN: token.LPAREN,
	token.RBRACK: token.LBRACK,
	token.RBRACE: token.LBRACE,
}

// incomplete reports whether the scanner only missed the end of something that
// may span lines.
func incomplete(list scanner.ErrorList) bool {
	for _, e := range list {
		if !strings.Contains(e.Msg, "raw string literal not terminated") && !strings.Contains(e.Msg, "comment not terminated") {
			return false
		}
	}
	return true
}

// classify tells what an item is by its first tokens.
func classify(ts []tok) kind {
	switch ts[0].tok {
	case token.PACKAGE:
		return packageClause
	case token.IMPORT, token.CONST, token.TYPE:
		return declaration
	case token.FUNC:
		if len(ts) < 2 {
			return statement
		}
		if ts[1].tok == token.IDENT {
			return declaration
		}
		// func (…) name( is a method; func (…) … { is a literal.
		depth := 0
		for i := 1; i < len(ts); i++ {
			switch ts[i].tok {
			case token.LPAREN:
				depth++
			case token.RPAREN:
				depth--
				if depth == 0 {
					if i+2 < len(ts) && ts[i+1].tok == token.IDENT && ts[i+2].tok == token.LPAREN {
						return declaration
					}
					return statement
				}
			}
		}
	}
	return statement
}

// Completeness answers is_complete_request for Go text: "complete",
// "incomplete" with the next line's indent, or "invalid".
func Completeness(src string) (status, indent string) {
	if strings.TrimSpace(src) == "" {
		return "complete", ""
	}
	_, err := Parse(token.NewFileSet(), "cell", 1, src)
	if err == nil {
		if endsInOperator(src) {
			return "incomplete", lastIndent(src)
		}
		return "complete", ""
	}
	var e *Error
	if errors.As(err, &e) && (e.Incomplete || endsInOperator(src)) {
		return "incomplete", nextIndent(src)
	}
	return "invalid", ""
}

// endsInOperator reports whether the last token cannot end a statement.
func endsInOperator(src string) bool {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), func(token.Position, string) {}, 0)
	var last token.Token
	for {
		_, t, lit := s.Scan()
		if t == token.EOF {
			break
		}
		if t == token.SEMICOLON && lit == "\n" {
			continue
		}
		last = t
	}
	switch last {
	case token.IDENT, token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC, token.SEMICOLON, token.COLON,
		token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN, token.ILLEGAL:
		return false
	}
	return !last.IsLiteral()
}

// nextIndent is the indent of a line that goes on with src: that of the last
// line, and a tab more when that line opens a bracket or begins a case.
func nextIndent(src string) string {
	line := strings.TrimRight(src, "\n")
	indent := lastIndent(line)
	line = line[strings.LastIndexByte(line, '\n')+1:]
	open, _, _ := brackets(line)
	word, _, _ := strings.Cut(strings.TrimLeft(line, " \t"), " ")
	if open > 0 || strings.HasSuffix(line, ":") && (word == "case" || word == "default:") {
		indent += "\t"
	}
	return indent
}

func lastIndent(src string) string {
	line := strings.TrimRight(src, "\n")
	line = line[strings.LastIndexByte(line, '\n')+1:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
