package syntax

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Unfinished parses the text of a cell that breaks off, as it does at the
// cursor of someone who types: what is open is closed. Of the text after that
// place only the declarations at the beginning of a line are taken. What does
// not parse is left out; it returns nil when nothing of the text can be read.
func Unfinished(fset *token.FileSet, name, before, after string) *Cell {
	closed := before + closers(before)
	src := closed + "\n" + nextDeclarations(after)
	items, _, err := split(name, 1, src)
	if err != nil {
		src = closed
		if items, _, err = split(name, 1, src); err != nil {
			return nil
		}
	}
	c := &Cell{src: src, Body: &ast.BlockStmt{}}
	decls, stmts := []byte(src), []byte(src)
	for _, it := range items {
		if it.kind != declaration {
			blank(decls, it)
		}
		if it.kind != statement {
			blank(stmts, it)
		}
	}
	const mode = parser.ParseComments | parser.SkipObjectResolution | parser.AllErrors
	if f, _ := parser.ParseFile(fset, name, declPrefix+string(decls), mode); f != nil {
		c.files[0], c.prefix[0] = fset.File(f.FileStart), len(declPrefix)
		c.Decls = f.Decls
	}
	f, _ := parser.ParseFile(fset, name, stmtPrefix+string(stmts)+"\n}", mode)
	if f == nil || len(f.Decls) == 0 {
		return c
	}
	c.files[1], c.prefix[1] = fset.File(f.FileStart), len(stmtPrefix)
	if fn, ok := f.Decls[0].(*ast.FuncDecl); ok && fn.Body != nil {
		c.Func, c.Body = fn, fn.Body
	}
	return c
}

// Offset is where pos is in the cell's text, -1 for a position that is not of
// this cell.
func (c *Cell) Offset(pos token.Pos) int {
	for i, f := range c.files {
		if f != nil && int(pos) >= f.Base() && int(pos) <= f.Base()+f.Size() {
			return f.Offset(pos) - c.prefix[i]
		}
	}
	return -1
}

// closers is what must follow src so that its brackets match and its last
// statement has all that the grammar asks for.
func closers(src string) string {
	frames := []frame{{}}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, 0)
	for {
		pos, t, lit := s.Scan()
		top := &frames[len(frames)-1]
		switch t {
		case token.EOF:
			var out strings.Builder
			for i := len(frames) - 1; i >= 0; i-- {
				out.WriteString(frames[i].rest())
				out.WriteString(frames[i].close)
			}
			return out.String()
		case token.LPAREN:
			frames = append(frames, frame{close: ")"})
		case token.LBRACK:
			frames = append(frames, frame{close: "]"})
		case token.LBRACE:
			if top.keyword != token.GO && top.keyword != token.DEFER { // of those, a function literal's
				top.keyword = token.ILLEGAL
			}
			frames = append(frames, frame{close: "}"})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(frames) > 1 {
				frames = frames[:len(frames)-1]
			}
		case token.IF, token.FOR, token.SWITCH, token.SELECT, token.CASE, token.DEFAULT, token.GO, token.DEFER:
			*top = frame{close: top.close, keyword: t}
		case token.ASSIGN, token.DEFINE:
			top.clause = true
		case token.RANGE:
			top.clause = false
		case token.COLON:
			top.keyword = token.ILLEGAL
		case token.SEMICOLON:
			if file.Offset(pos) == len(src) {
				continue // the scanner's, not the text's
			}
			top.clause = false
			if lit == "\n" {
				top.keyword = token.ILLEGAL
			}
		}
	}
}

// A frame is what stands between two brackets, up to the end of the text.
type frame struct {
	close   string
	keyword token.Token // begins the statement that is not complete
	clause  bool        // an assignment stands where the header's condition is still to come
}

// rest completes the frame's last statement.
func (f frame) rest() string {
	switch f.keyword {
	case token.GO, token.DEFER:
		return "()"
	case token.CASE, token.DEFAULT:
		return ":"
	case token.IF:
		if f.clause {
			return "; true {}"
		}
		return " {}"
	case token.FOR:
		if f.clause {
			return "; true; {}"
		}
		return " {}"
	case token.SWITCH:
		if f.clause {
			return "; {}"
		}
		return " {}"
	case token.SELECT:
		return " {}"
	}
	return ""
}

// nextDeclarations is src from the first line on that begins with a
// declaration.
func nextDeclarations(src string) string {
	for at := 0; at < len(src); {
		next := strings.IndexByte(src[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
		word, _, _ := strings.Cut(src[at:], " ")
		switch word {
		case "func", "type", "const", "import":
			return src[at:]
		}
	}
	return ""
}
