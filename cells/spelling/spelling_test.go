package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"cd", "env", "run", "time", "timeit", "who", "whos", "writefile"}
	for name, want := range map[string]string{
		"tmie": "time", "timit": "timeit", "whoz": "who whos", "rum": "run", "write": "writefile", "zzzzz": "", "x": "", "cd": "cd", "Time": "time",
	} {
		if got := strings.Join(Nearest(name, names), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
