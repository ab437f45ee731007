package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/paracell/paracell/cells"
	"github.com/paracell/paracell/kernel"
	"github.com/paracell/paracell/kernel/zmq"
)

const kernelHelp = `paracell kernel CONNECTION_FILE serves the Jupyter client that wrote the file.

Jupyter starts it so. SIGINT interrupts the running cell, SIGTERM ends the
kernel, and so does the end of the process that started it.
`

func serveKernel(ctx context.Context, w world, args []string) error {
	rest, err := newFlags(w, "kernel", kernelHelp).parse(args, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usageError("needs the connection file that Jupyter writes")
	}
	// This process hands messages on and works in short steps; between two
	// threads it would spend more time on waking them than on the work. Cells
	// run in the evaluator, which has every core.
	runtime.GOMAXPROCS(1)
	connection, err := kernel.ReadConnection(rest[0])
	if err != nil {
		return err
	}
	wire, err := kernel.NewWire(connection.SignatureScheme, connection.Key)
	if err != nil {
		return err
	}
	// First of all: a client that finds nobody listening comes back only after a
	// tenth of a second.
	sockets, err := zmq.Listen(connection)
	if err != nil {
		return err
	}
	defer sockets.Close()
	session, err := newSession(w, cells.Config{Dir: ".", Progress: true})
	if err != nil {
		return err
	}

	k := kernel.New(kernel.Config{
		Interpreter: session,
		Wire:        wire,
		Send: func(ch kernel.Channel, frames [][]byte) {
			// What fails here is a client that has gone, or the end.
			_ = sockets.Send(ch, frames)
		},
		History:   openHistory(w),
		Log:       func(line string) { fmt.Fprintf(w.stderr, "paracell kernel: %s\n", line) },
		Version:   version,
		GoVersion: goVersion(),
		Username:  firstOf(w.getenv("USER"), w.getenv("USERNAME")),
	})
	server := kernel.Serve(k)
	ctx, stop := context.WithCancel(ctx)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = sockets.Serve(ctx, zmq.Handler{Message: server.Deliver, Welcome: k.Welcome})
	}()
	attend(ctx, w, server)
	stop()
	<-served
	return nil
}

// attend returns when the kernel has ended, by a client's request or because
// one of the signals or the parent's end asked for it.
func attend(ctx context.Context, w world, server *kernel.Server) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	orphaned := parentEnd(ctx, w.getenv("JPY_PARENT_PID"))
	for {
		select {
		case <-server.Done():
			return
		case s := <-signals:
			if s == os.Interrupt {
				server.Interrupt()
				continue
			}
			server.Shutdown()
		case <-orphaned:
			server.Shutdown()
		case <-ctx.Done():
			server.Shutdown()
		}
	}
}

// openHistory keeps cells for later sessions, if this user has a place for it.
func openHistory(w world) *kernel.History {
	dir, err := dataDir(w)
	if err != nil {
		return kernel.NewHistory()
	}
	return kernel.OpenHistory(filepath.Join(dir, "history"))
}

// dataDir is where paracell keeps what belongs to this user.
func dataDir(w world) (string, error) {
	home, err := w.home()
	if err != nil {
		return "", err
	}
	switch w.goos {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "paracell"), nil
	case "windows":
		return filepath.Join(firstOf(w.getenv("LOCALAPPDATA"), filepath.Join(home, "AppData", "Local")), "paracell"), nil
	default:
		return filepath.Join(firstOf(w.getenv("XDG_DATA_HOME"), filepath.Join(home, ".local", "share")), "paracell"), nil
	}
}

func goVersion() string { return strings.TrimPrefix(runtime.Version(), "go") }
