package futures

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Variable is one that tasks use beside their arguments.
type Variable struct {
	Name  string     // what worker processes know it by: "main.limit"
	Value func() any // now
}

var taskVariables struct {
	sync.Mutex
	of map[string]func(task string) []Variable // by start method
	at map[string]reflect.Value                // a worker's own, by name: pointers
}

// RegisterVariables tells which variables the tasks of a start method use. Their
// values travel with a task, as they are when it is submitted. One that can't cross
// is the task's PicklingError. What a task makes of them stays in its worker.
func RegisterVariables(method string, of func(task string) []Variable) {
	taskVariables.Lock()
	defer taskVariables.Unlock()
	if taskVariables.of == nil {
		taskVariables.of = make(map[string]func(string) []Variable)
	}
	taskVariables.of[method] = of
}

func variablesOf(method string) func(string) []Variable {
	taskVariables.Lock()
	defer taskVariables.Unlock()
	return taskVariables.of[method]
}

// SetVariable tells a worker process where a variable is: pointer points to it.
func SetVariable(name string, pointer any) {
	taskVariables.Lock()
	defer taskVariables.Unlock()
	if taskVariables.at == nil {
		taskVariables.at = make(map[string]reflect.Value)
	}
	taskVariables.at[name] = reflect.ValueOf(pointer)
}

func variable(name string) reflect.Value {
	taskVariables.Lock()
	defer taskVariables.Unlock()
	return taskVariables.at[name]
}

// captured are the values of variables that a task uses: names and pickled values, in
// turn.
type captured []string

// capture takes the values of the variables that a task uses: nil when it uses none.
func capture(variables func(task string) []Variable, task string) (captured, error) {
	if variables == nil {
		return nil, nil
	}
	var c captured
	for _, v := range variables(task) {
		text, err := pickledVariable(v.Value())
		if err != nil {
			return nil, &PicklingError{Name: v.Name, Message: fmt.Sprintf("Can't pickle function %s: it uses the variable %s: %v", task, v.Name, err), Cause: err}
		}
		c = append(c, v.Name, text)
	}
	return c, nil
}

// capture takes the values of the variables that a task uses. When they are as they
// were before it returns what it has returned then. p.mu is not held.
func (p *ProcessPoolExecutor) capture(task string) (*captured, error) {
	c, err := capture(p.variables, task)
	if c == nil || err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if before := p.captured[task]; before != nil && slices.Equal(*before, c) {
		return before, nil
	}
	if p.captured == nil {
		p.captured = make(map[string]*captured)
	}
	p.captured[task] = &c
	return &c, nil
}

// pickledVariable is a variable's value in a text: with its type, for the variable may
// be an interface; without, after what that looks like, when its type is not known
// elsewhere.
func pickledVariable(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	t := reflect.TypeOf(v)
	if known := pickledAny(v); known != "" {
		return "+" + known, nil
	}
	var o outbox
	box := reflect.New(t)
	box.Elem().Set(reflect.ValueOf(v))
	if err := o.pickle(shapeOf(t), box.UnsafePointer()); err != nil {
		if e, ok := v.(error); ok { // as it crosses inside a value
			remote, _ := remoteError(appendError(nil, e))
			return "+" + pickledAny(remote), nil
		}
		return "", err
	}
	return shapeOf(t).signature() + "+" + o.drain(), nil
}

// addVariables adds the frame that gives the next request's variables their values,
// unless the worker has them.
func addVariables(box *outbox, have map[string]string, vars *captured) {
	if vars == nil {
		return
	}
	var texts []string
	for i := 0; i < len(*vars); i += 2 {
		name, text := (*vars)[i], (*vars)[i+1]
		if old, ok := have[name]; !ok || old != text {
			have[name] = text
			texts = append(texts, name, text)
		}
	}
	if texts != nil {
		box.textFrame(header{kind: assign}, texts...)
	}
}

// assignVariables gives a worker's variables their values.
func assignVariables(texts []string) error {
	for i := 0; i+1 < len(texts); i += 2 {
		name, text := texts[i], texts[i+1]
		p := variable(name)
		if !p.IsValid() {
			find(name)
			p = variable(name)
		}
		if !p.IsValid() {
			return &PicklingError{Name: name, Message: "the worker process has no variable " + name}
		}
		if err := assignTo(p.Elem(), text); err != nil {
			return &PicklingError{Name: name, Message: fmt.Sprintf("cannot unpickle the variable %s: %v", name, err), Cause: err}
		}
	}
	return nil
}

func assignTo(to reflect.Value, text string) error {
	signature, text, _ := strings.Cut(text, "+")
	switch {
	case text == "":
		to.SetZero()
		return nil
	case signature == "":
		v, err := unpickleText(text)
		if err != nil {
			return err
		}
		if v := reflect.ValueOf(v); v.Type().AssignableTo(to.Type()) {
			to.Set(v)
			return nil
		}
		return fmt.Errorf("a %T is no %s", v, to.Type())
	case signature != shapeOf(to.Type()).signature():
		return fmt.Errorf("it is no %s", to.Type())
	}
	v := reflect.New(to.Type())
	err := textInbox(text).unpickle(shapeOf(to.Type()), v.UnsafePointer())
	if err == nil {
		to.Set(v.Elem())
	}
	return err
}
