package cells

import (
	"context"
	"fmt"
)

// answer serves what the evaluator's runtime asks of the session.
func (s *Session) answer(ctx context.Context, kind string, payload []byte) ([]byte, error) {
	return nil, fmt.Errorf("the session knows no answer to %q", kind)
}
