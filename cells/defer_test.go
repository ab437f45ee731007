package cells

import "testing"

// TestDefer holds deferred calls to Go's rules, where the interpreter alone
// does something else or never returns.
func TestDefer(t *testing.T) {
	nb := open(t)
	for _, tt := range []struct{ code, want string }{
		{`for i := 0; i < 3; i++ { defer fmt.Print(i) }`, "imported fmt\n210"},
		{`func a() { cleanup := func() { fmt.Print("clean") }; defer cleanup() }
a()`, "clean"},
		{`func b() { cleanup := func() { fmt.Print("clean") }; defer func() { cleanup() }() }
b()`, "clean"},
		{`func handle(s string) { if r := recover(); r != nil { fmt.Print("handled ", s, " ", r) } }
func d() { defer handle("y"); panic(1) }
d()`, "handled y 1"},
		{`type M struct{ n int }
func (m *M) Next() (any, bool) { m.n++; return m.n, m.n < 3 }
func (m *M) Close() { fmt.Print("closed") }
func all() func(func(int) bool) {
	m := &M{}
	return func(yield func(int) bool) {
		defer m.Close()
		for {
			v, ok := m.Next()
			if !ok { return }
			if !yield(v.(int)) { return }
		}
	}
}
for r := range all() { fmt.Print(r) }`, "12closed"},
		{`func e() { m := map[string]int{"a": 1}; defer func() { fmt.Print(len(m)) }(); defer delete(m, "a") }
e()`, "0"},
		{`func f() { ch := make(chan int, 1); defer close(ch); defer println("bye", 1) }
f()`, "bye 1\n"},
	} {
		if got := nb.run(tt.code); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.code, got, tt.want)
		}
	}
}
