package syntax

import (
	"strings"
	"testing"
)

func TestHeal(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a := 1\nb.", "a := 1\nb."},
		{"x y z\nb.", "     \nb."},
		{"a := 1\nx = = 3\nb.", "a := 1\n       \nb."},
		{"\"open\nb.", "     \nb."},
		{"}}}\nb.", "   \nb."},
		{"func f() {\n\tx y\n}\nvar q int\nb.", "          \n    \n \nvar q int\nb."},
		{"func f() {\n\tgood()\n}\nfunc g() {\n\tb.", "func f() {\n\tgood()\n}\nfunc g() {\n\tb."},
		{"é é\nb.", "     \nb."},
		{"", ""},
	} {
		if got := strings.ReplaceAll(Heal(tt.text), "\r", ""); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}
