package futures

import (
	"context"
	"reflect"
	"slices"
	"time"
)

// A job is a Map as a process pool has it: arguments that wait, and parts of
// them, in order, that are with workers or whose outcomes are there. A part goes
// to a worker as one frame and comes back as one, so that neither process is
// woken for each task.
//
// How large a part is, is settled when a worker is free (guided self-scheduling):
// its share of half of what waits, but no more than chunkTime of work as measured
// so far. So parts are large first and single tasks at the end, and all workers
// are done at about the same time. Until then the next part is with a worker
// before it is done with one: a worker that has to wait loses its CPU. A worker for which a part takes far longer
// than was thought gives the rest of it back.
type job struct {
	pool  *ProcessPoolExecutor
	task  Task
	ctx   context.Context
	chunk int  // as ChunkSize set it; 0: measured
	plain bool // results are
	meter *meter

	// Guarded by the pool's mu.
	waiting reflect.Value // a slice of arguments
	ahead   int           // how many may wait, when there are more to come
	parts   []*part       // cut off, and not handed out yet
	back    []*part       // those of parts that go to a worker before what waits
	mean    time.Duration // of a task, lately
	done    int           // tasks measured
	queued  bool          // it is in the pool's queue
	closed  bool          // no one takes the outcomes anymore

	// The taker's own: of the first part, how many outcomes were handed out and
	// how many are known to be there.
	taken, seen int
	first       part // as it was then
	wake        chan struct{}
}

// A part is a run of a job's tasks.
type part struct {
	job    *job
	args   reflect.Value // a slice
	values reflect.Value // a slice of results; invalid before the first
	errs   []error       // of tasks that failed; nil when none did
	n      int
	filled int // outcomes that are there
	tries  int // workers that died of its only task
}

const (
	chunkTime  = 20 * time.Millisecond // what a part should take at most
	maxChunk   = 4096                  // tasks in a part
	chunkBytes = 256 << 10             // arguments in a part
)

func newJob(ctx context.Context, p *ProcessPoolExecutor, task Task, chunk int) *job {
	return &job{
		pool: p, task: task, ctx: ctx, chunk: chunk,
		plain:   codecFor(task.Result).kind == plain,
		waiting: reflect.Zero(reflect.SliceOf(task.Arg)),
		wake:    make(chan struct{}, 1),
	}
}

// add puts arguments at the end of those that wait.
func (j *job) add(args reflect.Value, ahead int) {
	p := j.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	j.ahead = ahead
	if args.Len() == 0 {
		return
	}
	p.meter.expect(args.Len())
	if err := p.refusal(); err != nil { // since it was asked
		j.lose(args, err)
		return
	}
	if j.waiting.Len() == 0 {
		j.waiting = args
	} else {
		j.waiting = reflect.AppendSlice(j.waiting, args)
	}
	p.pending += args.Len()
	p.outdate(j.task.Name)
	p.enqueue(j)
	p.engage()
}

// next waits for the next outcome. There is one unless stop came first.
func (j *job) next(stop <-chan struct{}) (value any, err error, ok bool) { //nolint:revive // as Mapping.Next
	for j.taken == j.seen {
		if !j.look() {
			select {
			case <-j.wake:
			case <-stop:
				if !j.look() {
					return nil, nil, false
				}
			}
		}
	}
	i := j.taken
	j.taken++
	if j.first.errs != nil && j.first.errs[i] != nil {
		return nil, j.first.errs[i], true
	}
	v := j.first.values.Index(i)
	value = v.Interface()
	if !j.plain {
		v.SetZero() // it is its taker's alone now
	}
	return value, nil, true
}

// look tells whether outcomes have come that were not seen before.
func (j *job) look() bool {
	j.pool.mu.Lock()
	defer j.pool.mu.Unlock()
	if len(j.parts) > 0 && j.taken == j.parts[0].n {
		j.parts[0] = nil
		j.parts = j.parts[1:]
		j.taken, j.seen = 0, 0
	}
	if len(j.parts) == 0 {
		return false
	}
	j.first = *j.parts[0]
	j.seen = j.first.filled
	return j.taken < j.seen
}

// width is how many tasks under way keep the workers busy: several parts of
// chunkTime for each.
func (j *job) width() int {
	j.pool.mu.Lock()
	defer j.pool.mu.Unlock()
	size := 1
	switch {
	case j.chunk > 0:
		size = j.chunk
	case j.mean > 0:
		size = min(max(1, int(chunkTime/j.mean)), maxChunk)
	}
	return 4 * size * j.pool.max
}

// drop gives up the job: what waits is not run, what is with workers is called
// back.
func (j *job) drop() {
	p := j.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	j.closed = true
	j.abandon(CancelledError{})
	for _, w := range p.workers {
		for i := w.sent.head; i < len(w.sent.items); i++ {
			if u := w.sent.items[i]; u.part != nil && u.part.job == j {
				w.withdraw(u.id, recall)
			}
		}
		w.freed()
	}
}

// abandon gives everything that waits an error. The pool's mu is held.
func (j *job) abandon(err error) {
	j.pool.pending -= j.left()
	for _, pt := range j.back {
		pt.fail(err)
	}
	j.back = nil
	if j.waiting.Len() > 0 {
		j.lose(j.waiting, err)
		j.waiting = reflect.Zero(j.waiting.Type())
	}
}

// lose makes a part of arguments that all fail.
func (j *job) lose(args reflect.Value, err error) {
	pt := &part{job: j, args: args, n: args.Len()}
	j.parts = append(j.parts, pt)
	pt.fail(err)
}

// left is how many tasks wait for a worker. The pool's mu is held.
func (j *job) left() int {
	n := j.waiting.Len()
	for _, pt := range j.back {
		n += pt.n - pt.filled
	}
	return n
}

// size is how many tasks a worker should be given now. The pool's mu is held.
func (j *job) size() int {
	if j.chunk > 0 {
		return j.chunk
	}
	if j.mean == 0 {
		return 1
	}
	left := j.left()
	share := max(left, j.ahead) / (2 * len(j.pool.workers))
	// No more than were done: tasks before tell little about tasks to come.
	return min(max(1, min(share, int(chunkTime/j.mean), j.done, maxChunk)), left)
}

// cut takes n tasks, or what is left, off for a worker. The pool's mu is held.
func (j *job) cut(n int) (pt *part) {
	if len(j.back) > 0 {
		pt = j.back[0]
		j.back = j.back[1:]
		if pt.n-pt.filled > n {
			j.back = slices.Insert(j.back, 0, pt.split(pt.filled+n))
		}
	} else {
		n = min(n, j.waiting.Len())
		pt = &part{job: j, args: j.waiting.Slice(0, n), n: n}
		j.waiting = j.waiting.Slice(n, j.waiting.Len())
		j.parts = append(j.parts, pt)
	}
	j.pool.pending -= pt.n - pt.filled
	return pt
}

// giveBack queues what a worker has not run of a part. The pool's mu is held.
func (j *job) giveBack(pt *part) {
	if pt.filled == pt.n {
		return
	}
	if j.closed {
		pt.fail(CancelledError{})
		return
	}
	j.back = append(j.back, pt)
	j.pool.pending += pt.n - pt.filled
	j.pool.enqueue(j)
	j.pool.engage()
}

// again queues what a dead worker had of a part. Which of several tasks it died of
// is not known: each goes alone then. The pool's mu is held.
func (pt *part) again(blame bool, tries int, how error) {
	if blame && pt.n-pt.filled == 1 {
		if pt.tries++; pt.tries >= tries {
			pt.fail(how)
			return
		}
	}
	for blame && pt.n-pt.filled > 1 {
		pt.job.giveBack(pt.split(pt.n - 1))
	}
	pt.job.giveBack(pt)
}

// observe counts the time of n tasks into the mean. The pool's mu is held.
func (j *job) observe(d time.Duration, n int) {
	j.done += n
	d = max(d/time.Duration(n), 1)
	if j.mean == 0 {
		j.mean = d
		return
	}
	j.mean += (d - j.mean) / 2
}

// split ends the part before its i-th task and makes another of what follows.
// The pool's mu is held.
func (pt *part) split(i int) *part {
	tail := &part{job: pt.job, args: pt.args.Slice(i, pt.n), n: pt.n - i}
	pt.n = i
	parts := &pt.job.parts
	*parts = slices.Insert(*parts, slices.Index(*parts, pt)+1, tail)
	if pt.filled == pt.n {
		pt.rouse() // the taker is to turn to the tail
	}
	return tail
}

// fill notes n more outcomes. The pool's mu is held.
func (pt *part) fill(n int) {
	pt.filled += n
	pt.job.meter.add(n, 0)
	pt.job.pool.meter.add(n, 0)
	if pt.filled == pt.n {
		pt.args = reflect.Value{}
	}
	pt.rouse()
}

// rouse makes the taker look, if it waits for this part. The pool's mu is held.
func (pt *part) rouse() {
	if pt.job.parts[0] != pt {
		return
	}
	select {
	case pt.job.wake <- struct{}{}:
	default:
	}
}

// fail gives all outcomes that are missing an error. The pool's mu is held.
func (pt *part) fail(err error) {
	for i := pt.filled; i < pt.n; i++ {
		pt.failAt(i, err)
	}
	if pt.filled < pt.n {
		pt.fill(pt.n - pt.filled)
	}
}

func (pt *part) failAt(i int, err error) {
	if pt.errs == nil {
		pt.errs = make([]error, pt.n)
	}
	if b, ok := err.(*BrokenProcessPool); ok { // each has its own
		own := *b
		err = &own
	}
	pt.errs[i] = err
	pt.job.meter.add(0, 1)
	pt.job.pool.meter.add(0, 1)
}
