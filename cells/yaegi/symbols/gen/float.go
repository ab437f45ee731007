package main

import (
	"go/constant"
	"math/big"
)

// floatText writes an untyped float constant with all its digits.
func floatText(v constant.Value) string {
	switch f := constant.Val(v).(type) {
	case *big.Float:
		return f.Text('g', int(f.Prec()))
	case *big.Rat:
		b := new(big.Float).SetPrec(512).SetRat(f)
		return b.Text('g', 150)
	}
	return v.ExactString()
}
