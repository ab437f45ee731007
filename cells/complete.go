package cells

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Complete answers complete_request: what may stand at the cursor, a byte
// offset into code. It may be called while a cell runs. A match replaces the
// identifier before the cursor, the path of an import, or a word of a magic's
// arguments.
func (s *Session) Complete(ctx context.Context, code string, cursor int) (c Completions) {
	cursor = max(0, min(cursor, len(code)))
	defer func() {
		// Half a program is more than the type checker promises to bear.
		if recover() != nil {
			c = Completions{Start: cursor, End: cursor}
		}
	}()
	return s.complete(ctx, code, cursor)
}

func (s *Session) complete(ctx context.Context, code string, cursor int) Completions {
	switch r := regionAt(code, cursor); r.kind {
	case inGo:
		return s.completeGo(ctx, code, cursor, r)
	case inLineMagic, inCellMagic:
		return completeMagic(code, cursor, r)
	case inArguments:
		return s.completeArguments(code, cursor, r)
	}
	return Completions{Start: cursor, End: cursor}
}

// matches collects what begins with a prefix.
type matches struct {
	prefix string
	list   []match
}

type match struct {
	text, kind string
	rank       int // less comes first
}

// The words that Jupyter's front ends know for the kind of a match.
const (
	kindFunction = "function"
	kindInstance = "instance"
	kindProperty = "property"
	kindConstant = "constant"
	kindType     = "type"
	kindModule   = "module"
	kindKeyword  = "keyword"
	kindMagic    = "magic"
	kindPath     = "path"
)

// add takes text when it begins with the prefix, in whatever case.
func (m *matches) add(text, kind string, rank int) {
	if len(text) >= len(m.prefix) && strings.EqualFold(text[:len(m.prefix)], m.prefix) {
		m.list = append(m.list, match{text, kind, rank})
	}
}

// texts are the matches alone.
func (m *matches) texts() (out []string) {
	for _, x := range m.list {
		out = append(out, x.text)
	}
	return out
}

// completions sorts what was found: the prefix in its own case first, then by
// rank and name. Of two with one text the first counts.
func (m *matches) completions(start, end int) Completions {
	other := func(x match) int {
		if strings.HasPrefix(x.text, m.prefix) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(m.list, func(a, b match) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(a.rank, b.rank), cmp.Compare(a.text, b.text))
	})
	c := Completions{Start: start, End: end}
	seen := map[string]bool{}
	for _, x := range m.list {
		if !seen[x.text] {
			seen[x.text] = true
			c.Matches = append(c.Matches, x.text)
			c.Types = append(c.Types, x.kind)
		}
	}
	return c
}
