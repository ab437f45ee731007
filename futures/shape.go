package futures

import (
	"encoding"
	"fmt"
	"hash/fnv"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// A shape is what of a type settles how its values are pickled. Types that refer to
// themselves have shapes that do.
type shape struct {
	typ       reflect.Type
	kind      shapeKind
	key, elem *shape
	fields    []shapeField
	hidden    string // of a sealed one: the field
}

type shapeField struct {
	name   string
	offset uintptr
	*shape
}

type shapeKind byte

const (
	plainShape   shapeKind = iota // as it lies in memory
	stringShape                   // its length, then its bytes
	sliceShape                    // 0 for nil, else its length and 1, then its elements
	arrayShape                    // its elements
	mapShape                      // as a pointer, then its length, its keys and elements
	pointerShape                  // 0 for nil, 1 and what it points to, or where that stands already
	boxShape                      // an interface: a type, then a value
	structShape                   // its fields
	ownShape                      // what its methods make of it, after that's length
	neverShape                    // a channel, a function: nil at best
	sealedShape                   // what only its own package understands
)

// Types may say themselves how they are written.
type (
	gobCoder interface {
		GobEncode() ([]byte, error)
		GobDecode([]byte) error
	}
	binaryCoder interface {
		encoding.BinaryMarshaler
		encoding.BinaryUnmarshaler
	}
	textCoder interface { // what can't be taken apart may have this way, as a regexp.Regexp has
		encoding.TextMarshaler
		encoding.TextUnmarshaler
	}
)

var (
	gobCoderType    = reflect.TypeFor[gobCoder]()
	binaryCoderType = reflect.TypeFor[binaryCoder]()
	textCoderType   = reflect.TypeFor[textCoder]()
)

// ownProcessOnly are types of this package whose values mean nothing elsewhere.
var ownProcessOnly = []reflect.Type{
	reflect.TypeFor[AnyFuture](), reflect.TypeFor[ProcessPoolExecutor](), reflect.TypeFor[ThreadPoolExecutor](), reflect.TypeFor[Process](),
}

var shapes struct {
	sync.RWMutex
	of map[reflect.Type]*shape
}

func shapeOf(t reflect.Type) *shape {
	shapes.RLock()
	s := shapes.of[t]
	shapes.RUnlock()
	if s != nil {
		return s
	}
	shapes.Lock()
	defer shapes.Unlock()
	if shapes.of == nil {
		shapes.of = make(map[reflect.Type]*shape)
	}
	return newShape(t)
}

// newShape makes the shapes of a type and of those in it. shapes is locked: no one
// else sees those that are not finished.
func newShape(t reflect.Type) *shape {
	if s := shapes.of[t]; s != nil {
		return s
	}
	s := &shape{typ: t}
	shapes.of[t] = s
	kind := t.Kind()
	own := kind != reflect.Pointer && kind != reflect.Interface &&
		(reflect.PointerTo(t).Implements(gobCoderType) || reflect.PointerTo(t).Implements(binaryCoderType))
	switch {
	case slices.Contains(ownProcessOnly, t):
		s.kind = neverShape
	case isPlain(t):
		s.kind = plainShape
	case own:
		s.kind = ownShape
	case kind == reflect.String:
		s.kind = stringShape
	case kind == reflect.Slice:
		s.kind, s.elem = sliceShape, newShape(t.Elem())
	case kind == reflect.Array:
		s.kind, s.elem = arrayShape, newShape(t.Elem())
	case kind == reflect.Map:
		s.kind, s.key, s.elem = mapShape, newShape(t.Key()), newShape(t.Elem())
	case kind == reflect.Pointer:
		s.kind, s.elem = pointerShape, newShape(t.Elem())
	case kind == reflect.Interface:
		s.kind = boxShape
	case kind == reflect.Struct:
		s.kind = structShape
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && f.Type.Size() > 0 && !crossesWhole(t) {
				s.kind, s.hidden = sealedShape, f.Name
			}
			s.fields = append(s.fields, shapeField{f.Name, f.Offset, newShape(f.Type)})
		}
		if s.kind == sealedShape && reflect.PointerTo(t).Implements(textCoderType) {
			s.kind = ownShape
		}
	default:
		s.kind = neverShape
	}
	return s
}

// crossesWhole tells that a struct may be taken apart and put together again, its
// unexported fields too. Those of the standard library may mean something in their
// own process only.
func crossesWhole(t reflect.Type) bool {
	path := t.PkgPath()
	if path == "" || path == "main" {
		return true
	}
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") || path == mainModule() || strings.HasPrefix(path, mainModule()+"/")
}

// mainModule is the program's own module: its name may have no dot, as the standard
// library's packages have none.
var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path != "" {
		return info.Main.Path
	}
	return "main"
})

// signature is what both ends of a pipe must agree on.
func (s *shape) signature() string {
	h := fnv.New64a()
	seen := make(map[*shape]int)
	var write func(s *shape)
	write = func(s *shape) {
		if n, ok := seen[s]; ok {
			fmt.Fprintf(h, "^%d", n)
			return
		}
		seen[s] = len(seen)
		fmt.Fprintf(h, "%d(", s.kind)
		switch s.kind {
		case plainShape:
			fmt.Fprint(h, s.typ.Size())
		case arrayShape:
			fmt.Fprint(h, s.typ.Len())
		}
		for _, part := range []*shape{s.key, s.elem} {
			if part != nil {
				write(part)
			}
		}
		for _, f := range s.fields {
			write(f.shape)
		}
		fmt.Fprint(h, ")")
	}
	write(s)
	return fmt.Sprintf("%x", h.Sum64())
}
