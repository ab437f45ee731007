// Package spelling finds what a user meant who typed a name that nothing has.
package spelling

import (
	"strings"
	"unicode/utf8"
)

// Nearest are the names most like name in whatever case, at most three and never
// far off: of a short name one letter is much.
func Nearest(name string, names []string) (near []string) {
	n := utf8.RuneCountInString(name)
	best := min(2, max(1, n/3), n-1)
	for _, n := range names {
		switch d := Distance(name, n); {
		case d < best:
			near, best = []string{n}, d
		case d == best:
			near = append(near, n)
		case strings.HasPrefix(n, name) && len(name) > 1:
			near = append(near, n)
		}
	}
	return near[:min(len(near), 3)]
}

// Distance is how many letters to insert, delete, replace or swap, whatever
// their case.
func Distance(a, b string) int {
	s, t := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	var before, last, row []int
	for j := range len(t) + 1 {
		row = append(row, j)
	}
	for i := range s {
		before, last, row = last, row, make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(t)]
}
