package futures

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// Callers that know a function's type do what reflection does.
func TestTypedCallersDoWhatReflectionDoes(t *testing.T) {
	ints, floats, texts := []int{0, -3, math.MaxInt}, []float64{0, 2.5, math.Inf(1)}, []string{"", "7", "a b"}
	odd := errors.New("odd")
	for _, c := range []struct{ fn, args any }{
		{func(n int) int { return -n }, ints},
		{func(n int) float64 { return float64(n) / 2 }, ints},
		{func(n int) bool { return n > 0 }, ints},
		{strconv.Itoa, ints},
		{math.Sqrt, floats},
		{func(x float64) int { return int(math.Min(x, 9)) }, floats},
		{strings.ToUpper, texts},
		{func(s string) int { return len(s) }, texts},
		{func(s string) bool { return s == "" }, texts},
		{func(n int) (int, error) { return n, map[bool]error{true: odd}[n%2 != 0] }, ints},
		{func(x float64) (float64, error) { return x, map[bool]error{true: odd}[x > 1] }, floats},
		{func(s string) (string, error) { return s + s, map[bool]error{true: odd}[s == ""] }, texts},
		{strconv.Atoi, texts},
	} {
		f, err := newFunction("f", c.fn)
		if err != nil {
			t.Fatal(err)
		}
		if f.typed == nil {
			t.Errorf("%T is called by reflection", c.fn)
			continue
		}
		args := reflect.ValueOf(c.args)
		slow, fast := &reflected{function: f}, f.typed(c.args)
		for i := range args.Len() {
			slow.args = append(slow.args, args.Index(i))
			want, wantErr := slow.call(t.Context(), i)
			got, gotErr := fast.call(t.Context(), i)
			if got.Interface() != want.Interface() || !reflect.DeepEqual(gotErr, wantErr) {
				t.Errorf("%T of %v: %v, %v, by reflection %v, %v", c.fn, args.Index(i), got, gotErr, want, wantErr)
			}
		}
	}
}
