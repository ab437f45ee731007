package display

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"time"
)

// Progress is one line that tells how far a job has come: items done, items a
// second, time left. Its methods may be called from many goroutines.
type Progress struct {
	mu      sync.Mutex
	title   string
	total   int
	done    int
	started time.Time
	shown   time.Time
	closed  bool
	note    string
	handle  *Handle
	now     func() time.Time
}

// NewProgress shows a bar for a job of total items; 0 when that isn't known.
func NewProgress(title string, total int) *Progress { return newProgress(title, total, time.Now) }

func newProgress(title string, total int, now func() time.Time) *Progress {
	p := &Progress{title: title, total: total, now: now}
	p.started = now()
	p.shown = p.started
	p.handle = Live(p.view())
	return p
}

// Add counts n items more as done. The bar is drawn anew at most ten times a
// second, outside a notebook once a second. A closed one stays as it is.
func (p *Progress) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.done += n
	pause := time.Second / 10
	if !hosted() {
		pause = time.Second
	}
	if now := p.now(); now.Sub(p.shown) >= pause || p.total > 0 && p.done == p.total {
		p.shown = now
		p.handle.Update(p.view())
	}
}

// SetTotal says that there are n items in all, from the next drawing on.
func (p *Progress) SetTotal(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.total = n
	}
}

// Note sets a remark that stands behind the figures from the next drawing on.
func (p *Progress) Note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.note = text
	}
}

// Close draws the bar for the last time, with the time that the job took, or after
// which it was stopped.
func (p *Progress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.closed = true
		p.handle.Update(p.view())
	}
}

func (p *Progress) view() Data {
	elapsed := p.now().Sub(p.started)
	var facts []string
	if p.total > 0 {
		facts = append(facts, fmt.Sprintf("%d/%d", p.done, p.total))
	} else {
		facts = append(facts, fmt.Sprint(p.done))
	}
	if s := elapsed.Seconds(); s > 0 && p.done > 0 {
		facts = append(facts, perSecond(float64(p.done)/s))
	}
	switch {
	case p.closed && p.done < p.total:
		facts = append(facts, "stopped after "+brief(elapsed))
	case p.closed || p.total > 0 && p.done >= p.total:
		facts = append(facts, "took "+brief(elapsed))
	case p.total > 0 && p.done > 0:
		left := time.Duration(float64(elapsed) / float64(p.done) * float64(p.total-p.done))
		facts = append(facts, brief(left)+" left")
	}
	if p.note != "" {
		facts = append(facts, p.note)
	}
	tail := strings.Join(facts, " · ")

	bar, text := "", ""
	if p.total > 0 {
		part := clamp(float64(p.done)/float64(p.total), 0, 1)
		full := int(part * 20)
		text = fmt.Sprintf("%3.0f%% |%s%s| ", part*100, strings.Repeat("█", full), strings.Repeat(" ", 20-full))
		bar = fmt.Sprintf(`<progress value="%d" max="%d" style="vertical-align:middle"></progress> `, min(p.done, p.total), p.total)
	}
	if p.title != "" {
		text = p.title + " " + text
		bar = html.EscapeString(p.title) + " " + bar
	}
	return bundle(text+tail, mimeHTML, `<div style="white-space:nowrap">`+bar+html.EscapeString(tail)+`</div>`)
}

func perSecond(rate float64) string {
	if rate >= 100 {
		return fmt.Sprintf("%.0f/s", rate)
	}
	return fmt.Sprintf("%.3g/s", rate)
}

func brief(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
