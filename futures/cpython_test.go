package futures_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/paracell/paracell/futures"
)

// The cases of CPython's test_concurrent_futures, written anew: what each is
// about, not its text. A group is named for the original's file, a case has the
// original's name. CPYTHON_TESTS.md tells where each original is.
var cpython = map[string]map[string]func(*testing.T){
	"executor":     executorCases,
	"future":       futureCases,
	"wait":         waitCases,
	"as_completed": asCompletedCases,
	"init":         initCases,
	"thread_pool":  threadPoolCases,
	"process_pool": processPoolCases,
	"shutdown":     shutdownCases,
	"deadlock":     deadlockCases,
}

func TestCPython(t *testing.T) {
	for group, cases := range cpython {
		t.Run(group, func(t *testing.T) {
			for name, test := range cases {
				t.Run(name, test)
			}
		})
	}
}

// both makes a case of a test that is run with either kind of executor.
func both(workers int, test func(*testing.T, futures.Executor)) func(*testing.T) {
	return func(t *testing.T) { pools(t, workers, test) }
}

// The table tells of every case that there is, and of no others.
func TestCPythonTable(t *testing.T) {
	text, err := os.ReadFile("CPYTHON_TESTS.md")
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, m := range regexp.MustCompile("`TestCPython/([a-z_]+/test_\\w+)`").FindAllStringSubmatch(string(text), -1) {
		named[m[1]] = true
		group, name, _ := strings.Cut(m[1], "/")
		if cpython[group][name] == nil {
			t.Errorf("there is no %s", m[1])
		}
	}
	for group, cases := range cpython {
		for name := range cases {
			if !named[group+"/"+name] {
				t.Errorf("%s/%s is not in the table", group, name)
			}
		}
	}
	if len(named) < 105 {
		t.Errorf("%d cases hold", len(named))
	}
}
