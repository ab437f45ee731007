package main

import (
	"fmt"
	"math"
)

func main() {
	var a int8 = 127
	a++
	fmt.Println(a)
	var b uint8 = 0
	b--
	fmt.Println(b, -b, ^b, b<<1, b>>7)
	var c int32 = math.MinInt32
	fmt.Println(-c, c/-1, c%-1, c>>31, c<<1)
	var d uint64 = math.MaxUint64
	fmt.Println(d+1, d*d, d>>63, d<<63)
	var e int64 = math.MinInt64
	n := int64(-1)
	fmt.Println(e/n, e%n)
	x, y := 7, -2
	fmt.Println(x/y, x%y, -x/y, -x%y, x&^y, x^y, x|y, x&y)
	for _, s := range []uint{0, 1, 31, 32, 63, 64, 100} {
		fmt.Print(1<<s, " ", int32(1)<<s, " ", uint8(200)>>s, " ", int8(-100)>>s, " ")
	}
	fmt.Println()
	f := 3.99
	fmt.Println(int(f), int(-f), uint8(f), int64(f*1e10))
	fmt.Println(uint8(x+300), int8(x+300), uint16(y), uint32(y), uint64(y))
	var u32 uint32 = 0xdeadbeef
	fmt.Println(uint16(u32), int16(u32), byte(u32>>8), float32(u32))
	fmt.Println(string(rune(x+60)), string(rune(-1)), []byte("héllo"), []rune("héllo"))
	const big = 1 << 100
	fmt.Println(big>>98, float64(big))
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.Pi)
	fmt.Println(7/2, 7/2.0, 7%3, -7>>1, 1e3, 'a'+1, "s"+"t")
	var f32 float32 = 0.1
	fmt.Println(f32, float64(f32), f32*f32, f32 == 0.1)
	var z float64
	fmt.Println(1/z, -1/z, z/z, math.Inf(1) > 1, z == -z)
	h := uint32(2166136261)
	for _, ch := range []byte("hash") {
		h ^= uint32(ch)
		h *= 16777619
	}
	fmt.Println(h)
	var i8 int8 = -128
	fmt.Println(-i8, i8/-1, i8*i8, uint8(i8), int(i8)<<3)
	i8 /= 3
	i8 <<= 2
	i8 -= 100
	fmt.Println(i8)
	var up uintptr = 3
	fmt.Println(up-4 > 0, up)
	var sh int64 = 40
	fmt.Println(1<<sh, uint8(1)<<sh, 1.0<<uint(3))
	var w = 1<<sh == 2<<(sh-1)
	fmt.Println(w)
}
