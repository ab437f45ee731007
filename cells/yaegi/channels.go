package yaegi

import (
	"reflect"
	"unsafe"
)

// Channels whose elements lie in memory alike are alike themselves, as maps are: Go's
// own channel operations do what package reflect would.

// channelOperations are those on a channel c. Each ends with done, too, and reports
// false then.
type channelOperations struct {
	receive func(c, done, z unsafe.Pointer) (ok, did bool) // z nil: nobody takes the element
	next    func(c, done, z unsafe.Pointer) (ok, did bool) // leaves z as it is when c is closed
	send    func(c, done, x unsafe.Pointer) (did bool)

	// Those that don't wait.
	tryReceive func(c, z unsafe.Pointer) (ok, did bool)
	trySend    func(c, x unsafe.Pointer) (did bool)
}

// channelOf returns those of a type of channel, nil when package reflect has to do.
func channelOf(t reflect.Type) *channelOperations {
	if t == nil || t.Kind() != reflect.Chan {
		return nil
	}
	switch copiesOf(t.Elem()) {
	case copies1:
		return channelBy[uint8]()
	case copies4:
		return channelBy[uint32]()
	case copies8:
		return channelBy[uint64]()
	case copiesString:
		return channelBy[string]()
	case copiesSlice:
		return channelBy[[]byte]()
	case copiesPointer:
		// Of unsafe.Pointer, reflect.ChanOf would take the pointer to this type for
		// that of every channel that it makes.
		return channelBy[*byte]()
	case copiesInterface:
		return channelBy[any]()
	}
	if t.Elem().Size() == 0 {
		return channelBy[struct{}]()
	}
	return nil
}

func channelBy[T any]() *channelOperations {
	receive := func(c, done unsafe.Pointer) (x T, ok, did bool) {
		in := *(*chan T)(unsafe.Pointer(&c))
		select {
		case x, ok = <-in:
			return x, ok, true
		default:
		}
		select {
		case x, ok = <-in:
			return x, ok, true
		case <-*(*chan struct{})(unsafe.Pointer(&done)):
			return x, false, false
		}
	}
	return &channelOperations{
		receive: func(c, done, z unsafe.Pointer) (ok, did bool) {
			x, ok, did := receive(c, done)
			if did && z != nil {
				*(*T)(z) = x
			}
			return ok, did
		},
		next: func(c, done, z unsafe.Pointer) (ok, did bool) {
			x, ok, did := receive(c, done)
			if ok {
				*(*T)(z) = x
			}
			return ok, did
		},
		send: func(c, done, x unsafe.Pointer) (did bool) {
			in := *(*chan T)(unsafe.Pointer(&c))
			select {
			case in <- *(*T)(x):
				return true
			default:
			}
			select {
			case in <- *(*T)(x):
				return true
			case <-*(*chan struct{})(unsafe.Pointer(&done)):
				return false
			}
		},
		tryReceive: func(c, z unsafe.Pointer) (ok, did bool) {
			select {
			case x, ok := <-*(*chan T)(unsafe.Pointer(&c)):
				if z != nil {
					*(*T)(z) = x
				}
				return ok, true
			default:
				return false, false
			}
		},
		trySend: func(c, x unsafe.Pointer) (did bool) {
			select {
			case *(*chan T)(unsafe.Pointer(&c)) <- *(*T)(x):
				return true
			default:
				return false
			}
		},
	}
}

// end is the channel that ends the operations of a frame. Only the goroutine that
// runs in it changes that.
func (f frame) end() unsafe.Pointer {
	done := &field[reflect.SelectCase](f.p, frameAtOffset.done).Chan
	return (*value)(unsafe.Pointer(done)).pointer()
}

// communicating returns the step of a channel operation, slow when there is none of
// ours.
func communicating(n node, made string, slow step) step {
	c := n.children()
	o := &operation{then: following(n.then()), otherwise: following(n.otherwise()), slow: slow}
	switch made {
	case "send":
		return o.or(sending(c, o))
	case "recv":
		return o.or(receiving(n, c[0], o))
	case "recv2":
		return o.or(receiving2(n.parent().children(), c[0], o))
	case "rangeChan":
		return o.or(rangingChannel(c, o))
	case "_select":
		return selecting(n, slow)
	}
	return slow
}

// or returns a step, or the slow one for none.
func (o *operation) or(own step) step {
	if own == nil {
		return o.slow
	}
	return own
}

func sending(c []node, o *operation) step {
	t := typeOfNode(c[0])
	ch := channelOf(t)
	if ch == nil || o.then == nil || o.otherwise != nil {
		return nil
	}
	x, ok := placeOf(c[0], t)
	y, also := placeOf(c[1], t.Elem())
	if !ok || !also {
		return nil
	}
	typ, elem := rtype(t), rtype(t.Elem())
	return func(f unsafe.Pointer) step {
		x, y := x.in(f), y.in(f)
		if !x.is(typ) || !y.is(elem) {
			return o.slow(f)
		}
		if !ch.send(x.pointer(), frame{f}.end(), y.memory()) {
			return nil
		}
		return *o.then
	}
}

// receiving is <-c. Where that is all of an assignment's right side, it receives into
// the variable on the left; see receiver.
func receiving(n, c node, o *operation) step {
	t := typeOfNode(c)
	ch := channelOf(t)
	up := n.parent()
	isReturn := up.kind() == "returnStmt"
	if ch == nil || o.then == nil && !isReturn || o.otherwise != nil && t.Elem().Kind() != reflect.Bool || n.findex() < 0 || n.level() < -1 {
		return nil
	}
	z, anew := place{at: n.findex(), level: n.level()}, false
	if isReturn {
		z.level = 0
	} else if up.kind() == "assignStmt" || up.kind() == "defineStmt" {
		if dest, ok := assignedBy(up, n); ok && dest.findex() == z.at {
			z.level, anew = dest.level(), up.kind() == "defineStmt"
		}
	}
	x, ok := placeOf(c, t)
	if !ok {
		return nil
	}
	typ, is := rtype(t), t.Elem()
	elem, flags := rtype(is), variableFlags(is)
	return func(f unsafe.Pointer) step {
		x, z := x.in(f), z.in(f)
		if !x.is(typ) || !z.takes(elem) {
			return o.slow(f)
		}
		to := z.ptr
		if anew {
			to = reflect.New(is).UnsafePointer()
		}
		if _, did := ch.receive(x.pointer(), frame{f}.end(), to); !did {
			return nil
		}
		*z = value{elem, to, flags}
		switch {
		case o.otherwise != nil && !*(*bool)(to):
			return *o.otherwise
		case o.then == nil:
			return nil
		}
		return *o.then
	}
}

// receiving2 is v, ok = <-c.
func receiving2(left []node, c node, o *operation) step {
	t := typeOfNode(c)
	ch := channelOf(t)
	if ch == nil || o.then == nil || o.otherwise != nil || len(left) < 3 {
		return nil
	}
	x, ok := placeOf(c, t)
	takes, tells := left[0].ident() != "_", left[1].ident() != "_"
	z, also := placeOf(left[0], t.Elem())
	found, too := placeOf(left[1], reflect.TypeFor[bool]())
	if !ok || takes && (!also || !assignable(left[0])) || tells && (!too || !assignable(left[1])) {
		return nil
	}
	typ, elem := rtype(t), rtype(t.Elem())
	return func(f unsafe.Pointer) step {
		x := x.in(f)
		if !x.is(typ) || takes && !z.in(f).takes(elem) || tells && !found.in(f).takes(boolType) {
			return o.slow(f)
		}
		var to unsafe.Pointer
		if takes {
			to = z.in(f).ptr
		}
		ok, did := ch.receive(x.pointer(), frame{f}.end(), to)
		if !did {
			return nil
		}
		if tells {
			*at[bool](found.in(f)) = ok
		}
		return *o.then
	}
}

func rangingChannel(c []node, o *operation) step {
	t := typeOfNode(c[1])
	ch := channelOf(t)
	if ch == nil || len(c) < 3 || o.then == nil || o.otherwise == nil || c[0].findex() < 0 {
		return nil
	}
	x, ok := placeOf(c[1], t)
	if !ok {
		return nil
	}
	z := place{at: c[0].findex()}
	typ, elem := rtype(t), rtype(t.Elem())
	return func(f unsafe.Pointer) step {
		x, z := x.in(f), z.in(f)
		if !x.is(typ) || !z.takes(elem) {
			return o.slow(f)
		}
		ok, did := ch.next(x.pointer(), frame{f}.end(), z.ptr)
		switch {
		case !did:
			return nil
		case !ok:
			return *o.otherwise
		}
		return *o.then
	}
}
