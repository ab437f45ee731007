// Package eval is what the session and its evaluator say to each other. The
// session, in the kernel's process, sends units of lowered Go; the evaluator, a
// child process, answers with events and an outcome. Start and Process are the
// session's end; package yaegi is the evaluator's end.
package eval

// A Unit is one piece of lowered Go.
type Unit struct {
	// Name is the file name that positions in this unit carry. Unique in a session.
	Name string
	// Imports are bound before Source is compiled, each under a name that the
	// session never uses for anything else.
	Imports []Import
	// Source holds declarations of package main, without package clause and
	// without imports. Every name in it is fresh. Variables are declared without
	// initial values: Entry sets them.
	Source string
	// Entry names a func() of Source to call; "" for none.
	Entry string
	// Places are the user's places of Source's lines, "Cell[2]:3", "" where there is
	// none. For stacks that the evaluator writes; it needs no others.
	Places []string
	// Funcs maps the name a user knows to the name in Source, for each function
	// that a worker process can be asked for.
	Funcs map[string]string
	// Links lead to functions of this unit, or of earlier ones, from when it begins.
	Links []Link
	// Captures are the session's variables that functions use, by way of others too,
	// as the user knows both: of all functions, when it declares any.
	Captures map[string][]string
	// Variables maps those to what they are in Source, or in earlier units.
	Variables map[string]string
	// Types tells that it declares types, or generic functions: any function may use
	// them, by way of interfaces or instances.
	Types bool
	// Forget names units before this one: nothing will name what they declare.
	Forget []string
	// Clear names variables whose values are not needed any more.
	Clear []string
}

// A Link is where calls look for a function by its name. The versions of a function
// that are called alike share one, so that what was made before the newest of them
// calls that.
type Link struct {
	Name     string // of the link
	Function string // the version that it leads to, as units name it
	// Compiled says that it does so for compiled calls alone: Function is a copy of
	// what interpreted calls call.
	Compiled bool
}

// Import is a package and the name that units use for it.
type Import struct {
	Path, Name string
	File       string   // a plugin that has the package; "" for one that the evaluator has
	Uses       []string // of a plugin: the evaluator's packages that it imports
}

// A Frame is a place in a unit's source. Line and Column count from 1; the
// column counts bytes.
type Frame struct {
	Unit         string // "" in compiled code
	File         string // of compiled code: the cell's name, and the place is in the cell itself
	Line, Column int
	Func         string // the lowered function's name, where known
	Elided       bool   // not a place: there are more between those around it
}

// Outcome says how a unit ended. Kind decides which other fields are set.
type Outcome struct {
	Kind    Kind
	Message string      // Panicked: the panic value as Go prints it ("runtime error: index out of range [5] with length 3"); Refused: the interpreter's words; Died, Fatal: the cause in one line
	Type    string      // Panicked: the dynamic type of the panic value, as %T
	Frames  []Frame     // Panicked, Fatal, Refused: innermost first; may be empty
	Waiting []Goroutine // Fatal: where a deadlock's goroutines wait, the unit's own first
	Detail  string      // Died: the runtime's own words (panic text and goroutine stacks); Refused: what helps to mend our bug; Panicked, Fatal: what the value tells beyond its text
}

// NotLoaded begins the message of a unit that was refused since a plugin that it
// imports could not be loaded.
const NotLoaded = "loading compiled Go"

// Kind is a way for a unit to end.
type Kind string

const (
	Done        Kind = "done"
	Panicked    Kind = "panicked"    // user code panicked; the evaluator lives
	Fatal       Kind = "fatal"       // what Go's runtime would end the program for; the evaluator lives
	Interrupted Kind = "interrupted" // the context was cancelled; the evaluator lives
	Refused     Kind = "refused"     // the interpreter could not compile the unit: our bug, since it type-checked
	Died        Kind = "died"        // the evaluator process is gone
)
