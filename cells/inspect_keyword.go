package cells

// keywords tell of Go's keywords, with the section of the specification.
var keywords = map[string]keyword{
	"break":       {"break [Label]", "ends the innermost for, switch or select, or the labelled one", "Break_statements"},
	"case":        {"case x, y:", "begins a branch of a switch or select; it ends by itself where the next one begins", "Switch_statements"},
	"chan":        {"chan T, <-chan T, chan<- T", "is the type of channels that carry T; make(chan T, n) makes one with room for n", "Channel_types"},
	"const":       {"const name [T] = value", "declares constants; in a group iota counts from 0", "Constant_declarations"},
	"continue":    {"continue [Label]", "begins the next round of the innermost loop, or of the labelled one", "Continue_statements"},
	"default":     {"default:", "begins the branch of a switch or select that runs when no other does", "Switch_statements"},
	"defer":       {"defer f(x)", "calls f when the function around it returns or panics, the last deferred first; its arguments are evaluated now. At the top of a cell: when the cell ends", "Defer_statements"},
	"else":        {"if condition { … } else { … }", "is the other branch of an if", "If_statements"},
	"fallthrough": {"fallthrough", "goes on with the next case of a switch", "Fallthrough_statements"},
	"for":         {"for i := range n { … }\nfor i, x := range xs { … }\nfor condition { … }\nfor i := 0; i < n; i++ { … }\nfor { … }", "is Go's only loop. It ranges over integers, slices, arrays, strings, maps, channels and functions", "For_statements"},
	"func":        {"func name(a, b int) (T, error) { … }\nfunc (r *T) name() { … }\nfunc(x int) int { … }", "declares a function or a method, or is a function's value or type", "Function_declarations"},
	"go":          {"go f(x)", "calls f in a goroutine of its own and does not wait for it", "Go_statements"},
	"goto":        {"goto Label", "goes on at the label", "Goto_statements"},
	"if":          {"if x := f(); x > 0 { … }", "runs a block when a condition holds; a statement may stand before it", "If_statements"},
	"import":      {"import \"path\"\nimport name \"path\"", "makes a package known, here to all cells from then on. Standard packages need none", "Import_declarations"},
	"interface":   {"interface { Method() T }", "is the type of all values that have these methods; any is the one without any", "Interface_types"},
	"map":         {"map[K]V", "is the type of maps from K to V; v, ok := m[k] tells whether there is one", "Map_types"},
	"package":     {"package main", "names a file's package; in a cell it means nothing", "Package_clause"},
	"range":       {"for i, x := range xs { … }", "goes through integers, slices, arrays, strings, maps, channels and functions", "For_range"},
	"return":      {"return x, err", "ends a function with its results", "Return_statements"},
	"select":      {"select { case x := <-ch: … case ch <- y: … default: … }", "waits until one of its channel operations can go on", "Select_statements"},
	"struct":      {"struct { Name string; Age int }", "is a type with fields", "Struct_types"},
	"switch":      {"switch x { case 1, 2: … default: … }\nswitch x := v.(type) { case int: … }", "runs the first case that fits, by value, by condition or by type", "Switch_statements"},
	"type":        {"type Name T\ntype Name[P any] T", "declares a type of its own; with = it is another name for T", "Type_declarations"},
	"var":         {"var name [T] [= value]", "declares variables; without a value they are zero. name := value is the short form", "Variable_declarations"},
}

type keyword struct{ form, about, section string }

func (k keyword) bundle() MIMEBundle {
	url := "https://go.dev/ref/spec#" + k.section
	about := k.about + "."
	return MIMEBundle{
		"text/plain":    k.form + "\n\n" + about + "\n\n" + url + "\n",
		"text/markdown": "```go\n" + k.form + "\n```\n\n" + about + " ([specification](" + url + "))\n",
	}
}
