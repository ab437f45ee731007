package cells

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/paracell/paracell/cells/eval"
	"github.com/paracell/paracell/cells/magic"
	"github.com/paracell/paracell/cells/pattern"
)

// defaults are the settings that an evaluator begins with.
var defaults = map[string]string{magic.SettingGIL: "off", magic.SettingStartMethod: "session", magic.SettingEngine: magic.EngineAuto}

// start starts an evaluator and tells it the session's settings.
func (s *Session) start(ctx context.Context) (*eval.Process, error) {
	if s.closed {
		return nil, errNoEvaluator
	}
	dir := s.dir
	if _, err := os.Stat(dir); err != nil {
		dir = os.TempDir() // the notebook's folder is gone: %cd must still work
	}
	p, err := eval.Start(ctx, eval.Config{
		Command:    s.config.Evaluator,
		Dir:        dir,
		Env:        s.env,
		Background: s.emitBackground,
		Answer:     s.answer,
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s, the program that runs cells, is gone: install Paracell again, then go on", s.config.Evaluator[0])
	}
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(s.settings)) {
		if s.settings[name] == defaults[name] || name == magic.SettingEngine {
			continue // an evaluator begins with it, or has no need of it
		}
		if err := p.Set(name, s.settings[name]); err != nil {
			p.Close()
			return nil, fmt.Errorf("setting %s: %w", name, err)
		}
	}
	return p, nil
}

func (s *Session) emitBackground(e Event) {
	if p, ok := e.(eval.GoroutinePanic); ok {
		// A cell may have begun that has not come to the evaluator yet, and what
		// the places are found with is its own.
		if s.running.TryLock() {
			e = s.told(p)
			s.running.Unlock()
		} else {
			p.Outcome.Frames = nil
			e = s.told(p)
		}
	}
	s.mu.RLock()
	emit := s.background
	s.mu.RUnlock()
	if emit != nil {
		emit(e)
	}
}

// told makes what the evaluator tells of a goroutine's panic output.
func (s *Session) told(p eval.GoroutinePanic) Stream {
	lines := append([]string{red + "panic in a goroutine: " + p.Outcome.Message + reset}, s.frames(p.Outcome.Frames)...)
	return Stream{Name: "stderr", Text: strings.Join(lines, "\n") + "\n"}
}

// evaluator returns the evaluator. One that died since the cell began is
// replaced and its death returned, as an *Error.
func (r *running) evaluator(ctx context.Context) (*eval.Process, error) {
	select {
	case <-r.starting:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.procMu.Lock()
	p := r.process
	r.procMu.Unlock()
	if p == nil {
		return r.replace(ctx)
	}
	select {
	case <-p.Done():
		return nil, r.death(ctx, p.Death())
	default:
		return p, nil
	}
}

// revive replaces an evaluator that died while no cell ran, and says so: the
// cell goes on without the variables that are lost.
func (r *running) revive(ctx context.Context) {
	select {
	case <-r.starting:
	default:
		return
	}
	r.procMu.Lock()
	p := r.process
	r.procMu.Unlock()
	if p == nil {
		return
	}
	select {
	case <-p.Done():
		e := r.death(ctx, p.Death())
		r.request.Emit(Stream{Name: "stderr", Text: "Before this cell: " + e.Value + "\n" + strings.Join(e.Traceback[1:], "\n") + "\n"})
	default:
	}
}

// replace starts a new evaluator and tells it every definition again.
func (r *running) replace(ctx context.Context) (*eval.Process, error) {
	r.procMu.Lock()
	defer r.procMu.Unlock()
	if r.process != nil {
		r.process.Close()
		r.process = nil
	}
	p, err := r.start(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	for _, u := range r.units {
		if out := p.Run(context.WithoutCancel(ctx), u, eval.Handler{Emit: func(Event) {}}); out.Kind != eval.Done {
			p.Close()
			return nil, fmt.Errorf("defining everything again in a new evaluator: %s", out.Message)
		}
	}
	r.process = p
	return p, nil
}

// restart replaces the evaluator; with forget nothing is defined again.
func (r *running) restart(ctx context.Context, forget bool) error {
	<-r.starting
	if forget {
		r.units = nil
		r.lowerer.Forget()
	}
	_, err := r.replace(ctx)
	return err
}

// death replaces an evaluator that died and says what was lost.
func (r *running) death(ctx context.Context, out eval.Outcome) *Error {
	var lost []string
	r.mu.Lock()
	for _, n := range r.scope.order {
		if v := r.scope.vars[n]; v != nil && !v.lost {
			v.lost = true
			lost = append(lost, n)
		}
	}
	r.mu.Unlock()
	e := plainError("EvaluatorDied", out.Message)
	if limit := stackLimit().FindString(out.Detail); limit != "" {
		e.Traceback = append(e.Traceback, limit)
	}
	if places := r.frames(out.Frames); len(places) > 0 {
		e.Traceback = append(e.Traceback, places...)
	} else {
		e.Traceback = append(e.Traceback, lastWords(out)...)
	}
	note := "A new evaluator is ready with every definition."
	if _, err := r.replace(ctx); err != nil {
		note = "A new evaluator could not be made ready: " + err.Error() + "."
	}
	if len(lost) > 0 {
		note += " Lost variables: " + strings.Join(lost, ", ") + "."
	}
	e.Traceback = append(e.Traceback, note)
	return e
}

// stackLimit is what the runtime says of the limit before it ends a program whose
// stack overflows.
var stackLimit = pattern.New(`(?m)^runtime: goroutine stack exceeds .*$`)

// lastWords are what the runtime said beyond the cause. The stacks behind them
// are left out: they are the interpreter's, the cell is not in them.
func lastWords(out eval.Outcome) (lines []string) {
	for line := range strings.Lines(out.Detail) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "goroutine ") || line == "runtime stack:" {
			break
		}
		if line != "" && line != out.Message && !strings.HasPrefix(line, "runtime: ") && !strings.HasPrefix(line, "PC=") {
			lines = append(lines, line)
		}
	}
	return lines
}

// Set changes a setting of the session and of its evaluator.
func (r *running) Set(ctx context.Context, name, value string) error {
	switch name {
	case magic.SettingDir:
		if !filepath.IsAbs(value) {
			value = filepath.Join(r.dir, value)
		}
		if st, err := os.Stat(value); err != nil {
			return err
		} else if !st.IsDir() {
			return fmt.Errorf("%s is not a folder", value)
		}
	}
	if name != magic.SettingEngine {
		p, err := r.evaluator(ctx)
		if err != nil {
			return err
		}
		if err := p.Set(name, value); err != nil {
			return err
		}
	}
	r.procMu.Lock()
	defer r.procMu.Unlock()
	switch name {
	case magic.SettingDir:
		r.dir = value
	case magic.SettingEnv:
		k, _, _ := strings.Cut(value, "=")
		r.env = append(withoutEnv(r.env, k), value)
	case magic.SettingNoEnv:
		r.env = withoutEnv(r.env, value)
	default:
		r.settings[name] = value
	}
	return nil
}

func withoutEnv(env []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(e string) bool { return strings.HasPrefix(e, name+"=") })
}

// Setting returns the value of a setting.
func (s *Session) Setting(name string) string {
	s.procMu.Lock()
	defer s.procMu.Unlock()
	return s.settings[name]
}

// Dir is where programs run and relative paths begin.
func (s *Session) Dir() string {
	s.procMu.Lock()
	defer s.procMu.Unlock()
	return s.dir
}

// Env is the environment of the programs that the session starts.
func (s *Session) Env() []string {
	s.procMu.Lock()
	defer s.procMu.Unlock()
	return slices.Clone(s.env)
}

// CPU is the processor time that the evaluator has used.
func (r *running) CPU() (user, system time.Duration, ok bool) {
	p, err := r.evaluator(context.Background())
	if err != nil {
		return 0, 0, false
	}
	return cpuTimes(p.PID())
}

// Pools shows the evaluator's pools, or one.
func (r *running) Pools(ctx context.Context, number int) error {
	u := r.lowerer.NewUnit()
	entry := r.lowerer.Fresh("report")
	u.Raw(fmt.Sprintf("func %s() { %s.Pools(%d) }", entry, u.CellImport(), number))
	text := u.Finish()
	p, err := r.evaluator(ctx)
	if err != nil {
		return err
	}
	out := p.Run(ctx, eval.Unit{Name: r.lowerer.Fresh("unit"), Imports: text.Imports, Source: text.Source, Entry: entry}, eval.Handler{Emit: func(e Event) {
		if v, ok := e.(eval.Value); ok {
			err = errors.New(v.Text)
			return
		}
		r.Emit(e)
	}})
	if out.Kind != eval.Done {
		return fmt.Errorf("asking for the pools: %s", out.Message)
	}
	return err
}

// Variables lists the session's variables with their values.
func (r *running) Variables(ctx context.Context) ([]magic.Variable, error) {
	var out []magic.Variable
	u := r.lowerer.NewUnit()
	var list []*variable
	for _, n := range sortedKeys(r.scope.vars) {
		if v := r.scope.vars[n]; !v.lost {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	entry := r.lowerer.Fresh("report")
	var objs []*types.Var
	for _, v := range list {
		out = append(out, magic.Variable{Name: v.obj.Name(), Type: typeString(v.obj.Type())})
		objs = append(objs, v.obj)
	}
	u.Report(entry, objs)
	text := u.Finish()
	p, err := r.evaluator(ctx)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	unit := eval.Unit{Name: r.lowerer.Fresh("unit"), Imports: text.Imports, Source: text.Source, Entry: entry}
	r.ended = append(r.ended, unit.Name)
	result := p.Run(ctx, unit, eval.Handler{Emit: func(e Event) {
		if v, ok := e.(eval.Value); ok {
			values[v.Name] = v.Text
		}
	}})
	if result.Kind != eval.Done {
		return nil, fmt.Errorf("asking for the values: %s", result.Message)
	}
	for i := range out {
		out[i].Value = values[out[i].Name]
	}
	return out, nil
}
