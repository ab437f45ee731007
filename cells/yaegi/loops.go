package yaegi

import (
	"slices"
	"strings"
	"sync"
	"unsafe"
	"weak"

	"github.com/paracell/paracell/cells/eval"
)

// loops are the places where interpreted loops begin anew. yaegi's steps hold the
// next one; where they form a ring one of them must look it up, in its node, each
// time round. So a loop can be made to ask whether it shall go on while it runs,
// and one that nobody interrupts asks nothing and is as fast as ever.
type loops struct {
	mu    sync.Mutex
	units map[string][]head // by name
	rest  []head            // of units that were forgotten: closures may live on
	limit int               // of rest, when to look for those that are gone
}

// A head is a node that a loop may begin with. It doesn't keep the node alive.
type head = weak.Pointer[byte]

// add makes the loops of a compiled unit known.
func (l *loops) add(u eval.Unit, root node) {
	if !strings.Contains(u.Source, "for") && !strings.Contains(u.Source, "goto") {
		return
	}
	var all []head
	for _, n := range loopHeads(root) {
		all = append(all, weak.Make((*byte)(n.p)))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.units == nil {
		l.units = map[string][]head{}
	}
	l.units[u.Name] = all
}

// drop keeps a forgotten unit's loops as long as something can run them.
func (l *loops) drop(unit string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, l.units[unit]...)
	delete(l.units, unit)
	if len(l.rest) > l.limit {
		l.rest = slices.DeleteFunc(l.rest, func(h head) bool { return h.Value() == nil })
		l.limit = 2*len(l.rest) + 1000
	}
}

// loopHeads returns the nodes that may close a ring: those that follow upon more
// than one other, and the first ones of blocks, where yaegi begins to make steps.
func loopHeads(root node) (all []node) {
	before := map[node]int{}
	seen := map[node]bool{}
	first := map[node]bool{}
	var visit func(n node)
	visit = func(n node) {
		if n.p == nil || seen[n] {
			return
		}
		seen[n] = true
		for _, next := range []node{n.then(), n.otherwise()} {
			if next.p != nil {
				before[next]++
				visit(next)
			}
		}
		if n.kind() == "blockStmt" {
			first[n.start()] = true
		}
		for _, c := range n.children() {
			visit(c)
		}
	}
	visit(root)
	for n, count := range before {
		if count > 1 || first[n] {
			all = append(all, n)
		}
	}
	return all
}

// ask has every loop call whether at each turn, until the returned function is
// called.
func (l *loops) ask(whether func()) (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	type asked struct {
		at  *unsafe.Pointer
		old unsafe.Pointer
	}
	var all []asked
	seen := map[unsafe.Pointer]bool{}
	have := func(list []head) {
		for _, h := range list {
			p := unsafe.Pointer(h.Value())
			if p == nil || seen[p] {
				continue
			}
			seen[p] = true
			at := node{p}.step()
			old := *at
			if old == nil {
				continue // it has not begun
			}
			asking := step(func(f unsafe.Pointer) step {
				whether()
				return old(f)
			})
			all = append(all, asked{(*unsafe.Pointer)(unsafe.Pointer(at)), stepPointer(old)})
			put((*unsafe.Pointer)(unsafe.Pointer(at)), stepPointer(asking))
		}
	}
	for _, list := range l.units {
		have(list)
	}
	have(l.rest)
	return func() {
		for _, a := range all {
			put(a.at, a.old)
		}
	}
}

// put replaces a step that goroutines may be about to take. They read it as the one
// word that it is, so each of them takes the old one or the new one. The interpreter
// does not read it atomically, which the race detector need not hear of.
//
//go:norace
func put(at *unsafe.Pointer, s unsafe.Pointer) { *at = s }

// stepPointer is a step as the one word that it is.
func stepPointer(s step) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&s)) }
