package main

import (
	"fmt"
	"reflect"
)

type foo int

type pair[A, B any] struct {
	a A `tag:"main"`
	b B
}

func (pair[A, B]) get() {}

type area interface {
	Zone() int
	size() int
}

type field struct{ w, h int }

func (f field) size() int   { return f.w * f.h }
func (f *field) grow()      { f.w++ }
func (f field) Zone() int   { return 1 }
func (f field) Yards() int  { return 2 }
func (f field) around() int { return 3 }

func missing(x any) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	return fmt.Sprint(x.(area))
}

func name[T any]() string { return fmt.Sprintf("%T", *new(T)) }

func main() {
	type local struct{}
	fmt.Printf("%T %T\n", pair[foo, int]{}, pair[pair[foo, *foo], map[foo]foo]{})
	fmt.Printf("%T %T %T\n", local{}, pair[local, foo]{}, []pair[func(local) foo, chan foo]{})
	fmt.Println(name[pair[foo, local]](), name[struct{ F foo }]())

	t := reflect.TypeOf(pair[foo, foo]{})
	fmt.Println(t, t.Name(), t.PkgPath(), t.Field(0).Tag, reflect.PointerTo(t), reflect.SliceOf(t), reflect.MapOf(t, t))
	fmt.Println(reflect.TypeFor[foo]().Name(), reflect.TypeFor[foo]().PkgPath(), reflect.TypeFor[local]().Name())
	fmt.Println(reflect.SliceOf(t) == reflect.TypeFor[[]pair[foo, foo]](), reflect.MapOf(t, t) == reflect.TypeFor[map[pair[foo, foo]]pair[foo, foo]]())

	var x any = field{2, 3}
	a, ok := x.(area)
	fmt.Println(ok, a.size(), a.Zone())
	u, ok := x.(interface {
		around() int
		Yards() int
	})
	fmt.Println(ok, u.around(), u.Yards())
	_, ok = x.(interface{ grow() })
	fmt.Println(ok)
	fmt.Println(missing(foo(1)), missing(&x), missing(pair[foo, foo]{}))
	fmt.Printf("%T %T\n", struct{ area }{a}, new(interface {
		area
		other(foo)
	}))

	fmt.Printf("%#v\n", pair[foo, *field]{1, nil})
}
