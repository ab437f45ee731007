package futures

import (
	"context"
	"os"
	"os/exec"
	"sync"
)

// A Launcher makes the command that starts one worker process. The pool adds
// the pipes and the mark in the environment, starts it and waits for it. What
// the command runs must come to FreezeSupport or Serve.
type Launcher func(ctx context.Context) (*exec.Cmd, error)

// Spawn is the start method of a program: the program itself, re-executed.
const Spawn = "spawn"

var startMethods = struct {
	sync.Mutex
	byName  map[string]Launcher
	current string
}{byName: map[string]Launcher{Spawn: spawn}, current: Spawn}

// spawn re-executes the program with its own arguments.
func spawn(ctx context.Context) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, exe)
	cmd.Args = os.Args
	return cmd, nil
}

// RegisterStartMethod adds a way to start worker processes, or replaces one.
func RegisterStartMethod(name string, l Launcher) {
	startMethods.Lock()
	defer startMethods.Unlock()
	startMethods.byName[name] = l
}

// SetStartMethod picks how pools made from now on start their workers.
func SetStartMethod(name string) error {
	startMethods.Lock()
	defer startMethods.Unlock()
	if startMethods.byName[name] == nil {
		return &ValueError{"cannot find context for '" + name + "'"}
	}
	startMethods.current = name
	return nil
}

// GetStartMethod is the name of the start method in force.
func GetStartMethod() string {
	startMethods.Lock()
	defer startMethods.Unlock()
	return startMethods.current
}
