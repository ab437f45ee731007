package main

import (
	"fmt"
	"math/cmplx"
)

func main() {
	a := 1 + 2i
	var b complex64 = complex(3, -4)
	fmt.Println(a*a, a/2i, -a, real(a), imag(b), b*b, b == complex64(3-4i))
	c := complex(1, 0)
	c += 1i
	c *= c
	fmt.Println(c, cmplx.Abs(complex128(b)), c != a)
	fmt.Printf("%v %.1f %T %T\n", c, a, real(b), b)
	m := map[complex128]string{1i: "i"}
	fmt.Println(m[1i], []complex64{1, 2i})
	var z complex128
	fmt.Println(a/z == a/z, real(z), complex(real(a), imag(a)))
	fmt.Println(cmplx.Sqrt(-1), cmplx.Exp(1i))
	var f32 float32 = 2
	x := complex(f32, f32)
	x -= 1
	fmt.Println(x, imag(x)+1)
}
