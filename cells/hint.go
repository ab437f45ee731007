package cells

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
	"github.com/paracell/paracell/cells/spelling"
)

// hint is what may help with an error of the type checker, "" when nothing
// does. The compiler's own words stay as they are.
func (t *trial) hint(e types.Error) string {
	msg, _, _ := strings.Cut(e.Msg, "\n")
	if name, ok := strings.CutPrefix(msg, "undefined: "); ok {
		return t.hintUndefined(e, name)
	}
	for _, h := range hints {
		if m := h.msg().FindStringSubmatch(msg); m != nil {
			if s := h.say(t, e, m[1:]); s != "" {
				return s
			}
		}
	}
	return t.hintOutdated(e)
}

// hints are tried in order; say returns "" when it has nothing to say.
var hints = []struct {
	msg func() *regexp.Regexp
	say func(t *trial, e types.Error, m []string) string
}{
	{pattern.New(`\(type \*?(\w+) has no field or method (\w+)|(\w+) does not implement .*missing method (\w+)`), func(t *trial, e types.Error, m []string) string {
		return t.whyAside(m[0] + m[2] + "." + m[1] + m[3])
	}},
	{pattern.New(`\.(\w+) undefined \(type .* has no field or method \w+\)$`), func(t *trial, e types.Error, m []string) string {
		return didYouMean(m[0], t.membersAt(e.Pos, m[0]))
	}},
	{pattern.New(`^unknown field (\w+) in struct literal of type`), func(t *trial, e types.Error, m []string) string {
		fields := t.fieldsAt(e.Pos)
		if hint := didYouMean(m[0], fields); hint != "" || len(fields) == 0 || len(fields) > 10 {
			return hint
		}
		return "its fields are " + strings.Join(fields, ", ")
	}},
	{pattern.New(`^name (\w+) not exported by package (\w+)$`), func(t *trial, e types.Error, m []string) string {
		return didYouMean(m[0], t.exportedBy(m[1]))
	}},
	{pattern.New(`^could not import (\S+) \(package \S+ is not in std`), func(t *trial, e types.Error, m []string) string {
		if m[0] == "C" {
			return "cgo is for programs: %%run takes one as a cell"
		}
		paths := t.paths()
		for _, p := range paths {
			if path.Base(p) == m[0] {
				return fmt.Sprintf("did you mean %q?", p)
			}
		}
		return didYouMean(m[0], paths)
	}},
	{pattern.New(`\(no required module provides package (\S+)\)`), func(t *trial, e types.Error, m []string) string {
		return "%go get " + m[0]
	}},
	{pattern.New(`^no new variables on left side of :=$`), say("= gives a variable that exists a new value")},
	{pattern.New(`^declared and not used: (\w+)$`), say("in a function each variable must be used; _ = x uses it")},
	{pattern.New(` is not used$| \(.*\) is not used$`), say("only the last expression of a cell is shown; _ = x drops a value")},
	{pattern.New(`^missing return$`), say("each way through the function must end in a return or a panic")},
	{pattern.New(`^too many return values`), func(t *trial, e types.Error, m []string) string {
		if within(e.Pos, t.cell.Body) && !inFuncLit(e.Pos, t.cell.Body) {
			return "a cell's value is its last expression: leave out return"
		}
		return ""
	}},
	{pattern.New(`\(mismatched types (\w+) and (\w+)\)$`), func(t *trial, e types.Error, m []string) string {
		if isNumber(m[0]) && isNumber(m[1]) {
			return fmt.Sprintf("Go converts no numbers by itself: write %s(x) or %s(x)", m[0], m[1])
		}
		return ""
	}},
	{pattern.New(`^invalid operation: "?.*\(mismatched types (?:untyped string|string) and (?:untyped )?\w+\)|\(mismatched types \w+(?: \w+)? and (?:untyped )?string\)$`),
		say("fmt.Sprint(x) makes a string of any value")},
	{pattern.New(`^invalid operation: cannot call (\w+) \(variable of type (.*)\): `), func(t *trial, e types.Error, m []string) string { return t.hintHidden(m[0]) }},
	{pattern.New(`^(\w+) is not a type$`), func(t *trial, e types.Error, m []string) string { return t.hintHidden(m[0]) }},
	{pattern.New(`^(\w+)\.(\w+) undefined \(type .* has no field or method`), func(t *trial, e types.Error, m []string) string { return t.hintHidden(m[0]) }},
	{pattern.New(`^cannot use nil as (\w+) value`), say("only pointers, slices, maps, channels, functions and interfaces can be nil")},
	{pattern.New(`(?:does not implement|missing method) .*method (\w+) has pointer receiver`), say("the pointer has the method: use &x")},
}

func say(text string) func(*trial, types.Error, []string) string {
	return func(*trial, types.Error, []string) string { return text }
}

// mistakes are the errors with their hints.
func (t *trial) mistakes(errs []types.Error) []mistake {
	out := make([]mistake, len(errs))
	for i, e := range errs {
		out[i] = mistake{e, t.hint(e)}
	}
	return out
}

// hintUndefined helps with a name that nothing has.
func (t *trial) hintUndefined(e types.Error, name string) string {
	if pkg, sel, ok := strings.Cut(name, "."); ok {
		return didYouMean(sel, t.exportedBy(pkg))
	}
	if why := t.whyAside(name); why != "" {
		return why
	}
	if word := foreign[name]; word != "" {
		return word
	}
	if strings.ContainsAny(name, " (") {
		return "" // explained already
	}
	if pkg := t.exporter(name); pkg != "" {
		return fmt.Sprintf("did you mean %s.%s?", pkg, name)
	}
	if t.standardPackage(name) != "" && t.paths() != nil {
		return fmt.Sprintf("%s is a package: write %s. and a name of it", name, name)
	}
	if hint := didYouMean(name, t.known(t.followedByDot(e.Pos, name))); hint != "" && len(name) > 2 {
		return hint
	}
	if t.assigned(e.Pos) {
		return fmt.Sprintf("%s := … defines it", name)
	}
	return ""
}

// foreign are words of other languages.
var foreign = map[string]string{
	"None": "Go says nil", "null": "Go says nil", "NULL": "Go says nil", "undefined": "Go says nil",
	"True": "Go says true", "False": "Go says false",
	"str": "Go says string, and fmt.Sprint(x) makes one", "input": "fmt.Scan(&x) reads a value",
	"elif": "Go says else if", "def": "Go says func", "lambda": "Go says func", "while": "Go says for",
	"self": "a method's receiver has the name that the method gives it", "this": "a method's receiver has the name that the method gives it",
	"dict": "Go says map", "list": "Go says []T, a slice", "double": "Go says float64", "boolean": "Go says bool", "char": "Go says byte or rune", "object": "Go says any",
	"pow": "math.Pow(x, y)", "abs": "math.Abs(x)", "sqrt": "math.Sqrt(x)", "printf": "fmt.Printf(…)", "sprintf": "fmt.Sprintf(…)", "range": "for i := range n",
	"init": "init runs by itself, when its cell does",
}

// exporter is the package that most likely was to be named before an exported
// name, "" when there is none.
func (t *trial) exporter(name string) string {
	if !token.IsExported(name) || t.paths() == nil {
		return ""
	}
	paths := []string{"fmt", "strings", "math", "time", "os", "errors", "strconv", "slices", "maps", "sort", "sync"}
	for _, n := range sortedKeys(t.scope.imports) {
		paths = append(paths, t.scope.imports[n].path)
	}
	for _, p := range paths {
		if pkg, err := t.importer.Import(p); err == nil && pkg.Scope().Lookup(name) != nil {
			return pkg.Name()
		}
	}
	return ""
}

// known are the names in sight: the cell's and the session's, the language's,
// and, if they may be meant, those of packages.
func (t *trial) known(packages bool) []string {
	names := map[string]bool{}
	for n := range t.declared {
		names[n] = true
	}
	for n := range t.top {
		names[n] = true
	}
	for n := range t.scope.objs {
		names[n] = !t.gone[n]
	}
	for n, v := range t.scope.vars {
		names[n] = !v.lost
	}
	for _, n := range types.Universe.Names() {
		names[n] = true
	}
	if packages {
		for n := range t.scope.imports {
			names[n] = true
		}
		for _, p := range t.paths() {
			if n := path.Base(p); t.standardPackage(n) == p {
				names[n] = true
			}
		}
	}
	var out []string
	for _, n := range sortedKeys(names) {
		if names[n] && n != "_" {
			out = append(out, n)
		}
	}
	return out
}

// paths are the packages that can be imported; nil while that is not known yet:
// an error does not wait for its hint.
func (t *trial) paths() []string {
	select {
	case <-t.warmed:
		return t.importer.Paths()
	default:
		return nil
	}
}

// exportedBy are the names of a package that the cell knows by name.
func (t *trial) exportedBy(name string) (names []string) {
	obj, ok := t.pkg.Scope().Lookup(name).(*types.PkgName)
	if !ok {
		for _, s := range t.info.Scopes {
			if p, isPkg := s.Lookup(name).(*types.PkgName); isPkg {
				obj, ok = p, true
			}
		}
	}
	if !ok {
		return nil
	}
	for _, n := range obj.Imported().Scope().Names() {
		if token.IsExported(n) {
			names = append(names, n)
		}
	}
	return names
}

// membersAt are the fields and methods of what is selected from at pos.
func (t *trial) membersAt(pos token.Pos, sel string) []string {
	var m matches
	t.visit(func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if ok && s.Sel.Pos() == pos && s.Sel.Name == sel {
			p := &site{pkg: t.pkg, info: t.info}
			p.members(&m, s.X)
		}
		return true
	})
	return m.texts()
}

// fieldsAt are the fields of the struct literal that the key at pos is in.
func (t *trial) fieldsAt(pos token.Pos) []string {
	var m matches
	t.visit(func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && within(pos, lit) {
			if typ := t.info.Types[lit].Type; typ != nil && slices.ContainsFunc(lit.Elts, func(x ast.Expr) bool { return x.Pos() == pos }) {
				addFields(&m, typ)
			}
		}
		return true
	})
	return m.texts()
}

// assigned reports whether the identifier at pos stands alone left of an =.
func (t *trial) assigned(pos token.Pos) (found bool) {
	t.visit(func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
			found = found || slices.ContainsFunc(a.Lhs, func(x ast.Expr) bool { return x.Pos() == pos })
		}
		return !found
	})
	return found
}

// visit walks the cell and what was checked with it.
func (t *trial) visit(f func(ast.Node) bool) {
	for _, d := range t.decls {
		ast.Inspect(d, f)
	}
	ast.Inspect(t.cell.Body, f)
}

// hintHidden tells that a definition hides what the language or a package has.
func (t *trial) hintHidden(name string) string {
	what := ""
	switch {
	case types.Universe.Lookup(name) != nil:
		what = "Go's own " + name
	case t.paths() != nil && t.standardPackage(name) != "":
		what = fmt.Sprintf("package %s", name)
	default:
		return ""
	}
	if v := t.scope.vars[name]; v != nil {
		return fmt.Sprintf("the variable %s of %s hides %s", name, v.cell, what)
	}
	if t.top[name] != nil {
		return fmt.Sprintf("the cell's variable %s hides %s", name, what)
	}
	return ""
}

// hintOutdated tells of a variable beside the error whose type was defined anew
// since.
func (t *trial) hintOutdated(e types.Error) (hint string) {
	line := t.fset.Position(e.Pos).Line
	t.visit(func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || hint != "" || t.fset.Position(id.Pos()).Line != line {
			return true
		}
		v := t.scope.vars[id.Name]
		if v == nil || t.info.Uses[id] != v.obj {
			return true
		}
		walkNamed(v.obj.Type(), func(n *types.Named) {
			obj := n.Obj()
			if obj.Pkg() != nil && obj.Pkg().Path() == "main" && obj.Parent() == obj.Pkg().Scope() && t.outdated(obj) {
				hint = fmt.Sprintf("%s (%s) still has the type %s as it was before: define %s again", id.Name, v.cell, obj.Name(), id.Name)
			}
		})
		return true
	})
	return hint
}

var otherScope = pattern.New(`, not [^ ]*?main\.(\w+)[^ ]* \(types from different scopes\)$`)

// hintPanic is what may help with a panic: that a value in an interface has a
// type as it was.
func (r *running) hintPanic(message string) string {
	m := otherScope().FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	d := r.scope.decls[m[1]]
	if d == nil || !d.isType() {
		return ""
	}
	return fmt.Sprintf("the value was made before %s defined the type %s again: make it anew", d.cell, m[1])
}

// outdated reports whether the session's type was defined anew.
func (t *trial) outdated(obj *types.TypeName) bool {
	if t.pkg.Scope().Lookup(obj.Name()) != nil && t.declared[obj.Name()] {
		return true
	}
	return t.scope.objs[obj.Name()] != obj
}

func isNumber(typ string) bool {
	b, ok := types.Universe.Lookup(typ).(*types.TypeName)
	if !ok {
		return false
	}
	basic, ok := b.Type().(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0
}

// didYouMean offers the nearest of names.
func didYouMean(name string, names []string) string {
	near := spelling.Nearest(name, names)
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

// hintSyntax is what may help with an error of the parser.
func (s *Session) hintSyntax(e *scanner.Error) string {
	line, _ := s.line(e.Pos)
	for _, h := range syntaxHints {
		if (h.msg == nil || h.msg().MatchString(e.Msg)) && (h.line == nil || h.line().MatchString(line)) {
			return h.say
		}
	}
	return ""
}

var syntaxHints = []struct {
	msg, line func() *regexp.Regexp // nil for any
	say       string
}{
	{pattern.New(`expected .*'\{', found newline|unexpected newline, expected \{`), nil, "{ belongs at the end of the line"},
	{pattern.New(`unexpected newline in (argument list|composite literal|parameter list)`), nil, "each line of a list ends in a comma, or in what closes the list"},
	{pattern.New(`found '\{'`), pattern.New(`^\s*\{`), "{ belongs at the end of the line before"},
	{pattern.New(`illegal rune literal|more than one character in rune literal`), nil, `a string stands in double quotes, "…"`},
	{pattern.New(`string literal not terminated`), nil, "a string of several lines stands in backquotes"},
	{pattern.New(`expected (boolean )?expression, found assignment|cannot use .* as value`), nil, "== compares, = assigns"},
	{pattern.New(`illegal character U\+003F`), pattern.New(`\?.*:`), "Go has no ?: operator; write if and else"},
	{pattern.New(`illegal character U\+0023`), nil, "a comment begins with //"},
	{pattern.New(`illegal character U\+(201C|201D|2018|2019)`), nil, `a string stands in straight quotes, "…"`},
	{pattern.New(`^expected 1 expression$`), nil, "one value is shown: fmt.Println(a, b) prints several"},
	{pattern.New(`found '(\+\+|--)'`), nil, "x++ and x-- are statements of their own, behind the variable"},
	{nil, pattern.New(`^\s*while\b`), "Go says for: for i < n { … }"},
	{nil, pattern.New(`^\s*(def|fn|function)\b`), "Go says func: func f(n int) int { … }"},
	{nil, pattern.New(`^\s*class\b`), "Go says type: type T struct { … }"},
	{nil, pattern.New(`^\s*(let|auto|val)\s+\w+`), "Go says var x = … or x := …"},
	{nil, pattern.New(`^\s*(int|float|double|float64|string|bool|byte|rune)\s+\w+\s*(=|;|$)`), "the type stands behind the name: var x int = …"},
	{nil, pattern.New(`^\s*(print|printf|puts|echo)\s+["'\w]`), "fmt.Println(…) prints"},
	{nil, pattern.New(`^\s*(try|except|catch)\b[^(]*$`), "errors are values: if err != nil { … }"},
	{nil, pattern.New(`^\s*(from\s+\w+\s+import|import\s+[A-Za-z_])`), `the path of an import is a string: import "strings"`},
}
