package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is what CHANGELOG.md calls this state of the code.
const version = "0.1.0"

const versionHelp = `paracell version says which version this is, and what it was built with.
`

func printVersion(_ context.Context, w world, args []string) error {
	if _, err := newFlags(w, "version", versionHelp).parse(args, 0); err != nil {
		return err
	}
	fmt.Fprintf(w.stdout, "paracell %s%s (%s %s/%s)\n", version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// revision is the commit that go build stamped into this binary, if any.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var commit, dirty string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ".dirty"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + dirty
}
