package main

import "fmt"

const (
	_  = iota
	KB = 1 << (10 * iota)
	MB
)
const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)
const typed float32 = 1.0 / 3
const huge = 1 << 200 >> 198
const s = "con" + "st"
const r = 'x' - 'a'
const cond = len(s) > 3 && huge == 4
const u8 uint8 = 255
const h = 0x1p-2 + 0b101 + 0o17 + 1_000

func main() {
	fmt.Println(KB, MB, a, b, c, d, e, f, typed, huge, s, r, cond, u8, h)
	const local = iota + 5
	var x float64 = 1 / 3
	var y float64 = 1 / 3.0
	var z = 10 / 4 * 2.5
	fmt.Println(local, x, y, z, 5%3, ^0, -5/2, 1<<3|1)
	var i8 = int8(-1 << 7)
	var u = ^uint32(0)
	var r2 rune = 'é'
	fmt.Printf("%v %v %T %v %q\n", i8, u, r2, r2, r2)
	fmt.Printf("%T %T %T %T %T\n", 1, 1.0, 'a', 1i, "s")
	var sh uint = 3
	var f32 = float32(1 << 3)
	var m = 1<<sh + 1
	fmt.Println(f32, m, len([10]int{}), cap([3]string{}), "abc"[1], len("héé"))
	var arr [huge * 2]bool
	fmt.Println(len(arr), real(2+3i), complex(1, 2))
	fmt.Println(0.1+0.2, float32(0.1)+float32(0.2), 1e-320, 16777216.0+1)
	var v1, v2 = 0.1, 0.2
	fmt.Println(v1+v2, v1+v2 == 0.3, 0.1+0.2 == 0.3)
	type W int
	const (
		Mon W = iota + 1
		Tue
	)
	fmt.Println(Mon, Tue)
}
