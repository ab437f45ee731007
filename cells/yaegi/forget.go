package yaegi

import (
	"go/ast"
	"go/token"
)

// loaded is what a unit brought into the interpreter.
type loaded struct {
	names []string // that it declares
	file  *token.File
}

// remember notes what a unit declares, for forget.
func (i *interpreter) remember(unit string, f *ast.File) {
	l := loaded{file: i.in.FileSet().File(f.FileStart)}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				l.names = append(l.names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					for _, n := range v.Names {
						l.names = append(l.names, n.Name)
					}
				}
			}
		}
	}
	i.loaded[unit] = l
}

// forget drops what a unit declared: no later one names it. What it left behind,
// closures and goroutines, keeps what it needs itself.
func (i *interpreter) forget(unit string) {
	l, ok := i.loaded[unit]
	if !ok {
		return
	}
	delete(i.loaded, unit)
	for _, n := range l.names {
		i.inner.drop(n)
		i.links.drop(n)
	}
	i.trace.drop(unit, l.names)
	i.in.FileSet().RemoveFile(l.file)
}
