//go:build !race

package cells

const underRace = false
