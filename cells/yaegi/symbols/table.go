// Package symbols holds what interpreted code can import: the exported names of
// the standard library and of this module's packages for cells, as values that
// yaegi binds. A table is a function, called when a package is first imported,
// so that a program pays for what it uses.
package symbols

import (
	"maps"
	"reflect"
	"slices"
)

//go:generate go run ./gen

// A Table is one package.
type Table struct {
	Name string // the name in its package clause
	// Symbols returns functions, constants, pointers to types as nil values,
	// variables as settable values, and under "_T" the type that lends an
	// interpreted value the methods of interface T.
	Symbols func() map[string]reflect.Value
	// Needs are the packages whose interfaces the exported names mention: bind
	// them as well, their wrappers are needed when an interpreted value is passed.
	Needs []string
}

var tables = map[string]Table{}

// Lookup returns the table of the package with that import path.
func Lookup(path string) (Table, bool) {
	t, ok := tables[path]
	return t, ok
}

// Paths returns the import paths that have a table, sorted.
func Paths() []string { return slices.Sorted(maps.Keys(tables)) }
