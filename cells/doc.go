// Package cells is a notebook session: a Go package that grows cell by cell.
// It splits, checks, lowers and runs cells, and is the one place that knows
// what is defined.
package cells
