package magic

import (
	"context"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/display"
)

var showMagics = []Magic{
	show("html", "HTML", display.HTML),
	show("markdown", "Markdown", display.Markdown),
	show("latex", "LaTeX", display.LaTeX),
	show("svg", "SVG", display.SVG),
}

func show(name, format string, data func(string) display.Data) Magic {
	return Magic{Name: name, Usage: "%%" + name, Cell: true, Help: "show the cell as " + format,
		run: func(_ context.Context, c *call) *Error {
			c.Emit(eval.Display{Data: data(c.Body).MIMEBundle()})
			return nil
		}}
}
