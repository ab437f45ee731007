package cells

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/paracell/paracell/cells/build"
	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/imports"
	"github.com/paracell/paracell/cells/lower"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/syntax"
)

// Config is what a Session works with.
type Config struct {
	// Evaluator is the argv that starts an evaluator, such as {self, "evaluator"}.
	Evaluator []string
	// Worker is the argv that starts a worker process of a pool, such as
	// {self, "worker"}; a file with the notebook's definitions may follow.
	Worker []string
	// Dir is where the notebook is; "" for the working directory.
	Dir string
	// CacheDir holds what is built once: type information and programs. "" is
	// build.CacheDir.
	CacheDir string
	// Library holds the sources of Paracell's own packages for cells and for the
	// programs that they start.
	Library fs.FS
	// Engine is what runs cells at first: "auto", "interpreted" or "compiled"; ""
	// for auto.
	Engine string
	// Progress shows that a cell is being compiled when that takes longer than a
	// blink. The note goes away again: for front ends that can clear output.
	Progress bool
	// GoCommand is the Go toolchain's command; "" for "go" in PATH.
	GoCommand string
}

// A Session is a notebook's: everything its cells defined so far. Execute runs
// one cell at a time; the other methods may be called while a cell runs.
type Session struct {
	config   Config
	fset     *token.FileSet
	importer *imports.Importer
	lowerer  *lower.Lowerer
	compiler *compile.Compiler
	engine   *build.Engine
	plugins  map[*compile.Package]build.Plugin // what was compiled
	native   map[string]bool                   // functions that %native has compiled

	running sync.Mutex // one cell at a time

	mu         sync.RWMutex // guards what follows against readers beside the running cell
	scope      *scope
	sources    map[string]string // text of every cell, by name
	background func(Event)
	units      []eval.Unit           // what a new evaluator must be told again
	pending    *pending              // the cell that runs
	tasks      map[string]lower.Task // functions of others that cells gave to pools, by name

	snapshotOf, snapshotFile string // the units as the newest file for workers has them
	snapshotFiles            []string

	// Of the running cell alone.
	texts    map[string]ran // units that ran, by name
	closures []string       // those of them that define nothing but may have left closures, the oldest first
	ended    []string       // those that left nothing
	files    []*token.File  // of cells, in fset
	unswept  int            // cells since forget looked

	over             []string // variables that keep old values until the cell is over
	forgotten, stale []string // units and variables that the evaluator is to forget
	history          []magic.Entry
	count            int

	procMu   sync.Mutex
	process  *eval.Process
	starting chan struct{} // closed when the first start is over
	warmed   chan struct{} // closed when the type information is there, or can't be had
	settings map[string]string
	dir      string
	env      []string
	closed   bool
}

// NewSession returns a session and begins to start its evaluator.
func NewSession(c Config) (*Session, error) {
	if len(c.Evaluator) == 0 {
		return nil, errors.New("cells: no command that starts an evaluator")
	}
	if len(c.Worker) == 0 {
		return nil, errors.New("cells: no command that starts a worker process")
	}
	if c.CacheDir == "" {
		dir, err := build.CacheDir()
		if err != nil {
			return nil, err
		}
		c.CacheDir = dir
	}
	if c.Dir == "" {
		dir, err := os.Getwd()
		if err != nil {
			return nil, fmt.Errorf("finding the notebook's folder: %w", err)
		}
		c.Dir = dir
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, err
	}
	s := &Session{
		config:   c,
		fset:     token.NewFileSet(),
		scope:    newScope(),
		sources:  map[string]string{},
		native:   map[string]bool{},
		texts:    map[string]ran{},
		settings: maps.Clone(defaults),
		dir:      dir,
		env:      os.Environ(),
		starting: make(chan struct{}),
		warmed:   make(chan struct{}),
	}
	s.importer = imports.New(s.fset, imports.Config{CacheDir: c.CacheDir, GoCommand: c.GoCommand, Library: c.Library})
	if c.Engine != "" {
		s.settings[magic.SettingEngine] = c.Engine
	}
	s.lowerer = lower.New(s.fset, s.importer)
	s.compiler = compile.New(s.fset)
	s.engine = build.New(build.Config{Cache: c.CacheDir, Library: c.Library, Go: c.GoCommand, Host: c.Evaluator[0], Env: s.Env})
	go func() {
		defer close(s.warmed)
		_ = s.importer.Warm() // the first cell that needs it says what is wrong
	}()
	go func() {
		defer close(s.starting)
		s.procMu.Lock()
		defer s.procMu.Unlock()
		// A failure shows when the first cell needs the evaluator.
		s.process, _ = s.start(context.Background())
	}()
	return s, nil
}

// SetBackground sets who takes what goroutines show after their cell ended.
func (s *Session) SetBackground(emit func(Event)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.background = emit
}

// Warm prepares what first use would wait for: the type information of the
// standard library, and what compiled cells are linked with. Without a compiler
// that works there is nothing to prepare, and a cell that needs it says why.
func (s *Session) Warm() error {
	err := s.importer.Warm()
	_ = s.engine.WarmPlugins(context.Background())
	return err
}

// Close ends the evaluator and a cell that still runs.
func (s *Session) Close() error {
	err := s.importer.Close()
	<-s.starting
	<-s.warmed
	s.procMu.Lock()
	defer s.procMu.Unlock()
	s.closed = true
	for _, f := range s.snapshotFiles {
		os.Remove(f)
	}
	if s.process == nil {
		return err
	}
	return errors.Join(err, s.process.Close())
}

// Execute runs one cell.
func (s *Session) Execute(ctx context.Context, r Request) Reply {
	s.running.Lock()
	defer s.running.Unlock()
	r.Code = strings.TrimPrefix(r.Code, "\ufeff") // as Go has it: at the beginning only
	cell := &running{Session: s, request: r, name: cmp.Or(r.Name, fmt.Sprintf("Cell[%d]", r.Count))}
	emit := r.Emit
	cell.request.Emit = func(e Event) {
		cell.emitted.Store(true)
		emit(e)
	}
	s.count = r.Count
	s.mu.Lock()
	s.sources[cell.name] = r.Code
	s.mu.Unlock()
	if r.Store {
		s.history = append(s.history, magic.Entry{Count: r.Count, Code: r.Code})
	}
	defer s.forget()
	return cell.execute(ctx)
}

// IsComplete answers is_complete_request. As in IPython a cell magic goes on until
// a blank line.
func (s *Session) IsComplete(code string) Completeness {
	segments, err := magic.Split(code)
	if err == nil && len(segments) > 0 {
		last := segments[len(segments)-1]
		switch last.Kind {
		case magic.Cell:
			if lines := strings.Split(code, "\n"); len(lines) < 2 || strings.TrimSpace(lines[len(lines)-1]) != "" {
				return Completeness{Status: "incomplete"}
			}
			return Completeness{Status: "complete"}
		case magic.Line:
			return Completeness{Status: "complete"}
		}
		code = last.Text
	}
	status, indent := syntax.Completeness(code)
	return Completeness{Status: status, Indent: indent}
}
