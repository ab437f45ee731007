package cells

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/paracell/paracell/cells/eval"
)

// answer serves what the evaluator's runtime asks of the session.
func (s *Session) answer(ctx context.Context, kind string, payload []byte) ([]byte, error) {
	if kind != eval.AskWorker {
		return nil, fmt.Errorf("the session knows no answer to %q", kind)
	}
	command, err := s.worker(ctx, string(payload))
	if err != nil {
		return nil, err
	}
	return json.Marshal(eval.Worker{Command: command})
}

// worker returns the command that starts a worker process by a start method.
func (s *Session) worker(ctx context.Context, method string) ([]string, error) {
	switch method {
	case "spawn": // a fresh process, which knows nothing of the notebook
		return s.config.Worker, nil
	case "session interpreted":
		file, err := s.snapshot()
		if err != nil {
			return nil, err
		}
		return append(append([]string{}, s.config.Worker...), file), nil
	}
	return s.compiledWorker(ctx)
}

// snapshot writes the notebook's lowered definitions to a file that lives as
// long as the session.
func (s *Session) snapshot() (string, error) {
	sc, units := s.definitions()
	d := eval.Definitions{Units: units, Unfit: map[string]string{}}
	for name, variable := range sc.unfit() {
		d.Unfit["main."+name] = noVariable(name, variable)
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.snapshotOf == string(text) {
		return s.snapshotFile, nil
	}
	f, err := os.CreateTemp("", "paracell-definitions-*.json")
	if err != nil {
		return "", fmt.Errorf("writing the notebook's definitions for its workers: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(text); err != nil {
		return "", fmt.Errorf("writing the notebook's definitions for its workers: %w", err)
	}
	s.snapshotFiles = append(s.snapshotFiles, f.Name())
	s.snapshotOf, s.snapshotFile = string(text), f.Name()
	return f.Name(), nil
}
