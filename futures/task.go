package futures

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Task is a function as executors know it. Make one with NewTask.
type Task struct {
	// Name is what worker processes know the function by: its
	// package-qualified name, "main.gcd".
	Name string
	// Func calls it with an argument of type Arg, for a result of type Result.
	// Threads call this one; worker processes call what they registered.
	Func        func(ctx context.Context, arg any) (any, error)
	Arg, Result reflect.Type
	// TakesContext tells that the function looks at the context.
	TakesContext bool

	vars *captured // what it uses beside its argument
}

// NameOf is the package-qualified name of a function: "main.gcd". A function
// literal's tells where it stands: "main.main.func1".
func NameOf(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return fmt.Sprintf("%T", fn)
	}
	pc := v.Pointer()
	if last := lastName.Load(); last != nil && last.pc == pc {
		return last.name
	}
	name := runtime.FuncForPC(pc).Name()
	lastName.Store(&named{pc, name})
	return name
}

// lastName is the function that was asked for last: most often it is again.
var lastName atomic.Pointer[named]

type named struct {
	pc   uintptr
	name string
}

// registry holds the functions that this process runs for others.
var registry struct {
	sync.RWMutex
	byName map[string]*function
}

// A function is a registered one, taken apart.
type function struct {
	name    string
	value   reflect.Value
	takes   []reflect.Type        // its parameters but for a leading context
	gives   []reflect.Type        // its results but for a trailing error
	context bool                  // it takes a context first
	fails   bool                  // it returns an error last
	typed   func(args any) caller // nil for most types
}

// Register makes functions known to worker processes under their own names, as
// FreezeSupport does with those it is given. It belongs before FreezeSupport.
// It panics when given something else, or a function literal or a method value: those
// have no name that means the same in another process.
func Register(fns ...any) {
	for _, fn := range fns {
		name := NameOf(fn)
		switch {
		case isLiteral(name):
			panic("futures: a function literal can't be registered by its name: declare a function, or use RegisterNamed")
		case isMethodValue(name):
			panic("futures: " + name + " can't be registered by its name, which does not tell its receiver: declare a function, or use RegisterNamed")
		}
		RegisterNamed(name, fn)
	}
}

// RegisterNamed makes a function known to worker processes under a name; fn may
// be a reflect.Value of one. The last registration of a name counts. It panics
// when given something else than a function that results in at most one value
// and an error.
func RegisterNamed(name string, fn any) {
	f, err := newFunction(name, fn)
	if err != nil {
		panic("futures: " + err.Error())
	}
	registry.Lock()
	defer registry.Unlock()
	if registry.byName == nil {
		registry.byName = make(map[string]*function)
	}
	registry.byName[name] = f
}

func lookup(name string) *function {
	f := registered(name)
	if f == nil && find(name) {
		f = registered(name)
	}
	return f
}

func registered(name string) *function {
	registry.RLock()
	defer registry.RUnlock()
	return registry.byName[name]
}

// SetFinder has f called for the name of a function that nobody has registered:
// f may register it. For a type that is not known f is called with "", once: it may
// register all that it can. It is for hosts whose workers have much that few tasks
// need, and to be called before Serve.
func SetFinder(f func(name string)) {
	finder.Lock()
	defer finder.Unlock()
	finder.find = f
}

var finder struct {
	sync.Mutex // held while find is called, too
	find       func(name string)
	all        bool // it was called with ""
}

// find calls the finder, unless that can be of no use.
func find(name string) bool {
	finder.Lock()
	defer finder.Unlock()
	if finder.find == nil || finder.all {
		return false
	}
	finder.all = name == ""
	finder.find(name)
	return true
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

func newFunction(name string, fn any) (*function, error) {
	v, ok := fn.(reflect.Value)
	if !ok {
		v = reflect.ValueOf(fn)
	}
	if v.Kind() != reflect.Func || v.IsNil() {
		return nil, fmt.Errorf("%s: %T is not a function that can be registered", name, fn)
	}
	t := v.Type()
	f := &function{name: name, value: v, typed: typedCaller(v.Interface())}
	for i := range t.NumIn() {
		if i == 0 && t.In(0) == contextType {
			f.context = true
			continue
		}
		f.takes = append(f.takes, t.In(i))
	}
	for i := range t.NumOut() {
		if i == t.NumOut()-1 && t.Out(i) == errorType {
			f.fails = true
			continue
		}
		f.gives = append(f.gives, t.Out(i))
	}
	if t.IsVariadic() || len(f.gives) > 1 {
		return nil, fmt.Errorf("%s: a task can't be a %s: it takes fixed arguments and results in at most one value and an error", name, t)
	}
	return f, nil
}

// call calls the function with its parameters' values.
func (f *function) call(ctx context.Context, args []reflect.Value) (reflect.Value, error) {
	if f.context {
		args = append([]reflect.Value{reflect.ValueOf(ctx)}, args...)
	}
	out := f.value.Call(args)
	var value reflect.Value
	if len(f.gives) == 1 {
		value = out[0]
	}
	if f.fails {
		if err, _ := out[len(out)-1].Interface().(error); err != nil {
			return value, err
		}
	}
	return value, nil
}

// An invocation is a function of any shape with its arguments.
type invocation struct {
	task Task
	fn   *function // nil when only the name is known
	args []any
	err  error // why it can't be called
}

// Named is a function for Initializer or NewProcess under the name that worker
// processes know it by: for hosts whose functions have none of their own.
func Named(name string, fn any) any { return namedFunc{name, fn} }

type namedFunc struct {
	name string
	fn   any
}

func newInvocation(fn any, args []any) *invocation {
	if n, ok := fn.(namedFunc); ok {
		inv := newInvocation(n.fn, args)
		inv.task.Name = n.name
		return inv
	}
	if task, ok := fn.(Task); ok {
		return &invocation{task: task, args: args}
	}
	inv := &invocation{task: Task{Name: NameOf(fn)}, args: args}
	inv.fn, inv.err = newFunction(inv.task.Name, fn)
	return inv
}

// call calls the function in this process.
func (inv *invocation) call(ctx context.Context) (any, error) {
	switch {
	case inv.err != nil:
		return nil, inv.err
	case inv.fn == nil && len(inv.args) == 1:
		return inv.task.Func(ctx, inv.args[0])
	case inv.fn == nil:
		return inv.task.Func(ctx, nil)
	}
	if len(inv.args) != len(inv.fn.takes) {
		return nil, &ValueError{fmt.Sprintf("%s takes %d arguments, not %d", inv.fn.name, len(inv.fn.takes), len(inv.args))}
	}
	var args []reflect.Value
	for i, arg := range inv.args {
		v, t := reflect.ValueOf(arg), inv.fn.takes[i]
		if !v.IsValid() {
			v = reflect.Zero(t)
		}
		if !v.Type().AssignableTo(t) {
			return nil, &ValueError{fmt.Sprintf("%s takes a %s, not a %s", inv.fn.name, t, v.Type())}
		}
		args = append(args, v)
	}
	_, err := inv.fn.call(ctx, args)
	return nil, err
}

// checkName tells why workers that are this very program can't know a function.
func checkName(name string) error {
	switch {
	case lookup(name) != nil:
		return nil
	case isLiteral(name):
		return &PicklingError{Name: name, Message: "Can't pickle function literal " + name + ": it has no name that another process could know; declare it as a function and name it in futures.FreezeSupport"}
	case isMethodValue(name):
		return methodValueError(name)
	}
	return &PicklingError{Name: name, Message: "Can't pickle function " + name + ": it is not registered; name it in futures.FreezeSupport, in the first line of main"}
}

// isMethodValue tells the name of a method value, such as acc.Add: "main.(*Account).Add-fm".
func isMethodValue(name string) bool { return strings.HasSuffix(name, "-fm") }

func methodValueError(name string) error {
	name = strings.TrimSuffix(name, "-fm")
	return &PicklingError{Name: name, Message: "Can't pickle method value " + name + ": its receiver would stay behind; declare a function that takes the receiver, or one that calls the method"}
}

// isLiteral tells the name of a function literal: the compiler calls it after
// the function around it, "main.main.func1", "main.init.0.func2", "main.glob..func3".
func isLiteral(name string) bool {
	_, last, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ".")
	for part := range strings.SplitSeq(last, ".") {
		digits, ok := strings.CutPrefix(part, "func")
		if ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			return true
		}
	}
	return strings.Contains(last, "glob..")
}
