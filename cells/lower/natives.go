package lower

import "go/types"

// native writes the generic functions of the standard library whose bodies no
// interpreter can run, because they are the runtime's.
func (u *Unit) native(fn *types.Func, targs []types.Type, c *chunk, name string) {
	w := &writer{chunk: c, u: u, pkg: fn.Pkg()}
	switch fn.Pkg().Path() + "." + fn.Name() {
	case "maps.Clone":
		m := w.typ(targs[0])
		w.printf("func %s(m %s) %s {\nif m == nil {\nreturn nil\n}\nr := make(%s, len(m))\nfor k, v := range m {\nr[k] = v\n}\nreturn r\n}", name, m, m, w.typ(targs[0].Underlying()))
	}
}
