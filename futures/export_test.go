package futures

import "io"

// NewTerminal makes what opens the progress of a terminal.
func NewTerminal(w io.Writer) func() func(Progress) { return (&terminal{w: w}).open }

// Held is how many tasks each worker has that are not done.
func (p *ProcessPoolExecutor) Held() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var held []int
	for _, w := range p.workers {
		n := 0
		for _, u := range w.sent.items[w.sent.head:] {
			n++
			if u.part != nil {
				n += u.part.n - u.part.filled - 1
			}
		}
		held = append(held, n)
	}
	return held
}
