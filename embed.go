package main

import "embed"

// library is what a program outside our module may import. It travels in the
// binary, so that such a program builds without a network.
//
//go:embed go.mod futures/*.go display/*.go
var library embed.FS
