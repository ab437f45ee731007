// Command paracell is a Jupyter kernel for Go.
package main

func main() {}
