// Package pattern keeps regular expressions that most processes never use: to
// compile them all would take a sixth of the time in which a worker starts.
package pattern

import (
	"regexp"
	"sync"
)

// New returns what returns the regular expression, compiled when it is first
// asked for. That panics if it can't be, as regexp.MustCompile.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
