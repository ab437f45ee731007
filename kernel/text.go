package kernel

import "unicode/utf8"

// Clients count characters (code points), the interpreter counts bytes.

// byteOffset turns an offset in code points into one in bytes. An offset
// outside the text becomes the nearer end.
func byteOffset(text string, points int) int {
	at := 0
	for ; points > 0 && at < len(text); points-- {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

// pointOffset is the inverse of byteOffset.
func pointOffset(text string, at int) int {
	return utf8.RuneCountInString(text[:min(max(at, 0), len(text))])
}

// cursorOrEnd is where a client's cursor stands, in bytes. A client may leave
// the cursor out, meaning the end.
func cursorOrEnd(text string, points *int) int {
	if points == nil {
		return len(text)
	}
	return byteOffset(text, *points)
}
