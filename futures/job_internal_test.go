package futures

import (
	"context"
	"reflect"
	"testing"
	"time"
)

// A part that ends early, when all of it has been taken, hands over to its tail.
func TestTakerTurnsToTheTail(t *testing.T) {
	pool := NewProcessPoolExecutor(1)
	t.Cleanup(func() { pool.Shutdown(true, true) })
	task := NewTask("square", func(n int) int { return n * n })
	j := newJob(context.Background(), pool, task, 0)
	pool.mu.Lock()
	j.waiting = reflect.ValueOf([]int{1, 2})
	pool.pending = 2
	pt := j.cut(2)
	fill := func(pt *part, v int) {
		pt.values = reflect.ValueOf([]int{v, 0})
		pt.fill(1)
	}
	fill(pt, 1)
	pool.mu.Unlock()
	if v, _, _ := j.next(nil); v != 1 {
		t.Fatalf("%v", v)
	}
	next := make(chan any)
	go func() {
		v, _, _ := j.next(nil)
		next <- v
	}()
	// It is to wait before the tail is cut off; when it does not yet, the test
	// shows nothing but does not fail.
	time.Sleep(10 * time.Millisecond)
	pool.mu.Lock()
	fill(pt.split(1), 4)
	pool.mu.Unlock()
	select {
	case v := <-next:
		if v != 4 {
			t.Errorf("%v", v)
		}
	case <-time.After(30 * time.Second):
		t.Error("the taker sleeps")
	}
}
