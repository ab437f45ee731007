package yaegi

import (
	"math/rand/v2"
	"reflect"
	"unsafe"
)

// yaegi keeps the cases of a select statement in one place, where goroutines that
// run the statement at the same time put theirs. Here each has its own.

// A communication is a case of a select statement.
type communication struct {
	dir                reflect.SelectDir
	channel            place
	typ                unsafe.Pointer // of the channel
	elem               unsafe.Pointer
	x                  place // what is sent, or where to put what is received
	takes              bool  // what is received is taken
	ok                 place
	tells              bool // and whether it was
	body               *step
	*channelOperations // nil: package reflect does it
}

//go:linkname clauseChanDir github.com/traefik/yaegi/interp.clauseChanDir
func clauseChanDir(n unsafe.Pointer) (channel, assigned, ok unsafe.Pointer, dir reflect.SelectDir)

// selecting returns the step of a select statement, slow when there is none of ours.
func selecting(n node, slow step) step {
	var all []*communication
	other := -1 // the default
	for i, clause := range n.children() {
		c := communicationOf(clause, following(n.then()))
		if c == nil {
			return slow
		}
		if c.dir == reflect.SelectDefault {
			other = i
		}
		all = append(all, c)
	}
	if len(all) == 0 || len(all) > maxCases || other >= 0 && len(all) > 2 {
		return slow
	}
	return func(f unsafe.Pointer) step {
		for _, c := range all {
			if c.dir != reflect.SelectDefault && !c.fits(f) {
				return slow(f)
			}
		}
		var order [maxCases]uint8
		for i := range all {
			j := rand.IntN(i + 1)
			order[i], order[j] = order[j], uint8(i)
		}
		for _, i := range order[:len(all)] {
			if c := all[i]; c.dir != reflect.SelectDefault && c.try(f) {
				return c.next()
			}
		}
		if other >= 0 {
			return all[other].next()
		}
		cases := make([]reflect.SelectCase, 0, maxCases+1)
		for _, c := range all {
			s := reflect.SelectCase{Dir: c.dir, Chan: *(*reflect.Value)(unsafe.Pointer(c.channel.in(f)))}
			if c.dir == reflect.SelectSend {
				s.Send = *(*reflect.Value)(unsafe.Pointer(c.x.in(f)))
			}
			cases = append(cases, s)
		}
		cases = append(cases, frame{f}.done())
		chosen, v, ok := reflect.Select(cases)
		if chosen == len(all) {
			return nil
		}
		c := all[chosen]
		c.received(f, v, ok)
		return c.next()
	}
}

const maxCases = 8

// communicationOf returns a clause of a select statement, nil when it is one for
// yaegi. After is what comes after the statement.
func communicationOf(clause node, after *step) *communication {
	parts := clause.children()
	if clause.kind() == "commClauseDefault" {
		c := &communication{dir: reflect.SelectDefault, body: after}
		if len(parts) > 0 {
			c.body = following(parts[0].start())
		}
		return c
	}
	if len(parts) == 0 {
		return nil
	}
	c := &communication{body: after}
	if len(parts) > 1 {
		c.body = following(parts[1].start())
	}
	channel, assigned, found, dir := clauseChanDir(parts[0].p)
	if channel == nil {
		return nil
	}
	c.dir = dir
	t := typeOfNode(node{channel})
	if t == nil || t.Kind() != reflect.Chan {
		return nil
	}
	c.channelOperations = channelOf(t)
	c.typ, c.elem = rtype(t), rtype(t.Elem())
	var ok bool
	if c.channel, ok = placeOf(node{channel}, t); !ok {
		return nil
	}
	if dir == reflect.SelectSend {
		c.x, ok = placeOf(node{assigned}, t.Elem())
		return c.or(ok)
	}
	if assigned != nil {
		if c.takes = (node{assigned}).ident() != "_"; c.takes {
			if c.x, ok = placeOf(node{assigned}, t.Elem()); !ok {
				return nil
			}
		}
	}
	if found != nil {
		if c.tells = (node{found}).ident() != "_"; c.tells {
			if c.ok, ok = placeOf(node{found}, reflect.TypeFor[bool]()); !ok {
				return nil
			}
		}
	}
	return c
}

func (c *communication) or(ok bool) *communication {
	if !ok {
		return nil
	}
	return c
}

func (c *communication) next() step {
	if c.body == nil {
		return nil
	}
	return *c.body
}

// fits reports whether everything is of the type that it should be.
func (c *communication) fits(f unsafe.Pointer) bool {
	switch {
	case !c.channel.in(f).is(c.typ):
		return false
	case c.dir == reflect.SelectSend:
		return c.x.in(f).is(c.elem)
	}
	return (!c.takes || c.x.in(f).takes(c.elem)) && (!c.tells || c.ok.in(f).takes(boolType))
}

// try communicates if it can at once.
func (c *communication) try(f unsafe.Pointer) bool {
	if c.channelOperations == nil {
		return c.tryReflected(f)
	}
	channel := c.channel.in(f).pointer()
	if c.dir == reflect.SelectSend {
		return c.trySend(channel, c.x.in(f).memory())
	}
	var z unsafe.Pointer
	if c.takes {
		z = c.x.in(f).ptr
	}
	ok, did := c.tryReceive(channel, z)
	if did && c.tells {
		*at[bool](c.ok.in(f)) = ok
	}
	return did
}

func (c *communication) tryReflected(f unsafe.Pointer) bool {
	channel := *(*reflect.Value)(unsafe.Pointer(c.channel.in(f)))
	if c.dir == reflect.SelectSend {
		return channel.TrySend(*(*reflect.Value)(unsafe.Pointer(c.x.in(f))))
	}
	if channel.IsNil() {
		return false
	}
	v, ok := channel.TryRecv()
	if !v.IsValid() {
		return false
	}
	c.received(f, v, ok)
	return true
}

// received puts a received value where it belongs.
func (c *communication) received(f unsafe.Pointer, v reflect.Value, ok bool) {
	if c.takes {
		(*reflect.Value)(unsafe.Pointer(c.x.in(f))).Set(v)
	}
	if c.tells {
		*at[bool](c.ok.in(f)) = ok
	}
}
