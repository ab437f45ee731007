package yaegi

import (
	"reflect"
	"unsafe"
)

type (
	integers interface {
		int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | uintptr
	}
	numbers interface{ integers | float32 | float64 }
)

// An operation is a step of one or two operands of a type, and what yaegi does.
type operation struct {
	typ             unsafe.Pointer // of x, y and z, but for a comparison's z
	x, y, z         place
	then, otherwise *step // where it goes on; otherwise for false, nil when it goes on alike
	slow            step  // when the operands are not as expected, or it must panic
}

// operands returns x, y and z when they are as expected.
func (o *operation) operands(f unsafe.Pointer) (x, y, z *value, ok bool) {
	x, y, z = o.x.in(f), o.y.in(f), o.z.in(f)
	return x, y, z, x.is(o.typ) && y.is(o.typ) && z.takes(o.typ)
}

func at[T any](v *value) *T { return (*T)(v.ptr) }

// arithmetic returns the step of an operator, nil when there is none.
func arithmetic(op string, t reflect.Type, o *operation) step {
	switch t.Kind() {
	case reflect.Int:
		return onIntegers[int](op, o)
	case reflect.Int8:
		return onIntegers[int8](op, o)
	case reflect.Int16:
		return onIntegers[int16](op, o)
	case reflect.Int32:
		return onIntegers[int32](op, o)
	case reflect.Int64:
		return onIntegers[int64](op, o)
	case reflect.Uint:
		return onIntegers[uint](op, o)
	case reflect.Uint8:
		return onIntegers[uint8](op, o)
	case reflect.Uint16:
		return onIntegers[uint16](op, o)
	case reflect.Uint32:
		return onIntegers[uint32](op, o)
	case reflect.Uint64:
		return onIntegers[uint64](op, o)
	case reflect.Uintptr:
		return onIntegers[uintptr](op, o)
	case reflect.Float32:
		return onNumbers[float32](op, o)
	case reflect.Float64:
		return onNumbers[float64](op, o)
	}
	return nil
}

// onNumbers has the operators of all numbers. A division of floats never panics.
func onNumbers[T numbers](op string, o *operation) step {
	switch op {
	case "add":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) + *at[T](y)
			return *o.then
		}
	case "sub":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) - *at[T](y)
			return *o.then
		}
	case "mul":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) * *at[T](y)
			return *o.then
		}
	case "quo":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok || *at[T](y) == 0 {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) / *at[T](y)
			return *o.then
		}
	}
	return nil
}

// onIntegers has the operators of integers. Each is written out, since a common step
// would make a call for each operation.
func onIntegers[T integers](op string, o *operation) step {
	switch op {
	case "rem":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok || *at[T](y) == 0 {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) % *at[T](y)
			return *o.then
		}
	case "and":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) & *at[T](y)
			return *o.then
		}
	case "or":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) | *at[T](y)
			return *o.then
		}
	case "xor":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) ^ *at[T](y)
			return *o.then
		}
	case "andNot":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.operands(f)
			if !ok {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) &^ *at[T](y)
			return *o.then
		}
	case "shl":
		return func(f unsafe.Pointer) step {
			x, z := o.x.in(f), o.z.in(f)
			n, ok := count(o.y.in(f))
			if !ok || !x.is(o.typ) || !z.takes(o.typ) {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) << n
			return *o.then
		}
	case "shr":
		return func(f unsafe.Pointer) step {
			x, z := o.x.in(f), o.z.in(f)
			n, ok := count(o.y.in(f))
			if !ok || !x.is(o.typ) || !z.takes(o.typ) {
				return o.slow(f)
			}
			*at[T](z) = *at[T](x) >> n
			return *o.then
		}
	}
	return onNumbers[T](op, o)
}

// count returns how far to shift, when that is an integer and not negative.
func count(v *value) (n uint, ok bool) {
	switch v.kind() {
	case reflect.Int:
		n := *at[int](v)
		return uint(n), n >= 0
	case reflect.Uint:
		return *at[uint](v), true
	case reflect.Uint8:
		return uint(*at[uint8](v)), true
	case reflect.Uint32:
		return uint(*at[uint32](v)), true
	}
	return 0, false
}

// comparison returns the step of a comparison, nil when there is none.
func comparison(op string, t reflect.Type, o *operation) step {
	switch t.Kind() {
	case reflect.Int:
		return compare[int](op, o)
	case reflect.Int8:
		return compare[int8](op, o)
	case reflect.Int16:
		return compare[int16](op, o)
	case reflect.Int32:
		return compare[int32](op, o)
	case reflect.Int64:
		return compare[int64](op, o)
	case reflect.Uint:
		return compare[uint](op, o)
	case reflect.Uint8:
		return compare[uint8](op, o)
	case reflect.Uint16:
		return compare[uint16](op, o)
	case reflect.Uint32:
		return compare[uint32](op, o)
	case reflect.Uint64:
		return compare[uint64](op, o)
	case reflect.Uintptr:
		return compare[uintptr](op, o)
	case reflect.Float32:
		return compare[float32](op, o)
	case reflect.Float64:
		return compare[float64](op, o)
	case reflect.String:
		return compare[string](op, o)
	}
	return nil
}

// compared returns the operands of a comparison when they are as expected.
func (o *operation) compared(f unsafe.Pointer) (x, y, z *value, ok bool) {
	x, y, z = o.x.in(f), o.y.in(f), o.z.in(f)
	return x, y, z, x.is(o.typ) && y.is(o.typ) && z.takes(boolType)
}

// result goes on after a comparison.
func (o *operation) result(z *value, is bool) step {
	*at[bool](z) = is
	if !is && o.otherwise != nil {
		return *o.otherwise
	}
	return *o.then
}

func compare[T numbers | string](op string, o *operation) step {
	switch op {
	case "lower":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) < *at[T](y))
		}
	case "lowerEqual":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) <= *at[T](y))
		}
	case "greater":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) > *at[T](y))
		}
	case "greaterEqual":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) >= *at[T](y))
		}
	case "equal":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) == *at[T](y))
		}
	case "notEqual":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[T](x) != *at[T](y))
		}
	}
	return nil
}

// logical returns the step of && and ||, whose operands have been evaluated as far
// as it takes, and of !.
func logical(op string, o *operation) step {
	switch op {
	case "land":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[bool](x) && *at[bool](y))
		}
	case "lor":
		return func(f unsafe.Pointer) step {
			x, y, z, ok := o.compared(f)
			if !ok {
				return o.slow(f)
			}
			return o.result(z, *at[bool](x) || *at[bool](y))
		}
	case "not":
		return func(f unsafe.Pointer) step {
			x, z := o.x.in(f), o.z.in(f)
			if !x.is(boolType) || !z.takes(boolType) {
				return o.slow(f)
			}
			return o.result(z, !*at[bool](x))
		}
	}
	return nil
}

// converted returns the step that converts a number x to the type of z, nil when
// it is none.
func converted(from, to reflect.Type, o *operation) step {
	switch to.Kind() {
	case reflect.Int:
		return converting[int](from, to, o)
	case reflect.Int8:
		return converting[int8](from, to, o)
	case reflect.Int16:
		return converting[int16](from, to, o)
	case reflect.Int32:
		return converting[int32](from, to, o)
	case reflect.Int64:
		return converting[int64](from, to, o)
	case reflect.Uint:
		return converting[uint](from, to, o)
	case reflect.Uint8:
		return converting[uint8](from, to, o)
	case reflect.Uint16:
		return converting[uint16](from, to, o)
	case reflect.Uint32:
		return converting[uint32](from, to, o)
	case reflect.Uint64:
		return converting[uint64](from, to, o)
	case reflect.Float64:
		return converting[float64](from, to, o)
	}
	return nil
}

func converting[T numbers](from, to reflect.Type, o *operation) step {
	toType := rtype(to)
	_, float := any(T(0)).(float64)
	switch from.Kind() {
	case reflect.Int:
		return convert[int, T](toType, o)
	case reflect.Int32:
		return convert[int32, T](toType, o)
	case reflect.Int64:
		return convert[int64, T](toType, o)
	case reflect.Uint:
		return convert[uint, T](toType, o)
	case reflect.Uint8:
		return convert[uint8, T](toType, o)
	case reflect.Uint32:
		return convert[uint32, T](toType, o)
	case reflect.Uint64:
		return convert[uint64, T](toType, o)
	case reflect.Float64:
		if _, integer := any(T(0)).(int); integer || float {
			return convert[float64, T](toType, o)
		}
	}
	return nil
}

func convert[X, Z numbers](to unsafe.Pointer, o *operation) step {
	return func(f unsafe.Pointer) step {
		x, z := o.x.in(f), o.z.in(f)
		if !x.is(o.typ) || !z.takes(to) {
			return o.slow(f)
		}
		*at[Z](z) = Z(*at[X](x))
		return *o.then
	}
}
