package yaegi

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// textLimit is how many bytes of a value's text are shown.
const textLimit = 10_000

// plain returns the value that user code means by v: yaegi hands some values
// over inside its own.
func plain(v any) any {
	for range 8 {
		switch x := v.(type) {
		case reflect.Value:
			if !x.IsValid() {
				return nil
			}
			if !x.CanInterface() {
				return v
			}
			v = x.Interface()
		default:
			inner, ok := unwrap(v)
			if !ok {
				return v
			}
			v = inner
		}
	}
	return v
}

// texts returns the values as fmt.Println shows them, without the newline, and
// cut when long. No method of theirs can make it panic.
func texts(values []any) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = text(plain(v))
	}
	s := strings.Join(parts, " ")
	if len(s) > textLimit {
		cut := textLimit
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + fmt.Sprintf("… (%d more characters)", utf8.RuneCountInString(s[cut:]))
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}

func text(v any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprintf("%%!v(PANIC=%v)", r)
		}
	}()
	return fmt.Sprint(v)
}
