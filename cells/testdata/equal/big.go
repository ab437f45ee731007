package main

import (
	"fmt"
	"math/big"
)

func fact(n int64) *big.Int {
	r := big.NewInt(1)
	for i := int64(2); i <= n; i++ {
		r.Mul(r, big.NewInt(i))
	}
	return r
}

func main() {
	fmt.Println(fact(30))
	a, ok := new(big.Int).SetString("123456789012345678901234567890", 10)
	fmt.Println(a, ok, a.Cmp(fact(20)), a.BitLen())
	fmt.Println(new(big.Int).Exp(big.NewInt(2), big.NewInt(100), nil), new(big.Int).Mod(a, big.NewInt(97)))
	r := big.NewRat(1, 3)
	r.Add(r, big.NewRat(1, 6))
	fmt.Println(r, r.FloatString(5))
	x, y := big.NewInt(0), big.NewInt(1)
	for range 100 {
		x.Add(x, y)
		x, y = y, x
	}
	fmt.Println(x)
	fmt.Println(big.NewInt(97).ProbablyPrime(10), new(big.Int).GCD(nil, nil, big.NewInt(12), big.NewInt(18)))
}
