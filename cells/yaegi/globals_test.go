package yaegi

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/paracell/paracell/cells/eval"
)

// The slice of globals stays where it is, for goroutines that read it, until
// very many more have come; and then every one of them is still there.
func TestGlobalsStayInPlace(t *testing.T) {
	i := newInterp(nil)
	data := func() []reflect.Value { return *field[[]reflect.Value](i.inner.frame.p, frameAtOffset.data) }
	declare := func(n int) {
		u := eval.Unit{Name: fmt.Sprintf("cell%d", n), Source: fmt.Sprintf("var g%d = %d\nvar h%d = %d", n, n, n, 2*n)}
		if err := i.declare(u); err != nil {
			t.Fatal(err)
		}
	}
	declare(0)
	before := &data()[0]
	moves := 0
	for n := 1; n < 1200; n++ {
		declare(n)
		if now := &data()[0]; now != before {
			before = now
			moves++
		}
	}
	if moves != 1 {
		t.Errorf("the globals moved %d times", moves)
	}
	i.functions = map[string]reflect.Value{}
	err := i.declare(eval.Unit{Name: "get", Source: fmt.Sprintf("func get() int { return h1199 + h7 }\nfunc init() { %s.Func(\"get\", get) }", enterName)})
	if err != nil {
		t.Fatal(err)
	}
	if got := i.functions["get"].Call(nil)[0].Int(); got != 2*1199+2*7 {
		t.Errorf("got %d", got)
	}
}
