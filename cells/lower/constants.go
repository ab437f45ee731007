package lower

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// constant writes a constant expression as its value: the interpreter computes
// constants with the wrong precision and confuses typed iota.
func (w *writer) constant(e ast.Expr, tv types.TypeAndValue) {
	t := tv.Type
	basic, ok := t.Underlying().(*types.Basic)
	if !ok { // a type parameter's constant, already concrete elsewhere
		w.WriteString(tv.Value.ExactString())
		return
	}
	if basic.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
		basic, ok = t.Underlying().(*types.Basic)
		if !ok || basic.Kind() == types.UntypedNil {
			w.WriteString(tv.Value.ExactString())
			return
		}
		// A constant that no default type holds keeps its own form: it is only
		// an operand of a larger constant or of a shift.
	}
	lit, plain := literal(tv.Value, basic)
	if plain == types.Unalias(t) {
		w.WriteString(lit)
		return
	}
	typ := w.typ(t)
	w.WriteString(typ + "(" + lit + ")")
}

// literal returns the text of a value, and the type that Go gives this text by
// default, nil for none.
func literal(v constant.Value, t *types.Basic) (string, types.Type) {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return v.String(), types.Typ[types.Bool]
	case info&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v)), types.Typ[types.String]
	case info&types.IsInteger != 0:
		s := constant.ToInt(v).ExactString()
		if strings.HasPrefix(s, "-") {
			s = "(" + s + ")"
		}
		return s, types.Typ[types.Int]
	case info&types.IsFloat != 0:
		bits := 64
		if t.Kind() == types.Float32 {
			bits = 32
		}
		return floatLiteral(v, bits), types.Typ[types.Float64]
	case info&types.IsComplex != 0:
		c := constant.ToComplex(v)
		return "(" + floatLiteral(constant.Real(c), 64) + " + " + floatLiteral(constant.Imag(c), 64) + "*1i)", types.Typ[types.Complex128]
	}
	return v.ExactString(), nil
}

func floatLiteral(v constant.Value, bits int) string {
	f, _ := constant.Float64Val(constant.ToFloat(v))
	if bits == 32 {
		f32, _ := constant.Float32Val(constant.ToFloat(v))
		f = float64(f32)
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	if strings.HasPrefix(s, "-") {
		s = "(" + s + ")"
	}
	return s
}
