package lower

import (
	"go/types"
	"runtime"
	"sync"
	"weak"
)

// names are the evaluator's names of objects. They keep no object alive: a
// session makes new ones with every cell, and drops most of them with the next.
type names struct {
	mu  sync.Mutex // the collector takes names away at any time
	all map[any]string
}

func newNames() *names { return &names{all: map[any]string{}} }

// of returns an object's name, or "".
func (n *names) of(obj types.Object) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all[weakly(obj)]
}

func (n *names) set(obj types.Object, name string) {
	key := weakly(obj)
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, known := n.all[key]; !known {
		switch obj := obj.(type) {
		case *types.Var:
			runtime.AddCleanup(obj, n.forget, key)
		case *types.Func:
			runtime.AddCleanup(obj, n.forget, key)
		case *types.TypeName:
			runtime.AddCleanup(obj, n.forget, key)
		case *types.Const:
			runtime.AddCleanup(obj, n.forget, key)
		}
	}
	n.all[key] = name
}

func (n *names) forget(key any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, key)
}

// weakly is a key for an object that does not keep it alive.
func weakly(obj types.Object) any {
	switch obj := obj.(type) {
	case *types.Var:
		return weak.Make(obj)
	case *types.Func:
		return weak.Make(obj)
	case *types.TypeName:
		return weak.Make(obj)
	case *types.Const:
		return weak.Make(obj)
	}
	return obj
}
