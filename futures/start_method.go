package futures

import (
	"context"
	"os"
	"os/exec"
	"sync"
)

// A Launcher makes the command that starts one worker process; the context ends
// when the worker is no longer wanted. The pool adds the pipes and a mark in the
// environment, starts it and waits for it. What the command runs must come to
// FreezeSupport or Serve. Its prints go where the command's Stdout and Stderr
// say, by default to this process's own.
type Launcher func(ctx context.Context) (*exec.Cmd, error)

// Names of start methods.
const (
	Spawn   = "spawn"   // the program itself, started once more
	Session = "session" // a notebook's: its host registers it
)

var startMethods = struct {
	sync.Mutex
	byName   map[string]Launcher // but for the built-in spawn
	versions map[string]func(task string) int
	current  string
}{byName: map[string]Launcher{}, versions: map[string]func(string) int{}, current: Spawn}

// spawn starts the program once more, with its own arguments.
func spawn(context.Context) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe)
	cmd.Args = os.Args
	return cmd, nil
}

// startMethod finds a launcher; "" is the method in force. local tells that
// workers are this very program.
func startMethod(name string) (l Launcher, local bool, err error) {
	startMethods.Lock()
	defer startMethods.Unlock()
	if name == "" {
		name = startMethods.current
	}
	l = startMethods.byName[name]
	switch {
	case l != nil:
		return l, false, nil
	case name == Spawn:
		return spawn, true, nil
	}
	return nil, false, &ValueError{"cannot find context for '" + name + "'"}
}

func hasStartMethod(name string) bool { _, _, err := startMethod(name); return err == nil }

// RegisterStartMethod adds a way to start worker processes, or replaces one,
// such as Spawn where re-executing the program makes no sense.
func RegisterStartMethod(name string, l Launcher) {
	startMethods.Lock()
	defer startMethods.Unlock()
	startMethods.byName[name] = l
}

// RegisterVersions tells that what the workers of a start method run may change
// while pools live, as a notebook's definitions do. version returns the number of
// the change that made a task what it is now, 0 for none; and of the newest change
// for "". A pool replaces the workers that were started before the change of a task
// once they have done what they hold.
func RegisterVersions(name string, version func(task string) int) {
	startMethods.Lock()
	defer startMethods.Unlock()
	startMethods.versions[name] = version
}

func versionsOf(name string) func(task string) int {
	startMethods.Lock()
	defer startMethods.Unlock()
	return startMethods.versions[name]
}

// SetStartMethod picks how pools and processes made from now on are started. It
// fails when there is no such method.
func SetStartMethod(name string) error {
	if _, _, err := startMethod(name); err != nil {
		return err
	}
	startMethods.Lock()
	defer startMethods.Unlock()
	startMethods.current = name
	return nil
}

// GetStartMethod is the name of the start method in force.
func GetStartMethod() string {
	startMethods.Lock()
	defer startMethods.Unlock()
	return startMethods.current
}
