package main

import (
	"fmt"
	"math"
	"math/bits"
)

func main() {
	var i8 int8 = 127
	i8++
	var u8 uint8 = 0
	u8--
	var i32 int32 = math.MaxInt32
	i32 += 2
	var i64 int64 = math.MaxInt64
	i64++
	fmt.Println(i8, u8, i32, i64)
	var s uint = 70
	x := 1
	fmt.Println(x<<s, -1>>s, uint8(x)<<7<<1, int8(-128)>>1, uint32(1)<<31)
	var u64 uint64 = 1 << 63
	fmt.Println(u64, u64<<1, u64>>63, ^uint16(0), ^5, 6&^3, 5|2, 5^1)
	fmt.Println(-7/2, -7%2, 7%-3, 7/-2)
	a, b := 250, 10
	fmt.Println(uint8(a)+uint8(b), uint8(a)*2, int8(a), uint16(a)<<9)
	f := 3.99
	fmt.Println(int(f), int(-f), uint8(f), float32(0.1), float64(float32(0.1)))
	h := uint32(2166136261)
	for _, c := range []byte("hash me") {
		h ^= uint32(c)
		h *= 16777619
	}
	fmt.Println(h)
	var r uint32 = 12345
	r ^= r << 13
	r ^= r >> 17
	r ^= r << 5
	fmt.Println(r, bits.OnesCount32(r), bits.LeadingZeros8(3), bits.RotateLeft8(0x81, 1))
	fmt.Println(math.Inf(1), math.NaN(), -math.MaxFloat64, math.Sqrt(-1) == math.Sqrt(-1))
	var z float64
	fmt.Println(1/z, -1/z, int64(math.Floor(-2.5)))
	var n int8 = -128
	fmt.Println(-n, n/-1, n*n)
	const c = 3
	fmt.Println(1<<c, uint8(1)<<7>>7, int64(1)<<40)
}
