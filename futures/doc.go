// Package futures runs functions in parallel, in goroutines or in processes,
// with the names and the meaning of Python's concurrent.futures.
package futures
