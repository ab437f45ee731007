package futures_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/paracell/paracell/futures"
)

// doubleAll writes into its argument.
func doubleAll(s *futures.Shared) int {
	numbers := futures.SharedSlice[float64](s)
	for i := range numbers {
		numbers[i] *= 2
	}
	return len(numbers)
}

// makeShared results in memory of the worker.
func makeShared(n int) (*futures.Shared, error) {
	s, err := futures.NewShared(n)
	if err == nil {
		s.Bytes()[n-1] = 7
		kept = append(kept, s)
	}
	return s, err
}

var kept []*futures.Shared

type inMessage struct {
	Name string
	Data *futures.Shared
}

func sumMessage(m inMessage) (sum int) {
	for _, b := range m.Data.Bytes() {
		sum += int(b)
	}
	return sum
}

func init() { futures.Register(doubleAll, makeShared, sumMessage) }

func TestShared(t *testing.T) {
	pool := newPool(t, 2)
	s, err := futures.ShareSlice([]float64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := futures.Submit(pool, doubleAll, s).Result(); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if got := futures.SharedSlice[float64](s); got[0] != 2 || got[2] != 6 {
		if _, err := os.Stat("/proc/self/fd"); err == nil {
			t.Errorf("what the worker wrote is not here: %v", got)
		}
	}
	r, err := futures.SubmitErr(pool, makeShared, 1<<20).Result()
	if err != nil || len(r.Bytes()) != 1<<20 || r.Bytes()[1<<20-1] != 7 {
		t.Errorf("a result: %d bytes, %v", len(r.Bytes()), err)
	}
	b, _ := futures.Share([]byte{1, 2, 3})
	for sum, err := range futures.Map(pool, sumMessage, []inMessage{{"a", b}, {"b", b}}) {
		if sum != 6 || err != nil {
			t.Errorf("inside a message: %d, %v", sum, err)
		}
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil || s.Bytes() != nil {
		t.Errorf("closed: %v", err)
	}
	var p *futures.PicklingError
	if _, err := futures.Submit(pool, doubleAll, s).Result(); !errors.As(err, &p) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
	if _, err := futures.ShareSlice([]string{"a"}); !errors.As(err, &p) {
		t.Errorf("strings: %v", err)
	}
	if _, err := futures.NewShared(-1); err == nil {
		t.Error("-1 bytes")
	}
	if e, err := futures.NewShared(0); err != nil || len(e.Bytes()) != 0 {
		t.Errorf("none: %v", err)
	}
}
