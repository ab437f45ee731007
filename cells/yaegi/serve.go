// Package yaegi is the evaluator: it runs units of lowered Go in a process of
// its own, for a session in another. Serve is that process; package eval starts
// it and speaks to it.
//
// User code is not shielded from much here: os.Exit exits, a panic in a package's
// goroutine ends the process. That is what the process is for.
package yaegi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/futures"
)

// Serve runs an evaluator for the process that started this one, until that
// process goes away. It returns the exit status.
func Serve() int {
	commands, file, out, err := connect()
	if err != nil {
		fmt.Fprintln(os.Stderr, "paracell evaluator:", err)
		return 2
	}
	offerFirst()
	// Packages that announce themselves there merely by being linked.
	http.DefaultServeMux = http.NewServeMux()

	s := &server{out: out, commands: file, waiting: map[int]chan eval.Command{}}
	s.stdin = newStdin(s)
	s.interp = newInterp(s)
	s.show()
	s.pools()
	out.report(eval.Report{Op: eval.ReadyNow})
	s.serve(commands)
	// Whoever started us is gone: take along what user code started.
	endGroup()
	return 0
}

// connect opens the files that the session gave us and hears its first command.
func connect() (commands *json.Decoder, file int, out *output, err error) {
	names := strings.Fields(os.Getenv(eval.EnvFiles))
	os.Unsetenv(eval.EnvFiles)
	if len(names) != eval.FileCount {
		return nil, 0, nil, fmt.Errorf("this command serves a session and is started by it (%s is not set)", eval.EnvFiles)
	}
	var files [eval.FileCount]*os.File
	for i, name := range names {
		fd, err := strconv.ParseUint(name, 10, 64)
		if err != nil {
			return nil, 0, nil, fmt.Errorf("%s: %q is not a file", eval.EnvFiles, name)
		}
		files[i] = os.NewFile(keep(uintptr(fd)), "evaluator"+name)
	}
	if err := debug.SetCrashOutput(files[eval.FileCrash], debug.CrashOptions{}); err != nil {
		return nil, 0, nil, fmt.Errorf("crash output: %w", err)
	}
	file = int(files[eval.FileCommands].Fd())
	commands = eval.NewDecoder(files[eval.FileCommands])
	var hello eval.Command
	if err := commands.Decode(&hello); err != nil || hello.Op != eval.Hello {
		return nil, 0, nil, fmt.Errorf("the session said nothing to begin with")
	}
	out, err = newOutput(hello.Nonce, files[eval.FileReports])
	return commands, file, out, err
}

type server struct {
	out      *output
	commands int // the file that commands come from
	stdin    *stdin
	interp   *interpreter
	memory   memoryLimit
	traced   poolList
	defined  definitions
	bars     barList

	mu      sync.Mutex
	unit    *unit // the one that runs
	waiting map[int]chan eval.Command
	asked   int
}

// serve obeys commands until there are no more.
func (s *server) serve(commands *json.Decoder) {
	for {
		var c eval.Command
		if commands.Decode(&c) != nil {
			return
		}
		switch c.Op {
		case eval.Run:
			if c.Unit != nil {
				s.start(*c.Unit, c.Stdin)
			}
		case eval.Cancel:
			s.mu.Lock()
			u := s.unit
			s.mu.Unlock()
			if u != nil {
				s.interp.interrupt(u)
			}
		case eval.Set:
			v := eval.Value{Name: c.Name}
			if err := s.set(c.Name, c.Value); err != nil {
				v.Text = err.Error()
			}
			s.out.report(eval.Report{Op: eval.SetNow, Value: &v})
		case eval.Reply:
			s.mu.Lock()
			answer := s.waiting[c.ID]
			delete(s.waiting, c.ID)
			s.mu.Unlock()
			if answer != nil {
				answer <- c
			}
		}
	}
}

// ask asks the session. The channel gets the reply, once.
func (s *server) ask(a eval.Ask) (id int, answer chan eval.Command) {
	answer = make(chan eval.Command, 1)
	s.mu.Lock()
	s.asked++
	a.ID = s.asked
	s.waiting[a.ID] = answer
	s.mu.Unlock()
	if a.Kind == eval.AskInput {
		s.out.reportInOrder(eval.Report{Op: eval.Asked, Ask: &a}) // after what was printed before
	} else {
		s.out.report(eval.Report{Op: eval.Asked, Ask: &a})
	}
	return a.ID, answer
}

func (s *server) set(name, value string) error {
	switch name {
	case "gil":
		switch value {
		case "on":
			futures.SetGIL(true)
		case "off":
			futures.SetGIL(false)
		default:
			return fmt.Errorf("gil is on or off, not %q", value)
		}
		return nil
	case "chdir":
		return os.Chdir(value)
	case "setenv":
		k, v, ok := strings.Cut(value, "=")
		if !ok {
			return fmt.Errorf("setenv wants NAME=VALUE, not %q", value)
		}
		return os.Setenv(k, v)
	case "unsetenv":
		return os.Unsetenv(value)
	}
	if f, ok := settings[name]; ok {
		return f(value)
	}
	return fmt.Errorf("the evaluator has no setting %q", name)
}

// settings are those of packages that user code imports.
var settings = map[string]func(value string) error{}
