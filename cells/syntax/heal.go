package syntax

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Heal blanks what does not parse in the text of a cell that breaks off, so that
// the rest of it can be read. Offsets and lines stay what they were, and the end,
// where someone types, is kept as it is.
func Heal(before string) string {
	out := []byte(before)
	chunks := chunksOf(before)
	for i, c := range chunks {
		if i == len(chunks)-1 {
			break
		}
		if _, err := Parse(token.NewFileSet(), "", 1, before[c[0]:c[1]]); err != nil {
			blank(out, item{start: c[0], end: c[1]})
		}
	}
	return string(out)
}

// chunksOf cuts text into runs of lines whose brackets match as far as they can:
// a closing one too many ends a run, and so does a string that its line does not
// close.
func chunksOf(text string) (chunks [][2]int) {
	start, depth := 0, 0
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		opened, closed, broken := brackets(text[at:end])
		if depth += opened - closed; depth <= 0 || broken {
			chunks = append(chunks, [2]int{start, end})
			start, depth = end, 0
		}
		at = end
	}
	if start < len(text) || len(text) == 0 {
		chunks = append(chunks, [2]int{start, len(text)})
	}
	return chunks
}

// brackets counts the brackets that a line leaves open, and those that it closes
// and did not open. Broken means that it can't be scanned.
func brackets(line string) (opened, closed int, broken bool) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(line))
	s.Init(file, []byte(line), func(token.Position, string) { broken = true }, 0)
	for {
		switch _, t, _ := s.Scan(); t {
		case token.EOF:
			return opened, closed, broken
		case token.LPAREN, token.LBRACK, token.LBRACE:
			opened++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if opened > 0 {
				opened--
			} else {
				closed++
			}
		}
	}
}
