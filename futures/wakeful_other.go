//go:build !linux

package futures

import "os"

// wakeful reads a worker's tasks.
type wakeful struct{ *os.File }
