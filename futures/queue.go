package futures

import "sync/atomic"

// A queue holds the calls of a pool of goroutines that wait, linked through
// themselves. Any goroutine may push, without a lock; who pops holds the pool's.
// It is Dmitry Vyukov's intrusive queue: the end of it is what was pushed last, so
// a call is in line once it was exchanged for the one before, and can be reached a
// moment later, when that one points to it.
type queue struct {
	head *goCall // to be popped next, or the stub
	tail atomic.Pointer[goCall]
	stub goCall // in the queue while it is empty
}

func (q *queue) init() {
	q.head = &q.stub
	q.tail.Store(&q.stub)
}

func (q *queue) push(c *goCall) { q.tail.Swap(c).next.Store(c) }

// pop returns nil when there is no call that can be reached. A call that it
// returns points to no other.
func (q *queue) pop() *goCall {
	c := q.head
	next := c.next.Load()
	if c == &q.stub {
		if next == nil {
			return nil
		}
		q.stub.next.Store(nil)
		c, next = next, next.next.Load()
		q.head = c
	}
	if next == nil { // the last one leaves the stub behind
		if q.tail.Load() != c {
			return nil
		}
		q.push(&q.stub)
		if next = c.next.Load(); next == nil {
			return nil
		}
	}
	q.head = next
	c.next.Store(nil)
	return c
}

// some tells whether there is a call to pop. As pop, it wants the pool's lock.
func (q *queue) some() bool { return q.head != &q.stub || q.stub.next.Load() != nil }

// pushed is some for who has no lock: it may miss a call whose push is under way.
func (q *queue) pushed() bool { return q.tail.Load() != &q.stub }

// len counts the calls.
func (q *queue) len() (n int) {
	for c := q.head; c != nil; c = c.next.Load() {
		if c != &q.stub {
			n++
		}
	}
	return n
}
