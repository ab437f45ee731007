//go:build !linux

package futures

import "os/exec"

// start starts the command. Here a worker learns of its parent's death by the
// end of its pipe alone.
func start(cmd *exec.Cmd) error { return cmd.Start() }
