package magic

import (
	"context"
	"fmt"
	"strings"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/pattern"
)

var helpMagics = []Magic{
	{Name: "?", Usage: "NAME? or ?NAME", Line: true, run: runHelp,
		Help: "describe a name: a variable, a function, fmt.Println, a %magic"},
	{Name: "??", Usage: "NAME?? or ??NAME", Line: true, run: runHelp,
		Help: "describe a name, with its source"},
	{Name: "lsmagic", Usage: "%lsmagic", Line: true, run: runLsmagic,
		Help: "list the magics"},
	{Name: "magic", Usage: "%magic", Line: true, run: runMagicHelp,
		Help: "tell about magics, and about each of them"},
}

func runHelp(_ context.Context, c *call) *Error {
	name := strings.TrimLeft(c.Args, "%")
	if name != c.Args || c.Args == "!" {
		m, ok := Lookup(name)
		if !ok {
			return unknown(Segment{Kind: Line, Name: name})
		}
		c.Page(eval.MIMEBundle{"text/plain": m.Text(), "text/markdown": m.Markdown()})
		return nil
	}
	bundle, ok := c.Inspect(name, len(c.Name)-1)
	if !ok {
		return &Error{Name: "NameError", Value: name + " is not defined"}
	}
	c.Page(bundle)
	return nil
}

// Text is the magic's help as plain text.
func (m Magic) Text() string {
	s := m.Usage + "\n\n    " + m.Help + "\n"
	if m.Doc != "" {
		s += "\n    " + m.Doc + "\n"
	}
	return s
}

var option = pattern.New(`-\w\b`)

// Options lists the options that the magic's usage names, such as "-n".
func (m Magic) Options() []string { return option().FindAllString(m.Usage, -1) }

// Markdown is the magic's help in Markdown.
func (m Magic) Markdown() string {
	s := "`" + m.Usage + "`\n\n" + m.Help
	if m.Doc != "" {
		s += "\n\n" + m.Doc
	}
	return s + "\n"
}

func runLsmagic(_ context.Context, c *call) *Error {
	var lines, cells []string
	for _, m := range table {
		if isLetter := m.Name[0] >= 'a'; m.Line && isLetter {
			lines = append(lines, "%"+m.Name)
		}
		if m.Cell {
			cells = append(cells, "%%"+m.Name)
		}
	}
	c.print("Available line magics:\n" + strings.Join(lines, "  ") +
		"\n\nAvailable cell magics:\n" + strings.Join(cells, "  ") +
		"\n\n!command runs a command, name? describes a name, %name? a magic.\n")
	return nil
}

func runMagicHelp(_ context.Context, c *call) *Error {
	var text, page strings.Builder
	const about = "A magic is a line of a cell that is not Go: %name works on its line, %%name on the first line of a cell on all of it."
	text.WriteString(about + "\n\n")
	page.WriteString(about + "\n\n")
	for _, m := range table {
		text.WriteString(m.Text() + "\n")
		fmt.Fprintf(&page, "**%s**\n\n%s\n", strings.ReplaceAll(m.Name, "?", `\?`), m.Markdown())
	}
	c.Page(eval.MIMEBundle{"text/plain": text.String(), "text/markdown": page.String()})
	return nil
}
