package main

import (
	"fmt"
	"math"
	"time"
)

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	_
	Thursday
)

type ByteSize float64

const (
	_           = iota
	KB ByteSize = 1 << (10 * iota)
	MB
	GB
)

const (
	a, b = iota, iota * 10
	c, d
	e, f
)

const (
	FlagA uint8 = 1 << iota
	FlagB
	FlagC
	mask = FlagA | FlagC
)

const big = 1 << 100
const typed int64 = big >> 90
const pi = 3.14159265358979323846264338327950288
const timeout = 3 * time.Second
const greeting, n = "hi" + " there", len("hello")

func main() {
	fmt.Println(int(Sunday), int(Monday), int(Thursday))
	fmt.Println(float64(KB), float64(MB), float64(GB))
	fmt.Println(a, b, c, d, e, f)
	fmt.Println(FlagA, FlagB, FlagC, mask, FlagB&^mask)
	fmt.Println(typed, big/(1<<98), pi*2)
	fmt.Println(timeout, greeting, n)
	const local = iota + 5
	fmt.Println(local, math.MaxInt64, uint64(math.MaxUint64), math.MaxInt8)
	var x uint8 = 'a' + 1
	fmt.Println(x, 'x', "s"[0], 07, 0b101, 0x_ff, 1_000)
	var fl float32 = 1.0 / 3
	fmt.Println(fl, 1.0/3, 5/2, 5.0/2, 1/2.0)
	const h = "abc"
	fmt.Println(len(h), h[1:], h[1] == 'b')
	fmt.Println(math.Pi, float32(math.Pi), math.E)
	c1 := complex(1, 2)
	fmt.Println(c1*c1, real(c1), imag(c1), 2i*2i)
}
