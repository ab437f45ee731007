package cells

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// A description is what Inspect tells of an object.
type description struct {
	code   string // as Go writes it
	doc    string // its comment, without slashes
	path   string // of the package that it belongs to; "" for the session's
	note   string // a sentence
	source string // "" unless asked for
}

// describe tells of an object what a programmer asks for first.
func (p *site) describe(ctx context.Context, obj types.Object, detail int) MIMEBundle {
	d := description{code: signature(obj)}
	pkg, isPkg := obj.(*types.PkgName)
	switch {
	case isPkg:
		d.path = pkg.Imported().Path()
		if src := p.session.source(ctx, d.path); src != nil {
			d.doc = src.about()
			if detail == 0 {
				d.doc, _, _ = strings.Cut(d.doc, "\n\n")
			}
		}
	case obj.Pkg() == nil:
		if obj.Parent() != types.Universe {
			break
		}
		// What the language declares has its words in a package of its own.
		d.path = "builtin"
		if src := p.session.source(ctx, d.path); src != nil {
			if e := src.find(obj.Name(), token.Position{}); e != nil {
				d.doc, d.code = e.doc(), e.text(src, d.code)
			}
		}
	case obj.Pkg().Path() != "main":
		d.path = obj.Pkg().Path()
		if src := p.session.source(ctx, d.path); src != nil {
			if e := src.find(obj.Name(), p.session.fset.Position(obj.Pos())); e != nil {
				d.doc = e.doc()
				if _, ok := obj.(*types.TypeName); ok {
					d.code = e.text(src, d.code)
				}
			}
		}
		if _, ok := obj.(*types.TypeName); ok {
			d.code = fmt.Sprintf("package %s // import %q\n\n%s", obj.Pkg().Name(), d.path, d.code)
		}
	case obj.Pkg() == p.pkg && p.cell.Offset(obj.Pos()) >= 0:
		// Of the cell that is being written.
		if e := find(p.cell.Decls, obj.Name(), func(id *ast.Ident) bool { return id.Pos() == obj.Pos() }); e != nil {
			d.doc = e.doc()
		}
	default:
		p.describeDefinition(&d, obj, detail)
	}
	if t, ok := obj.(*types.TypeName); ok {
		if m := methodList(t); m != "" {
			d.code += "\n\n" + m
		}
	}
	return d.bundle()
}

// describeDefinition adds what the session knows of its own.
func (p *site) describeDefinition(d *description, obj types.Object, detail int) {
	at := p.scope.newest(p.session.fset, p.session.fset.Position(obj.Pos()))
	for _, decl := range p.scope.decls {
		e := find([]ast.Decl{decl.node}, obj.Name(), func(id *ast.Ident) bool { return id.Pos() == obj.Pos() })
		if e == nil {
			continue
		}
		d.doc = e.doc()
		if _, ok := obj.(*types.TypeName); ok {
			d.code = decl.text
		} else if detail > 0 {
			d.source = decl.text
		}
		break
	}
	if strings.HasPrefix(at.Filename, "Cell[") {
		d.note = fmt.Sprintf("Defined in %s, line %d.", at.Filename, at.Line)
	}
	if v := p.scope.vars[obj.Name()]; v != nil && v.lost && v.obj.Pos() == obj.Pos() {
		d.note += fmt.Sprintf(" Its value was lost when the evaluator was replaced: run %s again.", v.cell)
	}
}

// signature says an object as Go declares it, qualified by its package.
func signature(obj types.Object) string {
	name := obj.Name()
	if obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() && qualifier(obj.Pkg()) != "" {
		name = obj.Pkg().Name() + "." + name
	}
	switch obj := obj.(type) {
	case *types.Func:
		sig := obj.Signature()
		rest := strings.TrimPrefix(typeString(sig), "func")
		recv := sig.Recv()
		if recv == nil {
			return "func " + name + rest
		}
		of := typeString(recv.Type())
		if recv.Name() != "" && recv.Name() != "_" {
			of = recv.Name() + " " + of
		}
		return "func (" + of + ") " + name + rest
	case *types.Var:
		if obj.IsField() {
			return "field " + name + " " + typeString(obj.Type())
		}
		return "var " + name + " " + typeString(obj.Type())
	case *types.Const:
		typ := ""
		if b, ok := obj.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			typ = " " + typeString(obj.Type())
		}
		return "const " + name + typ + " = " + obj.Val().String()
	case *types.TypeName:
		if obj.IsAlias() {
			return "type " + name + " = " + typeString(types.Unalias(obj.Type()))
		}
		return "type " + name + " " + typeString(obj.Type().Underlying())
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", obj.Imported().Name(), obj.Imported().Path())
	}
	return name
}

// methodList lists a type's methods that a cell can call, a line each.
func methodList(t *types.TypeName) string {
	named, ok := types.Unalias(t.Type()).(*types.Named)
	if !ok {
		return ""
	}
	var lines []string
	for m := range named.Methods() {
		if m.Exported() || qualifier(m.Pkg()) == "" {
			lines = append(lines, signature(m))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// bundle writes the description as text and as Markdown.
func (d description) bundle() MIMEBundle {
	parser := comment.Parser{}
	printer := comment.Printer{HeadingLevel: 4, TextWidth: 80}
	if d.path != "" {
		// Whether it exists is for the site to know.
		parser.LookupSym = func(recv, name string) bool { return token.IsExported(name) }
	}
	printer.DocLinkURL = func(l *comment.DocLink) string {
		link := *l
		link.ImportPath = cmp.Or(l.ImportPath, d.path)
		return link.DefaultURL("https://pkg.go.dev")
	}
	doc := parser.Parse(d.doc)
	var plain, md strings.Builder
	plain.WriteString(d.code + "\n")
	md.WriteString("```go\n" + d.code + "\n```\n")
	if d.doc != "" {
		plain.WriteString("\n" + string(printer.Text(doc)))
		md.WriteString("\n" + string(printer.Markdown(doc)))
	}
	if d.note != "" {
		plain.WriteString("\n" + d.note + "\n")
		md.WriteString("\n*" + d.note + "*\n")
	}
	if d.source != "" {
		plain.WriteString("\n" + d.source + "\n")
		md.WriteString("\n```go\n" + d.source + "\n```\n")
	}
	return MIMEBundle{"text/plain": plain.String(), "text/markdown": md.String()}
}

// sameLine reports whether two positions are in the same line of files with the
// same name. Export data knows no columns.
func sameLine(a, b token.Position) bool {
	return a.Line == b.Line && filepath.Base(a.Filename) == filepath.Base(b.Filename)
}
