package cells

import (
	"cmp"
	"context"
	"errors"
	"go/scanner"
	"go/token"
	"slices"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/syntax"
)

// A misread is a cell that does not parse.
type misread struct {
	parser   *syntax.Error
	compiler []build.Error // what the compiler says of it; empty without Go, or when it has nothing to say
}

func (m *misread) Error() string { return m.parser.Error() }

// misreading has the compiler say what is wrong with the syntax of a cell: its
// words are those that a user of Go knows.
func (s *Session) misreading(ctx context.Context, name string, err error) error {
	m := &misread{}
	if !errors.As(err, &m.parser) {
		return err
	}
	for _, text := range m.parser.Files {
		found, err := s.engine.Syntax(ctx, text)
		if err != nil {
			return m
		}
		for _, e := range found {
			if e.File == name {
				m.compiler = append(m.compiler, e)
			}
		}
	}
	slices.SortStableFunc(m.compiler, func(a, b build.Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return m
}

// misread places what is wrong with a cell. Hints go by the parser's words, which
// tell more.
func (s *Session) misread(m *misread) (places []place) {
	if len(m.compiler) == 0 {
		for _, e := range m.parser.List {
			places = append(places, place{e.Pos, e.Msg, s.hintSyntax(e)})
		}
		return places
	}
	hinted := false
	for _, e := range m.compiler {
		p := place{pos: token.Position{Filename: e.File, Line: e.Line, Column: e.Col}, msg: e.Msg}
		for _, own := range m.parser.List {
			if own.Pos.Line == e.Line {
				p.hint = cmp.Or(p.hint, s.hintSyntax(own))
			}
		}
		p.hint = cmp.Or(p.hint, s.hintSyntax(&scanner.Error{Pos: p.pos, Msg: p.msg}))
		hinted = hinted || p.hint != ""
		places = append(places, p)
	}
	if !hinted {
		places[0].hint = s.hintSyntax(m.parser.List[0])
	}
	return places
}
