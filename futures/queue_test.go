package futures

import (
	"runtime"
	"sync"
	"testing"
)

// TestQueue has several goroutines push while others pop: each call comes out once,
// those of one pusher in their order, and points to no other.
func TestQueue(t *testing.T) {
	const pushers, poppers, each = 4, 3, 5000
	var q queue
	q.init()
	var pushing, popping sync.WaitGroup
	for from := range pushers {
		pushing.Go(func() {
			for i := range each {
				q.push(&goCall{AnyFuture: AnyFuture{outcome: [2]int{from, i}}})
			}
		})
	}
	var mu sync.Mutex
	var next [pushers]int
	popped := 0
	for range poppers {
		popping.Go(func() {
			for done := false; !done; runtime.Gosched() {
				mu.Lock()
				for c := q.pop(); c != nil; c = q.pop() {
					at := c.outcome.([2]int)
					if at[1] != next[at[0]] || c.next.Load() != nil {
						t.Errorf("call %d of %d came when %d was due, before %p", at[1], at[0], next[at[0]], c.next.Load())
					}
					next[at[0]]++
					popped++
				}
				done = popped == pushers*each || t.Failed()
				mu.Unlock()
			}
		})
	}
	pushing.Wait()
	popping.Wait()
	if q.some() || q.pushed() || q.len() != 0 {
		t.Errorf("the queue is not empty: %v, %v, %d", q.some(), q.pushed(), q.len())
	}
}

func TestQueueLen(t *testing.T) {
	var q queue
	q.init()
	for i := range 5 {
		q.push(&goCall{})
		if n := q.len(); n != i+1 || !q.some() || !q.pushed() {
			t.Errorf("%d calls count as %d", i+1, n)
		}
	}
	for i := range 5 {
		q.pop()
		if n := q.len(); n != 4-i || q.some() != (n > 0) {
			t.Errorf("%d calls count as %d", 4-i, n)
		}
	}
}
