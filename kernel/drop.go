package kernel

import (
	"fmt"
	"sync"
	"time"
)

// dropLog tells the operator about dropped messages, one line a second at most:
// whoever floods the kernel must not flood its log.
type dropLog struct {
	write func(string)
	now   func() time.Time

	mu     sync.Mutex
	last   time.Time
	hidden int
}

func (l *dropLog) drop(ch Channel, why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if !l.last.IsZero() && now.Sub(l.last) < time.Second {
		l.hidden++
		return
	}
	line := fmt.Sprintf("dropped a message on %s: %v", ch, why)
	if l.hidden > 0 {
		line += fmt.Sprintf(" (and %d more before it)", l.hidden)
	}
	l.last, l.hidden = now, 0
	l.write(line)
}
