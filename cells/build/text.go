package build

import (
	"io"
	"strings"
	"unicode/utf8"
)

// copyText passes on what r yields, as it comes, and never cuts a character.
func copyText(r io.Reader, to func(string)) {
	buf := make([]byte, 64<<10)
	held := 0 // bytes at the start of buf: the beginning of a character
	for {
		n, err := r.Read(buf[held:])
		n += held
		held = 0
		if err == nil {
			held = unfinished(buf[:n])
		}
		if whole := buf[:n-held]; len(whole) > 0 {
			to(strings.ToValidUTF8(string(whole), "\uFFFD"))
		}
		if err != nil {
			return
		}
		copy(buf, buf[n-held:n])
	}
}

// unfinished counts the bytes at the end of b that begin a character and lack
// its rest.
func unfinished(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
