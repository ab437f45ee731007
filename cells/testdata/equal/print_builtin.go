package main

func main() {
	println(1, "a", true, 'x')
	print("x", 1, 2.5, "\n")
	println(1.5, float32(2), 1e100, complex(1, 2))
	println(int8(-3), uint64(1<<63), uintptr(4))
	var e error
	var p *int
	var s []int
	var m map[int]int
	var f func()
	println(e == nil, p, m == nil, f == nil, len(s))
	println()
}
