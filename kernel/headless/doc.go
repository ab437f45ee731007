// Package headless runs a notebook without a front end: an .ipynb in, the same
// requests as a front end would send, handled in memory by the same kernel, and
// an .ipynb out.
//
//	nb, err := headless.Read("lesson.ipynb")
//	err = headless.Run(ctx, nb, interpreter, headless.Options{})
//	err = nb.Write("lesson.ipynb")
//
// Compare holds a fresh run against stored outputs; its rule for figures that
// differ from run to run is written down in normalize.go.
package headless
