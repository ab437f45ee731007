package eval

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The two streams, in the order of their file descriptors less one.
const (
	stdout = iota
	stderr
)

var streamNames = [...]string{"stdout", "stderr"}

const (
	gather  = 4 * time.Millisecond   // how long output waits for more, to be shown as one event
	settle  = 2 * time.Millisecond   // how long the last of standard error waits for word of a crash
	suspend = 400 * time.Millisecond // the same, when it reads like the first line of one
	plenty  = 64 << 10               // bytes that need not wait for more
	backlog = 1 << 20                // bytes that wait to be shown before the child is slowed down
)

// An item is something to show or do, in its place.
type item struct {
	stream int // of text
	text   string
	report *Report // instead of text
}

// order puts what arrives on three pipes into the order in which the child
// made it. Readers of the two streams call write and reach, the reader of
// reports calls report; all three call end. One goroutine calls next.
type order struct {
	mu     sync.Mutex
	room   *sync.Cond    // the backlog shrank, or a mark was passed
	urgent chan struct{} // something in the queue shall not wait for more output

	queue   []item
	size    int // bytes of text in queue
	partial [2]string
	at      [2]uint64 // the mark that a stream stands at
	passed  uint64    // the last mark that both streams passed
	kind    MarkKind  // of the mark that is stood at
	waiting map[uint64]*Report
	ended   [2]bool
	silent  bool // no more reports come
	crashed bool // the runtime has begun its last words: show nothing before they are complete
	lastErr time.Time
	tail    []byte        // of standard error
	suspect bool          // it reads like the first line of a crash
	ready   chan struct{} // the queue may have become non-empty
}

func newOrder() *order {
	o := &order{
		waiting: map[uint64]*Report{},
		urgent:  make(chan struct{}, 1),
		ready:   make(chan struct{}, 1),
	}
	o.room = sync.NewCond(&o.mu)
	return o
}

// write adds output. It blocks while too much waits to be shown.
func (o *order) write(stream int, text []byte) {
	if len(text) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.size > backlog {
		o.room.Wait()
	}
	if stream == stderr {
		o.lastErr = time.Now()
		o.tail = append(o.tail, text[max(0, len(text)-256):]...)
		o.tail = o.tail[max(0, len(o.tail)-256):]
		o.suspect = beginsCrash(o.tail)
	}
	s := o.partial[stream] + string(text)
	cut := wholeRunes(s)
	o.partial[stream] = s[cut:]
	o.add(stream, s[:cut])
}

func (o *order) add(stream int, s string) {
	if s == "" {
		return
	}
	o.queue = append(o.queue, item{stream: stream, text: s})
	o.size += len(s)
	signal(o.ready)
	if o.size > plenty {
		signal(o.urgent)
	}
}

// wholeRunes returns how much of s can be shown before the rest of its last
// character has arrived.
func wholeRunes(s string) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(s)); n++ {
		if c := s[len(s)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-n:]) {
				return len(s) - n
			}
			break
		}
	}
	return len(s)
}

// reach stops at a mark until it may be passed.
func (o *order) reach(stream int, kind MarkKind, seq uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at[stream], o.kind = seq, kind
	o.advance()
	for o.passed < seq {
		o.room.Wait()
	}
}

// report adds a report that has a place in the order.
func (o *order) report(r *Report) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting[r.Seq] = r
	o.advance()
}

// end says that a stream ended.
func (o *order) end(stream int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended[stream] = true
	o.advance()
	o.finish()
}

// hush says that no more reports come.
func (o *order) hush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.silent = true
	o.advance()
	o.finish()
}

func (o *order) over() bool { return o.ended[stdout] && o.ended[stderr] && o.silent }

func (o *order) finish() {
	if o.over() {
		o.flushPartial()
		signal(o.ready)
		signal(o.urgent)
	}
}

// crash says that the child's runtime reports the end of the process.
func (o *order) crash() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.crashed = true
}

// advance passes the mark that is stood at, if everything before it is there.
func (o *order) advance() {
	seq := max(o.at[stdout], o.at[stderr])
	if seq <= o.passed {
		return
	}
	for s := range o.at {
		if o.at[s] < seq && !o.ended[s] {
			return
		}
	}
	if o.kind == MarkReport {
		r := o.waiting[seq]
		if r == nil && !o.silent {
			return
		}
		if r != nil {
			delete(o.waiting, seq)
			if r.Op == Ended {
				o.flushPartial()
			}
			o.queue = append(o.queue, item{report: r})
			signal(o.ready)
			signal(o.urgent)
		}
	}
	o.passed = seq
	o.room.Broadcast()
}

func (o *order) flushPartial() {
	for s, p := range o.partial {
		o.partial[s] = ""
		o.add(s, p)
	}
}

// next waits for something to show and returns it, neighbours of one stream
// merged; over is true when nothing comes after that. What is returned when it
// is over, and only that, may hold a crash's text.
func (o *order) next() (items []item, over bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	gathered := false
	for {
		switch {
		case o.over():
			return o.take(), true
		case len(o.queue) == 0 || o.crashed:
			o.wait(o.ready, nil)
			gathered = false
		case o.queue[len(o.queue)-1].report != nil:
			return o.take(), false
		case !gathered && o.size <= plenty:
			o.wait(o.urgent, time.After(gather))
			gathered = true
		case o.suspect && time.Since(o.lastErr) < suspend && o.size <= backlog:
			// The runtime stops all goroutines between this line and the next.
			o.wait(o.urgent, time.After(settle))
		case time.Since(o.lastErr) < settle && o.size <= backlog:
			o.wait(o.urgent, time.After(settle))
		default:
			return o.take(), false
		}
	}
}

// wait lets go of the lock until a signal or a time comes.
func (o *order) wait(s chan struct{}, t <-chan time.Time) {
	o.mu.Unlock()
	defer o.mu.Lock()
	select {
	case <-s:
	case <-t:
	}
}

func (o *order) take() []item {
	items := merge(o.queue)
	o.queue, o.size = nil, 0
	o.room.Broadcast()
	return items
}

func merge(items []item) []item {
	var out []item
	var b strings.Builder
	for i := 0; i < len(items); {
		if items[i].report != nil {
			out = append(out, items[i])
			i++
			continue
		}
		b.Reset()
		j := i
		for ; j < len(items) && items[j].report == nil && items[j].stream == items[i].stream; j++ {
			b.WriteString(items[j].text)
		}
		out = append(out, item{stream: items[i].stream, text: b.String()})
		i = j
	}
	return out
}

// signal makes a channel of capacity one readable.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
