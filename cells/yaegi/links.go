package yaegi

import (
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/paracell/paracell/cells/compile"
	"github.com/paracell/paracell/cells/eval"
)

// links lead calls to the newest versions of functions. All versions of a function
// share a link, and what calls one of them by its name looks there: closures and
// goroutines of earlier cells too.
//
// That costs a call nothing. What an interpreted call calls yaegi takes for a
// constant; here it is one that lies in memory, and changes. A compiled call calls
// a function variable of its package.
type links struct {
	byName    map[string]*link
	functions map[string]function         // by their names in units
	compiled  map[string]compiledFunction // of the packages that were loaded: by path and name
	unit      []eval.Link                 // those of the unit that begins
}

// A link is where calls look for a function. Both kinds of calls read it as the
// one word that it is.
type link struct {
	interpreted *unsafe.Pointer // the node that interpreted calls call; nil without such a version
	typ         unsafe.Pointer  // the function's type as yaegi has it
	compiled    map[*unsafe.Pointer]reflect.Type
	versions    int
}

// A function is one version: the declaration of an interpreted one, or a value.
type function struct {
	*link
	decl  node
	value reflect.Value
}

// A compiledFunction is the variable that a package's calls call, and what was in
// it first.
type compiledFunction struct{ variable, value reflect.Value }

// addCompiled makes the functions that a package exports known.
func (l *links) addCompiled(path string, symbols map[string]reflect.Value) {
	if l.compiled == nil {
		l.compiled = map[string]compiledFunction{}
	}
	for name, v := range symbols {
		if strings.HasPrefix(name, "F"+compile.Dot) && v.CanAddr() {
			l.compiled[path+"."+name] = compiledFunction{v, copyOf(v)}
		}
	}
}

// link gives the functions of a unit their links, before its steps are made, and
// has its calls look there.
func (i *interpreter) link(u eval.Unit, root node) error {
	l := &i.links
	if l.byName == nil {
		l.byName, l.functions = map[string]*link{}, map[string]function{}
	}
	for _, to := range u.Links {
		if _, known := l.functions[to.Function]; known {
			continue
		}
		k := l.byName[to.Name]
		if k == nil {
			k = &link{compiled: map[*unsafe.Pointer]reflect.Type{}}
			l.byName[to.Name] = k
		}
		f := function{link: k}
		pkg, name, _ := strings.Cut(to.Function, ".")
		if c, ok := l.compiled[i.names[pkg]+"."+name]; ok {
			f.value = c.value
			k.compiled[(*unsafe.Pointer)(c.variable.Addr().UnsafePointer())] = c.variable.Type()
		} else if sym := i.inner.symbol(to.Function); sym.p != nil {
			f.decl = *sym.function()
			k.findBy(sym)
		} else {
			return fmt.Errorf("there is no function %s to link", to.Function)
		}
		k.versions++
		l.functions[to.Function] = f
	}
	l.unit = u.Links
	follow(root)
	return nil
}

// findBy has what names an interpreted function find it by the link: yaegi gets
// a copy of its declaration whose value is the link's.
func (k *link) findBy(sym symbol) {
	if k.interpreted == nil {
		k.interpreted = (*unsafe.Pointer)(reflect.New(reflect.PointerTo(nodeType)).UnsafePointer())
		*k.interpreted = sym.function().p
	}
	decl := *sym.function()
	k.typ = *field[unsafe.Pointer](decl.p, nodeAt.typ)
	stand := reflect.New(nodeType)
	stand.Elem().Set(reflect.NewAt(nodeType, decl.p).Elem())
	*sym.function() = node{stand.UnsafePointer()}
	*sym.function().static() = reflect.NewAt(reflect.PointerTo(nodeType), unsafe.Pointer(k.interpreted)).Elem()
}

// follow has nodes that name linked functions look there: yaegi has noted which
// declaration each of them means.
func follow(n node) {
	for _, c := range n.children() {
		follow(c)
	}
	switch n.kind() {
	case "identExpr":
		if sym := n.symbol(); sym.p != nil && sym.function().p != nil && sym.function().isLinked() {
			*n.static() = *sym.function().static()
		}
	case "callExpr": // a conversion has its operand's value
		if c := n.children(); n.isFunction() && len(c) == 2 && c[1].isLinked() {
			*n.static() = *c[1].static()
		}
	}
}

// lead has links lead to the unit's functions: its steps are made.
func (i *interpreter) lead() {
	for _, to := range i.links.unit {
		f := i.links.functions[to.Function]
		if f.interpreted != nil && !to.Compiled {
			decl := f.decl
			if decl.p == nil {
				decl = nodeOf(f.value, f.typ)
			}
			atomic.StorePointer(f.interpreted, decl.p)
		}
		if len(f.compiled) == 0 {
			continue
		}
		if !f.value.IsValid() {
			f.value = callable(f.decl.p)(i.inner.frame.p)
		}
		for variable, t := range f.compiled {
			word := reflect.New(t)
			word.Elem().Set(f.value)
			atomic.StorePointer(variable, *(*unsafe.Pointer)(word.UnsafePointer()))
		}
	}
}

// nodeOf returns a node that stands for a compiled function.
func nodeOf(function reflect.Value, typ unsafe.Pointer) node {
	n := node{reflect.New(nodeType).UnsafePointer()}
	*field[reflect.Value](n.p, nodeAt.rval) = function
	*field[unsafe.Pointer](n.p, nodeAt.typ) = typ
	return n
}

// drop forgets a function, and the link that no other one has.
func (l *links) drop(name string) {
	f, ok := l.functions[name]
	if !ok {
		return
	}
	delete(l.functions, name)
	if f.versions--; f.versions == 0 {
		for name, k := range l.byName {
			if k == f.link {
				delete(l.byName, name)
			}
		}
	}
}
