package yaegi

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/paracell/paracell/display"
)

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

// texts returns the texts of values, with spaces between them. No method of
// theirs can make it panic.
func texts(values []any) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = text(plain(v))
	}
	return strings.ToValidUTF8(strings.Join(parts, " "), string(utf8.RuneError))
}

func text(v any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprintf("%%!v(PANIC=%v)", r)
		}
	}()
	return display.Sprint(v)
}
