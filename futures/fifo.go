package futures

import "slices"

// fifo is a queue in a slice that is reused as it empties.
type fifo[T any] struct {
	items []T
	head  int
}

func (q *fifo[T]) len() int { return len(q.items) - q.head }

func (q *fifo[T]) push(v T) {
	// Half of it consumed: move up rather than grow.
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, v)
}

// remove takes the i-th out.
func (q *fifo[T]) remove(i int) {
	q.items = slices.Delete(q.items, q.head+i, q.head+i+1)
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
}

func (q *fifo[T]) pop() T {
	var zero T
	v := q.items[q.head]
	q.items[q.head] = zero
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return v
}

// line is a queue in blocks: however long it grows, nothing is copied, and what
// is consumed is let go of.
type line[T any] struct {
	blocks [][]T
	spare  []T // a block to use again
	head   int // in the first block
	n      int
}

const lineBlock = 256

func (q *line[T]) len() int { return q.n }

func (q *line[T]) push(v T) {
	last := len(q.blocks) - 1
	if last < 0 || len(q.blocks[last]) == lineBlock {
		if q.spare == nil {
			q.spare = make([]T, 0, lineBlock)
		}
		q.blocks, q.spare = append(q.blocks, q.spare), nil
		last++
	}
	q.blocks[last] = append(q.blocks[last], v)
	q.n++
}

// first is the one that pop will return.
func (q *line[T]) first() *T { return &q.blocks[0][q.head] }

func (q *line[T]) pop() T {
	var zero T
	v := *q.first()
	*q.first() = zero
	q.head++
	q.n--
	switch {
	case q.n == 0:
		q.blocks[0] = q.blocks[0][:0]
		q.head = 0
	case q.head == len(q.blocks[0]):
		q.spare = q.blocks[0][:0]
		q.blocks[0] = nil
		q.blocks = q.blocks[1:]
		q.head = 0
	}
	return v
}

// unpop puts v before all others.
func (q *line[T]) unpop(v T) {
	if q.n == 0 {
		q.push(v)
		return
	}
	if q.head == 0 {
		q.blocks = slices.Insert(q.blocks, 0, make([]T, lineBlock))
		q.head = lineBlock
	}
	q.head--
	*q.first() = v
	q.n++
}
