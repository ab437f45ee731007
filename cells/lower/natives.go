package lower

import (
	"go/types"
	"strconv"
	"strings"
)

// native writes the generic functions of the standard library whose bodies no
// interpreter can run, because they are the runtime's.
func (u *Unit) native(fn *types.Func, targs []types.Type, c *chunk, name string) {
	w := &writer{chunk: c, u: u, pkg: fn.Pkg()}
	switch fn.Pkg().Path() + "." + fn.Name() {
	case "iter.Pull", "iter.Pull2":
		w.pull(targs, name)
	case "maps.Clone":
		m := w.typ(targs[0])
		w.printf("func %s(m %s) %s {\nif m == nil {\nreturn nil\n}\nr := make(%s, len(m))\nfor k, v := range m {\nr[k] = v\n}\nreturn r\n}", name, m, m, w.typ(targs[0].Underlying()))
	}
}

// pull writes iter.Pull or iter.Pull2 with a goroutine for the runtime's
// coroutine.
func (w *writer) pull(targs []types.Type, name string) {
	var params, fields, zero, got []string
	for i, t := range targs {
		v := "v" + strconv.Itoa(i)
		params = append(params, v+" "+w.typ(t))
		fields = append(fields, v)
		zero = append(zero, "next"+v)
		got = append(got, "var next"+v+" "+w.typ(t))
	}
	types := make([]string, len(targs))
	for i, t := range targs {
		types[i] = w.typ(t)
	}
	list, vs, kept := strings.Join(types, ", "), strings.Join(fields, ", "), strings.Join(zero, ", ")
	zeros := strings.Join(got, "\n")
	for i, t := range types {
		zeros += "\nvar zero" + strconv.Itoa(i) + " " + t
		_ = i
	}
	var none []string
	for i := range types {
		none = append(none, "zero"+strconv.Itoa(i))
	}
	nothing := strings.Join(none, ", ")
	w.printf(`func %s(seq func(func(%s) bool)) (func() (%s, bool), func()) {
%s
ask, answer := make(chan bool), make(chan bool)
started, over := false, false
var failed interface{}
run := func() {
	defer func() {
		failed = recover()
		over = true
		answer <- false
	}()
	if !<-ask {
		return
	}
	seq(func(%s) bool {
		%s = %s
		answer <- true
		more := <-ask
		return more
	})
}
resume := func(more bool) bool {
	if !started {
		started = true
		go run()
	}
	ask <- more
	ok := <-answer
	if failed != nil {
		f := failed
		failed = nil
		panic(f)
	}
	return ok
}
next := func() (%s, bool) {
	if over || !resume(true) {
		return %s, false
	}
	return %s, true
}
stop := func() {
	if !over {
		if !started {
			over = true
			return
		}
		resume(false)
	}
}
return next, stop
}`, name, list, list, zeros, strings.Join(params, ", "), kept, vs, list, nothing, kept)
}
