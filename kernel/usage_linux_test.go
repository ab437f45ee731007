package kernel_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/paracell/paracell/kernel"
)

func TestMeasureUsage(t *testing.T) {
	before := kernel.MeasureUsage()
	if before.PID != os.Getpid() || before.Memory <= 0 || before.Host.Total <= before.Host.Available || before.Host.Available <= 0 {
		t.Errorf("got %+v", before)
	}
	for x := 0.0; kernel.MeasureUsage().CPU == 0; { // until a tick of work was seen
		for range 1_000_000 {
			x += 1 / (x + 1)
		}
	}

	// A child counts too: tail keeps what it is given until its input ends.
	const size = 64 << 20
	child := exec.Command("tail", "-c", "64M")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Skip("no tail here:", err)
	}
	defer child.Wait()
	defer in.Close()
	if _, err := in.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if after := kernel.MeasureUsage(); after.Memory < before.Memory+size/2 {
		t.Errorf("the child's memory is missing: %d bytes before it, %d with it", before.Memory, after.Memory)
	}
}
