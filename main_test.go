package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"paracell": func() { os.Exit(run(context.Background(), realWorld(), os.Args[1:])) },
	})
}

// TestScripts runs what users type. Conditions: [root] when nothing can be
// forbidden to the user who tests.
func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir() // shared, as what is built once is a user's
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir+"/home")
			e.Setenv("XDG_CACHE_HOME", cache)
			return os.Mkdir(e.WorkDir+"/home", 0o755)
		},
		Condition: func(cond string) (bool, error) { return cond == "root" && os.Geteuid() == 0, nil },
	})
}
